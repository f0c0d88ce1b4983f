"""A function's recording setting: read, changed, held to its bounds, kept over a restart, gone with its function."""

import json

import pytest
from function import ECHO


def put(hearth, name, setting, status=200):
    return hearth.json("PUT", f"/hearth/functions/{name}/recording", json.dumps(setting).encode(), status)


def get(hearth, name, status=200):
    return hearth.json("GET", f"/hearth/functions/{name}/recording", status=status)


def test_nothing_is_kept_by_default(hearth, function):
    setting = get(hearth, function(ECHO))
    assert setting["keepEvents"] is False
    assert {"password", "secret", "token", "authorization"} <= set(setting["redactKeys"])


def test_what_is_put_is_answered(hearth, function):
    name = function(ECHO)
    wanted = {"keepEvents": True, "redactKeys": ["pin", "Card Number"]}
    assert put(hearth, name, wanted) == wanted
    assert get(hearth, name) == wanted
    assert put(hearth, name, {"keepEvents": False}) == wanted | {"keepEvents": False}, "what is not given stays"


@pytest.mark.parametrize("body", [
    b"", b"[]", b"nonsense", b'{"keepEvents": "yes"}', b'{"keepEvents": 1}', b'{"redactKeys": "password"}', b'{"redactKeys": [1]}',
    b'{"keepEvents": true, "more": 1}', b'{"redactKeys": [""]}',
    json.dumps({"redactKeys": ["k" * 129]}).encode(), json.dumps({"redactKeys": [f"k{n}" for n in range(101)]}).encode(),
], ids=lambda body: body[:30].decode())
def test_a_wrong_setting_is_refused(hearth, function, body):
    name = function(ECHO)
    before = get(hearth, name)
    status, headers, answer = hearth.request("PUT", f"/hearth/functions/{name}/recording", body)
    assert (status, headers["x-amzn-errortype"]) == (400, "ValidationException")
    assert "validation error" in json.loads(answer)["message"]
    assert get(hearth, name) == before


def test_the_bounds_themselves_are_fine(hearth, function):
    keys = [f"{n:03}" + "é" * 125 for n in range(100)]
    assert put(hearth, function(ECHO), {"keepEvents": True, "redactKeys": keys})["redactKeys"] == keys


def test_no_function_has_no_setting(hearth, name):
    get(hearth, name, status=404)
    put(hearth, name, {"keepEvents": True, "redactKeys": []}, status=404)
    hearth.json("DELETE", f"/hearth/functions/{name}/recording", status=405)


def test_the_setting_lives_as_long_as_its_function(start_hearth, function):
    hearth = start_hearth()
    lam = hearth.client("lambda")
    name = function(ECHO, client=lam)
    wanted = put(hearth, name, {"keepEvents": True, "redactKeys": ["pin"]})
    hearth.kill()
    hearth = start_hearth()
    lam = hearth.client("lambda")
    assert get(hearth, name) == wanted
    lam.delete_function(FunctionName=name)
    get(hearth, name, status=404)
    function(ECHO, client=lam)
    assert get(hearth, name)["keepEvents"] is False
