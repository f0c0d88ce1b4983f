"""Writing the kernel's settings through /proc/sys. The files are root's alone, and the sandbox's user is not root.

The setting is the host's name. It is a stand-in: see `test_host_name.py`."""

ATTEMPT = """
def attempt(name):
    with open("/proc/sys/kernel/hostname", "w") as file:
        file.write(name)
    return socket.gethostname()
"""


def test_it_is_refused(escape):
    assert escape().refused(ATTEMPT, "escaped") in ("EACCES", "EROFS")


def test_it_is_written_without_it(escape):
    assert escape("uts-namespace", "user").got(ATTEMPT, "escaped") == "escaped"
