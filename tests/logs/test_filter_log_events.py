"""https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html"""

import pytest
from function import refused

PLAIN = ["ERROR disk full", "WARN disk slow", "ERROR net down", "INFO all fine", "[ERROR] in brackets", "error in small letters"]
JSON = [
    '{"level": "ERROR", "code": 500, "user": {"name": "ada"}, "tags": ["a", "b"], "done": true}',
    '{"level": "INFO", "code": 200, "user": {"name": "bob"}, "done": false, "gone": null}',
    '{"level": "ERROR", "code": 404, "user": {"name": "bea"}}',
    "level ERROR but not JSON",
]


@pytest.mark.parametrize(("pattern", "expected"), [
    ("", [0, 1, 2, 3, 4, 5]),
    ("ERROR", [0, 2, 4]),
    ("ERROR disk", [0]),
    ('"ERROR net"', [2]),
    ('"[ERROR]"', [4]),
    ("?WARN ?INFO", [1, 3]),
    ("ERROR -disk", [2, 4]),
    ("ERROR -net -disk", [4]),
    ("%ERROR|WARN%", [0, 1, 2, 4]),
    ("nowhere", []),
])
def test_terms(logs, group, put, pattern, expected):
    put(*PLAIN)
    events = logs.filter_log_events(logGroupName=group, filterPattern=pattern)["events"]
    assert [event["message"] for event in events] == [PLAIN[index] for index in expected]


@pytest.mark.parametrize(("pattern", "expected"), [
    ('{ $.level = "ERROR" }', [0, 2]),
    ('{ $.level != "ERROR" }', [1]),
    ("{ $.code >= 404 }", [0, 2]),
    ("{ $.code = 200 }", [1]),
    ('{ $.user.name = "b*" }', [1, 2]),
    ('{ $.tags[1] = "b" }', [0]),
    ("{ $.done IS TRUE }", [0]),
    ("{ $.gone IS NULL }", [1]),
    ("{ $.tags NOT EXISTS }", [1, 2]),
    ('{ ($.level = "ERROR") && ($.code < 500) }', [2]),
    ('{ ($.code = 200) || ($.code = 500) }', [0, 1]),
])
def test_json_patterns(logs, group, put, pattern, expected):
    put(*JSON)
    events = logs.filter_log_events(logGroupName=group, filterPattern=pattern)["events"]
    assert [event["message"] for event in events] == [JSON[index] for index in expected]


def test_streams_are_interleaved_by_time_and_can_be_chosen(logs, group, put):
    start = put("a1", "a3", stream="a")
    put("b2", stream="b", start_ms=start + 1)
    every = [(event["logStreamName"], event["message"]) for event in logs.filter_log_events(logGroupName=group)["events"]]
    assert every[0] == ("a", "a1")
    assert sorted(every[1:]) == [("a", "a3"), ("b", "b2")]
    for choice in ({"logStreamNames": ["b"]}, {"logStreamNamePrefix": "b"}):
        events = logs.filter_log_events(logGroupName=group, **choice)["events"]
        assert [event["message"] for event in events] == ["b2"]


def test_pages_hold_every_event_once_with_its_own_id(logs, group, put):
    put(*(f"line {number}" for number in range(25)))
    pages = list(logs.get_paginator("filter_log_events").paginate(
        logGroupName=group, filterPattern="line", PaginationConfig={"PageSize": 10}))
    events = [event for page in pages for event in page["events"]]
    assert [event["message"] for event in events] == [f"line {number}" for number in range(25)]
    assert len({event["eventId"] for event in events}) == 25
    again = logs.filter_log_events(logGroupName=group, filterPattern="line")["events"]
    assert [event["eventId"] for event in again] == [event["eventId"] for event in events], "ids are stable"


def test_times_bound_the_events(logs, group, put):
    start = put(*"abcd")
    events = logs.filter_log_events(logGroupName=group, startTime=start + 1, endTime=start + 2)["events"]
    assert [event["message"] for event in events] == ["b", "c"]


def test_a_bad_pattern_is_refused(logs, group):
    with refused("InvalidParameterException", status=400):
        logs.filter_log_events(logGroupName=group, filterPattern="{ $.level = ")


def test_an_unknown_group_is_not_found(logs):
    with refused("ResourceNotFoundException", "The specified log group does not exist.", 400):
        logs.filter_log_events(logGroupName="nobody")
