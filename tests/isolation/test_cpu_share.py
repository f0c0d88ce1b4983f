"""Taking the processor from others. A function's share goes by its memory as on Lambda: 1,769 MB are one core. Two functions burn the same
processor for the same time; the larger gets more of it, and as much as the other without the limit."""

import os
import time
from concurrent.futures import ThreadPoolExecutor

SMALL, LARGE = {"MemorySize": 128}, {"MemorySize": 1769}
SECONDS = 2
ATTEMPT = """
import time
def attempt(event):
    processor, until = event
    os.sched_setaffinity(0, [processor])
    while time.time() < until - 2:
        pass
    begun = time.process_time()
    while time.time() < until:
        pass
    return time.process_time() - begun
"""


def shares(stage):
    """Processor seconds of the small and of the large function, which ran at the same time."""
    processor = max(os.sched_getaffinity(0))
    for size in (SMALL, LARGE):
        stage.got(ATTEMPT, [processor, 0], **size)
    until = time.time() + SECONDS + 1
    with ThreadPoolExecutor(2) as pool:
        calls = [pool.submit(stage.got, ATTEMPT, [processor, until], **size) for size in (SMALL, LARGE)]
        return [call.result(60) for call in calls]


def test_the_larger_function_gets_more(escape):
    small, large = shares(escape())
    assert large > 3 * small, (small, large)


def test_both_get_the_same_without_it(escape):
    small, large = shares(escape("cpu-share"))
    assert large < 2 * small, (small, large)
