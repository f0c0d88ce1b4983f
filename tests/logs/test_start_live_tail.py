"""https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartLiveTail.html"""

import json
import re
import socket
import time
import urllib.request
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from botocore.eventstream import EventStreamBuffer
from botocore.exceptions import EventStreamError
from function import invoke, refused
from server import eventually
from strict import check

ARN = "arn:aws:logs:us-east-1:000000000000:log-group:"


@pytest.fixture
def tailing(hearth):
    # SDKs put `stream-` before the host, which names no host where that is an address.
    return hearth.client("logs", inject_host_prefix=False)


@contextmanager
def session(client, *groups, **options):
    """The events of a session behind its `sessionStart`, which is checked."""
    answer = client.start_live_tail(logGroupIdentifiers=list(groups), **options)
    events = iter(answer["responseStream"])
    start = next(events)["sessionStart"]
    assert start["logGroupIdentifiers"] == list(groups)
    assert start["requestId"] == answer["ResponseMetadata"]["RequestId"] and start["sessionId"]
    try:
        yield events
    finally:
        answer["responseStream"].close()


def take(events, count):
    """The next `count` log events, however many updates they come in."""
    found = []
    while len(found) < count:
        update = next(events)["sessionUpdate"]
        assert update["sessionMetadata"] == {"sampled": False}
        found += update["sessionResults"]
    return found


def messages(events):
    return [event["message"] for event in events]


def test_what_is_put_is_told(tailing, group, put):
    with session(tailing, ARN + group) as events:
        start = put("one", "zwei ☃")
        first, second = take(events, 2)
        assert first | {"ingestionTime": 0} == {
            "logGroupIdentifier": f"000000000000:{group}", "logStreamName": "stream", "message": "one", "timestamp": start,
            "ingestionTime": 0}
        assert first["ingestionTime"] >= start and second["message"] == "zwei ☃"


def test_a_running_functions_lines_are_told_before_it_ends(hearth, lam, tailing, function):
    name = function("""\
        import time
        def lambda_handler(event, context):
            print("begun")
            time.sleep(8)
    """)
    tailing.create_log_group(logGroupName=f"/aws/lambda/{name}")
    with session(tailing, ARN + f"/aws/lambda/{name}", logEventFilterPattern="begun") as events:
        invoke(lam, name, InvocationType="Event")
        assert messages(take(events, 1)) == ["begun\n"]
        assert hearth.json("GET", "/hearth/health")["pool"]["busy"] >= 1


def test_updates_come_when_nothing_does(tailing, group):
    with session(tailing, ARN + group) as events:
        for _ in range(2):
            assert next(events) == {"sessionUpdate": {"sessionMetadata": {"sampled": False}, "sessionResults": []}}


def test_many_lines_are_all_told_in_order(tailing, group, put):
    with session(tailing, ARN + group) as events:
        for start in range(0, 5000, 1000):
            put(*(f"line {number}" for number in range(start, start + 1000)))
        assert messages(take(events, 5000)) == [f"line {number}" for number in range(5000)]


def test_more_than_an_update_holds_is_sampled(hearth, tailing, group, put):
    with session(tailing, ARN + group) as events:
        for _ in range(30):
            put(*["x" * 200_000] * 5)

        def sampled():
            return next(events)["sessionUpdate"]["sessionMetadata"]["sampled"]
        eventually(sampled, what="an update that says that it is sampled")


@pytest.mark.parametrize(("choice", "expected"), [
    ({"logEventFilterPattern": "ERROR"}, ["ERROR a", "ERROR b"]),
    ({"logEventFilterPattern": '{ $.level = "WARN" }'}, ['{"level": "WARN"}']),
    ({"logStreamNames": ["b", "c"]}, ["ERROR b", '{"level": "WARN"}']),
    ({"logStreamNamePrefixes": ["a"]}, ["ERROR a", "fine"]),
])
def test_streams_and_events_can_be_chosen(tailing, group, put, choice, expected):
    with session(tailing, ARN + group, **choice) as events:
        put("ERROR a", "fine", stream="a1")
        put("ERROR b", '{"level": "WARN"}', stream="b")
        assert messages(take(events, len(expected))) == expected
        assert next(events)["sessionUpdate"]["sessionResults"] == []


