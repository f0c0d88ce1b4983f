"""Reading the host's files through a symbolic link that the function makes. It leads to the sandbox's own root, whatever it names: the
mount namespace stops it. Links in a package that lead out of it are refused when it is uploaded: see `test_zip_tricks.py`."""

import pytest

ATTEMPT = """
import uuid
def attempt(target):
    link = "/tmp/link-" + uuid.uuid4().hex
    os.symlink(target, link)
    with open(link) as file:
        return file.read()
"""


@pytest.mark.parametrize("way", ["", "/proc/self/root", "/proc/self/cwd/../.."])
def test_a_link_leads_to_the_sandboxs_own_root(escape, secret, way):
    assert escape().refused(ATTEMPT, way + secret) == "ENOENT"


def test_it_leads_to_the_hosts_file_without_it(escape, secret, token):
    assert escape("mount-namespace").got(ATTEMPT, secret) == token
