"""The README's walks run as printed, but for the endpoint's port."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from server import REPOSITORY, free_environment

PRINTED_ENDPOINT = "http://127.0.0.1:7440"


def blocks():
    """The ```sh blocks below headings that begin with "First function"."""
    found, inside = [], False
    text = (REPOSITORY / "README.md").read_text() if (REPOSITORY / "README.md").exists() else ""
    for part in re.split(r"^(?=#+ )", text, flags=re.M):
        heading = part.partition("\n")[0]
        inside = "First function" in heading
        if inside:
            found.append(pytest.param("\n".join(re.findall(r"^```sh\n(.*?)^```", part, flags=re.M | re.S)), id=heading.strip("# ")))
    return found


def test_the_readme_has_walks():
    assert len(blocks()) >= 2, "README.md needs a First function walk for curl and one for the aws cli"


@pytest.mark.parametrize("script", blocks())
def test_a_walk_runs(hearth, script, tmp_path):
    assert script.strip()
    environment = free_environment() | {
        "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin", "HOME": str(tmp_path), "AWS_PAGER": ""}
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", script.replace(PRINTED_ENDPOINT, hearth.endpoint)],
                          env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert '"FunctionError"' not in done.stdout
    assert "errorType" not in done.stdout
