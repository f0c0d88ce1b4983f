"""Entering the kernel by doors that no function needs. The filter refuses each of these system calls with EPERM, before the kernel looks
at the caller or at the arguments.

The numbers are x86-64's. The arguments are such that nothing happens: without the filter the kernel finds fault with them, or does a thing
without effect. As root with all capabilities it is the filter alone that refuses."""

import pytest

FULL = ["system-call-filter", "user", "capabilities"]
# The number and arguments of each; a string stands for a pointer to it, and 1 is an address at which nothing is.
NOWHERE = 1
CALLS = {
    "mount": (165, [NOWHERE, NOWHERE, NOWHERE, 0, 0]),
    "umount2": (166, [NOWHERE, 0]),
    "pivot_root": (155, [NOWHERE, NOWHERE]),
    "chroot": (161, [NOWHERE]),
    "open_tree": (428, [-1, NOWHERE, 0]),
    "move_mount": (429, [-1, NOWHERE, -1, NOWHERE, 0]),
    "fsopen": (430, [NOWHERE, 0]),
    "fsconfig": (431, [-1, 0, 0, 0, 0]),
    "fsmount": (432, [-1, 0, 0]),
    "fspick": (433, [-1, NOWHERE, 0]),
    "mount_setattr": (442, [-1, NOWHERE, 0, 0, 0]),
    "setns": (308, [-1, 0]),
    "ptrace": (101, [0x4206, 0x7FFFFFFF, 0, 0]),
    "process_vm_readv": (310, [0x7FFFFFFF, 0, 0, 0, 0, 0]),
    "process_vm_writev": (311, [0x7FFFFFFF, 0, 0, 0, 0, 0]),
    "process_madvise": (440, [-1, 0, 0, 0, 0]),
    "pidfd_getfd": (438, [-1, 0, 0]),
    "kcmp": (312, [0x7FFFFFFF, 0x7FFFFFFF, 0, 0, 0]),
    "kexec_load": (246, [0, 1 << 20, 0, 0]),
    "kexec_file_load": (320, [-1, -1, 0, 0, 1 << 30]),
    "reboot": (169, [0, 0, 0, 0]),
    "swapon": (167, [NOWHERE, 0]),
    "swapoff": (168, [NOWHERE]),
    "init_module": (175, [NOWHERE, 0, NOWHERE]),
    "finit_module": (313, [-1, NOWHERE, 0]),
    "delete_module": (176, [NOWHERE, 0]),
    "bpf": (321, [-1, 0, 0]),
    "perf_event_open": (298, [NOWHERE, 0, -1, -1, 0]),
    "userfaultfd": (323, [-1]),
    "keyctl": (250, [0, -3, 0]),
    "add_key": (248, [NOWHERE, 0, 0, 0, 0]),
    "request_key": (249, [NOWHERE, 0, 0, 0]),
    "name_to_handle_at": (303, [-1, NOWHERE, 0, 0, 0]),
    "open_by_handle_at": (304, [-1, NOWHERE, 0]),
    "fanotify_init": (300, [0xFFFFFFFF, 0]),
    "acct": (163, [NOWHERE]),
    "quotactl": (179, [-1, NOWHERE, 0, 0]),
    "syslog": (103, [-1, 0, 0]),
    "settimeofday": (164, [NOWHERE, 0]),
    "clock_settime": (227, [0, NOWHERE]),
    "clock_adjtime": (305, [0, NOWHERE]),
    "sethostname": (170, [NOWHERE, -1]),
    "setdomainname": (171, [NOWHERE, -1]),
    "io_uring_setup": (425, [0, NOWHERE]),
    "io_uring_enter": (426, [-1, 0, 0, 0, 0, 0]),
    "io_uring_register": (427, [-1, 0, 0, 0]),
    "iopl": (172, [9]),
    "ioperm": (173, [0, 0, 1]),
    "modify_ldt": (154, [0, 0, 0]),
}
ATTEMPT = """
def attempt(calls):
    answers = {}
    for name, (number, arguments) in calls.items():
        ctypes.set_errno(0)
        result = libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, arguments))
        answers[name] = errno.errorcode[ctypes.get_errno()] if result < 0 else "done"
    return answers
"""


@pytest.fixture(scope="module")
def refused(escape):
    return escape().got(ATTEMPT, CALLS)


@pytest.fixture(scope="module")
def refused_to_root(escape):
    return escape("user", "capabilities").got(ATTEMPT, CALLS)


@pytest.fixture(scope="module")
def allowed(escape):
    return escape(*FULL).got(ATTEMPT, CALLS)


@pytest.mark.parametrize("name", CALLS)
def test_it_is_refused(refused, name):
    assert refused[name] == "EPERM"


@pytest.mark.parametrize("name", CALLS)
def test_the_filter_alone_refuses_it(refused_to_root, name):
    assert refused_to_root[name] == "EPERM"


@pytest.mark.parametrize("name", CALLS)
def test_the_kernel_is_reached_without_it(allowed, name):
    assert allowed[name] != "EPERM"


def test_another_architectures_calls_end_the_process(escape):
    """A 32-bit call would carry other numbers past the filter; `int 0x80` makes one from a 64-bit program."""
    attempt = """
    import mmap
    def attempt(event):
        code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        code.write(bytes.fromhex("b814000000cd80c3"))  # getpid
        return ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))()
    """
    assert escape().invoke(attempt, Timeout=5).error == "Unhandled"
