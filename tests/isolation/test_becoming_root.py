"""Becoming root. The sandbox's user is an ordinary one without other groups, and has no capability to change it."""

ATTEMPT = """
def attempt(event):
    os.setresgid(0, 0, 0)
    os.setresuid(0, 0, 0)
    return os.getresuid()
"""
IDENTITY = """
def attempt(event):
    return [*os.getresuid(), *os.getresgid(), os.getgroups()]
"""


def test_it_is_refused(escape):
    assert escape().refused(ATTEMPT) == "EPERM"
    assert escape().got(IDENTITY) == [993, 993, 993, 990, 990, 990, []]


def test_it_is_root_without_it(escape):
    assert escape("user", "capabilities").got(ATTEMPT) == [0, 0, 0]
