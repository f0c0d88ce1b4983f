"""The disk of the data folder is full. What needs it is refused with the reason, nothing is acknowledged that is not stored, functions go on
to run; when there is room again, everything works without a restart.

The disk is a small file system in memory, mounted where the server alone sees it."""

import re
from pathlib import Path

import pytest
from function import ECHO, HANDLER, ROLE, invoke, refused, wait_active, zip_of
from server import BINARY, eventually

DISK_MIB = 64
MOUNT_AND_START = f'mount -t tmpfs -o size={DISK_MIB}m,mode=755 hearth-test-disk "$0" && exec "$@"'
NO_ROOM = re.compile("(?i)no space left|disk is full|disk full|database or disk is full")
pytestmark = pytest.mark.server_warns("(?i)no space left|disk.* full|events dropped|not stored")


class Disk:
    """The server's disk, reached through its process."""

    def __init__(self, server):
        self.filling = Path(f"/proc/{server.pid}/root{server.data}/filling")

    def fill(self):
        block = bytes(4096)
        with self.filling.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(block)
            except OSError as error:
                assert NO_ROOM.search(str(error)), error

    def free(self):
        self.filling.unlink()


@pytest.fixture
def server(start_hearth, tmp_path):
    (tmp_path / "disk").mkdir()
    command = ["unshare", "--mount", "sh", "-c", MOUNT_AND_START, tmp_path / "disk", BINARY]
    return start_hearth(data=tmp_path / "disk", command=command)


@pytest.fixture
def disk(server):
    return Disk(server)


def create(lam, name, runtime):
    lam.create_function(FunctionName=name, Runtime=runtime, Role=ROLE, Handler=HANDLER, Code={"ZipFile": zip_of(ECHO)})


def test_changes_are_refused_and_calls_go_on(server, disk, function, name, newest):
    lam = server.client("lambda")
    kept = function(ECHO, client=lam)
    assert invoke(lam, kept, 1).json == 1
    disk.fill()
    with refused("ServiceException", NO_ROOM, 500):
        create(lam, name + "-new", newest)
    with refused("ServiceException", NO_ROOM, 500):
        lam.update_function_code(FunctionName=kept, ZipFile=zip_of("def lambda_handler(event, context): return 'new'"))
    with refused("ServiceException", NO_ROOM, 500):
        lam.invoke(FunctionName=kept, InvocationType="Event", Payload=b"1")
    assert invoke(lam, kept, 2).json == 2, "what is stored goes on to run"
    assert [entry["FunctionName"] for entry in lam.list_functions()["Functions"]] == [kept]
    disk.free()
    create(lam, name + "-new", newest)
    wait_active(lam, name + "-new")
    assert invoke(lam, name + "-new", 3).json == 3
    assert lam.invoke(FunctionName=kept, InvocationType="Event", Payload=b"1")["StatusCode"] == 202


def test_a_cold_start_needs_no_disk(server, disk, function):
    lam = server.client("lambda")
    name = function(ECHO, client=lam)
    disk.fill()
    assert invoke(lam, name, 1).json == 1
    disk.free()


def test_logs_are_written_again_when_there_is_room(server, disk, function):
    lam, logs = server.client("lambda"), server.client("logs")
    name = function("def lambda_handler(event, context): print('word', event)", client=lam)
    disk.fill()
    assert invoke(lam, name, "during").error is None
    disk.free()
    assert invoke(lam, name, "after").error is None

    def written():
        groups = logs.describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{name}")["logGroups"]
        return groups and logs.filter_log_events(logGroupName=f"/aws/lambda/{name}", filterPattern='"word after"')["events"]
    eventually(written, what="the line in the log")
