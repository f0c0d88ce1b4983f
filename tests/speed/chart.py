"""Bars of the first request and of the throughput as an SVG that reads on a light and on a dark page. Pure."""

import math
from html import escape

from speed.goals import HEARTH
from speed.measure import Round

WIDTH, LABEL_WIDTH, VALUE_WIDTH = 820, 270, 80
ROW_HEIGHT, BAR_HEIGHT, TITLE_HEIGHT = 24, 15, 44
BAR_WIDTH = WIDTH - LABEL_WIDTH - VALUE_WIDTH
# The shortest bar, so that the smallest value of a logarithmic panel shows.
LEAST_BAR = 3
STYLE = """\
text { font: 13px system-ui, sans-serif; fill: #1f2328; }
.title { font-weight: 600; }
.bar { fill: #8c959f; }
.own { fill: #0969da; }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3; } .bar { fill: #6e7681; } .own { fill: #4493f8; } }"""


def chart(rows):
    """`rows`: name → Round; what has none is left out."""
    rounds = {name: row for name, row in rows.items() if isinstance(row, Round)}
    first = {name: row.first_ms for name, row in rounds.items() if row.first_ms}
    throughput = {name: row.crowd.requests_per_second for name, row in rounds.items() if row.crowd}
    panels = [
        ("First request, milliseconds, logarithmic: less is better", sorted(first.items(), key=lambda item: item[1]), ",.1f", True),
        ("Warm requests per second, 16 at once: more is better", sorted(throughput.items(), key=lambda item: -item[1]), ",.0f", False),
    ]
    parts, top = [], 0
    for title, bars, form, is_logarithmic in panels:
        parts.append(_text(0, top + 24, title, "title"))
        top += TITLE_HEIGHT
        for (name, value), length in zip(bars, _lengths([value for _, value in bars], is_logarithmic), strict=True):
            parts.append(_bar(top, name, length, format(value, form)))
            top += ROW_HEIGHT
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top + 8}" role="img" aria-label="hearth beside its peers">\n'
            f"<style>\n{STYLE}\n</style>\n" + "\n".join(parts) + "\n</svg>\n")


def _lengths(values, is_logarithmic):
    """How long each bar is; a logarithmic scale begins at the power of ten below the least value."""
    if is_logarithmic and values:
        begin = math.floor(math.log10(min(values)))
        values = [math.log10(value) - begin for value in values]
    most = max(values, default=1) or 1
    return [max(LEAST_BAR, BAR_WIDTH * value / most) for value in values]


def _bar(top, name, length, value):
    middle = top + ROW_HEIGHT / 2 + 4
    kind = "bar own" if name == HEARTH else "bar"
    bar = f'<rect class="{kind}" x="{LABEL_WIDTH}" y="{top + (ROW_HEIGHT - BAR_HEIGHT) / 2:g}" width="{length:.1f}" height="{BAR_HEIGHT}" rx="2"/>'
    return _text(LABEL_WIDTH - 10, middle, name, anchor="end") + bar + _text(LABEL_WIDTH + length + 8, middle, value)


def _text(x, y, text, kind="", anchor="start"):
    named = f' class="{kind}"' if kind else ""
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}"{named}>{escape(text)}</text>'
