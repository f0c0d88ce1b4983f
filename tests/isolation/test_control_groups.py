"""Leaving the control group, and with it the limits of memory and processes. Its files are not in the sandbox's root, they are root's, and
landlock does not open them."""

from pathlib import Path

import pytest
from escape import all_but

STOPPED_BY = ["mount-namespace", "user", "landlock"]
MEMORY_V1 = Path("/sys/fs/cgroup/memory/cgroup.procs")
ROOT_GROUP = str(MEMORY_V1 if MEMORY_V1.exists() else Path("/sys/fs/cgroup/cgroup.procs"))
ATTEMPT = """
def attempt(path):
    with open(path, "w") as file:
        file.write("0")
    with open("/proc/self/cgroup") as file:
        groups = [line.rstrip().split(":") for line in file]
    return [group for _, controllers, group in groups if controllers == "memory" or not controllers]
"""


def test_it_is_not_there(escape):
    assert escape().refused(ATTEMPT, ROOT_GROUP) == "ENOENT"


def test_it_leaves_without_them(escape):
    assert "/" in escape("capabilities", *STOPPED_BY).got(ATTEMPT, ROOT_GROUP)


@pytest.mark.parametrize("kept", STOPPED_BY)
def test_each_alone_stops_it(escape, kept):
    assert escape(*all_but(kept, STOPPED_BY)).refused(ATTEMPT, ROOT_GROUP) in ("ENOENT", "EACCES")
