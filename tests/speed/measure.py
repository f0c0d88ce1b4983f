"""Statistics of what was measured, and the figures that hearth's own answers hold. Pure."""

import re
import statistics
from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Load:
    """What many requests met, from as many connections as there are at once."""
    requests_per_second: float
    p50_ms: float
    p99_ms: float
    cpu_us: float  # the server's, per request


@dataclass(frozen=True)
class Round:
    """One peer, started anew: what is None it does not have."""
    first_ms: float | None
    alone: Load
    crowd: Load | None
    memory_mib: float | None


def percentile(samples, percent):
    """The value that `percent` of the samples do not exceed; between two samples, as far as it lies between them."""
    ordered = sorted(samples)
    place = (len(ordered) - 1) * percent / 100
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def median(values):
    """The median of those that are not None; None when none is left."""
    present = [value for value in values if value is not None]
    return statistics.median(present) if present else None


def median_load(loads):
    """Field by field; None when a round had none."""
    if None in loads:
        return None
    return Load(*(statistics.median(getattr(load, field.name) for load in loads) for field in fields(Load)))


def median_round(rounds):
    return Round(
        first_ms=median([one.first_ms for one in rounds]),
        alone=median_load([one.alone for one in rounds]),
        crowd=median_load([one.crowd for one in rounds]),
        memory_mib=median([one.memory_mib for one in rounds]),
    )


def start_path(log):
    """How the REPORT line says that the sandbox came to be: pool-hit, pool-miss or snapshot; None if it was there before."""
    found = re.search(r"\tStart Path: ([a-z-]+)", log)
    return found[1] if found else None


def cold_starts(exposition):
    """All cold starts that the server's metrics, in Prometheus's text, count."""
    return sum(float(line.rpartition(" ")[2]) for line in exposition.splitlines() if line.startswith("hearth_cold_starts_total{"))
