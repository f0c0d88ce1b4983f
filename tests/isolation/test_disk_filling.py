"""Filling the disk. Only /tmp can be written, it is memory of the sandbox's own, and the size of /tmp limits it.

Several files, so that the limit of one file's size is not met."""

CONFIGURATION = {"MemorySize": 2048, "EphemeralStorage": {"Size": 512}, "Timeout": 60}
ATTEMPT = """
def attempt(mebibytes):
    block, files = bytes(1 << 20), [f"/tmp/filling-{number}" for number in range(mebibytes // 100)]
    try:
        for path in files:
            with open(path, "wb", buffering=0) as file:
                for _ in range(100):
                    if file.write(block) < len(block):
                        file.write(block)
        return mebibytes
    finally:
        for path in filter(os.path.exists, files):
            os.remove(path)
"""


def test_it_is_full_at_its_size(escape):
    assert escape().refused(ATTEMPT, 600, **CONFIGURATION) == "ENOSPC"
    assert escape().got(ATTEMPT, 400, **CONFIGURATION) == 400


def test_it_holds_more_without_it(escape):
    assert escape("tmp-limit").got(ATTEMPT, 600, **CONFIGURATION) == 600
