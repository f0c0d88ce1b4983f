"""Reading the host's files. The mount namespace stops it: they are not in the sandbox's root, under any name."""

import pytest

ATTEMPT = """
def attempt(path):
    with open(path) as file:
        return file.read()
"""


def test_the_file_is_not_there(escape, secret):
    assert escape().refused(ATTEMPT, secret) == "ENOENT"


def test_no_way_leads_above_the_root(escape, secret):
    assert escape().refused(ATTEMPT, "/tmp/" + "../" * 40 + secret[1:]) == "ENOENT"


@pytest.mark.parametrize("path", ["/etc/shadow", "/root/.bashrc", "/home", "/boot", "/sys/kernel", "/var/lib", "/var/log", "/run"])
def test_a_place_that_hosts_have_is_closed(escape, path):
    assert escape().refused(ATTEMPT, path) in ("ENOENT", "EACCES")


def test_the_servers_files_are_not_there(escape):
    stage = escape()
    assert stage.refused("def attempt(path): return os.listdir(path)", str(stage.server.data)) == "ENOENT"


def test_it_is_read_without_it(escape, secret, token):
    assert escape("mount-namespace").got(ATTEMPT, secret) == token
