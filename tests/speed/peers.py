"""The peers that are servers for Python or nothing but a server: how each starts, and what its user would miss.

A peer is started anew for every round. It is up once it answers the event; the emulators of Lambda are in `emulators`, hearth
itself is in `subject`.
"""

import os
import re
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from server import REPOSITORY, eventually, free_environment
from speed.client import ANSWER, Connection, Failed
from speed.install import installed
from speed.processes import proportional_mib, stop, tree

SERVED = Path(__file__).with_name("served")
START_LIMIT_S = 60
RETRY_S = 0.001


class Peer:
    """One server: made once, started for a round by `with peer.started() as server`."""

    name = ""
    lacks = ""          # what a user of Lambda would miss
    path = "/"
    instances = None    # processes that run the handler; None: as many as it has children, 0: none stays
    answer = ANSWER
    takes_many = True   # False: it fails with two requests at once
    packages = ()

    def __init__(self, interpreter):
        self.interpreter = interpreter
        self.folders = {}

    def install(self):
        """Makes its packages present, or raises Unavailable."""
        self.folders = {name: installed(name, self.interpreter) for name in self.packages}

    def command(self, port):
        """What serves on `port` of 127.0.0.1."""
        raise NotImplementedError

    def environment(self, port):
        """Settings beside those of this process."""
        return {}

    def address(self, server, port):
        """Where it listens."""
        return ("127.0.0.1", port)

    def started(self):
        return Server(self)

    def first_ms(self, server):
        """The first request ever, of a server that listens."""
        server.wait_for_port()
        return server.ask()

    def memory_mib(self, server):
        """Memory of one warm instance: of what runs the handler and keeps it, so of all processes but the server."""
        children = tree(server.pid)[1:]
        instances = len(children) if self.instances is None else self.instances
        return proportional_mib(children) / instances if instances else None


class Server:
    """A running peer."""

    def __init__(self, peer):
        self.peer = peer
        self.path = peer.path

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="speed-")
        self.folder = Path(self._folder.name)
        port = free_port()
        python_path = os.pathsep.join(map(str, [SERVED, *self.peer.folders.values()]))
        self.since = time.perf_counter()
        self._log = (self.folder / "log").open("wb+")
        self.process = subprocess.Popen(
            list(map(str, self.peer.command(port))), stdout=self._log, stderr=self._log, stdin=subprocess.DEVNULL, start_new_session=True,
            cwd=self.folder, env=free_environment() | {"PYTHONPATH": python_path, "HOME": str(self.folder)} | self.peer.environment(port))
        self.pid = self.process.pid
        self.address = self.peer.address(self, port)
        return self

    def __exit__(self, *_):
        stop(self.process)
        self._log.close()
        self._folder.cleanup()

    def _retry(self, attempt):
        while time.perf_counter() - self.since < START_LIMIT_S and self.process.poll() is None:
            try:
                return attempt()
            except OSError:
                time.sleep(RETRY_S)
        said = self.printed().strip().splitlines() or ["it says nothing"]
        raise Failed(f"it did not start: {next((line for line in reversed(said) if 'Error' in line), said[-1])}")

    def printed(self):
        """What it printed so far."""
        return (self.folder / "log").read_text(errors="replace")

    def wait_for_port(self):
        self._retry(lambda: socket.create_connection(self.address).close())

    def ask_until_up(self):
        """Asks until there is an answer; how long after the start it came, ms."""
        self._retry(self.ask)
        return (time.perf_counter() - self.since) * 1000

    def ask(self):
        """One request on a connection of its own; how long it took, ms."""
        with Connection(self.address) as connection:
            return connection.ask(self.path, expected=self.peer.answer).took_ms


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class Hyper(Peer):
    """The floor: a bare hyper server that answers with the request's own body."""

    name = "hyper, an echo"
    lacks = "everything: the floor"
    instances = 0
    answer = {"key1": "value1"}

    def command(self, port):
        return [REPOSITORY / "target" / "release" / "examples" / "echo"]

    def address(self, server, port):
        endpoint = eventually(lambda: re.search(r"Endpoint: http://(\S+):(\d+)\n", server.printed()), START_LIMIT_S, "its endpoint")
        return endpoint[1], int(endpoint[2])

    def first_ms(self, server):
        server.ask_until_up()
        return None


class PythonServer(Peer):
    """A server that its user starts for one application: the first request waits for that start."""

    lacks = "the Lambda API, isolation, scaling, logs, metrics"

    def __init__(self, interpreter, workers):
        super().__init__(interpreter)
        self.instances = workers
        self.name = f"{self.packages[0]}, {workers} {'process' if workers == 1 else 'processes'}"

    def first_ms(self, server):
        return server.ask_until_up()


class Granian(PythonServer):
    packages = ("granian",)

    def command(self, port):
        return [self.interpreter, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", port, "--workers", self.instances,
                "--log-level", "warning", "wsgi:application"]


class Uvicorn(PythonServer):
    packages = ("uvicorn",)

    def command(self, port):
        return [self.interpreter, "-m", "uvicorn", "--host", "127.0.0.1", "--port", port, "--workers", self.instances, "--log-level", "warning",
                "--no-access-log", "asgi:application"]


class FunctionsFramework(PythonServer):
    """Google's; it has one worker with threads."""

    packages = ("functions-framework",)

    def command(self, port):
        return [self.interpreter, "-m", "functions_framework", "--source", SERVED / "framework.py", "--target", "hello", "--host", "127.0.0.1",
                "--port", port]


class ProcessPerRequest(Peer):
    name = "a process per request"
    lacks = "the Lambda API, confinement, anything warm"
    instances = 0

    def command(self, port):
        return [self.interpreter, SERVED / "process_per_request.py", port]
