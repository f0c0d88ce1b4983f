"""A log group of a test's own, with events put into it."""

import time

import pytest
from server import eventually


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


@pytest.fixture
def query(logs, group):
    """`query("fields @message")` → the finished answer; its rows as `{column: value}` without `@ptr` under `rows`."""
    def call(text, *, groups=None, start=None, end=None, **options):
        now = int(time.time())
        where = {"logGroupNames": groups} if groups else {"logGroupName": group}
        started = logs.start_query(**where, queryString=text, startTime=start or now - 3600, endTime=end or now + 60, **options)
        answer = ended(logs, started["queryId"])
        assert answer["status"] == "Complete"
        rows = [{field["field"]: field["value"] for field in row} for row in answer["results"]]
        answer["rows"] = [{name: value for name, value in row.items() if name != "@ptr"} for row in rows]
        return answer
    return call


def ended(logs, query_id):
    def over():
        answer = logs.get_query_results(queryId=query_id)
        return answer if answer["status"] not in ("Scheduled", "Running") else None
    return eventually(over, 30, "the end of the query")
