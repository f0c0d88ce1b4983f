"""Attaching System V shared memory of the host, which everybody may read. The ipc namespace stops it: a sandbox sees its own segments."""

import ctypes
import uuid

import pytest

ATTEMPT = """
libc.shmat.restype = ctypes.c_void_p
def attempt(key):
    identifier = kernel(libc.shmget(key, 0, 0))
    address = libc.shmat(identifier, None, 0o10000)
    return ctypes.string_at(address).decode()
"""


@pytest.fixture
def segment(token):
    """The key of a segment that holds the token."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.shmat.restype = ctypes.c_void_p
    libc.shmdt.argtypes = [ctypes.c_void_p]
    key = uuid.uuid4().int & 0x7FFFFFFF
    identifier = libc.shmget(key, 4096, 0o1666)  # IPC_CREAT, for everybody
    assert identifier >= 0, ctypes.get_errno()
    address = libc.shmat(identifier, None, 0)
    ctypes.memmove(address, token.encode() + b"\0", len(token) + 1)
    yield key
    libc.shmdt(address)
    libc.shmctl(identifier, 0, None)


def test_it_is_not_there(escape, segment):
    assert escape().refused(ATTEMPT, segment) == "ENOENT"


def test_it_is_read_without_it(escape, segment, token):
    assert escape("ipc-namespace").got(ATTEMPT, segment) == token
