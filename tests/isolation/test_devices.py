"""Opening devices of the host. A sandbox has five harmless ones, each attached by itself."""

import pytest

# A new terminal; everybody may open it where it is.
ATTEMPT = """
def attempt(path):
    os.close(os.open(path, os.O_RDWR | os.O_NOCTTY))
    return "opened"
"""
NAMES = "def attempt(event): return sorted(os.listdir('/dev'))"
HARMLESS = {"fd", "full", "null", "random", "stderr", "stdin", "stdout", "urandom", "zero"}


def test_there_are_five(escape):
    assert set(escape().got(NAMES)) == HARMLESS


@pytest.mark.parametrize("device", ["null", "zero", "full", "random", "urandom"])
def test_they_work(escape, device):
    assert escape().got("def attempt(path): return os.close(os.open(path, os.O_RDONLY)) or 'opened'", f"/dev/{device}") == "opened"


@pytest.mark.parametrize("device", ["ptmx", "mem", "kmsg", "port", "vda", "sda", "nvme0n1", "kvm", "net/tun", "fuse", "loop-control"])
def test_it_is_not_there(escape, device):
    assert escape().refused(ATTEMPT, f"/dev/{device}") == "ENOENT"


def test_it_opens_without_it(escape):
    stage = escape("devices")
    assert "ptmx" in stage.got(NAMES)
    assert stage.got(ATTEMPT, "/dev/ptmx") == "opened"
