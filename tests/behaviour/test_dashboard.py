"""What a dashboard asks GetMetricData for in one call: the account as a whole, and each function."""

import json
import uuid
from datetime import datetime, timedelta, timezone

import pytest
from function import invoke, refused
from server import eventually

ASKED = {
    "Invocations": "Sum", "Errors": "Sum", "Throttles": "Sum", "Duration": "SampleCount", "ConcurrentExecutions": "Maximum",
    "AsyncEventsReceived": "Sum", "AsyncEventAge": "SampleCount", "ColdStarts": "Sum", "InitDuration": "SampleCount",
}


@pytest.fixture
def account():
    """An account that no other test uses."""
    return f"2{uuid.uuid4().int % 10**11:011}"


@pytest.fixture
def lam(hearth, account):
    return hearth.client("lambda", key=account)


@pytest.fixture
def total(hearth, account):
    """`total(FunctionName=name)` → the metrics of these dimensions over the last minutes."""
    cloudwatch = hearth.client("cloudwatch", key=account)

    def ask(asked=ASKED, **dimensions):
        now = datetime.now(timezone.utc)
        queries = [
            {"Id": f"m{number}", "Label": name, "MetricStat": {"Stat": statistic, "Period": 60, "Metric": {
                "Namespace": "AWS/Lambda", "MetricName": name,
                "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()]}}}
            for number, (name, statistic) in enumerate(asked.items())]
        results = cloudwatch.get_metric_data(MetricDataQueries=queries, StartTime=now - timedelta(minutes=15),
                                             EndTime=now + timedelta(minutes=1))["MetricDataResults"]
        gather = {"Maximum": lambda values: max(values, default=0)}
        return {result["Label"]: gather.get(asked[result["Label"]], sum)(result["Values"]) for result in results}
    return ask


def test_the_account_is_the_sum_of_its_functions(lam, total, function):
    failing = function("def lambda_handler(event, context):\n    assert not event\n", suffix="-1", client=lam)
    throttled = function(suffix="-2", client=lam)
    assert [invoke(lam, failing, event).error for event in (0, 0, 1)] == [None, None, "Unhandled"]
    invoke(lam, throttled)
    lam.invoke(FunctionName=throttled, InvocationType="Event", Payload=b"1")
    eventually(lambda: total(FunctionName=throttled)["Invocations"] == 2, what="both invocations")
    lam.put_function_concurrency(FunctionName=throttled, ReservedConcurrentExecutions=0)
    for _ in range(2):
        with refused("TooManyRequestsException"):
            invoke(lam, throttled)

    eventually(lambda: total()["Throttles"] == 2, what="the account's throttles")
    assert total() == {
        "Invocations": 5, "Errors": 1, "Throttles": 2, "Duration": 5, "ConcurrentExecutions": 1, "AsyncEventsReceived": 1,
        "AsyncEventAge": 1, "ColdStarts": 2, "InitDuration": 2}
    assert total(FunctionName=failing) == {
        "Invocations": 3, "Errors": 1, "Throttles": 0, "Duration": 3, "ConcurrentExecutions": 1, "AsyncEventsReceived": 0,
        "AsyncEventAge": 0, "ColdStarts": 1, "InitDuration": 1}
    assert total(FunctionName=throttled) == {
        "Invocations": 2, "Errors": 0, "Throttles": 2, "Duration": 2, "ConcurrentExecutions": 1, "AsyncEventsReceived": 1,
        "AsyncEventAge": 1, "ColdStarts": 1, "InitDuration": 1}


def test_cold_starts_are_told_by_reason(hearth, lam, total, function, account):
    name = function(client=lam)
    credential = f"AWS4-HMAC-SHA256 Credential={account}/20300101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=00"
    invoke(lam, name)
    lam.update_function_configuration(FunctionName=name, MemorySize=192)
    lam.get_waiter("function_updated_v2").wait(FunctionName=name)
    invoke(lam, name)
    sandboxes = hearth.request("GET", "/hearth/sandboxes", headers={"Authorization": credential})[2]
    (sandbox,) = [found for found in json.loads(sandboxes)["sandboxes"] if found["function"] == name]
    hearth.request("POST", f"/hearth/sandboxes/{sandbox['id']}/retire", headers={"Authorization": credential})
    invoke(lam, name)

    def by_reason(**dimensions):
        return {reason: total({"ColdStarts": "Sum"}, Reason=reason, **dimensions)["ColdStarts"]
                for reason in ("first", "configuration-changed", "retired", "expired")}
    eventually(lambda: by_reason(FunctionName=name) == {
        "first": 1, "configuration-changed": 1, "retired": 1, "expired": 0}, what="three cold starts")
    assert by_reason() == by_reason(FunctionName=name)
    assert total({"ColdStarts": "Sum"}, FunctionName=name) == {"ColdStarts": 3}
