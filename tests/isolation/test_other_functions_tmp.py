"""Reading another function's /tmp through /proc/<pid>/root. Each /tmp is its sandbox's own; the pid namespace hides the process that
leads to it, and landlock lets none look into a process of another sandbox."""

import pytest
from escape import all_but
from remains import descendants

STOPPED_BY = ["pid-namespace", "landlock"]
OTHER = """
def attempt(token):
    with open("/tmp/secret", "w") as file:
        return file.write(token)
"""
ATTEMPT = """
def attempt(pids):
    found = []
    for pid in {*range(1, 10), *pids} - {os.getpid()}:
        try:
            with open(f"/proc/{pid}/root/tmp/secret") as file:
                found.append(file.read())
        except OSError:
            pass
    return found
"""


def found(stage, token):
    """Whether the attempt meets the other function's file."""
    assert stage.got(OTHER, token) == len(token)
    return token in stage.got(ATTEMPT, descendants(stage.server.pid))


def test_it_is_not_found(escape, token):
    assert not found(escape(), token)


def test_a_new_tmp_is_empty(escape):
    assert escape().got("def attempt(event): return os.listdir('/tmp')") == []


def test_it_is_found_without_them(escape, token):
    assert found(escape(*STOPPED_BY), token)


@pytest.mark.parametrize("kept", STOPPED_BY)
def test_each_alone_stops_it(escape, token, kept):
    assert not found(escape(*all_but(kept, STOPPED_BY)), token)
