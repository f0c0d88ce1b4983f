"""Connecting to a service of the host on a unix socket that everybody may use. The mount namespace stops it: the socket is
not in the sandbox's root."""

import socket

import pytest
from escape import public_folder

ATTEMPT = """
def attempt(path):
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path)
        return "connected"
"""


@pytest.fixture
def service():
    """The path of a listener of the host."""
    with public_folder() as folder, socket.socket(socket.AF_UNIX) as listener:
        path = folder / "socket"
        listener.bind(str(path))
        path.chmod(0o777)
        listener.listen()
        yield str(path)


def test_it_is_not_there(escape, service):
    assert escape().refused(ATTEMPT, service) == "ENOENT"


def test_it_connects_without_it(escape, service):
    assert escape("mount-namespace").got(ATTEMPT, service) == "connected"
