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
TOLERATED = 8  # of connections and sandboxes that are just closing
# A sandbox that was made ahead has two processes, six descriptors, and a control group for each controller.
OF_A_BLANK = 6
# What allocators may keep beside a leak; a sandbox that were never given up would be more.
TOLERATED_MIB = 16


def memory_mib(hearth):
    """What the server and each of its zygotes hold, by process."""
    pids = [hearth.pid, *(zygote["pid"] for zygote in hearth.json("GET", "/hearth/sandboxes")["zygotes"])]
    return {pid: int(re.search(r"RssAnon:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())[1]) >> 10 for pid in pids}


def blanks(hearth):
    """Sandboxes that wait for a function: as many as the demand asks for."""
    return sum(zygote["blanks"] for zygote in hearth.json("GET", "/hearth/sandboxes")["zygotes"])


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
        after, allowed = used(hearth), TOLERATED + OF_A_BLANK * blanks(hearth)
        return all(after[what] <= before[what] + allowed for what in before)
    eventually(settled, 30, f"usage near {before} after {COLD_STARTS} cold starts (now {used(hearth)})")
    after_mib = memory_mib(hearth)
    grown = {pid: (before_mib[pid], mib) for pid, mib in after_mib.items() if mib > before_mib.get(pid, mib) + TOLERATED_MIB}
    assert not grown, f"MiB before and after, by process: {grown}"
