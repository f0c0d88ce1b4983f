"""`GET /metrics`: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format"""

import re

from function import invoke
from server import eventually

SAMPLE = re.compile(r'[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_][a-zA-Z0-9_]*="(\\.|[^"\\])*",?)*\})? (NaN|[+-]?Inf|[-+0-9.eE]+)( \d+)?')


def test_it_is_the_text_format_and_counts(hearth, lam, function):
    name = function()
    invoke(lam, name), invoke(lam, name)

    def lines():
        status, headers, body = hearth.request("GET", "/metrics")
        assert status == 200
        assert headers["Content-Type"].startswith("text/plain; version=0.0.4")
        return body.decode().splitlines()

    def counted():
        return any("invocations" in line.lower() and name in line and line.split()[-1] in ("2", "2.0") for line in lines())
    eventually(counted, what="two invocations in /metrics")
    for line in lines():
        assert not line or line.startswith(("# HELP ", "# TYPE ")) or SAMPLE.fullmatch(line), line
