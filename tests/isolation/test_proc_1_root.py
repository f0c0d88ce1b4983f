"""Reaching the host's files through /proc/1/root, the root of the host's first process. Within its pid namespace a sandbox meets only its
own first process there. Without it: landlock, and the want of the capabilities that the host's process has, stop it, and so does the
ordinary user, who comes without capabilities."""

import pytest
from escape import all_but

STOPPED_BY = ["pid-namespace", "capabilities", "landlock"]
ATTEMPT = """
def attempt(path):
    with open("/proc/1/root" + path) as file:
        return file.read()
"""


def test_it_leads_nowhere(escape, secret):
    assert escape().refused(ATTEMPT, secret) in ("EACCES", "ENOENT")


def test_it_leads_to_the_host_without_them(escape, secret, token):
    assert escape("user", *STOPPED_BY).got(ATTEMPT, secret) == token


@pytest.mark.parametrize("kept", STOPPED_BY)
def test_each_alone_stops_it(escape, secret, kept):
    assert escape("user", *all_but(kept, STOPPED_BY)).refused(ATTEMPT, secret) in ("EACCES", "ENOENT")
