"""Becoming root by a program that carries root's user id. A sandbox sees no such program of the host, and gains no privilege by running
one: mounts ignore the id, and so does a process without new privileges.

To be met at all, the program lies in the host's files, which the sandbox sees without the mount namespace. Landlock is left out as well:
an ordinary user that may gain privileges may not install it."""

import shutil
from pathlib import Path

import pytest
from escape import public_folder

HOST_IS_VISIBLE = ["mount-namespace", "landlock"]
ATTEMPT = """
import subprocess
def attempt(program):
    return subprocess.run([program, "-u"], check=True, capture_output=True, text=True).stdout.strip()
"""


@pytest.fixture
def program():
    """`id` with root's user id: it tells as whom it runs."""
    with public_folder() as folder:
        copy = folder / "id"
        shutil.copy("/usr/bin/id", copy)
        copy.chmod(0o4755)
        yield str(copy)


def test_it_is_not_there(escape, program):
    assert escape().refused(ATTEMPT, program) == "ENOENT"


def test_there_is_none_of_the_system_that_works(escape):
    programs = [str(path) for path in map(Path, ["/usr/bin/su", "/usr/bin/mount", "/usr/bin/passwd"])
                if path.exists() and path.stat().st_mode & 0o4000]
    attempt = "def attempt(path): return os.statvfs(path).f_flag & os.ST_NOSUID"
    assert programs and all(escape().got(attempt, path) for path in programs)


def test_it_gives_nothing_with_no_new_privileges(escape, program):
    assert escape(*HOST_IS_VISIBLE).got(ATTEMPT, program) == "993"


def test_it_makes_root_without_it(escape, program):
    assert escape("no-new-privileges", *HOST_IS_VISIBLE).got(ATTEMPT, program) == "0"
