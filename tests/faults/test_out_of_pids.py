"""The host has no process number left. The call that needs a new process is refused with the reason; with numbers again, it works.

"The host" is a control group that the test makes: the server and its zygotes are moved into it, and it allows no more than they are."""

import re
import uuid
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from function import ECHO, invoke
from remains import descendants

NO_PROCESS = re.compile("(?i)resource temporarily unavailable|out of pids|no more processes|cannot fork")
# Sandboxes that were made ahead serve the first of them.
MOST_COLD_STARTS = 40
pytestmark = pytest.mark.server_warns(NO_PROCESS.pattern)


@pytest.fixture
def group():
    """A control group for processes, empty again and removed at the end."""
    version_1 = Path("/sys/fs/cgroup/pids")
    own = dict(line.split(":", 2)[1:] for line in Path("/proc/self/cgroup").read_text().splitlines())
    root = version_1 / own["pids"].lstrip("/") if version_1.is_dir() else Path("/sys/fs/cgroup")
    folder = root / f"test-{uuid.uuid4().hex}"
    folder.mkdir()
    yield folder
    for pid in (folder / "cgroup.procs").read_text().split():
        try:
            (root / "cgroup.procs").write_text(pid)
        except ProcessLookupError:
            pass
    folder.rmdir()


def move(server, group):
    """The server and all that it has started are in the group from now on."""
    for pid in [server.pid, *descendants(server.pid)]:
        try:
            (group / "cgroup.procs").write_text(str(pid))
        except ProcessLookupError:
            pass


def refusals(lam, names):
    """Makes cold starts until one is refused; whatever happens is an answer."""
    for name in names:
        try:
            assert invoke(lam, name, 1).json == 1
        except ClientError as error:
            return [error.response["Error"]]
    return []


def test_a_cold_start_is_refused_and_works_later(start_hearth, function, group):
    server = start_hearth()
    lam = server.client("lambda")
    names = [function(ECHO, suffix=f"-{number}", client=lam) for number in range(MOST_COLD_STARTS)]
    assert invoke(lam, names[0], 1).json == 1
    move(server, group)
    (group / "pids.max").write_text((group / "pids.current").read_text())
    [error] = refusals(lam, names)
    assert error["Code"] == "ServiceException" and NO_PROCESS.search(error["Message"]), error
    assert server.process.poll() is None
    (group / "pids.max").write_text("max")
    assert [invoke(lam, name, 2).json for name in names] == [2] * len(names)
