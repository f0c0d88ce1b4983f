"""The statistics, and what is read out of hearth's answers."""

import pytest
from speed.measure import Load, Round, cold_starts, median, median_load, median_round, percentile, start_path

REPORT = "REPORT RequestId: R\tDuration: 2.38 ms\tBilled Duration: 9 ms\tMemory Size: 128 MB\tMax Memory Used: 3 MB\t"


@pytest.mark.parametrize("samples, percent, value", [
    ([7], 99, 7),
    ([3, 1, 2], 50, 2),
    ([1, 2], 50, 1.5),
    (range(101), 99, 99),
    ([5, 1], 0, 1),
    ([5, 1], 100, 5),
])
def test_a_percentile(samples, percent, value):
    assert percentile(samples, percent) == value


def test_a_median_leaves_out_what_is_missing():
    assert median([None, 3, 1, None, 2]) == 2
    assert median([None]) is None


def test_loads_have_their_median_field_by_field():
    loads = [Load(100, 3, 9, 50), Load(300, 1, 7, 70), Load(200, 2, 8, 60)]
    assert median_load(loads) == Load(200, 2, 8, 60)
    assert median_load([None, None]) is None


def test_rounds_have_their_median():
    rounds = [Round(first, Load(first, first, first, first), None, 2 * first) for first in (1, 5, 3)]
    assert median_round(rounds) == Round(3, Load(3, 3, 3, 3), None, 6)


@pytest.mark.parametrize("line, way", [
    (REPORT + "Init Duration: 6.42 ms\tCold Start: first\tStart Path: pool-hit\t\n", "pool-hit"),
    (REPORT + "Init Duration: 0.42 ms\tCold Start: scale-out\tStart Path: snapshot\t\n", "snapshot"),
    (REPORT + "\n", None),
])
def test_a_report_tells_how_its_sandbox_started(line, way):
    assert start_path(f"START RequestId: R Version: $LATEST\n{line}") == way


def test_cold_starts_are_summed_over_functions_and_reasons():
    exposition = """\
# TYPE hearth_cold_starts_total counter
hearth_cold_starts_total{function="a",path="pool-hit",reason="first"} 3
hearth_cold_starts_total{function="b",path="pool-miss",reason="evicted"} 4
hearth_invocations_total{function="a"} 100
"""
    assert cold_starts(exposition) == 7
    assert cold_starts("") == 0
