"""Attempts to get out of a sandbox, each made under every restriction and with those that stop it left out.

`escape()` is a stage on which all restrictions are in force, `escape("landlock", "user")` one whose sandboxes lack these two. An attempt is
Python text that defines `attempt(event)`; `kernel(result)` in it raises what a C function left in `errno`.

What a server without restrictions could harm is a stand-in as far as can be: it has a host name of its own, and its files lie where
everybody may read them, so that an attempt that fails does so for the restriction's sake.
"""

import json
import shutil
import subprocess
import tempfile
import textwrap
import uuid
from contextlib import contextmanager
from pathlib import Path

from function import HANDLER, ROLE, invoke, wait_active, zip_of
from server import BINARY, Hearth, eventually

SANDBOX_UID, SANDBOX_GID = 993, 990
# Where everybody may read, and where a sandbox has no folder of its own even when it keeps the root of the host.
PUBLIC_FOLDER = "/srv"
# Only the system's Python: without a root of its own a sandbox reads it where it lies, which must not be root's home.
SYSTEM_ONLY = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/nonexistent"}
EXPECTED_WARNINGS = ["sandboxes run without: ", "left out by --without"]
# Without a pid namespace processes may outlive their sandbox, and then its control group stays.
EXPECTED_WITHOUT_PIDS = ["remove a control group"]

BEFORE = """\
import ctypes, errno, os, socket
libc = ctypes.CDLL(None, use_errno=True)
def kernel(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result
"""
AFTER = """\
def lambda_handler(event, context):
    try:
        return {"got": attempt(event)}
    except OSError as error:
        return {"refused": errno.errorcode.get(error.errno, type(error).__name__)}
    except Exception as error:
        return {"refused": type(error).__name__ + ": " + str(error)}
"""


def all_but(kept, names):
    """The names without one."""
    return [name for name in names if name != kept]


@contextmanager
def public_folder():
    """A folder of the host that everybody may read."""
    folder = Path(tempfile.mkdtemp(prefix="hearth-escape-", dir=PUBLIC_FOLDER))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def bystander(*arguments):
    """A process of the host that runs as the sandboxes' user does, and does no harm."""
    process = subprocess.Popen(["sleep", "600", *arguments], user=SANDBOX_UID, group=SANDBOX_GID, extra_groups=[])
    try:
        yield process
    finally:
        process.kill()
        process.wait()


class Stage:
    """A server, and on it a function for each attempt."""

    def __init__(self, server):
        self.server = server
        self.lam = server.client("lambda")
        self._names = {}

    def deploy(self, code, **configuration):
        """A function that makes the attempt → its name; the same for the same text."""
        key = code, repr(sorted(configuration.items()))
        if key not in self._names:
            name = self._names[key] = f"attempt-{uuid.uuid4().hex[:12]}"
            configuration = {"Runtime": self.server.runtimes()[-1], "Timeout": 20, "MemorySize": 256} | configuration
            text = "\n".join([BEFORE, textwrap.dedent(code), AFTER])
            self.lam.create_function(FunctionName=name, Handler=HANDLER, Role=ROLE, Code={"ZipFile": zip_of(text)}, **configuration)
            wait_active(self.lam, name)
        return self._names[key]

    def invoke(self, code, event=None, tail=False, **configuration):
        """Makes the attempt → what Invoke answered."""
        return invoke(self.lam, self.deploy(code, **configuration), event, tail=tail)

    def got(self, code, event=None, **configuration):
        """Makes an attempt that must succeed → what it brought."""
        answer = self.invoke(code, event, **configuration)
        assert answer.error is None and "got" in answer.json, answer
        return answer.json["got"]

    def refused(self, code, event=None, **configuration):
        """Makes an attempt that must fail → the name of its error, such as EPERM."""
        answer = self.invoke(code, event, **configuration)
        assert answer.error is None and "refused" in answer.json, answer
        return answer.json["refused"]

    def messages(self, code, **configuration):
        """All that the attempt's function has logged, once the report of a call is there (of a function that logs JSON)."""
        logs, group = self.server.client("logs"), f"/aws/lambda/{self.deploy(code, **configuration)}"

        def reported():
            pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group)
            found = [event["message"] for page in pages for event in page["events"]]
            return found if any("platform.report" in message for message in found) else None
        return eventually(reported, 60, "the call's report in the log")

    def network(self, mode, code, **configuration):
        """Sets the network mode of the attempt's function."""
        name = self.deploy(code, **configuration)
        self.server.json("PUT", f"/hearth/functions/{name}/network", json.dumps({"mode": mode}).encode())

    def forget(self):
        """Deletes the functions."""
        for name in self._names.values():
            self.lam.delete_function(FunctionName=name)


class Escape:
    """Stages by what is left out; each has a server of its own until `close`, but for the one on which nothing is."""

    def __init__(self, confined, folder):
        self._confined = Stage(confined)
        self._folder = folder
        self._stages = {}

    def __call__(self, *left_out):
        """The stage on which these restrictions are left out."""
        return self.configured("--without", ",".join(sorted(left_out))) if left_out else self._confined

    def configured(self, *options):
        """The stage whose server has these options."""
        if options not in self._stages:
            data = self._folder / f"data-{len(self._stages)}"
            server = Hearth(data, *options, environment=SYSTEM_ONLY, command=("unshare", "--uts", BINARY))
            self._stages[options] = Stage(server)
        return self._stages[options]

    def close(self):
        """Stops the servers, which must have had nothing to complain of."""
        self._confined.forget()
        codes = [stage.server.terminate() for stage in self._stages.values()]
        assert codes == [0] * len(codes), "every server must drain and exit 0"
        complaints = [line for options, stage in self._stages.items() for line in stage.server.complaints(_expected(options))]
        assert not complaints, "a server complained:\n" + "\n".join(complaints)


def _expected(options):
    """Patterns of the warnings that a server with these options may log."""
    return EXPECTED_WARNINGS + (EXPECTED_WITHOUT_PIDS if "pid-namespace" in options[-1] else [])
