"""The warm pool as it lives: who is in it, who left it and why, and sandboxes that are told to go."""

import json
import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from function import invoke, wait_active, zip_of
from server import eventually

# Says that it runs by connecting, and waits for a word.
HELD = """\
    import socket
    def lambda_handler(event, context):
        with socket.create_connection(("127.0.0.1", event)) as connection:
            connection.recv(1)
        return context.aws_request_id
"""
OTHER_ACCOUNT = {"Authorization": "AWS4-HMAC-SHA256 Credential=111122223333/20300101/us-east-1/lambda/aws4_request, "
                                  "SignedHeaders=host, Signature=00"}


def look(server):
    return server.json("GET", "/hearth/sandboxes")


def sandboxes_of(server, function):
    return [sandbox for sandbox in look(server)["sandboxes"] if sandbox["function"] == function]


def endings_of(server, function):
    return [(ending["sandbox"], ending["reason"]) for ending in look(server)["endings"] if ending["function"] == function]


def on_the_hosts_network(server, name):
    """Lets a function reach this test."""
    server.json("PUT", f"/hearth/functions/{name}/network", json.dumps({"mode": "host"}).encode())
    return name


def retire(server, sandbox, status=200):
    return server.json("POST", f"/hearth/sandboxes/{sandbox}/retire", status=status)


class Calls:
    """Calls of a function that last until they are released."""

    def __init__(self, lam, name, listener, pool):
        self._lam, self._name, self._listener, self._pool, self._held = lam, name, listener, pool, []

    def hold(self):
        """Begins a call and waits until its handler runs."""
        port = self._listener.getsockname()[1]
        call = self._pool.submit(invoke, self._lam, self._name, port)
        connection, _ = self._listener.accept()
        self._held.append((connection, call))

    def release(self):
        """Ends them all; returns their answers in the order of their beginning."""
        for connection, _ in self._held:
            connection.sendall(b"x")
            connection.close()
        answers = [call.result(60) for _, call in self._held]
        self._held = []
        return answers


@contextmanager
def calls_of(lam, name):
    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(8) as pool:
        listener.settimeout(60)
        calls = Calls(lam, name, listener, pool)
        try:
            yield calls
        finally:
            calls.release()


@pytest.fixture
def server(start_hearth):
    return start_hearth("--memory-mib", 640)


@pytest.fixture
def its_lam(server):
    return server.client("lambda")


def test_an_empty_pool_is_told_with_its_limits(start_hearth):
    server = start_hearth("--memory-mib", 512, "--keep-alive-seconds", 77)
    found = look(server)
    assert (found["sandboxes"], found["endings"]) == ([], [])
    assert found["pool"] == {"busy": 0, "idle": 0, "memoryMib": 0, "memoryBudgetMib": 512, "keepAliveSeconds": 77}


def test_a_sandbox_is_busy_then_idle(server, its_lam, function, newest):
    begun = time.time() * 1000 - 1000
    name = on_the_hosts_network(server, function(HELD, client=its_lam, Timeout=60, MemorySize=192))
    with calls_of(its_lam, name) as calls:
        calls.hold()
        [busy] = sandboxes_of(server, name)
        assert look(server)["pool"] | {"memoryBudgetMib": 0} == {
            "busy": 1, "idle": 0, "memoryMib": 192, "memoryBudgetMib": 0, "keepAliveSeconds": 600}
        [answer] = calls.release()
    assert busy["state"] == "busy" and busy["requestId"] == answer.request_id == answer.json
    assert (busy["version"], busy["runtime"], busy["region"]) == ("$LATEST", newest, "us-east-1")
    assert (busy["uses"], busy["memorySizeMb"], busy["coldStartReason"]) == (1, 192, "first")
    assert begun <= busy["startedAt"] <= busy["lastUsedAt"] <= time.time() * 1000
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", busy["id"])
    assert 1 << 20 < busy["memoryBytes"] <= 192 << 20
    [idle] = sandboxes_of(server, name)
    assert (idle["id"], idle["state"], idle["requestId"], idle["uses"]) == (busy["id"], "idle", None, 1)
    assert idle["lastUsedAt"] >= busy["lastUsedAt"] and idle["startedAt"] == busy["startedAt"]
    assert look(server)["pool"]["idle"] == 1


