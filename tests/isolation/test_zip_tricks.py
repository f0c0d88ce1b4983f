"""Packages that would have the server write outside of their folder. They are refused when they are uploaded, or their files land inside
nonetheless; no option leaves that out. That the attempts are real is shown by an unpacker that believes what a package says: with it
each one writes outside. More bad packages: `tests/lambda/test_code_package.py`."""

import io
import os
import stat
import zipfile

import pytest
from botocore.exceptions import ClientError
from function import HANDLER, ROLE

LINK = stat.S_IFLNK | 0o777
HANDLER_FILE = ("lambda_function.py", "def lambda_handler(event, context): return 1\n", None)
# Entries of (path, content, link?), in the order of unpacking; the last is to land beside the folder that it is unpacked into.
PACKAGES = {
    "path": [("../planted", "x", None)],
    "path that begins well": [("folder/../../planted", "x", None)],
    "through a link": [("link", "..", LINK), ("link/planted", "x", None)],
    "through two links": [("one", ".", LINK), ("two", "one/..", LINK), ("two/planted", "x", None)],
    "over a link": [("planted", "../planted", LINK), ("planted", "x", None)],
}


def package(entries):
    """A zip of these entries."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, content, kind in [HANDLER_FILE, *entries]:
            entry = zipfile.ZipInfo(path)
            entry.create_system, entry.external_attr = 3, (kind or stat.S_IFREG | 0o644) << 16
            archive.writestr(entry, content)
    return buffer.getvalue()


def unpack_in_good_faith(data, folder):
    """As a careless unpacker does."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            path = os.path.join(folder, entry.filename)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            if stat.S_ISLNK(entry.external_attr >> 16):
                os.symlink(archive.read(entry), path)
            else:
                with open(path, "wb") as file:
                    file.write(archive.read(entry))


def planted(folder):
    """The files called `planted` below a folder that are none of the one package's."""
    return [path for path in folder.rglob("planted") if path.is_file() and not (path.parent / "lambda_function.py").exists()]


@pytest.mark.parametrize("trick", PACKAGES)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_nothing_is_written_outside(start_hearth, name, trick):
    server = start_hearth()
    lam = server.client("lambda")
    try:
        lam.create_function(FunctionName=name, Runtime=server.runtimes()[-1], Role=ROLE, Handler=HANDLER,
                            Code={"ZipFile": package(PACKAGES[trick])})
    except ClientError as refusal:
        assert refusal.response["Error"]["Code"] == "InvalidParameterValueException"
    assert planted(server.data.parent) == []


@pytest.mark.parametrize("trick", PACKAGES)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_careless_unpacker_writes_outside(tmp_path, trick):
    folder = tmp_path / "package"
    folder.mkdir()
    unpack_in_good_faith(package(PACKAGES[trick]), folder)
    assert planted(tmp_path) == [tmp_path / "planted"]
