"""A log group of a test's own, with events put into it."""

import time

import pytest


@pytest.fixture
def group(logs, name):
    logs.create_log_group(logGroupName=name)
    yield name
    try:
        logs.delete_log_group(logGroupName=name)
    except logs.exceptions.ResourceNotFoundException:
        pass


@pytest.fixture
def put(logs, group):
    """`put("one", "two", stream="s")`: puts messages a millisecond apart; returns the first's time in ms."""
    made = set()

    def call(*messages, stream="stream", start_ms=None):
        if stream not in made:
            logs.create_log_stream(logGroupName=group, logStreamName=stream)
            made.add(stream)
        start_ms = start_ms or int(time.time() * 1000) - 60_000
        events = [{"timestamp": start_ms + number, "message": message} for number, message in enumerate(messages)]
        answer = logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=events)
        assert "rejectedLogEventsInfo" not in answer
        return start_ms
    return call
