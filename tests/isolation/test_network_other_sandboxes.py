"""Reaching a service in another function's sandbox. No sandbox's network leads to another's."""

from concurrent.futures import ThreadPoolExecutor

from server import eventually

ATTEMPT = """
def attempt(address):
    with socket.create_connection(tuple(address), 1):
        return "connected"
"""
UNREACHABLE = ("ECONNREFUSED", "ENETUNREACH", "EHOSTUNREACH", "EPERM", "EACCES", "TimeoutError")
# Listens everywhere, tells where, and stays until its time is up.
OTHER = """
import time
listener = socket.create_server(("0.0.0.0", 0))
def attempt(seconds):
    if seconds:
        time.sleep(seconds)
    with open("/proc/net/fib_trie") as file:
        words = file.read().split()
    local = {words[at - 3] for at, word in enumerate(words) if word == "LOCAL" and at > 3} | {
        words[at - 2] for at, word in enumerate(words) if word == "LOCAL"}
    return [sorted(word for word in local if word.count(".") == 3), listener.getsockname()[1]]
"""
STAY_SECONDS = 6


def reached(stage):
    """Which of the other sandbox's addresses answer, while it runs a call."""
    addresses, port = stage.got(OTHER, 0)
    assert [address for address in addresses if not address.startswith("127.")]
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(stage.got, OTHER, STAY_SECONDS)
        running = lambda: [one for one in stage.server.json("GET", "/hearth/sandboxes")["sandboxes"] if one["state"] == "busy"]
        eventually(running, what="the other call")
        answers = [stage.invoke(ATTEMPT, [address, port]).json for address in addresses]
        call.result(60)
    return [answer["got"] for answer in answers if "got" in answer]


def test_it_is_not_reached(world, escape_in_world):
    assert reached(escape_in_world()) == []


def test_it_is_reached_on_the_hosts_network(world, escape_in_world):
    assert "connected" in reached(escape_in_world("network-namespace"))
