"""Reading another function's environment out of its memory: all sandboxes have the same user. The pid namespace hides the process, and
landlock lets none look into a process of another sandbox."""

import pytest
from escape import all_but
from remains import descendants

STOPPED_BY = ["pid-namespace", "landlock"]
OTHER = """
def attempt(event):
    return os.environ["SECRET"]
"""
# The word comes in two halves, so that the attempt's own memory does not hold it.
ATTEMPT = """
def holds(pid, word):
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for line in maps:
            where, rights = line.split()[:2]
            start, end = (int(address, 16) for address in where.split("-"))
            if not rights.startswith("rw") or end - start > 64 << 20:
                continue
            try:
                memory.seek(start)
                if word in memory.read(end - start):
                    return True
            except OSError:
                pass
    return False

def attempt(event):
    word = "".join(event["halves"]).encode()
    read = []
    for pid in {*range(1, 10), *event["pids"]} - {os.getpid()}:
        try:
            read.append(holds(pid, word))
        except OSError:
            pass
    return any(read)
"""


def found(stage, token):
    """Whether the attempt meets the other function's secret."""
    assert stage.got(OTHER, Environment={"Variables": {"SECRET": token}}) == token
    return stage.got(ATTEMPT, {"halves": [token[:20], token[20:]], "pids": descendants(stage.server.pid)})


def test_it_is_not_found(escape, token):
    assert not found(escape(), token)


def test_it_is_found_without_them(escape, token):
    assert found(escape(*STOPPED_BY), token)


@pytest.mark.parametrize("kept", STOPPED_BY)
def test_each_alone_stops_it(escape, token, kept):
    assert not found(escape(*all_but(kept, STOPPED_BY)), token)
