"""Side by side, in one run: what hearth adds to a bare hyper echo, and what a cold start takes.

Prints figures (`pytest speed -s`), and asserts only that the answers are right: a number that is good on one machine means
nothing on another.
"""

import http.client
import statistics
import subprocess
import time
from urllib.parse import urlsplit

import pytest
from function import ECHO, invoke
from server import REPOSITORY, eventually

EXAMPLES = REPOSITORY / "target" / "release" / "examples"
ROUNDS, REQUESTS, COLD_STARTS = 20, 200, 60
SCOPE = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=0"


@pytest.fixture
def echo():
    """The address of a bare hyper echo."""
    with subprocess.Popen([EXAMPLES / "echo"], stdout=subprocess.PIPE, text=True) as process:
        yield urlsplit(process.stdout.readline().removeprefix("Endpoint:").strip()).netloc
        process.kill()


def show(capsys, text):
    with capsys.disabled():
        print(f"\n{text}")


def test_a_warm_invoke_beside_a_bare_echo(hearth, lam, function, echo, capsys):
    name = function(ECHO)
    invoke(lam, name, 1)
    address = urlsplit(hearth.endpoint).netloc
    done = subprocess.run(
        [EXAMPLES / "load", str(ROUNDS), str(REQUESTS), f"{echo}=/", f"{address}=/2015-03-31/functions/{name}/invocations"],
        capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    (_, echo_p50, echo_p99), (_, p50, p99) = (line.split() for line in done.stdout.splitlines())
    show(capsys, f"warm invoke, concurrency 1: p50 {p50} µs, p99 {p99} µs; bare hyper echo: p50 {echo_p50} µs, p99 {echo_p99} µs; "
                 f"hearth adds p50 {float(p50) - float(echo_p50):.1f} µs, ratio {float(p50) / float(echo_p50):.2f}")


def test_a_cold_start(hearth, lam, function, capsys):
    names = [function(ECHO, suffix=f"-{number}") for number in range(COLD_STARTS)]
    address = urlsplit(hearth.endpoint)
    connection = http.client.HTTPConnection(address.hostname, address.port)
    took_ms = []
    for name in names:
        eventually(lambda: hearth.json("GET", "/hearth/health")["pool"]["busy"] == 0, what="an idle pool")
        start = time.perf_counter()
        connection.request("POST", f"/2015-03-31/functions/{name}/invocations", b'{"n":1}', {"Authorization": SCOPE})
        answer = connection.getresponse()
        body = answer.read()
        took_ms.append((time.perf_counter() - start) * 1000)
        assert (answer.status, body) == (200, b'{"n": 1}')
    cuts = statistics.quantiles(took_ms, n=100, method="inclusive")
    show(capsys, f"cold start of a stdlib function, HTTP in to out: p50 {cuts[49]:.2f} ms, p99 {cuts[98]:.2f} ms ({COLD_STARTS} functions)")