def test_memory_is_what_the_function_uses_now(server, its_lam, function):
    name = function("""\
        kept = []
        def lambda_handler(event, context):
            kept[:] = [b"x" * (event << 20)]
    """, client=its_lam, MemorySize=256)
    used = []
    for mebibytes in (1, 100, 1):
        invoke(its_lam, name, mebibytes)
        [sandbox] = sandboxes_of(server, name)
        used.append(sandbox["memoryBytes"] >> 20)
    assert used[1] > used[0] + 80 and used[2] < used[1] - 80, used


def test_calls_at_the_same_time_have_a_sandbox_each(server, its_lam, function):
    name = on_the_hosts_network(server, function(HELD, client=its_lam, Timeout=60))
    with calls_of(its_lam, name) as calls:
        for _ in range(3):
            calls.hold()
        busy = sandboxes_of(server, name)
        answers = calls.release()
    assert [sandbox["coldStartReason"] for sandbox in busy] == ["first", "scale-out", "scale-out"]
    assert {sandbox["requestId"] for sandbox in busy} == {answer.request_id for answer in answers}
    assert [sandbox["state"] for sandbox in sandboxes_of(server, name)] == ["idle"] * 3


def test_versions_are_told_apart(server, its_lam, function):
    name = function(client=its_lam)
    its_lam.publish_version(FunctionName=name)
    wait_active(its_lam, name)
    invoke(its_lam, name)
    invoke(its_lam, name, Qualifier="1")
    assert [sandbox["version"] for sandbox in sandboxes_of(server, name)] == ["$LATEST", "1"]


def test_zygotes_are_told_with_their_sandboxes(server, its_lam, function, newest):
    name = function(client=its_lam, Runtime=newest)
    invoke(its_lam, name)
    zygotes = [zygote for zygote in look(server)["zygotes"] if zygote["runtime"] == newest]
    assert [zygote["children"] for zygote in zygotes] == [1]
    assert zygotes[0]["memoryBytes"] > 1 << 20
    assert zygotes[0]["startedAt"] <= sandboxes_of(server, name)[0]["startedAt"]
    with open(f"/proc/{zygotes[0]['pid']}/stat") as file:
        assert int(file.read().rpartition(")")[2].split()[1]) == server.pid, "a child of the server"


def test_an_idle_sandbox_expires(start_hearth, function):
    server = start_hearth("--keep-alive-seconds", 1)
    lam = server.client("lambda")
    name = function(client=lam)
    invoke(lam, name)
    eventually(lambda: not look(server)["sandboxes"], what="the end of the idle sandbox")
    [ending] = look(server)["endings"]
    assert (ending["function"], ending["version"], ending["reason"], ending["uses"]) == (name, "$LATEST", "expired", 1)
    assert ending["ageMs"] >= 1000
    assert abs(time.time() * 1000 - ending["at"]) < 120_000
    invoke(lam, name)
    assert sandboxes_of(server, name)[0]["coldStartReason"] == "expired"


def test_an_idle_sandbox_makes_room(start_hearth, function):
    server = start_hearth("--memory-mib", 256)
    lam = server.client("lambda")
    one, other = function(suffix="-1", client=lam), function(suffix="-2", client=lam, MemorySize=256)
    invoke(lam, one)
    [evicted] = sandboxes_of(server, one)
    invoke(lam, other)
    assert sandboxes_of(server, one) == []
    assert endings_of(server, one) == [(evicted["id"], "evicted")]
    assert look(server)["pool"]["memoryMib"] == 256


def test_every_end_has_its_reason(server, its_lam, function):
    name = function("""\
        import os, time
        def lambda_handler(event, context):
            if event == "exit":
                os._exit(3)
            if event == "time":
                time.sleep(60)
            if event == "memory":
                return len(b"x" * (1 << 30))
    """, client=its_lam, Timeout=1)
    expected = []
    for event, reason in [("exit", "crashed"), ("time", "timed-out"), ("memory", "out-of-memory")]:
        assert invoke(its_lam, name, event).error == "Unhandled"
        expected.insert(0, reason)
        assert [reason for _, reason in endings_of(server, name)][:len(expected)] == expected
    invoke(its_lam, name)
    its_lam.update_function_configuration(FunctionName=name, Environment={"Variables": {"A1": "b"}})
    wait_active(its_lam, name)
    eventually(lambda: endings_of(server, name)[0][1] == "changed", what="the end of the old sandbox")
    its_lam.update_function_code(FunctionName=name, ZipFile=zip_of("raise ValueError"))
    wait_active(its_lam, name)
    assert invoke(its_lam, name).error == "Unhandled"
    assert endings_of(server, name)[0][1] == "init-failed"
    assert len({sandbox for sandbox, _ in endings_of(server, name)}) == 5


