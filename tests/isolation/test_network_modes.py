"""The three networks that a function may have: the internet through the host, none, and the host's own.

The internet is a stand-in: see `tests/world.py`."""

import json

import pytest
from world import PUBLIC

ATTEMPT = """
def attempt(address):
    with socket.create_connection(tuple(address), 1):
        return "connected"
"""
UNREACHABLE = ("ECONNREFUSED", "ENETUNREACH", "EHOSTUNREACH", "EPERM", "EACCES", "TimeoutError")


def test_outbound_is_the_default_and_leads_to_the_internet(world, escape_in_world):
    assert escape_in_world().got(ATTEMPT, world.service(PUBLIC)) == "connected"


def test_none_leads_nowhere(world, escape_in_world):
    stage, quiet = escape_in_world(), {"MemorySize": 257}
    stage.network("none", ATTEMPT, **quiet)
    assert stage.refused(ATTEMPT, world.service(PUBLIC), **quiet) in UNREACHABLE


@pytest.mark.parametrize("mode", ["outbound", "none"])
def test_its_own_loopback_works(escape_in_world, mode):
    itself = """
    def attempt(event):
        with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_connection(listener.getsockname(), 1):
            return "connected"
    """
    stage, configuration = escape_in_world(), {"MemorySize": 256 if mode == "outbound" else 257}
    stage.network(mode, itself, **configuration)
    assert stage.got(itself, **configuration) == "connected"


def test_host_is_the_hosts(world, escape_in_world):
    stage, configuration = escape_in_world(), {"MemorySize": 258}
    stage.network("host", ATTEMPT, **configuration)
    assert stage.got(ATTEMPT, world.host_service("127.0.0.1"), **configuration) == "connected"


def test_another_word_is_refused(escape_in_world):
    stage = escape_in_world()
    path = f"/hearth/functions/{stage.deploy(ATTEMPT)}/network"
    stage.server.json("PUT", path, json.dumps({"mode": "some"}).encode(), status=400)
