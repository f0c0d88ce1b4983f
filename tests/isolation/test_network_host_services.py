"""Reaching a service of the host at the host's own address, which listens for other machines. The sandbox's network leads through the host,
not to it.

The host is a stand-in: see `tests/world.py`."""

import pytest
from world import HOST_ADDRESS

ATTEMPT = """
def attempt(address):
    with socket.create_connection(tuple(address), 1):
        return "connected"
"""
UNREACHABLE = ("ECONNREFUSED", "ENETUNREACH", "EHOSTUNREACH", "EPERM", "EACCES", "TimeoutError")


@pytest.mark.parametrize("listening_at", [HOST_ADDRESS, "0.0.0.0"])
def test_it_is_not_reached(world, escape_in_world, listening_at):
    _, port = world.host_service(listening_at)
    assert escape_in_world().refused(ATTEMPT, [HOST_ADDRESS, port]) in UNREACHABLE


def test_nor_by_the_way_out(world, escape_in_world):
    """The router that packets go through is no door to what listens everywhere."""
    gateway = """
    def attempt(event):
        import struct
        with open("/proc/net/route") as file:
            routes = [line.split() for line in file][1:]
        return [socket.inet_ntoa(struct.pack("=L", int(route[2], 16))) for route in routes if route[1] == "00000000"]
    """
    _, port = world.host_service("0.0.0.0")
    stage = escape_in_world()
    for address in stage.got(gateway):
        assert stage.refused(ATTEMPT, [address, port]) in UNREACHABLE


def test_it_is_reached_on_the_hosts_network(world, escape_in_world):
    assert escape_in_world("network-namespace").got(ATTEMPT, world.host_service(HOST_ADDRESS)) == "connected"
