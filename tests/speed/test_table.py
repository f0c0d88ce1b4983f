"""Goals, the table and the chart, from figures that are known."""

import xml.etree.ElementTree

import pytest
from speed import goals
from speed.chart import BAR_WIDTH, LEAST_BAR, chart
from speed.measure import Load, Round
from speed.table import goals_table, markdown, peers_table

ROWS = {
    goals.FLOOR: Round(None, Load(10_000, 0.1, 0.3, 40), Load(100_000, 0.15, 1.5, 10), None),
    goals.HEARTH: Round(0.9, Load(6_000, 0.16, 0.5, 150), Load(30_000, 0.5, 3, 60), 2.5),
    goals.RIVAL: Round(110, Load(9_000, 0.11, 0.4, 80), Load(40_000, 0.4, 2, 30), 19),
    "one at a time": Round(30, Load(2_000, 0.5, 1.2, 470), None, 23),
    "absent": "not available here: no such package",
}


def cells(line):
    return [cell.strip() for cell in line.strip("| ").split("|")]


def test_columns_are_as_wide_as_what_they_hold():
    assert markdown(["name", "n"], [["a", "1,000"], ["longer", "2"]]).splitlines() == [
        "| name   |     n |",
        "|--------|------:|",
        "| a      | 1,000 |",
        "| longer |     2 |",
    ]


def test_every_peer_has_its_row_and_its_ratios():
    lines = peers_table(ROWS, dict.fromkeys(ROWS, "")).splitlines()
    rows = {cells(line)[0]: cells(line)[1:] for line in lines[2:]}
    assert list(rows) == list(ROWS)
    assert rows[goals.HEARTH] == ["6,000", "0.16 / 0.50", "1.60", "150", "30,000", "0.50 / 3.00", "0.30", "60", "0.90", "2.5", "–"]
    assert rows["one at a time"][4:8] == ["–"] * 4
    assert rows["absent"][-1] == ROWS["absent"]


@pytest.mark.parametrize("goal, met", [
    (goals.of_throughput(ROWS), True),
    (goals.of_throughput(ROWS | {goals.RIVAL: "not available here"}), None),
    (goals.of_memory(3.1), False),
    (goals.of_memory(3), True),
    (goals.of_cold_starts_per_second(299), False),
    (goals.of_a_warm_call((100, 260), (190, 400)), True),
    (goals.of_parked({"pool-hit": [0.8, 0.9, 5], "pool-miss": [9]}), True),
    (goals.of_forked({"pool-hit": [0.8]}), None),
    (goals.of_imports({"snapshot": [6, 7], "pool-hit": [400]}), False),
    (goals.of_imports({}), None),
])
def test_a_goal_is_met_or_not_or_not_measured(goal, met):
    assert goal.met is met


def test_goals_are_told_with_what_was_beside():
    lines = goals_table([goals.of_imports({"snapshot": [4], "pool-hit": [400]}), goals.of_cold_starts_per_second(None)]).splitlines()
    assert cells(lines[2]) == ["cold start, numpy and pandas, from the snapshot", "≤ 5 ms p50", "4.00", "yes",
                               "p99 4.00 ms; 1 of 2 calls went this way; importing them: 400 ms"]
    assert cells(lines[3])[2:] == ["–", "not measured", "–"]


def test_the_chart_has_a_bar_for_every_figure():
    svg = xml.etree.ElementTree.fromstring(chart(ROWS))
    bars = svg.findall("{*}rect")
    lengths = [float(bar.get("width")) for bar in bars]
    assert len(bars) == 3 + 3, "first requests and throughputs; the floor starts no function, one peer takes one at a time"
    assert max(lengths) == BAR_WIDTH and min(lengths) >= LEAST_BAR
    assert sum("own" in bar.get("class") for bar in bars) == 2
