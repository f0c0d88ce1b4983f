"""Looking at the host's network over netlink. The kernel answers for the sandbox's own network: the network namespace stops it.

The host is a stand-in: see `tests/world.py`."""

ATTEMPT = """
def attempt(event):
    return [name for _, name in socket.if_nameindex()]
"""
# Takes an interface down: RTM_NEWLINK without IFF_UP; the kernel answers with an errno.
CHANGE = """
import struct
def attempt(name):
    link = struct.pack("=BBHiII", 0, 0, 0, socket.if_nametoindex(name), 0, 1)
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as kernel_socket:
        kernel_socket.send(struct.pack("=IHHII", 16 + len(link), 16, 5, 1, 0) + link)
        number = -struct.unpack_from("=i", kernel_socket.recv(4096), 16)[0]
    if number:
        raise OSError(number, os.strerror(number))
    return "changed"
"""


def test_the_hosts_interfaces_are_not_seen(world, escape_in_world):
    names = escape_in_world().got(ATTEMPT)
    assert "lo" in names and "uplink" not in names


def test_they_are_seen_without_it(world, escape_in_world):
    assert "uplink" in escape_in_world("network-namespace").got(ATTEMPT)


def test_none_is_changed(world, escape_in_world):
    """OSError without a number: there is no such interface."""
    stage = escape_in_world()
    assert {stage.refused(CHANGE, name) for name in ("lo", "uplink")} <= {"EPERM", "OSError"}


def test_it_is_changed_without_them(world, escape_in_world):
    """Last: it cuts the stand-in host off."""
    assert escape_in_world("network-namespace", "user", "capabilities").got(CHANGE, "uplink") == "changed"
