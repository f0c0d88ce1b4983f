"""boto3 1.26, the last with the query protocol for CloudWatch, in a virtual environment of its own (made by tests/run)."""

import subprocess
from pathlib import Path

from function import ECHO, zip_of
from server import REPOSITORY, free_environment


def test_the_walk(hearth, newest, name, tmp_path):
    package = tmp_path / "function.zip"
    package.write_bytes(zip_of(ECHO))
    python = REPOSITORY / ".venv-old" / "bin" / "python"
    assert python.exists(), f"{python} is missing: tests/run makes it"
    done = subprocess.run([python, Path(__file__).with_name("boto3_1_26.py"), hearth.endpoint, newest, name, package],
                          env=free_environment(), capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "boto3 1.26.165 ok"
