"""SIGTERM: no new work, what runs may finish, exit 0."""

import signal
from concurrent.futures import ThreadPoolExecutor

import pytest
from function import invoke
from server import eventually

SLOW = """\
    import time
    def lambda_handler(event, context):
        time.sleep(event)
        return "finished"
"""


def test_running_invocations_finish(start_hearth, function):
    hearth = start_hearth()
    lam = hearth.client("lambda")
    name = function(SLOW, client=lam, Timeout=30)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(invoke, lam, name, 2)
        eventually(lambda: hearth.json("GET", "/hearth/health")["pool"]["busy"] == 1, what="the invocation")
        assert hearth.terminate() == 0
        assert running.result().json == "finished"


@pytest.mark.server_warns("invocations still run after the grace period")
def test_the_drain_is_bounded(start_hearth, function):
    hearth = start_hearth("--drain-seconds", 1)
    lam = hearth.client("lambda")
    name = function(SLOW, client=lam, Timeout=300)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(invoke, lam, name, 200)
        eventually(lambda: hearth.json("GET", "/hearth/health")["pool"]["busy"] == 1, what="the invocation")
        assert hearth.terminate() == 0
        running.exception(timeout=30)


def test_ctrl_c_is_the_same(start_hearth):
    hearth = start_hearth()
    hearth.process.send_signal(signal.SIGINT)
    assert hearth.process.wait(30) == 0
