"""A zygote is killed. Its sandboxes end with it; the call at that moment gets an answer, and the next call a new zygote."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from function import ECHO, invoke
from remains import below, kill
from server import eventually

pytestmark = pytest.mark.server_warns("(?i)zygote", "could not be made ahead")


def zygotes(server, runtime):
    """The processes of the zygotes of a runtime."""
    return {zygote["pid"] for zygote in server.json("GET", "/hearth/sandboxes")["zygotes"] if zygote["runtime"] == runtime}


def test_while_nobody_calls(start_hearth, function, newest):
    server = start_hearth()
    lam = server.client("lambda")
    name = function(ECHO, client=lam)
    killed = set()
    for number in range(3):
        assert invoke(lam, name, number).json == number
        before = zygotes(server, newest)
        assert before and not before & killed, "a new one each time"
        kill(before)
        killed |= before
        eventually(lambda: server.json("GET", "/hearth/health")["pool"]["idle"] == 0, what="the end of its sandboxes")
    assert invoke(lam, name, "healed").json == "healed"


def test_while_a_call_runs(life, newest):
    life = life("call")
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(life.invoke, "stay")
        life.processes()
        kill(zygotes(life.server, newest))
        answer = call.result(60)
    assert (answer.status, answer.error) == (200, "Unhandled")
    assert answer.json["errorType"] == "Runtime.ExitError"
    assert life.invoke("fine").json == "fine"


def test_while_many_calls_start(start_hearth, function, newest):
    """Each call is answered: by the function, or with what happened to it."""
    server = start_hearth()
    lam = server.client("lambda")
    names = [function(ECHO, suffix=f"-{number}", client=lam) for number in range(12)]
    with ThreadPoolExecutor(4) as pool:
        calls = [pool.submit(invoke, lam, name, "event") for name in names]
        kill(zygotes(server, newest))
        answers = [call.result(60) for call in calls]
    assert all(answer.json == "event" or answer.json["errorType"] == "Runtime.ExitError" for answer in answers)
    assert [invoke(lam, name, "again").json for name in names] == ["again"] * len(names)


def test_a_process_that_helps_it(start_hearth, function):
    server = start_hearth()
    lam = server.client("lambda")
    names = [function(ECHO, suffix=f"-{number}", client=lam) for number in range(3)]
    assert invoke(lam, names[0], "first").json == "first"
    for zygote in server.json("GET", "/hearth/sandboxes")["zygotes"]:
        kill(below(zygote["pid"], in_its_own_namespace=True))
    assert [invoke(lam, name, "healed").json for name in names] == ["healed"] * len(names)
