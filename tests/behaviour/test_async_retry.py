"""Asynchronous invocations: three attempts, durable before the 202.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
"""

import json

from function import invoke
from server import eventually

FAILS = """\
    def lambda_handler(event, context):
        print("attempt", context.aws_request_id)
        raise ValueError("no")
"""


def messages(logs, name, pattern):
    try:
        found = logs.filter_log_events(logGroupName=f"/aws/lambda/{name}", filterPattern=pattern)["events"]
    except logs.exceptions.ResourceNotFoundException:
        return []
    return [event["message"].strip() for event in found]


def accepted(lam, name, event=None):
    answer = lam.invoke(FunctionName=name, InvocationType="Event", Payload=json.dumps(event).encode())
    assert answer["StatusCode"] == 202
    return answer["ResponseMetadata"]["RequestId"]


def test_a_failing_event_is_tried_three_times_with_one_id(start_hearth, function):
    hearth = start_hearth("--async-retry-delay-ms", 100)
    lam, logs = hearth.client("lambda"), hearth.client("logs")
    name = function(FAILS, client=lam)
    request_id = accepted(lam, name)
    eventually(lambda: len(messages(logs, name, "attempt")) >= 3, 30, "the third attempt")
    # A later event shows that the queue went on and made no fourth attempt of the first.
    other = accepted(lam, name)
    eventually(lambda: messages(logs, name, "attempt").count(f"attempt {other}") == 3, 30, "the later event's attempts")
    assert messages(logs, name, "attempt").count(f"attempt {request_id}") == 3


def test_a_good_event_runs_once(start_hearth, function):
    hearth = start_hearth("--async-retry-delay-ms", 50)
    lam, logs = hearth.client("lambda"), hearth.client("logs")
    name = function("def lambda_handler(event, context):\n    print('ran', event)\n", client=lam)
    for number in range(20):
        accepted(lam, name, number)
    eventually(lambda: len(messages(logs, name, "ran")) >= 20, 30, "twenty runs")
    assert sorted(messages(logs, name, "ran")) == sorted(f"ran {number}" for number in range(20))


def test_accepted_events_survive_kill_9(start_hearth, function, tmp_path):
    hearth = start_hearth("--async-retry-delay-ms", 100)
    lam = hearth.client("lambda")
    name = function("""\
        import time
        def lambda_handler(event, context):
            time.sleep(event)
            print("finished", context.aws_request_id)
    """, client=lam, Timeout=30)
    lam.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=1)
    ids = [accepted(lam, name, 1) for _ in range(3)]
    hearth.kill()

    again = start_hearth("--async-retry-delay-ms", 100)
    logs = again.client("logs")
    eventually(lambda: {f"finished {i}" for i in ids} <= set(messages(logs, name, "finished")), 60, "every accepted event")
    assert invoke(again.client("lambda"), name, 0).error is None
