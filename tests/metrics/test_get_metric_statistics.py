"""https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html
and what Lambda measures: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html"""

from datetime import timedelta

import pytest
from function import invoke
from server import eventually


def test_periods_gather_points(cloudwatch, statistics, name, minute):
    first = minute - timedelta(minutes=minute.minute % 5)
    for offset, value in ((0, 1.0), (1, 2.0), (4, 3.0)):
        cloudwatch.put_metric_data(Namespace=name, MetricData=[
            {"MetricName": "M", "Timestamp": first + timedelta(minutes=offset), "Value": value}])
    assert [point["Sum"] for point in statistics(name, "M", "Sum")] == [1.0, 2.0, 3.0]
    assert [point["Sum"] for point in statistics(name, "M", "Sum", period=300)] == [6.0]


def test_percentiles(cloudwatch, statistics, name, minute):
    cloudwatch.put_metric_data(Namespace=name, MetricData=[
        {"MetricName": "M", "Timestamp": minute, "Values": [float(n) for n in range(1, 101)]}])
    (point,) = statistics(name, "M", extended=["p50", "p99"])
    assert point["ExtendedStatistics"]["p50"] == pytest.approx(50, rel=0.05)
    assert point["ExtendedStatistics"]["p99"] == pytest.approx(99, rel=0.05)


@pytest.mark.parametrize("dimension", ["FunctionName", "Resource"])
def test_what_lambda_measures(lam, statistics, function, dimension):
    name = function("def lambda_handler(event, context):\n    assert not event\n")
    for event in (0, 0, 1):
        invoke(lam, name, event)

    def total(metric, statistic="Sum"):
        return sum(point[statistic] for point in statistics("AWS/Lambda", metric, statistic, **{dimension: name}))
    eventually(lambda: total("Invocations") == 3, what="three Invocations")
    assert total("Errors") == 1
    assert total("Duration", "SampleCount") == 3
    assert total("Duration", "Maximum") > 0
    (point,) = statistics("AWS/Lambda", "Duration", period=3600, extended=["p90"], **{dimension: name})[-1:]
    assert point["ExtendedStatistics"]["p90"] > 0
    assert point["Unit"] == "Milliseconds"
    assert statistics("AWS/Lambda", "ConcurrentExecutions", "Maximum", **{dimension: name})[-1]["Maximum"] >= 1


def test_cold_starts_are_measured(lam, statistics, function):
    name = function()
    invoke(lam, name), invoke(lam, name)
    eventually(lambda: statistics("AWS/Lambda", "InitDuration", "SampleCount", FunctionName=name), what="InitDuration")
    assert sum(p["SampleCount"] for p in statistics("AWS/Lambda", "InitDuration", "SampleCount", FunctionName=name)) == 1


def test_asynchronous_events_are_counted(lam, statistics, function):
    name = function()
    lam.invoke(FunctionName=name, InvocationType="Event", Payload=b"1")
    eventually(lambda: sum(p["Sum"] for p in statistics("AWS/Lambda", "AsyncEventsReceived", "Sum", FunctionName=name)) == 1,
               what="AsyncEventsReceived")
    eventually(lambda: statistics("AWS/Lambda", "AsyncEventAge", "Maximum", FunctionName=name), what="AsyncEventAge")


def test_account_wide_metrics_have_no_dimension(lam, statistics, function):
    invoke(lam, function())
    eventually(lambda: statistics("AWS/Lambda", "Invocations", "Sum"), what="Invocations without a dimension")
