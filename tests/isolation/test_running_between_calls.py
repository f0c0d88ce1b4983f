"""Working on after the answer, in a thread or in a process that was left behind. The freezer stops it until the next call."""

from pathlib import Path
from threading import Event

import pytest
from remains import descendants
from server import eventually

# What is left behind writes a byte each 10 ms.
THREAD = """
import threading, time
def tick():
    while True:
        with open("/tmp/ticks-thread", "ab") as file:
            file.write(b"x")
        time.sleep(0.01)

def attempt(begin):
    if begin:
        threading.Thread(target=tick, daemon=True).start()
    return os.path.exists("/tmp/ticks-thread") and os.path.getsize("/tmp/ticks-thread")
"""
PROCESS = THREAD.replace("threading.Thread(target=tick, daemon=True).start()", "os.fork() or tick()").replace("ticks-thread", "ticks-process")
ATTEMPTS = {"thread": THREAD, "process": PROCESS}
# More than what may be written between the answer and the freeze.
MANY_TICKS = 300
LOOK_SECONDS = 0.3


def ticks_file(stage, how):
    """The sandbox's file, seen from the host."""
    def found():
        for pid in descendants(stage.server.pid):
            file = Path(f"/proc/{pid}/root/tmp/ticks-{how}")
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
    stage.got(ATTEMPTS[how], True)
    file = ticks_file(stage, how)
    eventually(lambda: stands_still(file), 5, "the freeze")
    frozen_at = file.stat().st_size
    assert frozen_at < MANY_TICKS
    assert stage.got(ATTEMPTS[how], False) >= frozen_at
    eventually(lambda: file.stat().st_size > frozen_at, what="the thaw")


@pytest.mark.parametrize("how", ["thread", "process"])
def test_it_works_on_without_it(escape, how):
    stage = escape("freezer")
    stage.got(ATTEMPTS[how], True)
    file = ticks_file(stage, how)
    eventually(lambda: file.stat().st_size > MANY_TICKS, 30, "many ticks after the answer")
