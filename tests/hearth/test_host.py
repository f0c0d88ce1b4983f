"""What the host gives, as the server tells it and as `hearth doctor` prints it."""

import os
import re
import subprocess
import time

from server import BINARY, free_environment

OPTIONS = ["--memory-mib", "512", "--keep-alive-seconds", "77", "--account-concurrency", "9", "--async-retry-delay-ms", "1234",
           "--drain-seconds", "3"]


def test_the_facts_are_the_running_servers(start_hearth):
    before = time.time() * 1000
    server = start_hearth(*OPTIONS)
    host = server.json("GET", "/hearth/host")
    health = server.json("GET", "/hearth/health")
    assert host["version"] == health["version"]
    assert before - 1000 <= host["startedAt"] <= time.time() * 1000
    assert host["kernel"] == os.uname().release
    assert host["memoryMib"] >= 128 and host["cpus"] >= 1
    assert host["dataFolder"] == str(server.data)
    assert 0 < host["storage"]["freeBytes"] <= host["storage"]["totalBytes"]
    assert host["limits"] == {
        "sandboxMemoryMib": 512, "keepAliveSeconds": 77, "capacityWaitSeconds": 10, "concurrentStarts": host["cpus"] * 4,
        "accountConcurrency": 9, "asyncRetryDelayMs": 1234, "drainSeconds": 3,
    }
    found = [{key: runtime[key] for key in ("name", "version", "executable")} for runtime in host["runtimes"] if runtime["found"]]
    assert found == health["runtimes"]
    assert [runtime["name"] for runtime in host["runtimes"]] == [f"python3.{minor}" for minor in range(9, 15)]
    for runtime in host["runtimes"]:
        assert (runtime["howToAdd"] is None) == runtime["found"]
        assert runtime["found"] or "--python" in runtime["howToAdd"] and runtime["version"] is None
    assert [(layer["name"], layer["inForce"], layer["detail"]) for layer in host["isolation"]] == [
        (layer["name"], layer["in_force"], layer["detail"]) for layer in health["isolation"]]
    later = server.json("GET", "/hearth/host")
    assert later["startedAt"] == host["startedAt"]


def test_doctor_prints_the_same(start_hearth):
    server = start_hearth(*OPTIONS)
    host = server.json("GET", "/hearth/host")
    done = subprocess.run([BINARY, "doctor", "--data", server.data, *OPTIONS], env=free_environment(), capture_output=True, text=True,
                          timeout=60)
    assert done.returncode == 0, done.stderr
    printed = [re.sub(r"\s+", " ", line).strip() for line in done.stdout.splitlines()]
    assert printed[0] == f"hearth {host['version']}"
    assert printed[1] == (f"kernel {host['kernel']} on {host['architecture']}, {host['cpus']} processors, "
                          f"{host['memoryMib']} MiB of memory")
    assert printed[2].startswith(f"data in {host['dataFolder']}, ")
    for runtime in host["runtimes"]:
        mark, detail = ("ok", f"{runtime['version']} at {runtime['executable']}") if runtime["found"] else (
            "--", f"not found: {runtime['howToAdd']}")
        assert f"{mark} {runtime['name']} {detail}" in printed
    for layer in host["isolation"]:
        assert f"{'ok' if layer['inForce'] else '--'} {layer['name']} {layer['detail']}" in printed
    limits = host["limits"]
    for line in [f"sandboxes' memory {limits['sandboxMemoryMib']} MiB", f"keep-alive {limits['keepAliveSeconds']} s",
                 f"wait for memory {limits['capacityWaitSeconds']} s", f"starts at once {limits['concurrentStarts']}",
                 f"account concurrency {limits['accountConcurrency']}", f"first retry after {limits['asyncRetryDelayMs']} ms",
                 f"drain {limits['drainSeconds']} s"]:
        assert line in printed
