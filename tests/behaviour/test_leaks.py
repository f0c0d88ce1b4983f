"""Nothing is left after many cold starts, nor after `kill -9` and the next start.

HEARTH_TEST_COLD_STARTS sets how many (default 200).
"""

import os
from pathlib import Path

from function import ECHO, invoke
from server import eventually

COLD_STARTS = int(os.environ.get("HEARTH_TEST_COLD_STARTS", "200"))
TOLERATED = 8  # file descriptors of connections that are just closing


def descendants(pid):
    """Every process below `pid`."""
    children = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found, queue = [], [pid]
    while queue:
        below = children.get(queue.pop(), [])
        found += below
        queue += below
    return found


def running(pids):
    return [pid for pid in pids if Path(f"/proc/{pid}").exists() and "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()]


def cgroups():
    return {str(path) for path in Path("/sys/fs/cgroup").rglob("*hearth*") if path.is_dir()}


def mounts(data):
    return [line for line in Path("/proc/self/mountinfo").read_text().splitlines() if str(data) in line or "hearth" in line]


def used(hearth):
    """What the server holds: processes, descriptors, cgroups below its own, mounts of the host's namespace."""
    return {
        "processes": len(descendants(hearth.pid)),
        "descriptors": len(os.listdir(f"/proc/{hearth.pid}/fd")),
        "cgroups": sum(1 for group in cgroups() for _ in Path(group).glob("**/")),
        "mounts": len(mounts(hearth.data)),
    }


def test_cold_starts_leave_nothing(start_hearth, function):
    # The least memory, so that the sandboxes that are made ahead are always the same few.
    hearth = start_hearth("--keep-alive-seconds", 1, "--memory-mib", 128)
    lam = hearth.client("lambda")
    name = function("import os\ndef lambda_handler(event, context): os._exit(event)\n", client=lam)

    def cold_starts(count):
        for _ in range(count):
            assert invoke(lam, name, 1).json["errorType"] == "Runtime.ExitError"
        eventually(lambda: hearth.json("GET", "/hearth/health")["pool"]["busy"] == 0, what="an idle pool")
        blanks = lambda: sum(zygote["blanks"] for zygote in hearth.json("GET", "/hearth/sandboxes")["zygotes"])
        eventually(lambda: blanks() == 2, what="the sandboxes that are made ahead")

    cold_starts(20)
    before = used(hearth)
    cold_starts(COLD_STARTS)

    def settled():
        after = used(hearth)
        return all(after[what] <= before[what] + TOLERATED for what in before)
    eventually(settled, 30, f"usage near {before} after {COLD_STARTS} cold starts (now {used(hearth)})")


def test_stopping_leaves_nothing(start_hearth, function):
    groups = cgroups()
    hearth = start_hearth()
    lam = hearth.client("lambda")
    invoke(lam, function(ECHO, client=lam), 1)
    below = descendants(hearth.pid)
    assert below
    assert hearth.terminate() == 0
    eventually(lambda: not running(below), what="the end of every process")
    assert cgroups() <= groups
    assert mounts(hearth.data) == []


def test_kill_9_is_cleared_by_the_next_start(start_hearth, function):
    groups = cgroups()
    hearth = start_hearth()
    lam = hearth.client("lambda")
    name = function(ECHO, client=lam)
    invoke(lam, name, 1)
    below = descendants(hearth.pid)
    hearth.kill()
    again = start_hearth()
    eventually(lambda: not running(below), what="the end of the killed server's processes")
    assert invoke(again.client("lambda"), name, 2).json == 2
    again.terminate()
    assert cgroups() <= groups
    assert mounts(again.data) == []
