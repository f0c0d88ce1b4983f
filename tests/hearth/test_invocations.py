"""Invocation records: every invocation leaves one, readable as soon as it is answered."""

import json
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

import pytest
from function import ECHO, invoke, wait_active, zip_of
from server import eventually

KEEP = {"keepEvents": True}
FAILS = """\
    def inner(event):
        raise ValueError("no " + str(event))
    def lambda_handler(event, context):
        inner(event)
"""


def listed(hearth, expect=200, headers=None, **query):
    path = "/hearth/invocations?" + urllib.parse.urlencode(query)
    code, _, answer = hearth.request("GET", path, headers=headers)
    assert code == expect, answer
    return json.loads(answer)


def invocations(hearth, name, **query):
    return listed(hearth, function=name, **query)["invocations"]


def record(hearth, request_id, status=200):
    return hearth.json("GET", f"/hearth/invocations/{request_id}", status=status)


def keep(hearth, name, **setting):
    hearth.json("PUT", f"/hearth/functions/{name}/recording", json.dumps(KEEP | setting).encode())


def event(lam, name, payload=None):
    answer = lam.invoke(FunctionName=name, InvocationType="Event", Payload=json.dumps(payload).encode())
    assert answer["StatusCode"] == 202
    return answer["ResponseMetadata"]["RequestId"]


def test_a_success(hearth, lam, logs, function):
    name = function(ECHO, MemorySize=256)
    before = time.time() * 1000
    request_id = invoke(lam, name, {"n": 1}).request_id
    after = time.time() * 1000
    found = record(hearth, request_id)
    assert before - 1 <= found["startedAt"] <= found["endedAt"] <= after + 1
    assert found | {"requestId": request_id, "function": name, "version": "$LATEST", "qualifier": None, "attempts": 1,
                    "invocationType": "RequestResponse", "status": "succeeded", "errorType": None, "errorMessage": None,
                    "error": None, "memorySizeMb": 256, "coldStartReason": "first", "logGroup": f"/aws/lambda/{name}",
                    "event": None, "response": None, "eventBytes": 8, "responseBytes": 8} == found
    assert found["initDurationMs"] > 0 and found["maxMemoryUsedMb"] > 0
    assert found["billedDurationMs"] >= found["durationMs"] + found["initDurationMs"]
    assert found["gbSeconds"] == pytest.approx(found["billedDurationMs"] / 1000 * 256 / 1024)
    assert found["recording"]["keepEvents"] is False
    [run] = found["runs"]
    assert (run["attempt"], run["status"], run["logStream"]) == (1, "succeeded", found["logStream"])
    assert run["sandbox"].replace("-", "") in found["logStream"]
    messages = logs.get_log_events(logGroupName=found["logGroup"], logStreamName=found["logStream"])["events"]
    assert any(request_id in message["message"] for message in messages)
    [summary] = invocations(hearth, name)
    assert summary == {key: found[key] for key in summary}
    assert set(found) - set(summary) == {"event", "response", "eventBytes", "responseBytes", "error", "runs", "recording"}


def test_phases_follow_each_other(hearth, lam, function):
    name = function("import time\ntime.sleep(0.05)\ndef lambda_handler(e, c):\n    time.sleep(0.03)\n")
    cold, warm = (record(hearth, invoke(lam, name).request_id) for _ in range(2))
    for found, names in ((cold, ["queue", "start", "init", "invoke"]), (warm, ["queue", "invoke"])):
        [run] = found["runs"]
        assert [phase["name"] for phase in run["phases"]] == names
        end = 0
        for phase in run["phases"]:
            assert phase["startMs"] == pytest.approx(end, abs=0.01)
            end = phase["startMs"] + phase["durationMs"]
        assert end <= found["endedAt"] - found["startedAt"] + 2
    took = {phase["name"]: phase["durationMs"] for phase in cold["runs"][0]["phases"]}
    assert took["start"] > 0 and took["init"] >= 50 and took["invoke"] >= 30
    assert took["init"] == cold["initDurationMs"] and took["invoke"] == cold["durationMs"]
    assert (warm["initDurationMs"], warm["coldStartReason"]) == (None, None)


def test_a_failure_has_its_stack(hearth, lam, function):
    name = function(FAILS)
    answer = invoke(lam, name, 7)
    found = record(hearth, answer.request_id)
    assert (found["status"], found["errorType"], found["errorMessage"]) == ("failed", "ValueError", "no 7")
    assert found["error"] == {key: answer.json[key] for key in ("errorType", "errorMessage", "stackTrace")}
    assert "in inner" in found["error"]["stackTrace"][-1]
    assert found["response"] is None and found["runs"][0]["errorType"] == "ValueError"


