"""What a function must not see, change or exceed."""

import pytest
from function import TRY, invoke

@pytest.fixture
def run(lam, function, runtime):
    """Evaluates an expression inside a sandbox."""
    name = function(TRY, Runtime=runtime, EphemeralStorage={"Size": 512}, MemorySize=1024)
    return lambda expression: invoke(lam, name, expression).json


@pytest.mark.parametrize("path", ["/var/task/new", "/etc/new", "/usr/new", "/new", "/var/runtime/new", "/proc/sys/kernel/hostname"])
def test_only_tmp_is_writable(run, path):
    assert run(f"open({path!r}, 'w')").split(":")[0] in ("OSError", "PermissionError", "FileNotFoundError")
    assert run("open('/tmp/new', 'w').write('x')") == "1"


def test_tmp_has_its_limit(run):
    assert "No space left" in run("[open('/tmp/big', 'ab').write(bytes(1 << 20)) for _ in range(600)]")
    assert run("os.remove('/tmp/big')") == "None"
    assert run("len([open('/tmp/fits', 'ab').write(bytes(1 << 20)) for _ in range(400)])") == "400"


def test_tmp_is_its_own(lam, function):
    one, other = function(TRY, suffix="-1"), function(TRY, suffix="-2")
    assert invoke(lam, one, "open('/tmp/secret', 'w').write('x')").json == "1"
    assert invoke(lam, other, "os.listdir('/tmp')").json == "[]"


def test_no_process_of_the_host_is_visible(run, hearth):
    pids = [int(pid) for pid in eval(run("[entry for entry in os.listdir('/proc') if entry.isdigit()]"))]
    assert len(pids) <= 4, pids
    assert str(hearth.data) not in run("[open('/proc/%s/cmdline' % p).read() for p in os.listdir('/proc') if p.isdigit()]")
    assert run(f"os.kill({hearth.pid}, 0)").startswith(("ProcessLookupError", "PermissionError"))


def test_the_servers_files_are_not_visible(run, hearth):
    assert run(f"os.listdir({str(hearth.data)!r})").startswith(("FileNotFoundError", "PermissionError"))
    assert run("open('/etc/shadow').read()").startswith(("FileNotFoundError", "PermissionError"))


def test_the_servers_environment_does_not_leak(start_hearth, function, newest):
    hearth = start_hearth(environment={"SECRET_OF_THE_HOST": "do not tell", "AWS_SECRET_ACCESS_KEY": "of the host"})
    lam = hearth.client("lambda")
    name = function(TRY, client=lam)
    seen = invoke(lam, name, "dict(os.environ)").json
    assert "do not tell" not in seen
    assert "of the host" not in seen
    assert "HEARTH_" not in seen
    assert "do not tell" not in invoke(lam, name, "open('/proc/1/environ').read()").json


def test_it_is_not_root_and_gains_nothing(run):
    assert run("open('/proc/self/status').read().split('CapEff:')[1].split()[0]").strip("'") == "0" * 16
    assert "NoNewPrivs:\\t1" in run("open('/proc/self/status').read()")
    assert run("os.setuid(0)").startswith(("PermissionError", "OSError")) or run("os.getuid()") != "0"


def test_it_cannot_mount_or_trace(run):
    mount = "__import__('ctypes').CDLL(None, use_errno=True).mount(b'none', b'/tmp', b'tmpfs', 0, None)"
    assert run(mount) == "-1"
    assert run("__import__('ctypes').CDLL(None, use_errno=True).ptrace(16, 1, 0, 0)") == "-1"


def test_descriptors_of_the_server_are_not_inherited(run, hearth):
    targets = eval(run("[os.readlink('/proc/self/fd/' + fd) for fd in os.listdir('/proc/self/fd') if os.path.exists('/proc/self/fd/' + fd)]"))
    assert not [target for target in targets if str(hearth.data) in target or "sqlite" in target]


def test_a_fork_bomb_ends_with_its_invocation(lam, function):
    name = function("""\
        import os, time
        def lambda_handler(event, context):
            if not event:
                return "fine"
            while True:
                try:
                    os.fork()
                except OSError:
                    time.sleep(0.1)
    """, Timeout=2)
    assert invoke(lam, name, True).error == "Unhandled"
    assert invoke(lam, name, False).json == "fine"
