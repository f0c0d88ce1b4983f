"""`hearth` and `hearth up`: what it prints, and settings that cannot be, refused before a port opens."""

import re
import subprocess

import pytest
from server import BINARY, free_environment


def run(*arguments, environment=None):
    """Runs hearth where it must end by itself → (exit code, standard error)."""
    done = subprocess.run([BINARY, *map(str, arguments)], env=free_environment() | (environment or {}),
                          capture_output=True, text=True, timeout=60)
    return done.returncode, done.stderr


def test_it_says_what_it_found_and_a_line_that_works(start_hearth):
    hearth = start_hearth()
    printed = "\n".join(hearth.printed)
    for runtime in hearth.runtimes():
        assert f"{runtime} (" in printed
    in_force = [layer["name"] for layer in hearth.json("GET", "/hearth/health")["isolation"] if layer["in_force"]]
    assert in_force and all(name in printed for name in in_force)
    line = re.search(r"^Try:\s+(curl .*)$", printed, flags=re.M)[1]
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", line], capture_output=True, text=True, timeout=120, env=free_environment())
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith('"value1"')


@pytest.mark.parametrize(("arguments", "parts"), [
    (["--listen", "7440"], ["--listen", "7440", "such as 127.0.0.1:7440"]),
    (["--listen", "0.0.0.0:0"], ["--listen", "0.0.0.0:0", "--insecure"]),
    (["--account-concurrency", "0"], ["--account-concurrency", "0", "from 1 to"]),
    (["--drain-seconds", "soon"], ["--drain-seconds", "soon"]),
    (["--python", "/nowhere"], ["--python", "/nowhere", "must be a Python executable"]),
    (["--isolation", "some"], ["--isolation", "some", "required", "best-effort"]),
], ids=str)
def test_a_setting_that_cannot_be_is_named_with_what_is_right(tmp_path, arguments, parts):
    code, complaint = run("--data", tmp_path / "data", *arguments)
    assert code == 2
    assert all(part in complaint for part in parts), complaint
    assert not (tmp_path / "data").exists(), "nothing is opened before the settings are right"


def test_the_environment_and_a_file_say_the_same(tmp_path, start_hearth):
    assert run("--data", tmp_path, environment={"HEARTH_ACCOUNT_CONCURRENCY": "-1"})[0] == 2
    file = tmp_path / "hearth.toml"
    file.write_text("account-concurency = 5\n")
    code, complaint = run("--data", tmp_path, "--config", file)
    assert code == 2 and "account-concurency" in complaint and str(file) in complaint
    file.write_text("account-concurrency = 5\n")
    lam = start_hearth("--config", file).client("lambda")
    assert lam.get_account_settings()["AccountLimit"]["ConcurrentExecutions"] == 5
    lam = start_hearth("--config", file, data=tmp_path / "other", environment={"HEARTH_ACCOUNT_CONCURRENCY": "6"}).client("lambda")
    assert lam.get_account_settings()["AccountLimit"]["ConcurrentExecutions"] == 6


def test_a_data_folder_serves_one_hearth(start_hearth):
    hearth = start_hearth()
    code, complaint = run("--listen", "127.0.0.1:0", "--data", hearth.data)
    assert code == 1
    assert str(hearth.data) in complaint and "--data" in complaint


def test_a_port_in_use_is_named(start_hearth, tmp_path):
    address = start_hearth().endpoint.removeprefix("http://")
    code, complaint = run("--listen", address, "--data", tmp_path / "second")
    assert code == 1
    assert address in complaint and "--listen" in complaint