@pytest.mark.parametrize("code, configuration, status, error_type", [
    ("import time\ndef lambda_handler(e, c): time.sleep(60)\n", {"Timeout": 1}, "timed-out", "Sandbox.Timedout"),
    ("import os\ndef lambda_handler(e, c): os._exit(3)\n", {}, "exited", "Runtime.ExitError"),
    ("import nothing_of_the_kind\n", {}, "init-failed", "Runtime.ImportModuleError"),
    ("def lambda_handler(e, c): return 'x' * 7_000_000\n", {}, "response-too-large", "Function.ResponseSizeTooLarge"),
], ids=["timed-out", "exited", "init-failed", "response-too-large"])
def test_other_endings(hearth, lam, function, code, configuration, status, error_type):
    name = function(code, **configuration)
    answer = invoke(lam, name)
    assert answer.error
    found = record(hearth, answer.request_id)
    assert (found["status"], found["errorType"]) == (status, error_type)
    assert found["errorMessage"] and found["error"]["errorType"] == error_type
    assert invocations(hearth, name, status="failed") == invocations(hearth, name)
    if status == "timed-out":
        assert found["durationMs"] == 1000 and found["errorMessage"] == "Task timed out after 1.00 seconds"
    if status == "response-too-large":
        assert found["responseBytes"] > 7_000_000


def test_out_of_memory(hearth, lam, function):
    name = function("def lambda_handler(e, c):\n    return len(bytearray(1 << 30))\n", MemorySize=128)
    found = record(hearth, invoke(lam, name).request_id)
    restricted = {layer["name"]: layer["in_force"] for layer in hearth.json("GET", "/hearth/health")["isolation"]}
    if any(held for layer, held in restricted.items() if "cgroup" in layer or "memory" in layer):
        assert found["status"] == "out-of-memory"
    assert found["runs"][0]["maxMemoryUsedMb"] > 0


def test_an_event_is_found_by_the_id_that_its_caller_got(start_hearth, function):
    hearth = start_hearth("--async-retry-delay-ms", 50)
    lam = hearth.client("lambda")
    name = function("""\
        import os
        def lambda_handler(event, context):
            with open("/tmp/count", "a") as file: file.write("x")
            if os.path.getsize("/tmp/count") < event: raise ValueError("not yet")
            return "done"
    """, client=lam)
    keep(hearth, name)
    request_id = event(lam, name, 3)
    answered = lambda: hearth.request("GET", f"/hearth/invocations/{request_id}")
    read = lambda: json.loads(answered()[2]) if answered()[0] == 200 else {"attempts": 0}
    found = eventually(lambda: (now := read())["attempts"] == 3 and now, 30, "the third run")
    assert (found["invocationType"], found["status"], found["errorType"]) == ("Event", "succeeded", None)
    assert [run["attempt"] for run in found["runs"]] == [1, 2, 3]
    assert [run["status"] for run in found["runs"]] == ["failed", "failed", "succeeded"]
    assert [run["errorMessage"] for run in found["runs"]] == ["not yet", "not yet", None]
    assert [run["coldStartReason"] for run in found["runs"]] == ["first", None, None]
    starts = [run["startedAt"] for run in found["runs"]]
    assert starts == sorted(starts) and starts[0] == found["startedAt"]
    assert found["billedDurationMs"] == sum(run["billedDurationMs"] for run in found["runs"])
    assert (found["event"], found["response"]) == ("3", '"done"')
    [summary] = invocations(hearth, name)
    assert (summary["requestId"], summary["attempts"]) == (request_id, 3)


def test_a_given_up_event_has_failed_three_times(start_hearth, function):
    hearth = start_hearth("--async-retry-delay-ms", 50)
    lam = hearth.client("lambda")
    name = function(FAILS, client=lam)
    request_id = event(lam, name)
    eventually(lambda: any(one["attempts"] == 3 for one in invocations(hearth, name)), 30, "the third run")
    found = record(hearth, request_id)
    assert found["status"] == "failed" and [run["status"] for run in found["runs"]] == ["failed"] * 3


def test_an_event_that_finds_no_room_was_not_run(start_hearth, function):
    hearth = start_hearth()
    lam = hearth.client("lambda")
    name = function(ECHO, client=lam)
    lam.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    request_id = event(lam, name, 1)
    [found] = eventually(lambda: invocations(hearth, name), what="the first attempt")
    assert (found["requestId"], found["status"], found["attempts"]) == (request_id, "not-run", 1)
    assert (found["errorType"], found["logStream"], found["billedDurationMs"]) == ("Throttled", None, 0)
    lam.delete_function_concurrency(FunctionName=name)
    eventually(lambda: invocations(hearth, name)[0]["status"] == "succeeded", 30, "the run")
    found = record(hearth, request_id)
    assert found["attempts"] == 1 and len(found["runs"]) == 1


