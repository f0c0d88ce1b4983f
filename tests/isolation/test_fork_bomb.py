"""Making processes without end. The process limit stops it: 1,024 as on Lambda. What was made ends with its invocation."""

MEMORY = {"MemorySize": 2048, "Timeout": 60}
# Bounded, so that it harms nobody when nothing else stops it; small processes, so that it is quick.
ATTEMPT = """
def attempt(count):
    children = []
    try:
        for _ in range(count):
            children.append(os.posix_spawn("/bin/sleep", ["sleep", "60"], {}))
        return len(children)
    finally:
        for child in children:
            os.kill(child, 9)
            os.waitpid(child, 0)
"""
ENDLESS = """
import time
def attempt(event):
    while event:
        try:
            os.fork()
        except OSError:
            time.sleep(0.1)
    return "fine"
"""


def test_it_makes_no_more_than_its_share(escape):
    assert escape().refused(ATTEMPT, 1100, **MEMORY) == "EAGAIN"
    assert escape().got(ATTEMPT, 500, **MEMORY) == 500


def test_it_makes_more_without_it(escape):
    assert escape("process-limit").got(ATTEMPT, 1100, **MEMORY) == 1100


def test_an_endless_one_ends_with_its_invocation(escape):
    assert escape().invoke(ENDLESS, True, Timeout=2).error == "Unhandled"
    assert escape().got(ENDLESS, False, Timeout=2) == "fine"