def test_groups_can_be_several_and_named(tailing, logs, group, put, name):
    logs.create_log_group(logGroupName=name + "-2")
    with session(tailing, group, ARN + name + "-2") as events:
        put("one")
        logs.create_log_stream(logGroupName=name + "-2", logStreamName="s")
        now = int(time.time() * 1000)
        logs.put_log_events(logGroupName=name + "-2", logStreamName="s", logEvents=[{"timestamp": now, "message": "two"}])
        assert [(event["logGroupIdentifier"], event["message"]) for event in take(events, 2)] == [
            (f"000000000000:{group}", "one"), (f"000000000000:{name}-2", "two")]


def test_every_event_is_as_the_model_says(hearth, tailing, group, put):
    """The bytes of the stream, read by botocore's decoder and held against the model's shapes."""
    body = json.dumps({"logGroupIdentifiers": [ARN + group]}).encode()
    request = urllib.request.Request(hearth.endpoint, body, {
        "X-Amz-Target": "Logs_20140328.StartLiveTail", "Content-Type": "application/x-amz-json-1.1",
        "Host": "stream-" + urlsplit(hearth.endpoint).netloc})
    shape = tailing.meta.service_model.operation_model("StartLiveTail").get_event_stream_output()
    buffer, kinds = EventStreamBuffer(), []
    with urllib.request.urlopen(request) as answer:
        assert answer.headers["Content-Type"] == "application/vnd.amazon.eventstream"
        put("one")
        while kinds.count("sessionUpdate") < 2:
            buffer.add_data(answer.read1())
            for message in buffer:
                assert message.headers[":message-type"] == "event"
                kind = message.headers[":event-type"]
                kinds.append(kind)
                if kind == "initial-response":
                    assert json.loads(message.payload) == {}
                else:
                    check(shape.members[kind], json.loads(message.payload), kind)
    assert kinds[:3] == ["initial-response", "sessionStart", "sessionUpdate"]


def test_sessions_are_bounded_and_a_hung_up_one_gives_its_place(hearth, name):
    client = hearth.client("logs", key="222222222222", inject_host_prefix=False, max_pool_connections=20)
    client.create_log_group(logGroupName=name)
    opened = [client.start_live_tail(logGroupIdentifiers=[name]) for _ in range(15)]
    with refused("LimitExceededException", status=400):
        client.start_live_tail(logGroupIdentifiers=[name])
    opened.pop()["responseStream"].close()

    def again():
        try:
            return client.start_live_tail(logGroupIdentifiers=[name])
        except client.exceptions.LimitExceededException:
            return None
    opened.append(eventually(again, what="the place of the session that was hung up"))
    for answer in opened:
        answer["responseStream"].close()


def test_a_stop_ends_sessions_and_says_so(start_hearth, name):
    hearth = start_hearth()
    client = hearth.client("logs", inject_host_prefix=False)
    client.create_log_group(logGroupName=name)
    with session(client, name) as events:
        assert hearth.process.send_signal(15) is None
        with pytest.raises(EventStreamError, match="SessionStreamingException"):
            for _ in events:
                pass
    assert hearth.terminate() == 0


def test_what_cannot_be_followed_is_refused(tailing, group):
    with refused("ResourceNotFoundException", "The specified log group does not exist.", 400):
        tailing.start_live_tail(logGroupIdentifiers=[ARN + "nobody"])
    with refused("InvalidParameterException", status=400):
        tailing.start_live_tail(logGroupIdentifiers=[group], logEventFilterPattern="{ $.level = ")
    with refused("InvalidParameterException", re.compile("mutually exclusive"), 400):
        tailing.start_live_tail(logGroupIdentifiers=[group], logStreamNames=["a"], logStreamNamePrefixes=["a"])
    with refused("InvalidParameterException", re.compile("exactly one log group"), 400):
        tailing.start_live_tail(logGroupIdentifiers=[group, group], logStreamNames=["a"])


def test_an_answer_that_is_not_read_does_not_hold_up_the_server(hearth, group, put):
    address = urlsplit(hearth.endpoint)
    body = json.dumps({"logGroupIdentifiers": [group]})
    with socket.create_connection((address.hostname, address.port)) as connection:
        connection.sendall(
            f"POST / HTTP/1.1\r\nHost: {address.netloc}\r\nX-Amz-Target: Logs_20140328.StartLiveTail\r\n"
            f"Content-Type: application/x-amz-json-1.1\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
        assert connection.recv(12) == b"HTTP/1.1 200"
        for _ in range(10):
            put(*["x" * 200_000] * 5)
