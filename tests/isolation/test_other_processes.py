"""Seeing processes of the host and of other functions. The pid namespace stops it: /proc shows the sandbox's own."""

from escape import bystander

ATTEMPT = """
def attempt(event):
    commands = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        with open(f"/proc/{pid}/cmdline") as file:
            commands.append(file.read())
    return commands
"""
# `sleep` adds its arguments up: a number of seconds that no other has.
MARK = "0.000777321"


def test_only_its_own_are_seen(escape):
    with bystander(MARK):
        seen = escape().got(ATTEMPT)
    assert len(seen) <= 3, seen
    assert not [command for command in seen if MARK in command]


def test_they_are_seen_without_it(escape):
    with bystander(MARK):
        assert [command for command in escape("pid-namespace").got(ATTEMPT) if MARK in command]
