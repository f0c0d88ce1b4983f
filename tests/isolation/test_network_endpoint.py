"""hearth's own endpoint is the one service of the host that a function reaches: by the address in its environment, and with no network not
even that. The host's own address of the same port stays closed: see `test_loopback_services.py`."""

ATTEMPT = """
import urllib.error, urllib.request
def attempt(endpoint):
    try:
        with urllib.request.urlopen(endpoint + "/2015-03-31/functions", timeout=2) as answer:
            return answer.status
    except urllib.error.URLError as error:
        raise error.reason
"""
ENDPOINT = "def attempt(event): return os.environ['AWS_ENDPOINT_URL_LAMBDA']"
QUIET = {"MemorySize": 257}


def test_it_answers(escape_in_world):
    stage = escape_in_world()
    assert stage.got(ATTEMPT, stage.got(ENDPOINT)) == 200


def test_it_is_not_reached_without_a_network(escape_in_world):
    stage = escape_in_world()
    stage.network("none", ATTEMPT, **QUIET)
    assert stage.refused(ATTEMPT, stage.got(ENDPOINT), **QUIET) in ("ECONNREFUSED", "ENETUNREACH", "TimeoutError")
