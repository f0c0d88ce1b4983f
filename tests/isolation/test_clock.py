"""Setting the clock. Two layers stop it: the filter refuses the calls, and the sandbox has no capability for them.

The attempt sets the length of the clock's tick to what it is: with the restrictions off that changes nothing."""

import pytest

STOPPED_BY = ["system-call-filter", "capabilities"]
ATTEMPT = """
def attempt(event):
    timex = ctypes.create_string_buffer(256)
    kernel(libc.clock_adjtime(0, timex))
    adjust_tick, modes = 0x4000, ctypes.c_uint.from_buffer(timex, 0)
    modes.value = adjust_tick
    return kernel(libc.clock_adjtime(0, timex)) >= 0
"""


def test_it_is_refused(escape):
    assert escape().refused(ATTEMPT) == "EPERM"


def test_it_is_done_without_them(escape):
    assert escape("user", *STOPPED_BY).got(ATTEMPT) is True


@pytest.mark.parametrize("off", STOPPED_BY)
def test_each_alone_stops_it(escape, off):
    assert escape("user", off).refused(ATTEMPT) == "EPERM"
