"""Sending signals to processes of the host, also to those of the same user. The pid namespace hides them, and landlock keeps signals
within the sandbox."""

import signal

import pytest
from escape import all_but

STOPPED_BY = ["pid-namespace", "landlock"]
ATTEMPT = """
import signal
def attempt(pid):
    os.kill(pid, signal.SIGTERM)
"""


def test_it_reaches_none(escape, victim):
    assert escape().refused(ATTEMPT, victim.pid) in ("ESRCH", "EPERM")
    assert victim.poll() is None


def test_the_server_is_out_of_reach(escape):
    stage = escape()
    assert stage.refused(ATTEMPT, stage.server.pid) in ("ESRCH", "EPERM")
    assert stage.server.process.poll() is None


def test_it_ends_a_process_of_the_host_without_them(escape, victim):
    assert escape(*STOPPED_BY).got(ATTEMPT, victim.pid) is None
    assert victim.wait(10) == -signal.SIGTERM


@pytest.mark.parametrize("kept", STOPPED_BY)
def test_each_alone_stops_it(escape, victim, kept):
    assert escape(*all_but(kept, STOPPED_BY)).refused(ATTEMPT, victim.pid) in ("ESRCH", "EPERM")
    assert victim.poll() is None
