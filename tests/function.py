"""Deploying and invoking functions: zips made of inline handlers, and an invocation's answer as one value."""

import base64
import io
import json
import re
import textwrap
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from botocore.exceptions import ClientError
from server import eventually

ROLE = "arn:aws:iam::000000000000:role/lambda-role"
HANDLER = "lambda_function.lambda_handler"
ECHO = "def lambda_handler(event, context):\n    return event\n"
# Evaluates the event, a Python expression, and answers its value or its error as text.
TRY = """\
    import os, socket, subprocess
    def lambda_handler(event, context):
        try:
            return repr(eval(event))
        except BaseException as error:
            return type(error).__name__ + ": " + str(error)
"""
ARN = "arn:aws:lambda:us-east-1:000000000000:function:"


def zip_of(code):
    """A zip of one handler's text, or of `{path: text or bytes}`."""
    files = {"lambda_function.py": textwrap.dedent(code)} if isinstance(code, str) else code
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            entry = zipfile.ZipInfo(path, (2020, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def wait_active(lam, name):
    """Waits until a function takes invocations; returns its configuration."""
    def settled():
        configuration = lam.get_function_configuration(FunctionName=name)
        assert configuration["State"] != "Failed", configuration.get("StateReason")
        done = configuration["State"] == "Active" and configuration.get("LastUpdateStatus") != "InProgress"
        return configuration if done else None
    return eventually(settled, 120, f"{name} becoming Active")


@dataclass
class Answer:
    """What an Invoke answered."""
    status: int
    error: str | None
    version: str | None
    body: bytes
    log: str
    request_id: str

    @property
    def json(self):
        return json.loads(self.body)


def invoke(lam, name, event=None, *, tail=False, **options):
    """Invokes with `event` as JSON (bytes go as they are)."""
    payload = event if isinstance(event, bytes) else json.dumps(event).encode()
    if tail:
        options["LogType"] = "Tail"
    answer = lam.invoke(FunctionName=name, Payload=payload, **options)
    return Answer(
        status=answer["StatusCode"],
        error=answer.get("FunctionError"),
        version=answer.get("ExecutedVersion"),
        body=answer["Payload"].read(),
        log=base64.b64decode(answer.get("LogResult", "")).decode(),
        request_id=answer["ResponseMetadata"]["RequestId"],
    )


@contextmanager
def refused(code, message=None, status=None):
    """The block's call must fail with this AWS error (None: any code); `message` is exact, or a compiled pattern to find."""
    with pytest.raises(ClientError) as caught:
        yield caught
    answer = caught.value.response
    if code is not None:
        assert answer["Error"]["Code"] == code, answer["Error"]
    if isinstance(message, re.Pattern):
        assert message.search(answer["Error"]["Message"]), answer["Error"]["Message"]
    elif message is not None:
        assert answer["Error"]["Message"] == message
    if status is not None:
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == status
