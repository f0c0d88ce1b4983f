"""The hearth process under test: started on a free port with a data folder of its own, its log held to be quiet."""

import json
import os
import re
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

from botocore.config import Config
from strict import strict_session

REPOSITORY = Path(__file__).resolve().parent.parent
BINARY = REPOSITORY / "target" / "release" / "hearth"
START_TIMEOUT_S = 60
STOP_TIMEOUT_S = 40

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_COMPLAINT = re.compile(r"^\S+\s+(WARN|ERROR)\s|^thread '.*' panicked")


def eventually(condition, timeout_s=15, what="the condition"):
    """Polls until `condition()` is true, and returns what it returned."""
    deadline = time.monotonic() + timeout_s
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < deadline, f"{what} did not come true within {timeout_s} s (last: {value!r})"
        time.sleep(0.02)


def free_environment():
    """The environment without settings that would reach hearth or the SDKs."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("HEARTH_", "AWS_"))}


class Hearth:
    """One running server."""

    def __init__(self, data, *options, environment=None, command=(BINARY,)):
        self.data = Path(data)
        self.lines = []  # what it logged on standard error
        self._lines_seen = 0
        self.process = subprocess.Popen(
            [*map(str, command), "--listen", "127.0.0.1:0", "--data", str(data), *map(str, options)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, errors="replace",
            env=free_environment() | (environment or {}),
        )
        self.printed = []  # what it printed on standard output
        self._readers = [
            threading.Thread(target=self._read, args=(self.process.stdout, self.printed), daemon=True),
            threading.Thread(target=self._read, args=(self.process.stderr, self.lines), daemon=True),
        ]
        for reader in self._readers:
            reader.start()
        self.endpoint = eventually(self._announced, START_TIMEOUT_S, "the start of hearth")

    @staticmethod
    def _read(stream, lines):
        for line in stream:
            lines.append(_COLOUR.sub("", line.rstrip("\n")))

    def _announced(self):
        code = self.process.poll()
        assert code is None, f"hearth ended with {code} before it listened:\n" + "\n".join(self.printed + self.lines)
        for line in list(self.printed):
            if found := re.match(r"\s*Endpoint:\s*(http://\S+)", line):
                return found[1]
        return None

    @property
    def pid(self):
        return self.process.pid

    def client(self, service, region="us-east-1", key="test", validate=True, **config):
        """A boto3 client that holds every answer against AWS's model."""
        options = {"retries": {"max_attempts": 0}, "read_timeout": 120, "parameter_validation": validate} | config
        return strict_session(self.endpoint, region=region, key=key).client(service, config=Config(**options))

    def request(self, method, path, body=None, headers=None):
        """A bare HTTP request → (status, headers, body)."""
        request = urllib.request.Request(self.endpoint + path, data=body, method=method, headers=headers or {})
        try:
            with urllib.request.urlopen(request, timeout=180) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, error.read()

    def json(self, method, path, body=None, status=200):
        """A request to hearth's own REST."""
        code, _, answer = self.request(method, path, body)
        assert code == status, f"{method} {path}: {code} {answer!r}"
        return json.loads(answer)

    def runtimes(self):
        """Names of the runtimes that the server found, oldest first."""
        names = [runtime["name"] for runtime in self.json("GET", "/hearth/health")["runtimes"]]
        return sorted(names, key=lambda name: int(name.removeprefix("python3.")))

    def complaints(self, allowed=()):
        """WARN and ERROR lines that appeared since the last call and match nothing in `allowed`."""
        lines, self._lines_seen = self.lines[self._lines_seen:], len(self.lines)
        return [line for line in lines
                if _COMPLAINT.search(line) and not any(re.search(pattern, line) for pattern in allowed)]

    def terminate(self):
        """SIGTERM → exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self._ended()

    def kill(self):
        """SIGKILL: the server gets no chance to tidy up."""
        if self.process.poll() is None:
            self.process.kill()
        return self._ended()

    def _ended(self):
        try:
            code = self.process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"hearth did not stop within {STOP_TIMEOUT_S} s") from None
        for reader in self._readers:
            reader.join(STOP_TIMEOUT_S)
        return code
