"""Becoming root of a new user namespace, in which a process has all capabilities, and with them mounts and much of the kernel. The filter
stops it, whichever call asks for it."""

import pytest

NEWUSER = 0x10000000
UNSHARE = """
def attempt(flags):
    child = os.fork()
    if child == 0:
        os._exit(ctypes.get_errno() if libc.unshare(flags) else 0)
    number = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if number:
        raise OSError(number, "in the child")
    return "made"
"""
CLONE = """
import signal
def attempt(flags):
    child = kernel(libc.syscall(56, ctypes.c_long(flags | signal.SIGCHLD), 0, 0, 0, 0))
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return "made"
"""
# The flags of clone3 lie in memory, where no filter sees them.
CLONE3 = """
import struct, signal
def attempt(flags):
    arguments = struct.pack("=8Q", flags, 0, 0, 0, signal.SIGCHLD, 0, 0, 0)
    child = kernel(libc.syscall(435, arguments, ctypes.c_long(len(arguments))))
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return "made"
"""
WAYS = {"unshare": UNSHARE, "clone": CLONE, "clone3": CLONE3}


@pytest.mark.parametrize("way", WAYS)
def test_it_is_refused(escape, way):
    assert escape().refused(WAYS[way], NEWUSER) == ("ENOSYS" if way == "clone3" else "EPERM")


@pytest.mark.parametrize("way", WAYS)
def test_it_is_made_without_the_filter(escape, way):
    assert escape("system-call-filter").got(WAYS[way], NEWUSER) == "made"
