"""Reaching other machines of the host's own networks: private, shared and link-local ranges. The sandbox's network does not lead there.

The addresses are stand-ins: see `tests/world.py`."""

import pytest
from world import PRIVATE

ATTEMPT = """
def attempt(address):
    with socket.create_connection(tuple(address), 1):
        return "connected"
"""
UNREACHABLE = ("ECONNREFUSED", "ENETUNREACH", "EHOSTUNREACH", "EPERM", "EACCES", "TimeoutError")
EVERYWHERE_PRIVATE = "10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,100.64.0.0/10"


@pytest.mark.parametrize("address", PRIVATE)
def test_it_is_not_reached(world, escape_in_world, address):
    assert escape_in_world().refused(ATTEMPT, world.service(address)) in UNREACHABLE


@pytest.mark.parametrize("address", PRIVATE)
def test_it_is_reached_on_the_hosts_network(world, escape_in_world, address):
    assert escape_in_world("network-namespace").got(ATTEMPT, world.service(address)) == "connected"


@pytest.mark.parametrize("address", PRIVATE)
def test_it_is_reached_when_a_setting_names_it(world, escape_in_world, address):
    assert escape_in_world.configured("--network-allow", EVERYWHERE_PRIVATE).got(ATTEMPT, world.service(address)) == "connected"


def test_a_setting_opens_what_it_names_alone(world, escape_in_world):
    stage = escape_in_world.configured("--network-allow", f"{PRIVATE[0]}/32")
    assert stage.got(ATTEMPT, world.service(PRIVATE[0])) == "connected"
    assert stage.refused(ATTEMPT, world.service(PRIVATE[1])) in UNREACHABLE
