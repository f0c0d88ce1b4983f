"""An interpreter is upgraded under a running server, as a package manager does it: its files are replaced one by one, and for a moment
its executable is missing. Calls go on; the next cold start runs on the new one, not on an old process with new files.

The interpreter is a copy of the system's that the test makes."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest
from escape import SYSTEM_ONLY, public_folder
from function import ECHO, HANDLER, ROLE, invoke, refused, wait_active, zip_of

TELL = """\
import hearth_release, os, sys
def lambda_handler(event, context):
    return hearth_release.NUMBER
"""
pytestmark = pytest.mark.server_warns("(?i)interpreter|zygote|no such file")


class Interpreter:
    """A Python of the test's own."""

    def __init__(self, folder):
        ask = "import sys, os; print('python%d.%d' % sys.version_info[:2], os.path.realpath(sys.executable), os.path.dirname(os.__file__))"
        answer = subprocess.run(["/usr/bin/python3", "-I", "-c", ask], check=True, capture_output=True, text=True)
        self.runtime, original, library = answer.stdout.split()
        self.executable = folder / "bin" / self.runtime
        self.library = folder / "lib" / self.runtime
        self._original = original
        self.executable.parent.mkdir(parents=True)
        not_needed = shutil.ignore_patterns("test", "__pycache__", "config-*", "dist-packages")
        shutil.copytree(library, self.library, symlinks=False, ignore=not_needed)
        self.install(1)

    def install(self, release):
        """Replaces the library's file, then the executable by a new one of the same name."""
        (self.library / "hearth_release.py").write_text(f"NUMBER = {release}\n")
        new = self.executable.with_suffix(".new")
        shutil.copy(self._original, new)
        os.replace(new, self.executable)

    def remove(self):
        self.executable.unlink()


@pytest.fixture
def interpreter():
    with public_folder() as folder:
        yield Interpreter(folder)


@pytest.fixture
def server(start_hearth, interpreter):
    server = start_hearth("--python", interpreter.executable, environment=SYSTEM_ONLY)
    [found] = [one for one in server.json("GET", "/hearth/health")["runtimes"] if one["name"] == interpreter.runtime]
    assert Path(found["executable"]) == interpreter.executable
    return server


@pytest.fixture
def create(server, name, interpreter):
    lam = server.client("lambda")

    def create(suffix, code=TELL):
        lam.create_function(FunctionName=name + suffix, Runtime=interpreter.runtime, Role=ROLE, Handler=HANDLER,
                            Code={"ZipFile": zip_of(code)})
        wait_active(lam, name + suffix)
        return name + suffix
    return create


def zygotes(server):
    return server.json("GET", "/hearth/sandboxes")["zygotes"]


def test_a_cold_start_runs_on_the_new_one(server, interpreter, create):
    lam = server.client("lambda")
    first, second = create("-1"), create("-2")
    assert invoke(lam, first).json == 1
    old = {zygote["pid"] for zygote in zygotes(server)}
    interpreter.install(2)
    assert invoke(lam, first).json == 1, "what is warm stays as it is"
    assert invoke(lam, second).json == 2
    serving = {zygote["pid"] for zygote in zygotes(server) if zygote["pid"] not in old}
    assert serving, "a process of the new interpreter serves it"


def test_while_it_is_missing_a_call_is_told_so(server, interpreter, create):
    lam = server.client("lambda")
    name = create("-1", ECHO)
    assert invoke(lam, name, 1).json == 1
    interpreter.remove()
    for zygote in zygotes(server):
        os.kill(zygote["pid"], signal.SIGKILL)
    with refused(None) as refusal:
        for _ in range(3):
            invoke(lam, name, 2)
    error = refusal.value.response["Error"]
    assert error["Code"] in ("ServiceException", "InvalidRuntimeException")
    assert str(interpreter.executable) in error["Message"]
    interpreter.install(2)
    assert invoke(lam, name, 3).json == 3
