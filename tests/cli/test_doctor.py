"""`hearth doctor`: what the host gives, and what to do about what is missing."""

import subprocess

from server import BINARY, free_environment


def test_it_tells_runtimes_and_isolation(hearth):
    done = subprocess.run([BINARY, "doctor"], env=free_environment(), capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    health = hearth.json("GET", "/hearth/health")
    for runtime in health["runtimes"]:
        assert any(line.split()[:2] == ["ok", runtime["name"]] and runtime["executable"] in line for line in lines), runtime
    for layer in health["isolation"]:
        mark = "ok" if layer["in_force"] else "--"
        assert any(line.strip().startswith(f"{mark}  {layer['name']} ") for line in lines), layer
    assert any("landlock" in line for line in lines)
    missing = [line for line in lines if line.strip().startswith("--  python")]
    assert all("--python" in line for line in missing)
