"""Zips that must not get in, and that leave nothing behind: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""

import io
import stat
import struct
import zipfile

import pytest
from function import HANDLER, ROLE, refused, zip_of

UNZIP_FAILED = "Could not unzip uploaded file. Please check your file, then try to upload again."
TOO_LARGE_UNZIPPED = "Unzipped size must be smaller than 262144000 bytes"


def with_symlink(target):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        link = zipfile.ZipInfo("link")
        link.create_system = 3
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, target)
        archive.writestr("lambda_function.py", "def lambda_handler(event, context): pass\n")
    return buffer.getvalue()


def zeros(size):
    """A zip whose one file unpacks to `size` zero bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        with archive.open("zeros", "w", force_zip64=True) as file:
            block = bytes(1 << 20)
            for start in range(0, size, len(block)):
                file.write(block[:size - start])
    return buffer.getvalue()


def lying_about_its_size():
    """A bomb whose headers declare 10 bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("zeros", bytes(300 << 20))
    data = bytearray(buffer.getvalue())
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", data, data.index(signature) + offset, 10)
    return bytes(data)


def stored_files(folder):
    """Every file that the server keeps, but for its database."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*")
                  if path.is_file() and ".sqlite" not in path.name and ".db" not in path.name)


@pytest.mark.parametrize(("package", "message"), [
    pytest.param(lambda: b"this is not a zip", UNZIP_FAILED, id="not-a-zip"),
    pytest.param(lambda: zip_of("x = 1")[:-10], UNZIP_FAILED, id="truncated"),
    pytest.param(lambda: zip_of({"/etc/absolute": "x"}), UNZIP_FAILED, id="absolute-path"),
    pytest.param(lambda: zip_of({"../outside": "x"}), UNZIP_FAILED, id="parent-path"),
    pytest.param(lambda: zip_of({"a/../../outside": "x"}), UNZIP_FAILED, id="hidden-parent-path"),
    pytest.param(lambda: with_symlink("/etc/passwd"), UNZIP_FAILED, id="symlink-absolute"),
    pytest.param(lambda: with_symlink("../../outside"), UNZIP_FAILED, id="symlink-out"),
    pytest.param(lambda: zeros(262144001), TOO_LARGE_UNZIPPED, id="bomb"),
    pytest.param(lying_about_its_size, None, id="bomb-that-lies"),
])
def test_a_bad_package_is_refused_and_leaves_nothing(start_hearth, package, message):
    hearth = start_hearth()
    lam = hearth.client("lambda")
    before = stored_files(hearth.data)
    with refused("InvalidParameterValueException", message, 400):
        lam.create_function(FunctionName="bad", Runtime="python3.11", Role=ROLE, Handler=HANDLER, Code={"ZipFile": package()})
    assert lam.list_functions()["Functions"] == []
    assert stored_files(hearth.data) == before
    assert not (hearth.data.parent / "outside").exists()


def test_a_zip_over_50_mb_is_refused(lam, name):
    large = zip_of({"lambda_function.py": ""}) + bytes(52428800)
    with refused("RequestEntityTooLargeException", "Zipped size must be smaller than 52428800 bytes", 413):
        lam.create_function(FunctionName=name, Runtime="python3.11", Role=ROLE, Handler=HANDLER, Code={"ZipFile": large})


def test_a_symlink_inside_the_package_works(lam, name, newest):
    lam.create_function(FunctionName=name, Runtime=newest, Role=ROLE, Handler=HANDLER,
                        Code={"ZipFile": with_symlink("lambda_function.py")})
    lam.delete_function(FunctionName=name)
