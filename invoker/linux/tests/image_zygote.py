"""A zygote in Python, one process that imports modules and is imaged, and others that become it.

usage: python3 -I -S image_zygote.py LIBRARY [MODULE ...]      LIBRARY is examples/image_ffi as a shared object

Folders in IMAGE_TEST_PATH are searched for modules as well, so that numpy and pandas can be tried:
    IMAGE_TEST_PATH=.../site-packages OPENBLAS_NUM_THREADS=1 python3 -I -S image_zygote.py LIBRARY numpy pandas
Prints a line of figures for each process.
"""

import ctypes
import gc
import importlib
import json
import os
import resource
import sys
import threading
import time

CHECKS = {
    "json": lambda module: module.loads("[1]") == [1],
    "decimal": lambda module: str(module.Decimal("0.1") * 3) == "0.3",
    "hashlib": lambda module: module.sha256(b"").hexdigest().startswith("e3b0c442"),
    "ssl": lambda module: module.create_default_context() is not None,
    "sqlite3": lambda module: module.connect(":memory:").execute("select 6 * 7").fetchone() == (42,),
    "numpy": lambda module: int(module.arange(10).reshape(2, 5).sum()) == 45,
    "pandas": lambda module: int(module.DataFrame({"a": [1, 2]}).sum()["a"]) == 3,
}

library = ctypes.PyDLL(sys.argv[1])
modules = sys.argv[2:]
sys.path += filter(None, os.environ.get("IMAGE_TEST_PATH", "").split(":"))
# What whoever runs the test left open.
os.closerange(3, 1024)
image = os.memfd_create("image")


def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt


def call():
    """What a function's handler would do, with its time and page faults."""
    began, before = time.monotonic(), faults()
    assert all(CHECKS[name](importlib.import_module(name)) for name in modules if name in CHECKS)
    return {"call_ms": round((time.monotonic() - began) * 1000, 2), "call_faults": faults() - before}


def initialise():
    began = time.monotonic()
    loaded = [importlib.import_module(name) for name in modules]
    figures = {"init_ms": round((time.monotonic() - began) * 1000, 2)}
    own = os.getpid()
    known = set(sys.modules)
    # A collection afterwards would write to the head of every object, and so to nearly every page.
    gc.collect()
    gc.freeze()
    side = library.image_checkpoint(image)
    assert side in (0, 1), "no image"
    assert (side == 1) == (own != os.getpid())
    if side == 1:
        figures = {"restored_at": time.monotonic()}
    assert [sys.modules[module.__name__] for module in loaded] == loaded
    figures |= call()
    if side == 1:
        imported = set(sys.modules) - known
        assert not imported & set(modules), imported
    figures["again"] = call()
    os.write(1, json.dumps(figures).encode() + b"\n")
    if side == 1:
        assert library.image_working_set(1) >= 0
    # It is a whole process: it can have threads and children.
    thread = threading.Thread(target=gc.collect)
    thread.start()
    thread.join()
    child = os.fork()
    if child == 0:
        os._exit(0)
    assert os.waitpid(child, 0) == (child, 0)


def restored(working_set):
    hint = -1
    if working_set:
        hint = os.memfd_create("working set")
        os.write(hint, working_set)
    library.image_restore(image, hint)
    raise AssertionError("not restored")


def start(body, *arguments):
    """Forks a process whose standard output is a pipe."""
    reader, writer = os.pipe()
    child = os.fork()
    if child:
        os.close(writer)
        return child, reader
    code = 1
    try:
        os.dup2(writer, 1)
        os.closerange(image + 1, 1024)
        body(*arguments)
        code = 0
    except BaseException as error:
        os.write(2, f"{body.__name__}: {error!r}\n".encode())
    os._exit(code)


def finish(process):
    """Its figures and its working set."""
    child, reader = process
    with os.fdopen(reader, "rb") as output:
        figures, _, working_set = output.read().partition(b"\n")
    assert os.waitpid(child, 0) == (child, 0), "it failed"
    return json.loads(figures), working_set


def restore_and_tell(working_set):
    began = time.monotonic()
    figures, found = finish(start(restored, working_set))
    figures["start_ms"] = round((figures.pop("restored_at") - began) * 1000, 2)
    print(figures, "with a working set" if working_set else "")
    return found


gc.freeze()
print(finish(start(initialise))[0])
print("image_bytes", os.fstat(image).st_size)
working_set = restore_and_tell(b"")
print("working_set_bytes", len(working_set))
for _ in range(3):
    restore_and_tell(working_set)
# At once, with a hint that is none among them.
for process in [start(restored, hint) for hint in (b"", working_set, os.urandom(1000), working_set)]:
    finish(process)
