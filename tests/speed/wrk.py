"""Load from wrk: keep-alive connections that ask one after the other for some seconds."""

import json
import subprocess
from pathlib import Path

from speed.measure import Load
from speed.processes import cpu_seconds

SCRIPT = Path(__file__).with_name("post.lua")
THREADS = 2
ANSWER_LIMIT_S = 30


class Refused(Exception):
    """An answer was an error, or none came."""


def load(server, connections, seconds, core=None, functions=None):
    """Asks `server` and returns its Load; `core`: wrk runs there alone; `functions`: how many there are for the path's %d."""
    place = [] if core is None else ["taskset", "--cpu-list", str(core)]
    # The functions of a path are asked in turn by one thread: two would ask the same ones at the same time.
    threads, arguments = (min(THREADS, connections), []) if functions is None else (1, ["--", str(functions)])
    host, port = server.address
    command = [*place, "wrk", f"-t{threads}", f"-c{connections}", f"-d{seconds}s", f"--timeout={ANSWER_LIMIT_S}s",
               f"--script={SCRIPT}", f"http://{host}:{port}{server.path}", *arguments]
    before = cpu_seconds(server.pid)
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 2 * ANSWER_LIMIT_S)
    used_s = cpu_seconds(server.pid) - before
    if done.returncode:
        raise Refused(f"wrk: {(done.stderr or done.stdout).strip()}")
    told = json.loads(done.stdout.splitlines()[-1])
    if told["errors"] or not told["requests"]:
        raise Refused(f"{told['errors']} errors and {told['requests']} answers in {seconds} s, {connections} at once")
    return Load(
        requests_per_second=told["requests"] / told["seconds"],
        p50_ms=told["p50_us"] / 1000,
        p99_ms=told["p99_us"] / 1000,
        cpu_us=used_s * 1e6 / told["requests"],
    )
