"""Tracing another process. Three layers stop it, also for a process of the same user: the pid namespace hides it, the filter refuses
`ptrace`, and landlock lets none look into a process of another sandbox."""

import pytest
from escape import all_but

STOPPED_BY = ["pid-namespace", "system-call-filter", "landlock"]
# Seizes the process, stops it, and lets it go again: its own parent could not wait for its end otherwise.
ATTEMPT = """
def attempt(pid):
    seize, interrupt, detach, wait_for_all = 0x4206, 0x4207, 17, 0x40000000
    traced = kernel(libc.ptrace(seize, pid, None, None))
    kernel(libc.ptrace(interrupt, pid, None, None))
    os.waitpid(pid, wait_for_all)
    kernel(libc.ptrace(detach, pid, None, None))
    return traced
"""
OWN_CHILD = """
def attempt(event):
    child = os.fork()
    if child == 0:
        os.read(os.pipe()[0], 1)
    try:
        return kernel(libc.ptrace(0x4206, child, None, None))
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)
"""


def test_it_traces_none(escape, victim):
    assert escape().refused(ATTEMPT, victim.pid) in ("ESRCH", "EPERM")


def test_it_traces_a_process_of_the_host_without_them(escape, victim):
    assert escape(*STOPPED_BY).got(ATTEMPT, victim.pid) == 0


@pytest.mark.parametrize("kept", STOPPED_BY)
def test_each_alone_stops_it(escape, victim, kept):
    assert escape(*all_but(kept, STOPPED_BY)).refused(ATTEMPT, victim.pid) in ("ESRCH", "EPERM")


def test_not_even_its_own_child(escape):
    assert escape().refused(OWN_CHILD) == "EPERM"


def test_its_own_child_without_the_filter(escape):
    assert escape("system-call-filter").got(OWN_CHILD) == 0
