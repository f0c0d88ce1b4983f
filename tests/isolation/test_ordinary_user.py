"""Without root, sandboxes are made in user namespaces, and hearth says what is missing."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from function import HANDLER, ROLE, TRY, invoke, wait_active, zip_of
from server import BINARY

NOBODY = 65534


@pytest.fixture
def folder():
    """A folder of nobody's, with a copy of the binary: the repository may be root's alone."""
    path = Path(tempfile.mkdtemp(prefix="hearth-nobody-"))
    shutil.copy(BINARY, path / "hearth")
    (path / "data").mkdir()
    for entry in (path, path / "data"):
        os.chown(entry, NOBODY, NOBODY)
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.mark.server_warns("less isolation than hearth can give")
def test_an_ordinary_user_runs_confined_functions(start_hearth, folder, name):
    drop = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    hearth = start_hearth(data=folder / "data", command=[*drop, folder / "hearth"], environment={"HOME": str(folder)})
    layers = {layer["name"]: layer for layer in hearth.json("GET", "/hearth/health")["isolation"]}
    assert layers["mount-namespace"]["in_force"] and layers["pid-namespace"]["in_force"]
    if not layers["memory-limit"]["in_force"]:
        assert "delegate" in layers["memory-limit"]["detail"]

    lam = hearth.client("lambda")
    runtimes = hearth.runtimes()
    assert runtimes, "nobody needs a Python outside of root's home: `apt-get install python3`"
    lam.create_function(FunctionName=name, Runtime=runtimes[-1], Role=ROLE, Handler=HANDLER, Code={"ZipFile": zip_of(TRY)})
    wait_active(lam, name)
    run = lambda expression: invoke(lam, name, expression).json
    assert run("6 * 7") == "42"
    assert run(f"os.listdir({str(folder)!r})").startswith(("FileNotFoundError", "PermissionError"))
    assert run("open('/etc/new', 'w')").startswith(("OSError", "PermissionError"))
    assert run("open('/proc/self/status').read().split('CapEff:')[1].split()[0]").strip("'") == "0" * 16
    assert len(eval(run("[entry for entry in os.listdir('/proc') if entry.isdigit()]"))) <= 4
