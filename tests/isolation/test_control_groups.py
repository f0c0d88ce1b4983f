"""Leaving the control group, and with it the limits of memory and processes, for the server's. The groups' files are not in the sandbox's
root, they are root's, and landlock does not open them."""

import pytest
from escape import all_but
from remains import memory_group

STOPPED_BY = ["mount-namespace", "user", "landlock"]
ATTEMPT = """
def attempt(group):
    with open(group["folder"] + "/cgroup.procs", "w") as file:
        file.write("0")
    with open("/proc/self/cgroup") as file:
        return any(line.rstrip().endswith(":" + group["name"]) for line in file)
"""


def test_it_is_not_there(escape):
    stage = escape()
    assert stage.refused(ATTEMPT, memory_group(stage.server.pid)) == "ENOENT"


def test_it_leaves_without_them(escape):
    stage = escape("capabilities", *STOPPED_BY)
    assert stage.got(ATTEMPT, memory_group(stage.server.pid)) is True


@pytest.mark.parametrize("kept", STOPPED_BY)
def test_each_alone_stops_it(escape, kept):
    stage = escape(*all_but(kept, STOPPED_BY))
    assert stage.refused(ATTEMPT, memory_group(stage.server.pid)) in ("ENOENT", "EACCES")
