"""Writing on the sandbox's own channel what no sandbox says. The channel must be open, so no restriction can be left out: what holds is
that the server believes none of it. The proof that the attempt does something is that its own call fails."""

import pytest

ATTEMPT = """
def attempt(frame):
    os.write(1000, bytes.fromhex(frame))
    return "written"
"""


@pytest.mark.parametrize("frame", ["ff" * 64, "00" * 64, "ffffffff" + "00" * 60, "7fffffff" + "ff" * 60, "01" + "ff" * 63, "deadbeef"])
def test_it_harms_its_own_call_alone(escape, frame):
    stage = escape()
    stage.invoke(ATTEMPT, frame, Timeout=3)
    assert stage.got("def attempt(event): return event", {"still": "fine"}) == {"still": "fine"}
    assert stage.server.process.poll() is None


def test_a_frame_of_nonsense_ends_its_own_call(escape):
    assert escape().invoke(ATTEMPT, "ff" * 64, Timeout=3).error == "Unhandled"
