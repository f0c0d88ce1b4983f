#!/usr/bin/env python3
"""Chromium that is not told of the host's interfaces; the arguments are its own.

It drops the requests under way (ERR_NETWORK_CHANGED) whenever an interface comes or goes, and every hearth that starts or ends anywhere
on the host has one. Where the kernel gives it no netlink socket, as in many containers, it takes the network to be there and to stay.
"""
import ctypes
import errno
import os
import platform
import socket
import struct
import sys

# <linux/prctl.h>, <linux/seccomp.h>, <linux/bpf_common.h>, and the number of socket(2).
PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 22, 38
SECCOMP_MODE_FILTER = 2
SECCOMP_RET_ERRNO, SECCOMP_RET_ALLOW = 0x0005_0000, 0x7FFF_0000
LOAD_WORD, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06
CALL_OFFSET, FIRST_ARGUMENT_OFFSET = 0, 16
SOCKET_CALL = {"x86_64": 41, "aarch64": 198}[platform.machine()]

FILTER = [
    (LOAD_WORD, 0, 0, CALL_OFFSET),
    (JUMP_IF_EQUAL, 0, 3, SOCKET_CALL),
    (LOAD_WORD, 0, 0, FIRST_ARGUMENT_OFFSET),
    (JUMP_IF_EQUAL, 0, 1, socket.AF_NETLINK),
    (RETURN, 0, 0, SECCOMP_RET_ERRNO | errno.EAFNOSUPPORT),
    (RETURN, 0, 0, SECCOMP_RET_ALLOW),
]


def prctl(*arguments):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(*(ctypes.c_ulong(argument) for argument in arguments)) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def main():
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *instruction) for instruction in FILTER))
    program = ctypes.create_string_buffer(struct.pack("@HP", len(FILTER), ctypes.addressof(code)))
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(program), 0, 0)
    chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    os.execv(chromium, [chromium, *sys.argv[1:]])


main()
