"""Nothing is left after a stop, nor after `kill -9` and the next start. Many cold starts: `tests/endurance`."""

from function import ECHO, invoke
from remains import cgroups, descendants, mounts, running
from server import eventually


def test_stopping_leaves_nothing(start_hearth, function):
    hearth = start_hearth()
    lam = hearth.client("lambda")
    invoke(lam, function(ECHO, client=lam), 1)
    below = descendants(hearth.pid)
    assert below and cgroups(hearth.data)
    assert hearth.terminate() == 0
    eventually(lambda: not running(below), what="the end of every process")
    assert cgroups(hearth.data) == []
    assert mounts(hearth.data) == []


def test_kill_9_is_cleared_by_the_next_start(start_hearth, function):
    hearth = start_hearth()
    lam = hearth.client("lambda")
    name = function(ECHO, client=lam)
    invoke(lam, name, 1)
    below = descendants(hearth.pid)
    hearth.kill()
    again = start_hearth()
    eventually(lambda: not running(below), what="the end of the killed server's processes")
    assert invoke(again.client("lambda"), name, 2).json == 2
    again.terminate()
    assert cgroups(again.data) == []
    assert mounts(again.data) == []
