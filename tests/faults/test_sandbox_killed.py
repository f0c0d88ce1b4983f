"""A sandbox is killed at every point of its life: parked, importing, running a call, idle. The call at that moment gets AWS's answer for a
runtime that was killed; the next one gets a new sandbox."""

import os
import re
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest
from function import ECHO, invoke, wait_active
from remains import below, kill
from server import eventually

PROCESSES = pytest.mark.parametrize("process", ["first", "function"])


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
    answer = life.invoke("second")
    if answer.error:
        assert_killed(answer)  # a frozen process ends when the call thaws it
    else:
        assert answer.json == "second"
    assert life.invoke("third").json == "third"
    assert before["id"] not in [sandbox["id"] for sandbox in sandboxes(life.server)]


@pytest.mark.server_warns("could not be made ahead")
def test_before_it_is_anyones(start_hearth, function):
    server = start_hearth()
    lam = server.client("lambda")
    name = function(ECHO, client=lam)
    for zygote in server.json("GET", "/hearth/sandboxes")["zygotes"]:
        kill(below(zygote["pid"], in_its_own_namespace=False))
    assert [invoke(lam, name, number).json for number in range(3)] == [0, 1, 2]
