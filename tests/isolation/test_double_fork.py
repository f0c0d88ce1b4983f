"""Surviving the timeout by a double fork into a session of its own. With the first process of its pid namespace a sandbox's processes all
end. Without it, nothing holds a process that has left its family but the freezer, which stops all of the sandbox's control group before
it is given up."""

import os
import signal
from pathlib import Path

import pytest
from server import eventually

STOPPED_BY = ["pid-namespace", "freezer"]
# `sleep` adds its arguments up: the second marks the process.
ATTEMPT = """
import time
def attempt(mark):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.execv("/bin/sleep", ["sleep", "60", mark])
        os._exit(0)
    time.sleep(60)
"""


def marked(mark):
    """The processes of the machine that carry the mark."""
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if mark in file.read_text().split("\0") and file.read_text().startswith("sleep"):
                found.append(int(file.parent.name))
        except OSError:
            pass
    return found


@pytest.fixture
def mark(token):
    """A number of seconds that no other has; what carries it is ended after the test."""
    mark = f"0.{int(token[-8:], 16):012}"
    yield mark
    for pid in marked(mark):
        os.kill(pid, signal.SIGKILL)


def test_it_ends_with_its_call(escape, mark):
    assert escape().invoke(ATTEMPT, mark, Timeout=2).json["errorType"] == "Sandbox.Timedout"
    eventually(lambda: not marked(mark), what="the end of the process")


def test_it_survives_without_them(escape, mark):
    stage = escape(*STOPPED_BY)
    assert stage.invoke(ATTEMPT, mark, Timeout=2).json["errorType"] == "Sandbox.Timedout"
    assert stage.got("def attempt(event): return 'the next call is done'")
    assert marked(mark)


def test_the_pid_namespace_alone_ends_it(escape, mark):
    assert escape("freezer").invoke(ATTEMPT, mark, Timeout=2).json["errorType"] == "Sandbox.Timedout"
    eventually(lambda: not marked(mark), what="the end of the process")
