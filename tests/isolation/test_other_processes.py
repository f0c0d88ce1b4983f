"""Seeing processes of the host and of other functions. The pid namespace stops it: /proc shows the sandbox's own."""

from escape import bystander

ATTEMPT = """
def attempt(mark):
    commands = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline") as file:
                commands.append(file.read())
        except OSError:
            pass
    return {"processes": len(commands), "found": any(mark in command for command in commands)}
"""
# `sleep` adds its arguments up: a number of seconds that no other has.
MARK = "0.000777321"


def test_only_its_own_are_seen(escape):
    with bystander(MARK):
        seen = escape().got(ATTEMPT, MARK)
    assert not seen["found"]
    assert seen["processes"] <= 3


def test_they_are_seen_without_it(escape):
    with bystander(MARK):
        assert escape("pid-namespace").got(ATTEMPT, MARK)["found"]
