"""Writing anywhere but to /tmp: into one's own package, to change the code of later calls, or into the system's folders. Three layers stop
it: mounts are read-only, the files are another user's, and landlock allows writing in /tmp alone.

What is written without them belongs to the test: the function's package, and a folder in memory."""

import pytest
from escape import all_but

STOPPED_BY = ["read-only-root", "user", "landlock"]
ATTEMPT = """
def attempt(path):
    with open(path, "w") as file:
        file.write("new")
    return "written"
"""
ALLOWED_PLACES = """
def attempt(event):
    found = []
    for folder, below, _ in os.walk("/"):
        below[:] = [name for name in below if os.path.join(folder, name) not in ("/proc", "/usr", "/sys")]
        if os.access(folder, os.W_OK):
            found.append(folder)
    return found
"""


@pytest.mark.parametrize("folder", ["/var/task", "/etc", "/usr", "", "/opt", "/dev", "/var/runtime", "/dev/shm"])
def test_it_is_refused(escape, folder):
    assert escape().refused(ATTEMPT, folder + "/new") in ("EROFS", "EACCES", "ENOENT")


def test_tmp_is_the_only_place(escape):
    assert escape().got(ALLOWED_PLACES) == ["/tmp"]


@pytest.mark.parametrize("path", ["/var/task/new", "/etc/new"])
def test_it_is_written_without_them(escape, path):
    stage = escape(*STOPPED_BY)
    assert stage.got(ATTEMPT, path) == "written"
    if path.startswith("/var/task"):
        assert [file.read_text() for file in stage.server.data.rglob("new")] == ["new"]


@pytest.mark.parametrize("kept", STOPPED_BY)
def test_each_alone_stops_it(escape, kept):
    assert escape(*all_but(kept, STOPPED_BY)).refused(ATTEMPT, "/var/task/new") in ("EROFS", "EACCES")
