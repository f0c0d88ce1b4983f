"""Opening files without end. The limit of open files stops it: 1,024 as on Lambda."""

ATTEMPT = """
def attempt(count):
    opened = []
    try:
        for _ in range(count):
            opened.append(os.open("/dev/null", os.O_RDONLY))
        return len(opened)
    finally:
        for descriptor in opened:
            os.close(descriptor)
"""
RAISED = """
import resource
def attempt(count):
    resource.setrlimit(resource.RLIMIT_NOFILE, (count, count))
    return count
"""


def test_it_opens_no_more_than_its_share(escape):
    assert escape().refused(ATTEMPT, 1100) == "EMFILE"
    assert escape().got(ATTEMPT, 900) == 900


def test_it_cannot_raise_the_limit(escape):
    assert escape().refused(RAISED, 2000).startswith("ValueError")


def test_it_opens_more_without_it(escape):
    assert escape("open-files-limit").got(ATTEMPT, 1100) == 1100
