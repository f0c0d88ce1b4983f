"""Many warm sandboxes at once: what each weighs, and that they do nothing while nobody calls.

HEARTH_TEST_SANDBOXES sets how many (default 50; 1,000 by hand). Kernel memory is counted: it is the control group's own figure.
"""

import os
import time
from concurrent.futures import ThreadPoolExecutor

from function import invoke
from remains import descendants, processor_seconds, sandbox_memory
from server import eventually

SANDBOXES = int(os.environ.get("HEARTH_TEST_SANDBOXES", "50"))
AT_ONCE = 10
MOST_MIB = 3
MOST_IDLE_SHARE = 0.01
IDLE_SECONDS = 3
# Imports what functions use, answers, and stays.
HANDLER = """\
import base64, collections, datetime, hashlib, json, logging, os, re, urllib.request, uuid
def lambda_handler(event, context):
    return json.dumps({"number": event, "id": str(uuid.uuid4())})
"""


def idle_seconds(pids):
    """Processor time that the processes use while nobody calls, for a fixed time."""
    before, begun = processor_seconds(pids), time.monotonic()
    eventually(lambda: time.monotonic() - begun >= IDLE_SECONDS, IDLE_SECONDS + 5, "the end of the look")
    return processor_seconds(pids) - before


def test_they_are_light_and_idle(start_hearth, function, capsys):
    hearth = start_hearth("--memory-mib", 128 * (SANDBOXES + AT_ONCE))
    lam = hearth.client("lambda", max_pool_connections=AT_ONCE)
    names = [function(HANDLER, suffix=f"-{number}", client=lam) for number in range(SANDBOXES)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda number: invoke(lam, names[number], number), range(SANDBOXES)))
    assert [answer.error for answer in answers] == [None] * SANDBOXES
    assert hearth.json("GET", "/hearth/health")["pool"]["idle"] == SANDBOXES

    sizes = sandbox_memory(hearth.data)
    assert len(sizes) >= SANDBOXES, "every sandbox has a group of its own"
    mean_mib = sum(sizes) / len(sizes) / (1 << 20)
    share = idle_seconds(descendants(hearth.pid)) / IDLE_SECONDS
    with capsys.disabled():
        print(f"\n{SANDBOXES} warm sandboxes: {mean_mib:.2f} MiB each (largest {max(sizes) / (1 << 20):.2f}), "
              f"{share * 100:.2f} % of a core while idle")
    assert mean_mib <= MOST_MIB
    assert share <= MOST_IDLE_SHARE
