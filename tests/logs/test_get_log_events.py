"""https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html"""

from function import refused


def messages(answer):
    return [event["message"] for event in answer["events"]]


def test_forward_tokens_walk_to_the_end_and_stay_there(logs, group, put):
    put(*"abcde")
    where = {"logGroupName": group, "logStreamName": "stream", "limit": 2, "startFromHead": True}
    page, seen = logs.get_log_events(**where), []
    for _ in range(4):
        seen.append(messages(page))
        token = page["nextForwardToken"]
        page = logs.get_log_events(**where, nextToken=token)
    assert seen == [["a", "b"], ["c", "d"], ["e"], []]
    assert page["nextForwardToken"] == token, "at the end the same token comes back"
    put("f", start_ms=page and logs.get_log_events(**where)["events"][0]["timestamp"] + 100)
    assert messages(logs.get_log_events(**where, nextToken=token)) == ["f"], "and sees what is written later"


def test_backward_tokens_walk_to_the_start(logs, group, put):
    put(*"abcde")
    where = {"logGroupName": group, "logStreamName": "stream", "limit": 2}
    page = logs.get_log_events(**where)
    assert messages(page) == ["d", "e"], "without startFromHead the latest come first"
    page = logs.get_log_events(**where, nextToken=page["nextBackwardToken"])
    assert messages(page) == ["b", "c"]
    page = logs.get_log_events(**where, nextToken=page["nextBackwardToken"])
    assert messages(page) == ["a"]


def test_times_bound_the_events(logs, group, put):
    start = put(*"abcde")
    answer = logs.get_log_events(logGroupName=group, logStreamName="stream", startTime=start + 1, endTime=start + 3)
    assert messages(answer) == ["b", "c"], "startTime is inclusive, endTime is not"


def test_an_unknown_stream_is_not_found(logs, group):
    with refused("ResourceNotFoundException", "The specified log stream does not exist.", 400):
        logs.get_log_events(logGroupName=group, logStreamName="nobody")


def test_a_foreign_token_is_refused(logs, group, put):
    put("a")
    with refused("InvalidParameterException", "The specified nextToken is invalid.", 400):
        logs.get_log_events(logGroupName=group, logStreamName="stream", nextToken="nonsense")
