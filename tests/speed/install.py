"""Installs the peers into `.peers`, each in a folder of its own, so that one that cannot be had takes no other with it.

Folders on the PYTHONPATH, no virtual environments: every peer runs on the interpreter that hearth uses, and what a virtual
environment adds to an interpreter's start (20 ms, with `.pth` files) is in no figure. A folder is made anew when its pins or the
interpreter change.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).with_name(".peers")
PYTHON = {
    "granian": ["granian==2.8.9"],
    "uvicorn": ["uvicorn[standard]==0.54.0"],
    "functions-framework": ["functions-framework==3.10.2"],
    "awslambdaric": ["awslambdaric==4.2.2"],
    # Only for the Runtime Interface Emulator's binary, which lies in it.
    "aws-sam-cli": ["--no-deps", "aws-sam-cli==1.167.0"],
    "ministack": ["ministack==1.5.33"],
    "numpy-pandas": ["numpy==2.2.6", "pandas==2.2.3"],
}
NODE = {"serverless-offline": ["serverless@3.40.0", "serverless-offline@13.10.1"]}
LIMIT_S = 600


class Unavailable(Exception):
    """A peer cannot be had here: why, in one line."""


def installed(name, interpreter):
    """The folder that holds the package `name` and what it needs."""
    pins = PYTHON.get(name) or NODE[name]
    folder, made_from = FOLDER / name, json.dumps([str(interpreter), *pins])
    mark = folder / "made-from"
    if mark.exists() and mark.read_text() == made_from:
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    print(f"installing {name} …", file=sys.stderr, flush=True)
    if name in PYTHON:
        # pip of this process's environment, run by the peers' interpreter, which may have none.
        _run([sys.executable, "-m", "pip", "--python", interpreter, "install", "--quiet", "--disable-pip-version-check", "--target", folder, *pins])
    else:
        _run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", folder, *pins])
    mark.write_text(made_from)
    return folder


def _run(command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S)
    except FileNotFoundError:
        raise Unavailable(f"{command[0]} is missing") from None
    except subprocess.TimeoutExpired:
        raise Unavailable(f"{command[0]} took more than {LIMIT_S} s") from None
    if done.returncode:
        lines = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        raise Unavailable(lines[-1].strip() if lines else f"exit code {done.returncode}")
