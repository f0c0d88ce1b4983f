"""hearth itself: as one more peer, and as a server for the scenarios that only it has."""

import tempfile
from contextlib import contextmanager
from urllib.parse import urlsplit

from function import HANDLER, zip_of
from server import Hearth, eventually
from speed.client import Connection
from speed.peers import SERVED, Peer

HELLO = (SERVED / "lambda_function.py").read_text()


def imports_code(folder):
    """The files of a function with the packages of `folder`, their own tests left out: it must fit into Lambda's 250 MiB."""
    files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*")
             if path.is_file() and not {"tests", "__pycache__", "bin"} & set(path.relative_to(folder).parts)}
    return files | {"lambda_function.py": (SERVED / "imports_pandas.py").read_bytes()}


def invoke_path(name):
    return f"/2015-03-31/functions/{name}/invocations"


class Subject:
    """A running hearth, its functions, and how it is asked."""

    def __init__(self, hearth, runtime):
        self.hearth = hearth
        self.runtime = runtime
        self.pid = hearth.pid
        endpoint = urlsplit(hearth.endpoint)
        self.address = (endpoint.hostname, endpoint.port)
        self.path = invoke_path("hello")

    def deploy(self, name, code=HELLO):
        """Creates a function from a handler's text, or from `{path: text or bytes}`; returns when it is Active."""
        self.hearth.json("PUT", f"/hearth/functions/{name}?runtime={self.runtime}&handler={HANDLER}", zip_of(code))

    def wait_until_parked(self):
        """Waits until nothing runs and a blank sandbox is parked."""
        eventually(self._is_parked, what="a parked blank")

    def _is_parked(self):
        told = self.hearth.json("GET", "/hearth/sandboxes")
        blanks = [zygote["blanks"] for zygote in told["zygotes"] if zygote["runtime"] == self.runtime]
        return told["pool"]["busy"] == 0 and sum(blanks) > 0

    def retire_all(self):
        """Ends every sandbox: the next call of any function is a cold start."""
        for sandbox in self.hearth.json("GET", "/hearth/sandboxes")["sandboxes"]:
            self.hearth.json("POST", f"/hearth/sandboxes/{sandbox['id']}/retire")

    def ask(self):
        """One request on a connection of its own; how long it took, ms."""
        with Connection(self.address) as connection:
            return connection.ask(self.path).took_ms


@contextmanager
def running(runtime, *options):
    """A hearth of its own with an empty data folder."""
    with tempfile.TemporaryDirectory(prefix="speed-") as folder:
        hearth = Hearth(folder, *options)
        try:
            yield Subject(hearth, runtime)
        finally:
            hearth.terminate()


class HearthPeer(Peer):
    """hearth, a new function, a parked blank."""

    name = "hearth"

    def started(self):
        return running(self.interpreter.name)

    def first_ms(self, server):
        server.deploy("hello")
        server.wait_until_parked()
        return server.ask()

    def memory_mib(self, server):
        """Mean memory of the warm sandboxes as their control groups count it, the kernel's included."""
        warm = [sandbox["memoryBytes"] for sandbox in server.hearth.json("GET", "/hearth/sandboxes")["sandboxes"]]
        return sum(warm) / len(warm) / 2**20
