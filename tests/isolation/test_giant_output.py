"""Writing one line that never ends, to make the server hold it all. The bound on one call's output stops it: the line is cut into pieces,
and no more than the bound is kept."""

import re
from pathlib import Path

MIB = 1 << 20
BOUND_MIB = 10
# What the server may need for pieces on their way, and for what it has read of them.
ALLOWED_GROWTH_MIB = 80
ATTEMPT = """
def attempt(mebibytes):
    block = b"x" * (1 << 20)
    for _ in range(mebibytes):
        left = memoryview(block)
        while left:
            left = left[os.write(1, left):]
    return "written"
"""
CONFIGURATION = {"LoggingConfig": {"LogFormat": "JSON"}, "Timeout": 60}


def most_memory_mib(pid):
    """The most memory that a process ever had."""
    return int(re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())[1]) >> 10


def kept_bytes(stage, mebibytes):
    """How much of the line is in the log."""
    assert stage.got(ATTEMPT, mebibytes, **CONFIGURATION) == "written"
    pieces = [message for message in stage.messages(ATTEMPT, **CONFIGURATION) if message.startswith("xxx")]
    return sum(piece.count("x") for piece in pieces)


def test_it_is_cut_at_the_bound_and_the_server_stays_small(escape):
    stage = escape()
    before = most_memory_mib(stage.server.pid)
    assert (BOUND_MIB - 1) * MIB <= kept_bytes(stage, 120) <= BOUND_MIB * MIB
    assert most_memory_mib(stage.server.pid) < before + ALLOWED_GROWTH_MIB


def test_it_is_kept_whole_without_it(escape):
    assert kept_bytes(escape("output-limit"), BOUND_MIB + 6) == (BOUND_MIB + 6) * MIB
