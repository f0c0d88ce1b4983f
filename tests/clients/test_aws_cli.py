"""The real aws cli: from a zip to result, logs and metrics."""

import json
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from function import ROLE, zip_of
from server import eventually, free_environment

AWS = Path(sys.executable).parent / "aws"
CODE = "def lambda_handler(event, context):\n    print('seen', event['n'])\n    return event['n'] + 1\n"


@pytest.fixture
def aws(hearth, tmp_path):
    """Runs `aws …` → its JSON, or None when it prints nothing."""
    environment = free_environment() | {
        "AWS_ENDPOINT_URL": hearth.endpoint, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1", "AWS_DEFAULT_OUTPUT": "json", "AWS_PAGER": "", "HOME": str(tmp_path)}

    def run(*arguments, fails=None):
        done = subprocess.run([str(AWS), *arguments], env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=120)
        if fails:
            assert done.returncode != 0 and fails in done.stderr, done
            return None
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else None
    return run


def test_the_walk(aws, tmp_path, name, newest):
    (tmp_path / "function.zip").write_bytes(zip_of(CODE))
    created = aws("lambda", "create-function", "--function-name", name, "--runtime", newest, "--role", ROLE,
                  "--handler", "lambda_function.lambda_handler", "--zip-file", "fileb://function.zip")
    assert created["State"] == "Pending"
    aws("lambda", "wait", "function-active-v2", "--function-name", name)

    answer = aws("lambda", "invoke", "--function-name", name, "--payload", '{"n": 41}', "out.json")
    assert (answer["StatusCode"], answer["ExecutedVersion"]) == (200, "$LATEST")
    assert (tmp_path / "out.json").read_text() == "42"

    assert name in [entry["FunctionName"] for entry in aws("lambda", "list-functions")["Functions"]]
    aws("lambda", "update-function-configuration", "--function-name", name, "--timeout", "9")
    aws("lambda", "wait", "function-updated-v2", "--function-name", name)
    assert aws("lambda", "publish-version", "--function-name", name)["Version"] == "1"
    aws("lambda", "create-alias", "--function-name", name, "--name", "live", "--function-version", "1")
    assert aws("lambda", "invoke", "--function-name", f"{name}:live", "--payload", '{"n": 1}', "out.json")["ExecutedVersion"] == "1"

    def logged():
        events = aws("logs", "filter-log-events", "--log-group-name", f"/aws/lambda/{name}", "--filter-pattern", "seen")["events"]
        return {event["message"].strip() for event in events} == {"seen 41", "seen 1"}
    eventually(logged, what="both lines in the log")

    now = datetime.now(timezone.utc)
    def counted():
        points = aws("cloudwatch", "get-metric-statistics", "--namespace", "AWS/Lambda", "--metric-name", "Invocations",
                     "--dimensions", f"Name=FunctionName,Value={name}", "--statistics", "Sum", "--period", "60",
                     "--start-time", (now - timedelta(minutes=5)).isoformat(), "--end-time", (now + timedelta(minutes=5)).isoformat())
        return sum(point["Sum"] for point in points["Datapoints"]) == 2
    eventually(counted, what="two invocations in the metrics")

    aws("lambda", "delete-function", "--function-name", name)
    aws("lambda", "get-function", "--function-name", name, fails="(ResourceNotFoundException)")


def test_identity(aws):
    assert aws("sts", "get-caller-identity")["Account"] == "000000000000"
