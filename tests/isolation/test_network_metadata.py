"""Asking the cloud's metadata service for the host's credentials, at 169.254.169.254. The sandbox's network does not lead there.

The address is a stand-in: see `tests/world.py`."""

import pytest
from world import METADATA

ATTEMPT = """
def attempt(address):
    with socket.create_connection(tuple(address), 1):
        return "connected"
"""
UNREACHABLE = ("ECONNREFUSED", "ENETUNREACH", "EHOSTUNREACH", "EPERM", "EACCES", "TimeoutError")


@pytest.mark.parametrize("mode", ["outbound", "none"])
def test_it_is_not_reached(world, escape_in_world, mode):
    stage = escape_in_world()
    stage.network(mode, ATTEMPT)
    assert stage.refused(ATTEMPT, world.service(METADATA)) in UNREACHABLE


def test_it_is_reached_on_the_hosts_network(world, escape_in_world):
    assert escape_in_world("network-namespace").got(ATTEMPT, world.service(METADATA)) == "connected"


def test_it_is_reached_when_a_setting_names_it(world, escape_in_world):
    stage = escape_in_world.configured("--network-allow", f"{METADATA}/32")
    assert stage.got(ATTEMPT, world.service(METADATA)) == "connected"