def test_a_throttled_call_leaves_no_record(hearth, lam, function):
    name = function(ECHO)
    lam.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    with pytest.raises(lam.exceptions.TooManyRequestsException):
        invoke(lam, name)
    assert invocations(hearth, name) == []


def test_why_it_was_cold(start_hearth, function):
    hearth = start_hearth("--keep-alive-seconds", 1)
    lam = hearth.client("lambda")
    name = function("import os\ndef lambda_handler(e, c):\n    if e: os._exit(1)\n", client=lam)
    pool = lambda: hearth.json("GET", "/hearth/health")["pool"]
    reason = lambda payload=None: record(hearth, invoke(lam, name, payload).request_id)["coldStartReason"]
    assert reason() == "first"
    assert reason() is None
    eventually(lambda: pool()["idle"] == 0, what="the end of the idle sandbox")
    assert reason("exit") == "expired"
    assert reason() == "crashed"
    lam.update_function_configuration(FunctionName=name, Timeout=9)
    wait_active(lam, name)
    assert reason() == "configuration-changed"
    lam.update_function_code(FunctionName=name, ZipFile=zip_of("def lambda_handler(e, c): pass\n"))
    wait_active(lam, name)
    assert reason() == "code-changed"


def test_how_its_sandbox_came_to_be(start_hearth, function, newest):
    hearth = start_hearth()
    lam = hearth.client("lambda")
    name = function("import os\ndef lambda_handler(e, c): os._exit(1)\n", client=lam, Runtime=newest)
    ahead = lambda: [zygote["blanks"] for zygote in hearth.json("GET", "/hearth/sandboxes")["zygotes"] if zygote["runtime"] == newest]
    eventually(lambda: ahead() == [2], 30, "the sandboxes that are made ahead")
    answers = [invoke(lam, name, tail=True) for _ in range(30)]
    paths = [record(hearth, answer.request_id)["startPath"] for answer in answers]
    assert paths[:2] == ["pool-hit", "pool-hit"]
    assert set(paths) <= {"pool-hit", "pool-miss"}
    assert f"\tStart Path: {paths[-1]}\t" in answers[-1].log
    assert record(hearth, answers[-1].request_id)["runs"][0]["startPath"] == paths[-1]


def test_a_second_sandbox_is_a_scale_out(hearth, lam, function):
    name = function("import time\ndef lambda_handler(e, c):\n    time.sleep(0.5)\n")
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: invoke(lam, name), range(2)))
    assert {one["coldStartReason"] for one in invocations(hearth, name)} == {"first", "scale-out"}


def test_the_version_and_alias(hearth, lam, function):
    name = function(ECHO)
    lam.publish_version(FunctionName=name)
    lam.create_alias(FunctionName=name, Name="live", FunctionVersion="1")
    invoke(lam, name, Qualifier="live")
    [found] = invocations(hearth, name)
    assert (found["version"], found["qualifier"]) == ("1", "live")
    assert "[1]" in found["logStream"]


def test_events_are_kept_redacted_and_only_when_asked(hearth, lam, function):
    name = function(ECHO)
    keep(hearth, name, redactKeys=["PassWord", "pin"])
    secret = {"password": "hunter2", "list": [{"PIN": {"deep": "hunter2"}, "n": 1.50}], "body": json.dumps({"Pin": "hunter2", "ok": 1})}
    request_id = invoke(lam, name, secret).request_id
    status, _, raw = hearth.request("GET", f"/hearth/invocations/{request_id}")
    assert status == 200 and b"hunter2" not in raw
    found = json.loads(raw)
    kept = json.loads(found["event"])
    assert kept == {"password": "[REDACTED]", "list": [{"PIN": "[REDACTED]", "n": 1.5}], "body": kept["body"]}
    assert json.loads(kept["body"]) == {"Pin": "[REDACTED]", "ok": 1}
    assert json.loads(found["response"]) == kept
    assert found["eventBytes"] == len(json.dumps(secret))
    assert found["recording"] == {"keepEvents": True, "redactKeys": ["PassWord", "pin"]}
    for path in hearth.data.glob("hearth.sqlite*"):
        assert b"hunter2" not in path.read_bytes(), "nothing is written before it is redacted"

    keep(hearth, name, keepEvents=False)
    later = record(hearth, invoke(lam, name, secret).request_id)
    assert (later["event"], later["response"]) == (None, None)


def test_large_events_are_not_kept(hearth, lam, function):
    name = function("def lambda_handler(event, context):\n    return len(event)\n")
    keep(hearth, name)
    largest = record(hearth, invoke(lam, name, "x" * (256 * 1024 - 2)).request_id)
    assert (largest["eventBytes"], len(largest["event"])) == (256 * 1024, 256 * 1024)
    larger = record(hearth, invoke(lam, name, "x" * (256 * 1024 - 1)).request_id)
    assert (larger["eventBytes"], larger["event"], larger["response"]) == (256 * 1024 + 1, None, str(256 * 1024 - 1))


