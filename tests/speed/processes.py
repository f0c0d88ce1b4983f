"""What a server and all processes below it use, from /proc: CPU time, memory, and the cores that they may run on."""

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

STOP_LIMIT_S = 10
_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
# Places in /proc/PID/stat after the command's name, which may hold spaces.
_PARENT, _USER, _CHILDREN_SYSTEM = 1, 11, 14


def _stat(pid):
    """The fields after the name, or None when the process has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def tree(root):
    """`root` and its descendants."""
    children = {}
    for pid in (int(name) for name in os.listdir("/proc") if name.isdigit()):
        if fields := _stat(pid):
            children.setdefault(int(fields[_PARENT]), []).append(pid)
    found = [root]
    for pid in found:
        found += children.get(pid, [])
    return found


def cpu_seconds(root):
    """CPU time of the tree so far, with that of children that were waited for."""
    fields = filter(None, map(_stat, tree(root)))
    return sum(int(ticks) for stat in fields for ticks in stat[_USER:_CHILDREN_SYSTEM + 1]) / _TICKS_PER_SECOND


def proportional_mib(pids):
    """Memory, MiB: a page that n processes share counts as 1/n in each."""
    kib = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended
        kib += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return kib / 1024


def pin(root, cores):
    """Lets every thread of the tree run on `cores` only; what they start later inherits it."""
    for pid in tree(root):
        for thread in Path(f"/proc/{pid}/task").glob("*"):
            with suppress(ProcessLookupError):  # it ended
                os.sched_setaffinity(int(thread.name), cores)


def stop(process):
    """Ends a process that leads a group of its own, and the group."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(STOP_LIMIT_S)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue
