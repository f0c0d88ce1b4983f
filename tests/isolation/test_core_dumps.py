"""Leaving memory behind in a core dump. The limit of core dumps is nothing, and cannot be raised."""

ATTEMPT = """
import resource
def attempt(event):
    resource.setrlimit(resource.RLIMIT_CORE, (1 << 20, 1 << 20))
    return resource.getrlimit(resource.RLIMIT_CORE)
"""


def test_none_is_allowed(escape):
    assert escape().refused(ATTEMPT).startswith("ValueError")


def test_they_are_allowed_without_it(escape):
    assert escape("core-limit").got(ATTEMPT) == [1 << 20, 1 << 20]
