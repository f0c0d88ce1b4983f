"""Measures hearth and its peers side by side, in interleaved rounds, and prints one table: `tests/speed/run [--quick]`.

In a round every peer is started anew, gives its first answer, is asked by one connection (server and load on a core each, where there
are two), then by sixteen; then the next peer has its turn. The figures are medians of the rounds. A full run writes `results.md` and
`chart.svg`.
"""

import argparse
import os
import platform
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from function import ECHO
from speed import goals
from speed.chart import chart
from speed.client import Failed
from speed.emulators import Emulator, Ministack, ServerlessOffline
from speed.install import Unavailable, installed
from speed.measure import Round, median_round
from speed.peers import FunctionsFramework, Granian, Hyper, ProcessPerRequest, Uvicorn
from speed.processes import pin
from speed.scenarios import SUSTAINED_OPTIONS, beside_an_echo, cold_starts_per_second, first_calls, import_samples
from speed.subject import HearthPeer, imports_code, running
from speed.table import goals_table, peers_table
from speed.wrk import Refused, load

FOLDER = Path(__file__).parent
CROWD = 16
WARM_REQUESTS = 200


@dataclass(frozen=True)
class Plan:
    """How much is measured."""
    rounds: int
    seconds: int            # of each load
    cold_starts: int        # of each way
    sustained_seconds: int
    imports: int            # calls of the function that imports numpy and pandas
    warm_rounds: int        # of WARM_REQUESTS to each side


QUICK = Plan(rounds=3, seconds=1, cold_starts=30, sustained_seconds=2, imports=0, warm_rounds=10)
FULL = Plan(rounds=5, seconds=3, cold_starts=200, sustained_seconds=5, imports=10, warm_rounds=50)


def contenders(interpreter, is_quick):
    """Those that are compared, in the table's order."""
    cores = len(os.sched_getaffinity(0))
    few = [Hyper(interpreter), HearthPeer(interpreter), Granian(interpreter, CROWD), Granian(interpreter, cores), Uvicorn(interpreter, cores),
           ProcessPerRequest(interpreter)]
    more = [FunctionsFramework(interpreter, 1), Emulator(interpreter), ServerlessOffline(interpreter), Ministack(interpreter, prints=False),
            Ministack(interpreter, prints=True)]
    return few if is_quick else few + more


def compare(peers, plan):
    """Name → Round, or the text that says why there is none."""
    rounds, told = {peer.name: [] for peer in peers}, {}
    for peer in peers:
        try:
            peer.install()
        except Unavailable as why:
            told[peer.name] = f"not available here: {why}"
    for number in range(plan.rounds):
        for peer in peers:
            if peer.name in told:
                continue
            progress(f"round {number + 1} of {plan.rounds}: {peer.name}")
            try:
                rounds[peer.name].append(one_round(peer, plan.seconds))
            except (Failed, Refused, OSError) as why:
                if peer.name in (goals.FLOOR, goals.HEARTH):
                    raise
                told[peer.name] = f"failed: {why}"
    return {peer.name: told.get(peer.name) or median_round(rounds[peer.name]) for peer in peers}


def one_round(peer, seconds):
    cores = sorted(os.sched_getaffinity(0))
    with peer.started() as server:
        first_ms = peer.first_ms(server)
        pin(server.pid, cores[:1])
        alone = load(server, 1, seconds, core=cores[-1])
        pin(server.pid, cores)
        crowd = load(server, CROWD, seconds) if peer.takes_many else None
        return Round(first_ms, alone, crowd, peer.memory_mib(server))


def hearths_goals(interpreter, plan):
    """What hearth has set itself and no peer has, as far as the plan measures it."""
    runtime = interpreter.name
    progress("a warm call beside an echo")
    with Hyper(interpreter).started() as echo, running(runtime) as subject:
        subject.deploy("echo", ECHO)
        pairs = beside_an_echo(subject.address, "echo", echo.address, plan.warm_rounds, WARM_REQUESTS)
    progress("cold starts")
    with running(runtime) as subject:
        spaced, hasty = ([f"{way}-{number}" for number in range(plan.cold_starts)] for way in ("spaced", "hasty"))
        for name in spaced + hasty:
            subject.deploy(name)
        parked_ms = first_calls(subject, spaced, spaced=True)
        forked_ms = first_calls(subject, hasty, spaced=False)
    progress("cold starts, sustained")
    with running(runtime, *SUSTAINED_OPTIONS) as subject:
        per_second = cold_starts_per_second(subject, plan.sustained_seconds)
    return [
        goals.of_parked(parked_ms),
        goals.of_forked(forked_ms),
        goals.of_imports(imports(interpreter, plan.imports)),
        goals.of_a_warm_call(*pairs),
        goals.of_cold_starts_per_second(per_second),
    ]


def imports(interpreter, count):
    """Samples of cold starts that import numpy and pandas, by the way that each started; none when they cannot be had."""
    if count == 0:
        return {}
    progress("numpy and pandas")
    try:
        folder = installed("numpy-pandas", interpreter)
    except Unavailable as why:
        progress(f"numpy and pandas are not available here: {why}")
        return {}
    with running(interpreter.name) as subject:
        return import_samples(subject, imports_code(folder), count)


def newest_interpreter():
    """The interpreter of the newest runtime that hearth finds: every peer runs on it."""
    with running(None) as subject:
        told = subject.hearth.json("GET", "/hearth/health")["runtimes"]
        newest = subject.hearth.runtimes()[-1]
    return next(Path(runtime["executable"]) for runtime in told if runtime["name"] == newest)


def progress(text):
    print(f"{text} …", file=sys.stderr, flush=True)


def notes(rows, interpreter, plan):
    """What the figures mean, what they depend on, and how far they can be trusted."""
    cores = len(os.sched_getaffinity(0))
    floor = rows[goals.FLOOR].alone
    return (
        f"{cores} cores, Linux {platform.release()}, {interpreter.name}; medians of {plan.rounds} interleaved rounds of {plan.seconds} s. "
        f"The noise floor: bare hyper's own p99 is {floor.p99_ms / floor.p50_ms:.1f} times its p50, one at a time.\n\n"
        "CPU is the server's and its children's, per request. The first request waits for the start of a server for one application, and "
        "of an emulator for a new function's process. Memory: a page that processes share counts in parts; in hearth's sandboxes the "
        "kernel's memory is counted too, in the others' processes it is not.")


def main():
    parser = argparse.ArgumentParser(prog="tests/speed/run", description="Measures hearth and its peers side by side.")
    parser.add_argument("--quick", action="store_true", help="fewer peers and rounds, two minutes; writes no files")
    is_quick = parser.parse_args().quick
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended by a signal"))  # as an exception, so that servers are stopped
    plan = QUICK if is_quick else FULL
    interpreter = newest_interpreter()
    peers = contenders(interpreter, is_quick)
    own = hearths_goals(interpreter, plan)
    rows = compare(peers, plan)
    own += [goals.of_throughput(rows), goals.of_memory(rows[goals.HEARTH].memory_mib)]
    lacks = {peer.name: peer.lacks for peer in peers}
    text = "\n\n".join([goals_table(own), peers_table(rows, lacks), notes(rows, interpreter, plan)])
    print(f"\n{text}")
    if not is_quick:
        (FOLDER / "results.md").write_text(f"# hearth beside its peers\n\nWritten by `tests/speed/run`.\n\n{text}\n")
        (FOLDER / "chart.svg").write_text(chart(rows))


if __name__ == "__main__":
    main()
