"""The Rust SDK, which speaks CloudWatch's rpc-v2-cbor: builds and runs tests/clients/rust."""

import os
import subprocess
from pathlib import Path

from function import ECHO
from server import REPOSITORY


def test_the_walk(hearth, function):
    project = Path(__file__).with_name("rust")
    target = REPOSITORY / "target" / "clients"
    subprocess.run(["cargo", "build", "--release", "--quiet", "--locked", "--manifest-path", project / "Cargo.toml"],
                   env=os.environ | {"CARGO_TARGET_DIR": str(target)}, check=True, timeout=1800)
    done = subprocess.run([target / "release" / "rust-sdk-client", hearth.endpoint, function(ECHO)],
                          capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "ok"
