"""Saved test events of a function."""

import json

import pytest


def events_of(server, function):
    return server.json("GET", f"/hearth/functions/{function}/test-events")["events"]


def put(server, function, event, text, status=200):
    return server.json("PUT", f"/hearth/functions/{function}/test-events/{event}", text.encode(), status=status)


def test_events_are_saved_as_they_were_written(hearth, function):
    name = function()
    assert events_of(hearth, name) == []
    text = '{\n  "größe": 1.0,\n  "größe": [1e400]\n}'
    saved = put(hearth, name, "second", text)
    assert (saved["name"], saved["event"]) == ("second", text)
    put(hearth, name, "First.event_1-x", "null")
    events = events_of(hearth, name)
    assert [event["name"] for event in events] == ["First.event_1-x", "second"]
    assert events[1] == saved
    changed = put(hearth, name, "second", "{}")
    assert changed["modifiedAt"] >= saved["modifiedAt"]
    assert events_of(hearth, name)[1] == changed
    assert hearth.json("DELETE", f"/hearth/functions/{name}/test-events/second") == {}
    assert [event["name"] for event in events_of(hearth, name)] == ["First.event_1-x"]


@pytest.mark.parametrize("event", ["a%20b", "a%2Fb", "%C3%A4", "x" * 65, "..", "a;b"])
def test_a_name_that_cannot_be_is_refused(hearth, function, event):
    refused = put(hearth, function(), event, "{}", status=400)
    assert "letters, digits" in refused["message"]


@pytest.mark.parametrize("text", ["", "{", "hello", "{} {}"])
def test_what_is_no_json_is_refused(hearth, function, text):
    name = function()
    refused = put(hearth, name, "event", text, status=400)
    assert "Could not parse request body into json" in refused["message"]
    assert events_of(hearth, name) == []


def test_an_event_has_a_largest_size(hearth, function):
    name = function()
    whole = json.dumps("x" * (262_144 - 2))
    assert put(hearth, name, "large", whole)["event"] == whole
    assert "262145 byte test event is too large" in put(hearth, name, "large", whole + " ", status=413)["message"]


def test_a_function_has_at_most_a_hundred(hearth, function):
    name = function()
    for number in range(100):
        put(hearth, name, f"event-{number}", str(number))
    assert "at most 100" in put(hearth, name, "another", "1", status=400)["message"]
    put(hearth, name, "event-7", "8")
    hearth.json("DELETE", f"/hearth/functions/{name}/test-events/event-9")
    put(hearth, name, "another", "1")
    assert len(events_of(hearth, name)) == 100


def test_what_is_not_there_is_not_found(hearth, function, name):
    arn = f"arn:aws:lambda:us-east-1:000000000000:function:{name}"
    for method, path in [("GET", ""), ("PUT", "/e"), ("DELETE", "/e")]:
        missing = hearth.json(method, f"/hearth/functions/{name}/test-events{path}", b"{}" if method == "PUT" else None, status=404)
        assert missing["Message"] == f"Function not found: {arn}"
    function()
    missing = hearth.json("DELETE", f"/hearth/functions/{name}/test-events/e", status=404)
    assert missing["Message"] == "Test event not found: e"
    status, headers, _ = hearth.request("POST", f"/hearth/functions/{name}/test-events/e", b"{}")
    assert (status, headers["Allow"]) == (405, "PUT, DELETE")


def test_they_go_with_their_function(hearth, lam, function):
    name = function()
    put(hearth, name, "event", "{}")
    lam.delete_function(FunctionName=name)
    function()
    assert events_of(hearth, name) == []


def test_they_are_there_after_a_kill(start_hearth, function):
    server = start_hearth()
    name = function(client=server.client("lambda"))
    put(server, name, "event", '{"kept": true}')
    server.kill()
    again = start_hearth()
    assert [event["event"] for event in events_of(again, name)] == ['{"kept": true}']
