"""Connecting to a service of the host on an abstract unix socket, which no file permission guards. Two layers stop it: these names belong
to the network namespace, and landlock keeps connections within the sandbox."""

import socket

import pytest
from escape import all_but

STOPPED_BY = ["network-namespace", "landlock"]
ATTEMPT = """
def attempt(name):
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect("\\0" + name)
        return "connected"
"""


@pytest.fixture
def service(token):
    """A listener of the host."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("\0" + token)
        listener.listen()
        yield listener


def test_it_is_refused(escape, service, token):
    assert escape().refused(ATTEMPT, token) in ("ECONNREFUSED", "EPERM")


def test_it_connects_without_them(escape, service, token):
    assert escape(*STOPPED_BY).got(ATTEMPT, token) == "connected"


@pytest.mark.parametrize("kept", STOPPED_BY)
def test_each_alone_stops_it(escape, service, token, kept):
    assert escape(*all_but(kept, STOPPED_BY)).refused(ATTEMPT, token) in ("ECONNREFUSED", "EPERM")
