"""The results as Markdown that reads well in a terminal too. Pure."""

from speed.goals import FLOOR
from speed.measure import Round

PEER_HEADERS = ["peer", "1 at a time: req/s", "p50 / p99 ms", "p50 × floor", "CPU µs", "16 at once: req/s", "p50 / p99 ms", "× floor", "CPU µs",
                "first request ms", "MiB, one instance", "lacks"]
GOAL_HEADERS = ["hearth's goals", "goal", "measured", "met", "beside"]
NONE = "–"


def markdown(headers, rows):
    """A table whose columns are as wide as what they hold; numbers stand to the right."""
    columns = list(zip(headers, *rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    left = [not any(cell[:1].isdigit() for cell in column[1:]) for column in columns]

    def line(cells):
        padded = (cell.ljust(width) if is_left else cell.rjust(width) for cell, width, is_left in zip(cells, widths, left, strict=True))
        return "| " + " | ".join(padded) + " |"

    rule = "|" + "|".join("-" * (width + 1) + ("-" if is_left else ":") for width, is_left in zip(widths, left, strict=True)) + "|"
    return "\n".join([line(headers), rule, *map(line, rows)])


def figure(value, digits=0):
    """A number with thousands apart, or a dash for what is not there."""
    return NONE if value is None else f"{value:,.{digits}f}"


def peers_table(rows, lacks):
    """`rows`: name → Round, or the text that says why there is none; `lacks`: name → text."""
    floor = rows[FLOOR]
    return markdown(PEER_HEADERS, [_peer(name, row, floor, lacks[name]) for name, row in rows.items()])


def _peer(name, row, floor, lacks):
    if not isinstance(row, Round):
        return [name, *[NONE] * (len(PEER_HEADERS) - 2), row]
    return [name, *_load(row.alone, row.alone.p50_ms / floor.alone.p50_ms),
            *_load(row.crowd, row.crowd and row.crowd.requests_per_second / floor.crowd.requests_per_second),
            figure(row.first_ms, 2), figure(row.memory_mib, 1), lacks or NONE]


def _load(load, ratio):
    if load is None:
        return [NONE] * 4
    return [figure(load.requests_per_second), f"{load.p50_ms:.2f} / {load.p99_ms:.2f}", figure(ratio, 2), figure(load.cpu_us)]


def goals_table(goals):
    return markdown(GOAL_HEADERS, [_goal(goal) for goal in goals])


def _goal(goal):
    digits = 0 if goal.measured is None or goal.measured >= 100 else 2
    met = {None: "not measured", True: "yes", False: "no"}[goal.met]
    return [goal.what, f"{'≥' if goal.at_least else '≤'} {goal.limit:g} {goal.unit}", figure(goal.measured, digits), met, goal.beside or NONE]
