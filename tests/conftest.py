"""Fixtures: one server for the whole session, more for tests that stop or configure theirs, and functions that clean up."""

import re
import uuid

import pytest
from botocore.exceptions import BotoCoreError
from function import ECHO, HANDLER, ROLE, wait_active, zip_of
from server import BINARY, Hearth


@pytest.fixture(scope="session")
def hearth(tmp_path_factory):
    """The server that most tests share."""
    assert BINARY.exists(), f"{BINARY} is missing: run `cargo build --release`, or tests/run"
    server = Hearth(tmp_path_factory.mktemp("hearth"))
    yield server
    assert server.terminate() == 0, "hearth must drain and exit 0 on SIGTERM"


@pytest.fixture(autouse=True)
def quiet_server(request):
    """Fails a test in which the shared server logged a WARN or ERROR line that the test does not list."""
    yield
    if "hearth" in request.fixturenames:
        complaints = request.getfixturevalue("hearth").complaints(_allowed(request))
        assert not complaints, "the server complained:\n" + "\n".join(complaints)


def _allowed(request):
    return [pattern for mark in request.node.iter_markers("server_warns") for pattern in mark.args]


@pytest.fixture
def start_hearth(request, tmp_path):
    """Starts further servers: `start_hearth("--account-concurrency", 2)`; the data folder is kept between starts."""
    started = []

    def start(*options, data=None, **how):
        server = Hearth(data or tmp_path / "data", *options, **how)
        started.append(server)
        return server

    yield start
    for server in started:
        server.terminate()
    complaints = [line for server in started for line in server.complaints(_allowed(request))]
    assert not complaints, "a server complained:\n" + "\n".join(complaints)


@pytest.fixture(scope="session")
def lam(hearth):
    return hearth.client("lambda")


@pytest.fixture(scope="session")
def lam_unvalidated(hearth):
    """A client that sends what botocore itself would refuse."""
    return hearth.client("lambda", validate=False)


@pytest.fixture(scope="session")
def logs(hearth):
    return hearth.client("logs")


@pytest.fixture(scope="session")
def cloudwatch(hearth):
    return hearth.client("cloudwatch")


@pytest.fixture(scope="session")
def newest(hearth):
    """The newest runtime that the host has."""
    return hearth.runtimes()[-1]


@pytest.fixture(params=["oldest", "newest"])
def runtime(hearth, request):
    """Two Python versions, one after the other."""
    found = hearth.runtimes()
    assert len(found) >= 2, (
        f"these tests need two Python versions, hearth found {found}: add one with `apt-get install python3`, pyenv or uv, "
        "or name an interpreter with HEARTH_PYTHON")
    return found[0] if request.param == "oldest" else found[-1]


@pytest.fixture
def name(request):
    """A function name that no other test uses."""
    stem = re.sub(r"[^a-zA-Z0-9]+", "-", request.node.name)[:40].strip("-")
    return f"{stem}-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def function(lam, name, newest):
    """Creates functions and waits until they are Active; deletes them after the test."""
    made = []

    def create(code=ECHO, suffix="", client=lam, **configuration):
        configuration = {"Runtime": newest, "Handler": HANDLER, "Role": ROLE, "Timeout": 10} | configuration
        client.create_function(FunctionName=name + suffix, Code={"ZipFile": zip_of(code)}, **configuration)
        made.append((client, name + suffix))
        wait_active(client, name + suffix)
        return name + suffix

    yield create
    for client, created in made:
        try:
            client.delete_function(FunctionName=created)
        except (client.exceptions.ResourceNotFoundException, BotoCoreError):
            pass  # the test deleted it, or stopped its server
