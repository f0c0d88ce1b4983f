"""https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html"""

import base64
import json
import re

import pytest
from function import ARN, invoke, refused
from server import eventually

CLIENT = """
    def lambda_handler(event, context):
        client = context.client_context
        return [client.custom, client.env, client.client.installation_id] if client else None
"""


@pytest.mark.parametrize("event", [{"key": "värde ☃"}, [1, 2.5, None, True], "text", 7, None, {}], ids=repr)
def test_the_event_comes_back(lam, function, event):
    answer = invoke(lam, function(), event)
    assert (answer.status, answer.error, answer.version) == (200, None, "$LATEST")
    assert answer.json == event


def test_no_payload_is_an_empty_event(lam, function):
    answer = lam.invoke(FunctionName=function())
    assert json.loads(answer["Payload"].read()) == {}


@pytest.mark.parametrize("payload", [b"{not json", b"\x87\x00", b"'single'", b"{} {}"], ids=repr)
def test_a_payload_that_is_not_json_is_refused(lam, function, payload):
    with refused("InvalidRequestContentException", re.compile(
            "^Could not parse request body into json: Could not parse payload into json: "), 400):
        invoke(lam, function(), payload)


def test_a_payload_over_6_mb_is_refused(lam, function):
    with refused("RequestTooLargeException", status=413):
        invoke(lam, function(), "x" * 6291556)


def test_a_payload_of_nearly_6_mb_passes(lam, function):
    event = "x" * (6 * 1024 * 1024 - 1024)
    assert invoke(lam, function(), event).json == event


def test_the_log_tail_has_the_invocations_lines(lam, function):
    name = function("def lambda_handler(event, context):\n    print('hello log')\n    return context.aws_request_id\n")
    answer = invoke(lam, name, tail=True)
    request_id = answer.json
    assert answer.request_id == request_id, "x-amzn-RequestId is the invocation's id"
    lines = answer.log.splitlines()
    start = lines.index(f"START RequestId: {request_id} Version: $LATEST")
    assert lines[start + 1:start + 3] == ["hello log", f"END RequestId: {request_id}"]
    assert re.fullmatch(
        rf"REPORT RequestId: {request_id}\tDuration: \d+\.\d\d ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\t"
        r"Max Memory Used: [1-9]\d* MB\tInit Duration: \d+\.\d\d ms\tCold Start: first\tStart Path: pool-(hit|miss)\t?", lines[start + 3])
    warm = invoke(lam, name, tail=True)
    assert "Init Duration" not in warm.log


def test_the_log_tail_is_the_last_4_kb(lam, function):
    name = function("def lambda_handler(event, context):\n    for n in range(1000): print('line', n)\n")
    tail = invoke(lam, name, tail=True).log
    assert 3500 < len(tail.encode()) <= 4096
    assert "line 999\n" in tail
    assert "line 0\n" not in tail


def test_no_log_comes_unasked(lam, function):
    assert "LogResult" not in lam.invoke(FunctionName=function(), Payload=b"1")


def test_a_dry_run_answers_204_and_runs_nothing(lam, logs, function):
    name = function("def lambda_handler(event, context):\n    print('ran')\n")
    answer = lam.invoke(FunctionName=name, InvocationType="DryRun")
    assert answer["StatusCode"] == 204
    assert answer["Payload"].read() == b""
    assert invoke(lam, name, tail=True).log.count("ran") == 1


def test_an_event_answers_202_and_runs(lam, logs, function):
    name = function("def lambda_handler(event, context):\n    print('got', event['n'])\n")
    answer = lam.invoke(FunctionName=name, InvocationType="Event", Payload=b'{"n": 41}')
    assert answer["StatusCode"] == 202
    assert answer["Payload"].read() == b""
    assert "FunctionError" not in answer

    def logged():
        try:
            events = logs.filter_log_events(logGroupName=f"/aws/lambda/{name}")["events"]
        except logs.exceptions.ResourceNotFoundException:
            return False
        return any("got 41" in event["message"] for event in events)
    eventually(logged, what="the log line of the asynchronous run")


def test_an_event_over_1_mb_is_refused(lam, function):
    with refused("RequestTooLargeException", status=413):
        invoke(lam, function(), "x" * (1024 * 1024 + 1), InvocationType="Event")


def test_the_client_context_arrives(lam, function):
    context = {"custom": {"a": "b"}, "env": {"locale": "sv"}, "client": {"installation_id": "i-1"}}
    answer = invoke(lam, function(CLIENT), ClientContext=base64.b64encode(json.dumps(context).encode()).decode())
    assert answer.json == [{"a": "b"}, {"locale": "sv"}, "i-1"]
    assert invoke(lam, function(CLIENT, suffix="-none")).json is None


def test_qualifiers_choose_the_version(lam, function):
    name = function("def lambda_handler(event, context):\n    return [context.function_version, context.invoked_function_arn]\n")
    lam.publish_version(FunctionName=name)
    lam.create_alias(FunctionName=name, Name="live", FunctionVersion="1")
    plain = ARN + name
    assert invoke(lam, name).json == ["$LATEST", plain]
    assert invoke(lam, name, Qualifier="$LATEST").json == ["$LATEST", plain + ":$LATEST"]
    assert invoke(lam, name, Qualifier="1").json == ["1", plain + ":1"]
    by_alias = invoke(lam, name, Qualifier="live")
    assert (by_alias.json, by_alias.version) == (["1", plain + ":live"], "1")
    assert invoke(lam, f"{plain}:live").json == ["1", plain + ":live"]
    assert invoke(lam, f"{name}:1").json == ["1", plain + ":1"]


def test_unknown_functions_and_qualifiers_are_not_found(lam, function):
    with refused("ResourceNotFoundException", f"Function not found: {ARN}nobody", 404):
        invoke(lam, "nobody")
    name = function()
    with refused("ResourceNotFoundException", f"Function not found: {ARN}{name}:noalias", 404):
        invoke(lam, name, Qualifier="noalias")


def test_a_bad_invocation_type_is_a_validation_error(lam_unvalidated):
    with refused("ValidationException", re.compile(
            "^1 validation error detected: Value 'Later' at 'invocationType' failed to satisfy constraint: "
            "Member must satisfy enum value set: ")):
        lam_unvalidated.invoke(FunctionName="nobody", InvocationType="Later")
