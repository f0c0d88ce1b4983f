"""https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html"""

import re
import time

from function import refused

DAY_MS = 86_400_000


def test_events_come_back(logs, group, put):
    start = put("one", "zwei ☃")
    events = logs.get_log_events(logGroupName=group, logStreamName="stream", startFromHead=True)["events"]
    assert [(event["timestamp"], event["message"]) for event in events] == [(start, "one"), (start + 1, "zwei ☃")]
    assert all(event["ingestionTime"] >= start for event in events)


def test_events_too_old_or_too_new_are_rejected(logs, group):
    logs.create_log_stream(logGroupName=group, logStreamName="s")
    now = int(time.time() * 1000)
    answer = logs.put_log_events(logGroupName=group, logStreamName="s", logEvents=[
        {"timestamp": now - 15 * DAY_MS, "message": "too old"}, {"timestamp": now, "message": "fine"},
        {"timestamp": now + DAY_MS, "message": "too new"}])
    assert answer["rejectedLogEventsInfo"] == {"tooOldLogEventEndIndex": 1, "tooNewLogEventStartIndex": 2}
    assert [event["message"] for event in logs.filter_log_events(logGroupName=group)["events"]] == ["fine"]


def test_a_batch_must_be_in_order(logs, group):
    logs.create_log_stream(logGroupName=group, logStreamName="s")
    now = int(time.time() * 1000)
    with refused("InvalidParameterException", re.compile("chronological order"), 400):
        logs.put_log_events(logGroupName=group, logStreamName="s",
                            logEvents=[{"timestamp": now, "message": "b"}, {"timestamp": now - 1, "message": "a"}])


def test_an_unknown_stream_is_not_found(logs, group):
    with refused("ResourceNotFoundException", "The specified log stream does not exist.", 400):
        logs.put_log_events(logGroupName=group, logStreamName="nobody", logEvents=[{"timestamp": 1, "message": "x"}])
