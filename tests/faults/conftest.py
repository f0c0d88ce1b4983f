"""Fixtures of the faults: a function that shows where it is in its life, and the processes that serve it."""

import uuid
from pathlib import Path

import pytest
from function import invoke
from remains import descendants
from server import eventually

# Leaves a sign in its /tmp at the point of life that the sign is to show, and stays there.
STAYING = """\
import os, time
def stay(point):
    if os.environ.get("STAY") == point:
        open("/tmp/" + os.environ["SIGN"], "w").close()
        if point != "idle":
            time.sleep(60)
stay("import")
def lambda_handler(event, context):
    if event == "stay":
        stay("call")
    stay("idle")
    return event
"""


class Life:
    """A function whose sandbox stays at one point of its life, told by a sign in its /tmp."""

    def __init__(self, server, create, point):
        self.server, self.sign = server, f"sign-{uuid.uuid4().hex}"
        self.lam = server.client("lambda")
        variables = {"STAY": point, "SIGN": self.sign}
        self.name = create(STAYING, client=self.lam, Timeout=30, Environment={"Variables": variables})

    def invoke(self, event):
        return invoke(self.lam, self.name, event)

    def processes(self, gone=()):
        """The sandbox's processes once the sign is there, but for those that are gone: its first, and the function's."""
        def found():
            numbers = {}
            for pid in set(descendants(self.server.pid)) - set(gone):
                try:
                    if Path(f"/proc/{pid}/root/tmp/{self.sign}").exists():
                        status = Path(f"/proc/{pid}/status").read_text()
                        numbers[int(status.partition("NSpid:")[2].splitlines()[0].split()[-1])] = pid
                except OSError:
                    pass
            return {"first": numbers[1], "function": numbers[max(numbers)]} if 1 in numbers and len(numbers) > 1 else None
        return eventually(found, what="the sign in the sandbox's /tmp")


@pytest.fixture
def life(start_hearth, function):
    """`life("call")`: a server and a function that stays there."""
    return lambda point: Life(start_hearth(), function, point)
