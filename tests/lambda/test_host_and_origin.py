"""Requests that a web page could have sent are refused: DNS rebinding (Host) and cross-site pages (Origin)."""

import pytest


@pytest.mark.parametrize("path", ["/2015-03-31/functions", "/hearth/health", "/metrics"])
@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}, {"Origin": "null"}], ids=str)
def test_foreign_hosts_and_origins_are_refused(hearth, path, headers):
    status, _, _ = hearth.request("GET", path, headers=headers)
    assert status in (403, 421)


def test_the_endpoints_own_names_pass(hearth):
    port = hearth.endpoint.rpartition(":")[2]
    for headers in ({"Host": f"localhost:{port}"}, {"Origin": hearth.endpoint}):
        assert hearth.request("GET", "/hearth/health", headers=headers)[0] == 200
