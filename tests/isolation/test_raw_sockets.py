"""Opening sockets that forge or overhear packets. Two layers stop it: the filter refuses them, and the sandbox has no capability for
them. None is ever written to."""

import pytest

STOPPED_BY = ["system-call-filter", "capabilities"]
ATTEMPT = """
def attempt(event):
    family, kind, protocol = event
    socket.socket(getattr(socket, family), getattr(socket, kind), protocol).close()
    return "opened"
"""
SOCKETS = [("AF_PACKET", "SOCK_RAW", 0), ("AF_PACKET", "SOCK_DGRAM", 0), ("AF_INET", "SOCK_RAW", 1), ("AF_INET6", "SOCK_RAW", 58)]


@pytest.mark.parametrize("kind", SOCKETS, ids=str)
def test_it_is_refused(escape, kind):
    assert escape().refused(ATTEMPT, kind) in ("EPERM", "EACCES", "EAFNOSUPPORT")


@pytest.mark.parametrize("kind", SOCKETS, ids=str)
def test_it_opens_without_them(escape, kind):
    assert escape("user", *STOPPED_BY).got(ATTEMPT, kind) == "opened"


@pytest.mark.parametrize("off", STOPPED_BY)
@pytest.mark.parametrize("kind", SOCKETS, ids=str)
def test_each_alone_stops_it(escape, off, kind):
    assert escape("user", off).refused(ATTEMPT, kind) in ("EPERM", "EACCES", "EAFNOSUPPORT")
