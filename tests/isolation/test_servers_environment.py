"""Reading the server's environment. A sandbox is not given it; to read it from the server's process, an attempt must get past the pid
namespace, and past the want of capabilities that comes with its ordinary user. (Landlock stops it as well, but for a process that may watch
others' performance, which all capabilities include.)"""

import pytest
from escape import all_but
from function import TRY, invoke

STOPPED_BY = ["pid-namespace", "capabilities"]
ATTEMPT = """
def attempt(pid):
    with open(f"/proc/{pid}/environ") as file:
        return "HOME=/nonexistent" in file.read()
"""


def test_it_is_not_given(start_hearth, function, name):
    server = start_hearth(environment={"SECRET_OF_THE_HOST": "do not tell", "AWS_SECRET_ACCESS_KEY": "of the host"})
    lam = server.client("lambda")
    deployed = function(TRY, client=lam)
    for place in ("dict(os.environ)", "open('/proc/self/environ').read()", "open('/proc/1/environ').read()"):
        seen = invoke(lam, deployed, place).json
        assert not [word for word in ("do not tell", "of the host", "HEARTH_") if word in seen]


def test_the_servers_process_is_not_there(escape):
    stage = escape()
    assert stage.refused(ATTEMPT, stage.server.pid) == "ENOENT"


def test_it_is_read_without_them(escape):
    stage = escape("user", "landlock", *STOPPED_BY)
    assert stage.got(ATTEMPT, stage.server.pid) is True


@pytest.mark.parametrize("kept", STOPPED_BY)
def test_each_alone_stops_it(escape, kept):
    stage = escape("user", "landlock", *all_but(kept, STOPPED_BY))
    assert stage.refused(ATTEMPT, stage.server.pid) in ("ENOENT", "EACCES")
