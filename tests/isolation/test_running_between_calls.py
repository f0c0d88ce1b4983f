"""Working on after the answer, in a thread or in a process that was left behind. The freezer stops it until the next call."""

from pathlib import Path
from threading import Event

import pytest
from remains import descendants
from server import eventually

# The thread or the process writes a byte each 10 ms.
ATTEMPT = """
import threading, time
def tick():
    while True:
        with open("/tmp/ticks", "ab") as file:
            file.write(b"x")
        time.sleep(0.01)

def attempt(how):
    if how == "thread":
        threading.Thread(target=tick, daemon=True).start()
    elif how == "process" and os.fork() == 0:
        tick()
    return os.path.exists("/tmp/ticks") and os.path.getsize("/tmp/ticks")
"""
# More than what may be written between the answer and the freeze.
MANY_TICKS = 300
LOOK_SECONDS = 0.3


def ticks_file(stage):
    """The sandbox's file, seen from the host."""
    def found():
        for pid in descendants(stage.server.pid):
            file = Path(f"/proc/{pid}/root/tmp/ticks")
            try:
                if file.stat().st_size:
                    return file
            except OSError:
                pass
        return None
    return eventually(found, what="the first tick")


def stands_still(file):
    """Whether nothing is written for a while."""
    before = file.stat().st_size
    Event().wait(LOOK_SECONDS)
    return file.stat().st_size == before


@pytest.mark.parametrize("how", ["thread", "process"])
def test_it_stops_and_goes_on_with_the_next_call(escape, how):
    stage = escape()
    configuration = {"Timeout": 19 if how == "thread" else 18}
    stage.got(ATTEMPT, how, **configuration)
    file = ticks_file(stage)
    eventually(lambda: stands_still(file), 5, "the freeze")
    frozen_at = file.stat().st_size
    assert frozen_at < MANY_TICKS
    assert stage.got(ATTEMPT, None, **configuration) >= frozen_at
    eventually(lambda: file.stat().st_size > frozen_at, what="the thaw")


@pytest.mark.parametrize("how", ["thread", "process"])
def test_it_works_on_without_it(escape, how):
    stage = escape("freezer")
    stage.got(ATTEMPT, how, Timeout=19 if how == "thread" else 18)
    file = ticks_file(stage)
    eventually(lambda: file.stat().st_size > MANY_TICKS, 30, "many ticks after the answer")
