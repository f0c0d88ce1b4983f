"""Side by side, in one run: what hearth adds to a bare hyper echo, and what a cold start takes.

Prints figures (`pytest speed -s`), and asserts only that the answers are right: a number that is good on one machine means
nothing on another. `tests/speed/run` compares with more, and longer.
"""

from function import ECHO
from speed.measure import percentile
from speed.peers import Hyper
from speed.scenarios import beside_an_echo, first_calls
from speed.subject import HELLO, Subject

ROUNDS, REQUESTS, COLD_STARTS = 20, 200, 60


def show(capsys, text):
    with capsys.disabled():
        print(f"\n{text}")


def test_a_warm_invoke_beside_a_bare_echo(hearth, newest, function, capsys):
    subject = Subject(hearth, newest)
    with Hyper(None).started() as echo:
        (echo_p50, echo_p99), (p50, p99) = beside_an_echo(subject.address, function(ECHO), echo.address, ROUNDS, REQUESTS)
    show(capsys, f"warm invoke, concurrency 1: p50 {p50} µs, p99 {p99} µs; bare hyper echo: p50 {echo_p50} µs, p99 {echo_p99} µs; "
                 f"hearth adds p50 {p50 - echo_p50:.1f} µs, ratio {p50 / echo_p50:.2f}")


def test_a_cold_start(hearth, newest, function, capsys):
    subject = Subject(hearth, newest)
    names = [function(HELLO, suffix=f"-{number}") for number in range(COLD_STARTS)]
    took_ms = first_calls(subject, names, spaced=True)
    assert sum(map(len, took_ms.values())) == COLD_STARTS
    for way, samples in took_ms.items():
        show(capsys, f"cold start of a stdlib function, HTTP in to out, {way}: p50 {percentile(samples, 50):.2f} ms, "
                     f"p99 {percentile(samples, 99):.2f} ms ({len(samples)} functions)")
