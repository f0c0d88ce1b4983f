"""hearth's own REST, for what AWS has no API for."""

import re

import pytest
from function import ECHO, invoke, zip_of


@pytest.fixture
def deployed(lam, name):
    yield name
    try:
        lam.delete_function(FunctionName=name)
    except lam.exceptions.ResourceNotFoundException:
        pass


def test_health(hearth):
    health = hearth.json("GET", "/hearth/health")
    assert health["status"] == "ok"
    assert re.fullmatch(r"\d+\.\d+\.\d+", health["version"])
    for runtime in health["runtimes"]:
        assert re.fullmatch(r"python3\.\d+", runtime["name"])
        assert runtime["version"].startswith(runtime["name"].removeprefix("python") + ".")
        assert runtime["executable"].startswith("/")
    assert health["isolation"]
    for layer in health["isolation"]:
        assert layer["name"] and isinstance(layer["in_force"], bool) and isinstance(layer["detail"], str)


def test_version(hearth):
    assert hearth.json("GET", "/hearth/version")["version"] == hearth.json("GET", "/hearth/health")["version"]


def test_blueprints_are_listed_and_shown(hearth):
    listed = {entry["id"]: entry for entry in hearth.json("GET", "/hearth/blueprints")["blueprints"]}
    assert {"hello-world-python", "s3-event", "api-http", "scheduled-task", "flask-web-app", "sqs-batch", "error-handling"} <= set(listed)
    assert listed["s3-event"]["tags"] == ["s3", "event", "storage", "python"]
    one = hearth.json("GET", "/hearth/blueprints/hello-world-python")
    assert one["handler"] == "lambda_function.lambda_handler"
    assert one["configuration"] == {"timeoutSeconds": 3, "memoryMib": 128, "environment": {}}
    assert "value1" in one["files"]["lambda_function.py"]
    assert one["events"]["hello-world"] == {"key1": "value1", "key2": "value2", "key3": "value3"}
    hearth.json("GET", "/hearth/blueprints/nobody", status=404)


def test_sample_events(hearth):
    events = hearth.json("GET", "/hearth/events")["events"]
    assert events["s3-put"]["Records"][0]["eventSource"] == "aws:s3"
    assert {"sqs", "sns", "scheduled-event", "api-gateway-http-v2", "dynamodb-update", "hello-world"} <= set(events)


@pytest.mark.parametrize("package", [ECHO.encode(), zip_of(ECHO)], ids=["py", "zip"])
def test_a_deploy_answers_when_active(hearth, lam, deployed, package):
    answer = hearth.json("PUT", f"/hearth/functions/{deployed}?handler=lambda_function.lambda_handler", package)
    assert (answer["FunctionName"], answer["State"]) == (deployed, "Active")
    assert invoke(lam, deployed, {"n": 1}).json == {"n": 1}


def test_a_deploy_replaces(hearth, lam, deployed):
    for answer in ("one", "two"):
        code = f"def lambda_handler(event, context):\n    return {answer!r}\n"
        hearth.json("PUT", f"/hearth/functions/{deployed}", code.encode())
        assert invoke(lam, deployed).json == answer


def test_a_runtime_can_be_chosen(hearth, lam, deployed, runtime):
    code = b"import sys\ndef lambda_handler(event, context):\n    return sys.version_info[:2]\n"
    hearth.json("PUT", f"/hearth/functions/{deployed}?runtime={runtime}", code)
    assert invoke(lam, deployed).json == [3, int(runtime.removeprefix("python3."))]


def test_requirements_are_resolved(hearth, lam, deployed):
    package = zip_of({"lambda_function.py": "import idna\ndef lambda_handler(e, c):\n    return idna.__version__\n",
                      "requirements.txt": "idna==3.10\n"})
    hearth.json("PUT", f"/hearth/functions/{deployed}?requirements=true", package)
    assert invoke(lam, deployed).json == "3.10"


@pytest.mark.server_warns("requirements|resolve")
def test_requirements_that_do_not_exist_fail_with_the_resolvers_reason(hearth, deployed):
    package = zip_of({"lambda_function.py": ECHO, "requirements.txt": "idna==0.0.0.1\n"})
    status, _, body = hearth.request("PUT", f"/hearth/functions/{deployed}?requirements=true", package)
    assert 400 <= status < 500
    assert b"idna" in body


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04 broken"])
def test_a_bad_body_is_refused(hearth, deployed, body):
    hearth.json("PUT", f"/hearth/functions/{deployed}", body, status=400)


def test_unknown_paths_are_not_found(hearth):
    hearth.json("GET", "/hearth/nothing", status=404)