def test_an_idle_sandbox_is_retired_at_once(server, its_lam, function):
    name = function(client=its_lam)
    invoke(its_lam, name)
    [old] = sandboxes_of(server, name)
    assert retire(server, old["id"]) == {}
    assert sandboxes_of(server, name) == []
    assert endings_of(server, name) == [(old["id"], "retired")]
    assert look(server)["pool"]["memoryMib"] == 0
    assert retire(server, old["id"], status=404)["Message"] == f"Sandbox not found: {old['id']}"
    assert invoke(its_lam, name, {"n": 1}).json == {"n": 1}
    [new] = sandboxes_of(server, name)
    assert new["coldStartReason"] == "retired" and new["id"] != old["id"]


def test_a_busy_sandbox_is_retired_after_its_call(server, its_lam, function):
    name = on_the_hosts_network(server, function(HELD, client=its_lam, Timeout=60))
    with calls_of(its_lam, name) as calls:
        calls.hold()
        calls.hold()
        retired, kept = sandboxes_of(server, name)
        assert retire(server, retired["id"]) == {}
        assert retire(server, retired["id"]) == {}, "it is still there"
        assert [sandbox["state"] for sandbox in sandboxes_of(server, name)] == ["busy", "busy"]
        answers = calls.release()
    assert all(answer.error is None and answer.json == answer.request_id for answer in answers)
    assert [sandbox["id"] for sandbox in sandboxes_of(server, name)] == [kept["id"]]
    assert endings_of(server, name) == [(retired["id"], "retired")]


def test_another_account_sees_and_ends_nothing(server, function):
    theirs = server.client("lambda", key="111122223333")
    mine, others = function(client=server.client("lambda")), function(suffix="-2", client=theirs)
    invoke(server.client("lambda"), mine)
    invoke(theirs, others)
    [own] = look(server)["sandboxes"]
    status, _, _ = server.request("POST", f"/hearth/sandboxes/{own['id']}/retire", headers=OTHER_ACCOUNT)
    assert status == 404
    seen = json.loads(server.request("GET", "/hearth/sandboxes", headers=OTHER_ACCOUNT)[2])
    assert [sandbox["function"] for sandbox in seen["sandboxes"]] == [others]
    retire(server, seen["sandboxes"][0]["id"], status=404)
    assert sandboxes_of(server, mine) == [own | {"memoryBytes": sandboxes_of(server, mine)[0]["memoryBytes"]}]
    used = [{zygote["pid"] for zygote in found["zygotes"] if zygote["children"]} for found in (look(server), seen)]
    assert used[0] and used[1] and not used[0] & used[1], "each sees its own zygote"
    retire(server, own["id"])
    seen = json.loads(server.request("GET", "/hearth/sandboxes", headers=OTHER_ACCOUNT)[2])
    assert seen["endings"] == []


def test_what_is_not_there_or_not_done_is_refused(hearth):
    assert retire(hearth, "nobody", status=404)["Message"] == "Sandbox not found: nobody"
    status, headers, _ = hearth.request("GET", "/hearth/sandboxes/nobody/retire")
    assert (status, headers["Allow"]) == (405, "POST")


def test_the_endings_are_the_last_two_hundred(server, its_lam, function):
    name = function("import os\ndef lambda_handler(event, context):\n    os._exit(0)\n", client=its_lam)
    for _ in range(205):
        invoke(its_lam, name)
    endings = look(server)["endings"]
    assert len(endings) == 200
    assert [ending["at"] for ending in endings] == sorted((ending["at"] for ending in endings), reverse=True)
    assert look(server)["sandboxes"] == []
