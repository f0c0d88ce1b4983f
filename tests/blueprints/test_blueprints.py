"""Every blueprint is deployed through the API, and every one of its events does what the blueprint says."""

import json
from urllib.parse import urlencode

import pytest
from function import invoke, zip_of
from server import REPOSITORY

FOLDER = REPOSITORY / "blueprints"
BLUEPRINTS = sorted(path.parent.name for path in FOLDER.glob("*/blueprint.toml"))


@pytest.fixture(scope="module", params=BLUEPRINTS)
def deployed(request, hearth, lam):
    """(blueprint id, function name)"""
    blueprint = hearth.json("GET", f"/hearth/blueprints/{request.param}")
    name = f"blueprint-{request.param}"
    query = urlencode({"handler": blueprint["handler"], "requirements": str(blueprint["requirements"]).lower()})
    assert hearth.json("PUT", f"/hearth/functions/{name}?{query}", zip_of(blueprint["files"]))["State"] == "Active"
    lam.update_function_configuration(FunctionName=name, Timeout=30, MemorySize=256)
    lam.get_waiter("function_updated_v2").wait(FunctionName=name)
    yield request.param, name
    lam.delete_function(FunctionName=name)


def test_every_event_does_what_is_expected(lam, deployed):
    blueprint, name = deployed
    events = sorted((FOLDER / blueprint / "events").glob("*.json"))
    assert events
    for path in events:
        answer = invoke(lam, name, json.loads(path.read_text()))
        expected = path.parent.parent / "expected" / path.name
        if expected.exists():
            assert (answer.error, answer.json) == (None, json.loads(expected.read_text())), path
        else:
            failure = json.loads(expected.with_suffix(".error.json").read_text())
            assert answer.error == "Unhandled", path
            assert {key: answer.json[key] for key in failure} == failure, path


def test_hello_world_prints_its_values(hearth, lam, name):
    hearth.json("PUT", f"/hearth/functions/{name}?blueprint=hello-world-python")
    event = hearth.json("GET", "/hearth/blueprints/hello-world-python")["events"]["hello-world"]
    answer = invoke(lam, name, event, tail=True)
    assert answer.json == "value1"
    assert "Loading function\n" in answer.log
    assert "value1 = value1\nvalue2 = value2\nvalue3 = value3\n" in answer.log
    lam.delete_function(FunctionName=name)
