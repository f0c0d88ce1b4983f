"""Making one file larger than /tmp. The limit of a file's size stops it, even where a sparse file takes no room."""

ATTEMPT = """
def attempt(bytes_wanted):
    try:
        with open("/tmp/large", "wb") as file:
            file.truncate(bytes_wanted)
        return os.stat("/tmp/large").st_size
    finally:
        os.remove("/tmp/large")
"""
TEBIBYTE = 1 << 40


def test_it_is_too_large(escape):
    assert escape().refused(ATTEMPT, TEBIBYTE) == "EFBIG"
    assert escape().got(ATTEMPT, 400 << 20) == 400 << 20


def test_it_is_made_without_it(escape):
    assert escape("file-size-limit").got(ATTEMPT, TEBIBYTE) == TEBIBYTE
