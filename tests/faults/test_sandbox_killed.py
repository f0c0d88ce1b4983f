"""A sandbox is killed at every point of its life: parked, importing, running a call, idle. The call at that moment gets AWS's answer for a
runtime that was killed; the next one gets a new sandbox."""

import os
import re
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest
from function import ECHO, invoke, wait_active
from remains import descendants
from server import eventually

# The numbers in the sandbox's own pid namespace.
PROCESSES = pytest.mark.parametrize("process", [1, 2], ids=["its first process", "the function's process"])


def sandboxes(server):
    return server.json("GET", "/hearth/sandboxes")["sandboxes"]


def assert_killed(answer):
    assert (answer.status, answer.error) == (200, "Unhandled")
    assert answer.json["errorType"] == "Runtime.ExitError"
    assert re.search(r"Runtime exited with error: signal: killed$|Runtime exited without providing a reason$", answer.json["errorMessage"])


@PROCESSES
def test_while_it_runs_a_call(life, process):
    life = life("call")
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(life.invoke, "stay")
        os.kill(life.processes()[process], signal.SIGKILL)
        assert_killed(call.result(60))
    eventually(lambda: not sandboxes(life.server), what="the end of the sandbox")
    assert life.invoke("fine").json == "fine"


@PROCESSES
def test_while_it_imports(life, process):
    """A failed initialisation is repeated once within the call, as on AWS."""
    life = life("import")
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(life.invoke, "event")
        first = life.processes()
        os.kill(first[process], signal.SIGKILL)
        os.kill(life.processes(gone=first.values())[process], signal.SIGKILL)
        assert_killed(call.result(60))
    life.lam.update_function_configuration(FunctionName=life.name, Environment={"Variables": {"STAY": "nowhere"}})
    wait_active(life.lam, life.name)
    assert life.invoke("fine").json == "fine"


@PROCESSES
def test_while_it_is_idle(life, process):
    life = life("idle")
    assert life.invoke("first").json == "first"
    [before] = sandboxes(life.server)
    os.kill(life.processes()[process], signal.SIGKILL)
    eventually(lambda: not sandboxes(life.server), what="the end of the sandbox")
    assert life.invoke("second").json == "second"
    [after] = sandboxes(life.server)
    assert after["id"] != before["id"]


def test_before_it_is_anyones(start_hearth, function):
    server = start_hearth()
    lam = server.client("lambda")
    name = function(ECHO, client=lam)
    for zygote in server.json("GET", "/hearth/sandboxes")["zygotes"]:
        for pid in descendants(zygote["pid"]):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass  # it went with another
    assert [invoke(lam, name, number).json for number in range(3)] == [0, 1, 2]