def test_pages_put_together_are_the_list(hearth, lam, function):
    name = function(ECHO)
    ids = [invoke(lam, name, number).request_id for number in range(7)]
    pages, token = [], ""
    while token is not None:
        page = listed(hearth, function=name, limit=3, next=token)
        pages.append([one["requestId"] for one in page["invocations"]])
        token = page["next"]
    assert [len(page) for page in pages] == [3, 3, 1]
    found = [one for page in pages for one in page]
    assert sorted(found) == sorted(ids) and len(set(found)) == 7
    starts = [one["startedAt"] for one in invocations(hearth, name)]
    assert starts == sorted(starts, reverse=True)
    middle = starts[3]
    later = {one["startedAt"] for one in invocations(hearth, name, start=middle)}
    earlier = {one["startedAt"] for one in invocations(hearth, name, end=middle)}
    assert later | earlier == set(starts) and later & earlier == {middle}


def test_the_most_expensive_first(hearth, lam, function):
    cheap = function("import time\ndef lambda_handler(e, c): time.sleep(e)\n", suffix="-cheap", MemorySize=128)
    dear = function("import time\ndef lambda_handler(e, c): time.sleep(e)\n", suffix="-dear", MemorySize=1024)
    for name in (cheap, dear):
        invoke(lam, name, 0)
        for seconds in (0.02, 0.3, 0.1):
            invoke(lam, name, seconds)
    costs = [one["gbSeconds"] for one in invocations(hearth, dear, order="expensive")]
    assert len(costs) == 4 and costs == sorted(costs, reverse=True)
    first = listed(hearth, function=dear, order="expensive", limit=1)
    second = listed(hearth, function=dear, order="expensive", limit=1, next=first["next"])
    assert [page["invocations"][0]["gbSeconds"] for page in (first, second)] == costs[:2]
    both = [one["function"] for one in listed(hearth, order="expensive", limit=100)["invocations"]]
    assert both.index(dear) < both.index(cheap)
    listed(hearth, expect=400, function=dear, order="recent", next=first["next"])


@pytest.mark.parametrize("query", [
    {"limit": 0}, {"limit": 101}, {"limit": "x"}, {"order": "cheap"}, {"status": "bad"}, {"start": "x"}, {"next": "x"}, {"what": 1},
], ids=lambda query: urllib.parse.urlencode(query))
def test_a_wrong_query_is_refused(hearth, query):
    path = "/hearth/invocations?" + urllib.parse.urlencode(query)
    status, headers, answer = hearth.request("GET", path)
    assert (status, headers["x-amzn-errortype"]) == (400, "ValidationException")
    assert list(query)[0] in json.loads(answer)["message"]


def test_other_accounts_see_nothing(hearth, lam, function):
    name = function(ECHO)
    request_id = invoke(lam, name).request_id
    scope = "AWS4-HMAC-SHA256 Credential={}/20260101/{}/lambda/aws4_request, SignedHeaders=host, Signature=0"
    for account, region in (("111122223333", "us-east-1"), ("test", "eu-west-1")):
        headers = {"Authorization": scope.format(account, region)}
        assert listed(hearth, headers=headers) == {"invocations": [], "next": None}
        status, _, answer = hearth.request("GET", f"/hearth/invocations/{request_id}", headers=headers)
        assert status == 404, answer
    record(hearth, "no-such-id", status=404)
    record(hearth, request_id)


@pytest.mark.parametrize("ending", ["terminate", "kill"])
def test_a_restart_keeps_what_was_read(start_hearth, function, ending):
    hearth = start_hearth()
    lam = hearth.client("lambda")
    name = function(FAILS, client=lam)
    keep(hearth, name)
    ids = [invoke(lam, name, number).request_id for number in range(5)]
    before = [record(hearth, one) for one in ids]
    getattr(hearth, ending)()
    again = start_hearth()
    assert [record(again, one) for one in ids] == before
    failed = invocations(again, name, status="failed")
    assert failed == invocations(again, name) and {one["requestId"] for one in failed} == set(ids)


def test_a_stop_writes_what_nobody_read(start_hearth, function):
    hearth = start_hearth()
    lam = hearth.client("lambda")
    name = function(ECHO, client=lam)
    request_id = invoke(lam, name).request_id
    hearth.terminate()
    assert record(start_hearth(), request_id)["status"] == "succeeded"


def test_records_outlive_their_function(hearth, lam, function):
    name = function(ECHO)
    keep(hearth, name)
    request_id = invoke(lam, name, 1).request_id
    lam.delete_function(FunctionName=name)
    assert invocations(hearth, name)[0]["requestId"] == request_id
    found = record(hearth, request_id)
    assert (found["event"], found["recording"]["keepEvents"]) == ("1", False)
