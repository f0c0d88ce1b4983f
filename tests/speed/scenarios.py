"""What is measured of hearth alone: cold starts in all their ways, imports, and what a warm call adds to a bare echo.

The REPORT line of a call's log says whether it was a cold start, and which way it went.
"""

import subprocess
import time
from collections import defaultdict

from server import REPOSITORY
from speed.client import Connection, Failed
from speed.measure import cold_starts, start_path
from speed.subject import invoke_path
from speed.wrk import load

LOAD = REPOSITORY / "target" / "release" / "examples" / "load"
LOAD_LIMIT_S = 300
# Few enough that a function's sandbox is evicted before the function's turn comes again.
ROOMY_SANDBOXES, CYCLED_FUNCTIONS = 32, 96
SUSTAINED_OPTIONS = ("--memory-mib", ROOMY_SANDBOXES * 128)
SUSTAINED_CONNECTIONS = 4
IMPORT_EVENT, IMPORT_ANSWER = b"4", 6


def first_calls(subject, names, *, spaced):
    """Calls each function for the first time: `spaced`, so that each finds a blank parked, or back to back, so that the pool runs empty.

    What each took, ms, by the way that it started.
    """
    took_ms = defaultdict(list)
    with Connection(subject.address) as connection:
        for name in names:
            if spaced:
                subject.wait_until_parked()
            answer = connection.ask(invoke_path(name))
            took_ms[start_path(answer.log)].append(answer.took_ms)
    return took_ms


def cold_starts_per_second(subject, seconds):
    """Cold starts that several callers get in a second, of more functions than there is room for: each evicts one."""
    for number in range(CYCLED_FUNCTIONS):
        subject.deploy(f"cycled-{number}")
    subject.path = invoke_path("cycled-%d")
    before, start = _cold_starts_so_far(subject), time.perf_counter()
    load(subject, SUSTAINED_CONNECTIONS, seconds, functions=CYCLED_FUNCTIONS)
    return (_cold_starts_so_far(subject) - before) / (time.perf_counter() - start)


def _cold_starts_so_far(subject):
    return cold_starts(subject.hearth.request("GET", "/metrics")[2].decode())


def import_samples(subject, code, count):
    """Calls of a function that imports numpy and pandas, its sandbox retired after each; what each took, ms, by the way that it started."""
    subject.deploy("imports", code)
    took_ms = defaultdict(list)
    with Connection(subject.address) as connection:
        for _ in range(count):
            subject.wait_until_parked()
            answer = connection.ask(invoke_path("imports"), IMPORT_EVENT, IMPORT_ANSWER)
            took_ms[start_path(answer.log)].append(answer.took_ms)
            subject.retire_all()
    return took_ms


def beside_an_echo(address, name, echo, rounds, requests):
    """A warm function that echoes and a bare hyper echo, asked in turn on one connection each: (p50, p99) of the echo and of the function, µs."""
    targets = [f"{host}:{port}={path}" for (host, port), path in ((echo, "/"), (address, invoke_path(name)))]
    done = subprocess.run([LOAD, str(rounds), str(requests), *targets], capture_output=True, text=True, timeout=LOAD_LIMIT_S)
    if done.returncode:
        raise Failed(done.stderr.strip())
    return [tuple(map(float, line.split()[1:])) for line in done.stdout.splitlines()]
