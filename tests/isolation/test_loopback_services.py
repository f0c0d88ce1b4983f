"""Connecting to services that listen on the host's loopback address, hearth's own among them. The network namespace stops it: the
sandbox's loopback is its own."""

import socket

import pytest

ATTEMPT = """
def attempt(address):
    with socket.create_connection(tuple(address), 5):
        return "connected"
"""


@pytest.fixture
def service():
    """The address of a listener of the host."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()


def test_it_is_refused(escape, service):
    assert escape().refused(ATTEMPT, service) in ("ECONNREFUSED", "ENETUNREACH")


def test_the_servers_own_port_is_refused(escape):
    stage = escape()
    port = int(stage.server.endpoint.rpartition(":")[2])
    assert stage.refused(ATTEMPT, ["127.0.0.1", port]) in ("ECONNREFUSED", "ENETUNREACH")


def test_it_connects_without_it(escape, service):
    assert escape("network-namespace").got(ATTEMPT, service) == "connected"
