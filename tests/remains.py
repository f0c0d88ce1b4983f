"""What a server holds on the host: processes, descriptors, control groups, mounts, memory."""

import hashlib
import os
import signal
from pathlib import Path


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


def below(pid, in_its_own_namespace):
    """The processes below `pid` that are in its pid namespace, or those that are in another."""
    own = os.readlink(f"/proc/{pid}/ns/pid")

    def shares(other):
        try:
            return os.readlink(f"/proc/{other}/ns/pid") == own
        except OSError:
            return None
    return [other for other in descendants(pid) if shares(other) is in_its_own_namespace]


def kill(pids):
    """SIGKILL to each that is still there: one may go with another."""
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def running(pids):
    """Those that have not ended."""
    def runs(pid):
        try:
            return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
        except OSError:
            return False
    return [pid for pid in pids if runs(pid)]


def cgroups(data):
    """The folders that hold a server's control groups: they carry a name made of its data folder."""
    name = "hearth-" + hashlib.sha256(os.path.realpath(data).encode()).hexdigest()[:12]
    return [path for path in Path("/sys/fs/cgroup").rglob(name) if path.is_dir()]


def mounts(data):
    """The lines of the host's mount table that have to do with the server."""
    return [line for line in Path("/proc/self/mountinfo").read_text().splitlines() if str(data) in line or "hearth" in line]


def used(hearth):
    """What the server holds: processes, descriptors, control groups, mounts of the host's namespace."""
    return {
        "processes": len(descendants(hearth.pid)),
        "descriptors": len(os.listdir(f"/proc/{hearth.pid}/fd")),
        "cgroups": sum(1 for folder in cgroups(hearth.data) for _ in folder.glob("**/")),
        "mounts": len(mounts(hearth.data)),
    }


def memory_group(pid):
    """The control group that counts a process's memory: its name and its folder."""
    own = dict(line.split(":", 2)[1:] for line in Path(f"/proc/{pid}/cgroup").read_text().splitlines())
    mounts = [line.split() for line in Path("/proc/self/mounts").read_text().splitlines()]
    version_1 = [mount[1] for mount in mounts if mount[2] == "cgroup" and "memory" in mount[3].split(",")]
    name, root = (own["memory"], version_1[0]) if version_1 else (own[""], next(mount[1] for mount in mounts if mount[2] == "cgroup2"))
    return {"name": name, "folder": root + name.rstrip("/")}


def sandbox_memory(data):
    """Bytes that each control group with processes in it uses, what the kernel keeps for them included."""
    files = [file for folder in cgroups(data) for name in ("memory.current", "memory.usage_in_bytes") for file in folder.glob(f"*/{name}")]
    return [int(file.read_text()) for file in files if file.with_name("cgroup.procs").read_text()]


def processor_seconds(pids):
    """Processor time that these processes have used."""
    ticks = 0
    for pid in pids:
        try:
            user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        except OSError:
            continue
        ticks += int(user) + int(system)
    return ticks / os.sysconf("SC_CLK_TCK")
