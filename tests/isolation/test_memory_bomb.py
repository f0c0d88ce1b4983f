"""Taking more memory than the function has, in one process, in several, or as files in /tmp. The memory limit stops it."""

import pytest

SIZE = {"MemorySize": 128}
MORE_MIB = 192
ONE_PROCESS = """
def attempt(mebibytes):
    kept = [b"x" * (1 << 20) for _ in range(mebibytes)]
    return len(kept)
"""
# Each child alone would fit; each says when it has its part, and keeps it until all have been heard.
CHILDREN = """
def attempt(mebibytes):
    held, hold = os.pipe()
    children = []
    for _ in range(3):
        heard, say = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(hold)
            kept = [b"x" * (1 << 20) for _ in range(mebibytes // 3)]
            os.write(say, b"x")
            os.read(held, 1)
            os._exit(0)
        os.close(say)
        children.append((child, heard))
    alive = [os.read(heard, 1) for _, heard in children]
    os.close(hold)
    for child, heard in children:
        os.close(heard)
    killed = [os.waitpid(child, 0)[1] for child, _ in children]
    if any(killed) or not all(alive):
        raise MemoryError("a child was killed")
    return mebibytes
"""


def test_one_process_is_ended(escape):
    answer = escape().invoke(ONE_PROCESS, MORE_MIB, **SIZE)
    assert answer.error == "Unhandled"
    assert answer.json["errorType"] in ("Runtime.OutOfMemory", "Runtime.ExitError")
    assert escape().got(ONE_PROCESS, 15, **SIZE) == 15


def test_children_share_its_limit(escape):
    answer = escape().invoke(CHILDREN, MORE_MIB, **SIZE)
    assert answer.error == "Unhandled" or answer.json["refused"].startswith("MemoryError")
    assert escape().got(CHILDREN, 15, **SIZE) == 15


@pytest.mark.parametrize("attempt", [ONE_PROCESS, CHILDREN], ids=["one process", "children"])
def test_it_takes_more_without_it(escape, attempt):
    assert escape("memory-limit").got(attempt, MORE_MIB, **SIZE) == MORE_MIB
