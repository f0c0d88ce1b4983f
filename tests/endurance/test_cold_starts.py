"""Many cold starts in a row leave nothing: memory, processes, descriptors, control groups and mounts stay as they were.

HEARTH_TEST_COLD_STARTS sets how many (default 200; 5,000 by hand).
"""

import os
import re
from pathlib import Path

from function import invoke
from remains import used
from server import eventually

COLD_STARTS = int(os.environ.get("HEARTH_TEST_COLD_STARTS", "200"))
FIRST = 50  # until then caches fill
TOLERATED = 8  # file descriptors of connections that are just closing
# What allocators may keep beside a leak; a sandbox that were never given up would be more.
TOLERATED_MIB = 16


def memory_mib(hearth):
    """What the server's own process holds, its zygotes' memory added."""
    pids = [hearth.pid, *(zygote["pid"] for zygote in hearth.json("GET", "/hearth/sandboxes")["zygotes"])]
    return sum(int(re.search(r"RssAnon:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())[1]) for pid in pids) >> 10


def test_they_leave_nothing(start_hearth, function):
    # The least memory, so that the sandboxes that are made ahead are always the same few.
    hearth = start_hearth("--keep-alive-seconds", 1, "--memory-mib", 128)
    lam = hearth.client("lambda")
    name = function("import os\ndef lambda_handler(event, context): os._exit(event)\n", client=lam)

    def cold_starts(count):
        for _ in range(count):
            assert invoke(lam, name, 1).json["errorType"] == "Runtime.ExitError"
        eventually(lambda: hearth.json("GET", "/hearth/health")["pool"]["busy"] == 0, what="an idle pool")
        blanks = lambda: sum(zygote["blanks"] for zygote in hearth.json("GET", "/hearth/sandboxes")["zygotes"])
        eventually(lambda: blanks() == 2, what="the sandboxes that are made ahead")

    cold_starts(FIRST)
    before, before_mib = used(hearth), memory_mib(hearth)
    cold_starts(COLD_STARTS)

    def settled():
        after = used(hearth)
        return all(after[what] <= before[what] + TOLERATED for what in before)
    eventually(settled, 30, f"usage near {before} after {COLD_STARTS} cold starts (now {used(hearth)})")
    assert memory_mib(hearth) <= before_mib + TOLERATED_MIB
