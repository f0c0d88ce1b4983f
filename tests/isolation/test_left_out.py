"""Restrictions are left out by name, by option or by variable; the server says so at its start and in its health page."""

import subprocess

import pytest
from escape import EXPECTED_WARNINGS
from server import BINARY, free_environment


@pytest.mark.server_warns(*EXPECTED_WARNINGS)
@pytest.mark.parametrize("how", [
    {"options": ["--without", "landlock,user"]},
    {"options": [], "environment": {"HEARTH_WITHOUT": "landlock,user"}},
], ids=["option", "variable"])
def test_it_is_said(start_hearth, how):
    server = start_hearth(*how["options"], environment=how.get("environment"))
    missing = {layer["name"] for layer in server.json("GET", "/hearth/health")["isolation"] if not layer["in_force"]}
    assert {"landlock", "user"} <= missing
    assert [line for line in server.lines if "WARN" in line and "landlock" in line and "user" in line]


def test_an_unknown_name_is_refused(tmp_path):
    command = [BINARY, "--data", tmp_path, "--without", "gravity"]
    done = subprocess.run(command, env=free_environment(), capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "gravity" in done.stderr and "landlock" in done.stderr


def test_required_isolation_allows_nothing_to_be_left_out(tmp_path):
    command = [BINARY, "--listen", "127.0.0.1:0", "--data", tmp_path, "--isolation", "required", "--without", "landlock"]
    done = subprocess.run(command, env=free_environment(), capture_output=True, text=True, timeout=60)
    assert done.returncode != 0
    assert "landlock" in done.stderr
