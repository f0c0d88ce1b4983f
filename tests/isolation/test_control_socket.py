"""Taking hold of the control socket, over which the server orders the zygote to make sandboxes, or of any other descriptor of the
server's. A sandbox closes all but its own channel."""

ATTEMPT = """
def attempt(event):
    others = []
    for number in map(int, os.listdir("/proc/self/fd")):
        try:
            target = os.readlink(f"/proc/self/fd/{number}")
        except OSError:
            continue
        if target.startswith("socket:") and number != 1000:
            others.append(number)
    return others
"""
# Nothing is there to be read, and yet it is no end of file: the server holds the other end.
LISTEN = """
def attempt(numbers):
    heard = []
    for number in numbers:
        with socket.socket(fileno=os.dup(number)) as control:
            try:
                heard.append(len(control.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)))
            except BlockingIOError:
                heard.append("open")
    return heard
"""
DESCRIPTORS = """
def attempt(event):
    targets = []
    for number in os.listdir("/proc/self/fd"):
        try:
            targets.append(os.readlink(f"/proc/self/fd/{number}"))
        except OSError:
            pass
    return targets
"""


def test_no_other_socket_is_open(escape):
    assert escape().got(ATTEMPT) == []


def test_nothing_of_the_server_is_open(escape):
    stage = escape()
    kinds = sorted({target.partition(":")[0] for target in stage.got(DESCRIPTORS)})
    assert all(kind in ("/dev/null", "pipe", "socket") or kind.startswith("/proc/") for kind in kinds), kinds


def test_it_is_held_without_it(escape):
    stage = escape("closed-descriptors")
    numbers = stage.got(ATTEMPT)
    assert "open" in stage.got(LISTEN, numbers)
