"""Reaching the host's files through /proc/1/root, the root of the host's first process. Within its pid namespace a sandbox meets only its
own first process there. Without it: landlock, and the want of the capabilities that the host's process has, stop it, and so does the
ordinary user, who comes without capabilities.

The machine's first process is left alone: the server stands in for it where there is no pid namespace."""

import pytest
from escape import all_but

STOPPED_BY = ["pid-namespace", "capabilities", "landlock"]
ATTEMPT = """
def attempt(event):
    pid, path = event
    with open(f"/proc/{pid}/root{path}") as file:
        return file.read()
"""


def test_it_leads_nowhere(escape, secret):
    assert escape().refused(ATTEMPT, [1, secret]) in ("EACCES", "ENOENT")


def test_it_leads_to_the_host_without_them(escape, secret, token):
    stage = escape("user", *STOPPED_BY)
    assert stage.got(ATTEMPT, [stage.server.pid, secret]) == token


@pytest.mark.parametrize("kept", STOPPED_BY)
def test_each_alone_stops_it(escape, secret, kept):
    stage = escape("user", *all_but(kept, STOPPED_BY))
    assert stage.refused(ATTEMPT, [stage.server.pid, secret]) in ("EACCES", "ENOENT")
