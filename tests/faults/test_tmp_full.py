"""/tmp is full. The function is told so; its sandbox goes on to answer and to log, and is well again when a file is removed."""

from function import invoke

FILLING = """\
import glob, itertools, os, tempfile
def lambda_handler(event, context):
    print("asked to", event)
    if event == "fill":
        for number in itertools.count():
            with open(f"/tmp/filling-{number}", "wb", buffering=0) as file:
                for _ in range(100):
                    file.write(bytes(1 << 20))
    if event == "free":
        for path in glob.glob("/tmp/filling-*"):
            os.remove(path)
    with tempfile.TemporaryFile() as file:
        file.write(b"x" * 8192)
        file.flush()
    return os.getpid()
"""


def test_the_function_is_told_and_recovers(lam, function):
    name = function(FILLING, MemorySize=1024, EphemeralStorage={"Size": 512}, Timeout=30)
    first = invoke(lam, name, "work").json
    for event in ("fill", "work"):
        answer = invoke(lam, name, event, tail=True)
        assert (answer.error, answer.json["errorType"]) == ("Unhandled", "OSError")
        assert answer.json["errorMessage"].startswith("[Errno 28] No space left on device")
        assert f"asked to {event}" in answer.log
    assert invoke(lam, name, "free").json == first, "the same sandbox"
    assert invoke(lam, name, "work").json == first
