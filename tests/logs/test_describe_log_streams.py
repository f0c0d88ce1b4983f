"""https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogStreams.html"""

import re

from function import invoke, refused
from server import eventually


def test_order_by_name_and_by_last_event(logs, group, put):
    start = put("old", stream="b")
    put("new", stream="a", start_ms=start + 1000)
    put("middle", stream="c", start_ms=start + 500)
    by_name = logs.describe_log_streams(logGroupName=group)["logStreams"]
    assert [stream["logStreamName"] for stream in by_name] == ["a", "b", "c"]
    assert by_name[1]["firstEventTimestamp"] == by_name[1]["lastEventTimestamp"] == start
    by_time = logs.describe_log_streams(logGroupName=group, orderBy="LastEventTime", descending=True)["logStreams"]
    assert [stream["logStreamName"] for stream in by_time] == ["a", "c", "b"]
    assert [s["logStreamName"] for s in logs.describe_log_streams(logGroupName=group, logStreamNamePrefix="b")["logStreams"]] == ["b"]


def test_a_sandboxs_stream_is_named_as_on_lambda(lam, logs, function):
    name = function()
    invoke(lam, name)

    def streams():
        try:
            return logs.describe_log_streams(logGroupName=f"/aws/lambda/{name}")["logStreams"]
        except logs.exceptions.ResourceNotFoundException:
            return None
    (stream,) = eventually(streams, what="the sandbox's stream")
    assert re.fullmatch(r"\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}", stream["logStreamName"])


def test_an_unknown_group_is_not_found(logs):
    with refused("ResourceNotFoundException", "The specified log group does not exist.", 400):
        logs.describe_log_streams(logGroupName="nobody")
