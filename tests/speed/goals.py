"""The goals that hearth has set itself, held against what was measured. Pure."""

from dataclasses import dataclass

from speed.measure import percentile

HEARTH, FLOOR, RIVAL = "hearth", "hyper, an echo", "granian, 16 processes"


@dataclass(frozen=True)
class Goal:
    what: str
    limit: float
    unit: str
    measured: float | None  # None: it did not happen in this run
    beside: str = ""
    at_least: bool = False  # the limit is a floor, not a ceiling

    @property
    def met(self):
        if self.measured is None:
            return None
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit


def of_calls(what, limit_ms, took_ms, way, beside=""):
    """A goal for the median of the calls that started in one way; `took_ms`: all calls, by the way that each started."""
    samples, asked = took_ms.get(way, []), sum(map(len, took_ms.values()))
    told = [f"p99 {percentile(samples, 99):.2f} ms"] if samples else []
    told += [f"{len(samples)} of {asked} calls went this way"] if asked else []
    measured = percentile(samples, 50) if samples else None
    return Goal(what, limit_ms, "ms p50", measured, "; ".join(filter(None, [*told, beside])))


def of_parked(took_ms):
    return of_calls("cold start, a blank parked", 1, took_ms, "pool-hit")


def of_forked(took_ms):
    return of_calls("cold start, the fork on the path", 3.5, took_ms, "pool-miss")


def of_imports(took_ms):
    afresh = [sample for way, samples in took_ms.items() if way != "snapshot" for sample in samples]
    beside = f"importing them: {percentile(afresh, 50):.0f} ms" if afresh else ""
    return of_calls("cold start, numpy and pandas, from the snapshot", 5, took_ms, "snapshot", beside)


def of_a_warm_call(echo_us, hearth_us):
    """Each a (p50, p99) of requests that were sent in turn."""
    beside = f"p99 {hearth_us[1]:.0f} µs; bare hyper p50 {echo_us[0]:.0f}, p99 {echo_us[1]:.0f} µs; ratio {hearth_us[0] / echo_us[0]:.2f}"
    return Goal("a warm call, above bare hyper", 100, "µs p50", hearth_us[0] - echo_us[0], beside)


def of_throughput(rows):
    """`rows`: name → Round, or why there is none."""
    rounds = [rows.get(name) for name in (HEARTH, RIVAL)]
    loads = [getattr(one, "crowd", None) for one in rounds]
    share = loads[0].requests_per_second / loads[1].requests_per_second if all(loads) else None
    return Goal("throughput, as many Python processes as granian", 0.7, "× granian", share, at_least=True)


def of_memory(memory_mib):
    return Goal("memory of a warm sandbox, the kernel's included", 3, "MiB", memory_mib)


def of_cold_starts_per_second(count):
    return Goal("cold starts, sustained, each evicting a sandbox", 300, "per second", count, at_least=True)
