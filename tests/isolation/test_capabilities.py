"""Doing what root may: giving a file away needs a capability. The sandbox has none, not even when its user is root, and its user is not."""

CHOWN = """
def attempt(event):
    with open("/tmp/own", "w"):
        pass
    os.chown("/tmp/own", 12345, 12345)
    return os.stat("/tmp/own").st_uid
"""
STATUS = """
def attempt(event):
    with open("/proc/self/status") as file:
        return {name: value.strip() for name, _, value in (line.partition(":") for line in file)}
"""
NONE = "0" * 16
SETS = ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"]


def test_it_is_refused(escape):
    assert escape().refused(CHOWN) == "EPERM"
    status = escape().got(STATUS)
    assert {status[name] for name in SETS} == {NONE}


def test_root_without_capabilities_is_refused(escape):
    assert escape("user").refused(CHOWN) == "EPERM"


def test_it_is_done_without_them(escape):
    assert escape("user", "capabilities").got(CHOWN) == 12345
