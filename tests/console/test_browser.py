"""The console in a real browser: runs each of this folder's Playwright files, and the console's own unit tests and type check."""

import os
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
CONSOLE = HERE.parents[1] / "console-ui"
LONGEST_S = 900


def run(folder, *command):
    environment = os.environ | {"NO_COLOR": "1", "CI": "1", "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD": "1"}
    ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=LONGEST_S)
    print(ended.stdout)
    assert ended.returncode == 0, f"{' '.join(command)}\n{ended.stdout}\n{ended.stderr}"


@pytest.fixture(scope="module", autouse=True)
def packages():
    """The packages of the lock files; the console's are there since it was built."""
    run(HERE, "npm", "ci", "--no-audit", "--no-fund")


@pytest.mark.parametrize("folder", [CONSOLE, HERE], ids=["console-ui", "tests"])
def test_types_are_sound(folder):
    run(folder, "npx", "--no-install", "tsc", "--noEmit")


def test_units():
    run(CONSOLE, "npm", "test")


@pytest.mark.parametrize("spec", sorted(path.name for path in HERE.glob("*.spec.ts")))
def test_in_the_browser(spec):
    run(HERE, "npx", "--no-install", "playwright", "test", spec)
