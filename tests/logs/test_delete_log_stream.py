"""https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteLogStream.html"""

from function import refused


def test_the_stream_and_its_events_go(logs, group, put):
    put("one", stream="a")
    put("two", stream="b")
    logs.delete_log_stream(logGroupName=group, logStreamName="a")
    assert [event["message"] for event in logs.filter_log_events(logGroupName=group)["events"]] == ["two"]
    with refused("ResourceNotFoundException", "The specified log stream does not exist.", 400):
        logs.delete_log_stream(logGroupName=group, logStreamName="a")
