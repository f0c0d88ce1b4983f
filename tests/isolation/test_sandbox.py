"""What every sandbox is, on two Python versions, as the kernel tells it. The attempts to get out have files of their own."""

import pytest
from function import TRY, invoke


@pytest.fixture
def status(lam, function, runtime):
    """The kernel's words about the function's process."""
    text = eval(invoke(lam, function(TRY, Runtime=runtime), "open('/proc/self/status').read()").json)
    return {name: value.split() for name, _, value in (line.partition(":") for line in text.splitlines())}


def test_it_is_an_ordinary_user_who_gains_nothing(status):
    assert status["Uid"] == ["993"] * 4
    assert status["Gid"] == ["990"] * 4
    assert status["Groups"] == []
    assert {name: status[name] for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == dict.fromkeys(
        ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"), ["0" * 16])
    assert status["NoNewPrivs"] == ["1"]


def test_its_system_calls_are_filtered(status):
    assert status["Seccomp"] == ["2"]


def test_its_process_ids_are_its_own(status):
    assert int(status["Pid"][0]) <= 4
