"""A network of the test's own: the host that a server runs on, and an internet beyond it. Both are network namespaces, joined to each other
and to nothing else: every address here is a stand-in, and no packet leaves the machine.

Inside `with World()` the calling thread is on that host, and so is every process and thread that it starts. The namespaces end with the
last of them.
"""

import ctypes
import os
import socket
import subprocess
from contextlib import contextmanager
from threading import Thread

CLONE_NEWNET = 0x40000000
HOST_ADDRESS, INTERNET_GATEWAY = "192.0.2.2", "192.0.2.1"
# The internet's address of a public service, and those that a function must not reach: the cloud's metadata, private and shared ranges.
PUBLIC = "8.8.8.8"
METADATA = "169.254.169.254"
PRIVATE = ["10.1.2.3", "172.16.5.5", "192.168.9.9", "100.64.3.3"]

_libc = ctypes.CDLL(None, use_errno=True)


def _check(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _present():
    """A descriptor of the calling thread's network namespace."""
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)


def _new_namespace():
    """A descriptor of a new network namespace, made by a thread that ends."""
    made = []

    def make():
        try:
            _check(_libc.unshare(CLONE_NEWNET))
            made.append(_present())
        except OSError as error:
            made.append(error)
    thread = Thread(target=make)
    thread.start()
    thread.join()
    if isinstance(made[0], OSError):
        raise made[0]
    return made[0]


@contextmanager
def _inside(namespace):
    """The calling thread is in the namespace."""
    home = _present()
    _check(_libc.setns(namespace, CLONE_NEWNET))
    try:
        yield
    finally:
        _check(_libc.setns(home, CLONE_NEWNET))
        os.close(home)


def _ip(command):
    subprocess.run(["ip", *command.split()], check=True)


class World:
    """The two namespaces; within `with`, the calling thread is on the host."""

    def __enter__(self):
        self._host, self._internet, self._listeners = _new_namespace(), _new_namespace(), []
        with _inside(self._internet):
            _ip("link set lo up")
            for address in [PUBLIC, METADATA, *PRIVATE]:
                _ip(f"address add {address}/32 dev lo")
        self._stay = _inside(self._host)
        self._stay.__enter__()
        _ip("link set lo up")
        _ip(f"link add uplink type veth peer name exchange netns /proc/{os.getpid()}/fd/{self._internet}")
        _ip(f"address add {HOST_ADDRESS}/24 dev uplink")
        _ip("link set uplink up")
        with _inside(self._internet):
            _ip(f"address add {INTERNET_GATEWAY}/24 dev exchange")
            _ip("link set exchange up")
        _ip(f"route add default via {INTERNET_GATEWAY}")
        return self

    def __exit__(self, *raised):
        self._stay.__exit__(*raised)
        for listener in self._listeners:
            listener.close()
        os.close(self._host)
        os.close(self._internet)

    def service(self, address):
        """A listener at an address of the internet → `[address, port]`."""
        with _inside(self._internet):
            return self._listen(address)

    def host_service(self, address):
        """A listener at an address of the host → `[address, port]`."""
        return self._listen(address)

    def _listen(self, address):
        listener = socket.create_server((address, 0))
        self._listeners.append(listener)
        return list(listener.getsockname())
