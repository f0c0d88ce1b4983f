"""Changing the host's name. The filter refuses the call, the sandbox has no capability for it, and the name is its own: what changes
without the first two is the sandbox's name alone.

The host's name is a stand-in: these servers run in a namespace of host names that the test makes."""

import subprocess

import pytest

STOPPED_BY = ["uts-namespace", "system-call-filter", "capabilities"]
ATTEMPT = """
def attempt(name):
    socket.sethostname(name)
    return socket.gethostname()
"""


def name_of_the_host(stage):
    """The name that the server sees."""
    inside = ["nsenter", "--target", str(stage.server.pid), "--uts", "hostname"]
    return subprocess.run(inside, check=True, capture_output=True, text=True).stdout.strip()


def test_it_is_refused(escape):
    assert escape().refused(ATTEMPT, "escaped") == "EPERM"


def test_the_hosts_name_is_changed_without_them(escape):
    stage = escape("user", *STOPPED_BY)
    assert stage.got(ATTEMPT, "escaped") == "escaped"
    assert name_of_the_host(stage) == "escaped"


def test_only_its_own_name_is_changed_when_that_is_left(escape):
    stage = escape("user", "system-call-filter", "capabilities")
    before = name_of_the_host(stage)
    assert stage.got(ATTEMPT, "escaped") == "escaped"
    assert name_of_the_host(stage) == before


@pytest.mark.parametrize("kept", ["system-call-filter", "capabilities"])
def test_each_other_alone_stops_it(escape, kept):
    off = [name for name in STOPPED_BY if name != kept]
    assert escape("user", *off).refused(ATTEMPT, "escaped") == "EPERM"
