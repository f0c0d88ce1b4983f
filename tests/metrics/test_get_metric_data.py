"""https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html"""

from datetime import timedelta

import pytest
from function import refused


def metric(identity, namespace, name, statistic="Sum", **more):
    return {"Id": identity, "MetricStat": {"Metric": {"Namespace": namespace, "MetricName": name}, "Period": 60, "Stat": statistic}, **more}


@pytest.fixture
def query(cloudwatch, name, minute):
    """Metrics a: 1, 2, –, 4 and b: 10, 20, 30, 40, minute by minute; runs queries over the four minutes."""
    for series, values in (("a", [1, 2, None, 4]), ("b", [10, 20, 30, 40])):
        cloudwatch.put_metric_data(Namespace=name, MetricData=[
            {"MetricName": series, "Timestamp": minute + timedelta(minutes=number - 4), "Value": value}
            for number, value in enumerate(values) if value is not None])

    def run(*queries, **options):
        answer = cloudwatch.get_metric_data(
            MetricDataQueries=list(queries), StartTime=minute - timedelta(minutes=4), EndTime=minute,
            ScanBy="TimestampAscending", **options)
        return {result["Id"]: result["Values"] for result in answer["MetricDataResults"]}
    return run


def test_several_metrics_in_one_call(query, name):
    assert query(metric("a", name, "a"), metric("b", name, "b")) == {"a": [1, 2, 4], "b": [10, 20, 30, 40]}


@pytest.mark.parametrize(("expression", "expected"), [
    ("b * 2", [20, 40, 60, 80]),
    ("(b + 10) / 10 - 1", [1, 2, 3, 4]),
    ("a + b", [11, 22, 44]),
    ("FILL(a, 0) + b", [11, 22, 30, 44]),
    ("FILL(a, REPEAT)", [1, 2, 2, 4]),
    ("SUM([FILL(a, 0), b])", [11, 22, 30, 44]),
    ("SUM(METRICS())", [11, 22, 30, 44]),
    ("b / SUM(b)", [0.1, 0.2, 0.3, 0.4]),
    ("RATE(b)", [10 / 60, 10 / 60, 10 / 60]),
])
def test_expressions(query, name, expression, expected):
    answer = query(metric("a", name, "a", ReturnData=False), metric("b", name, "b", ReturnData=False),
                   {"Id": "e", "Expression": expression})
    assert list(answer) == ["e"], "ReturnData=False hides a query's result"
    assert answer["e"] == pytest.approx(expected)


def test_descending_is_the_default(cloudwatch, query, name, minute):
    (result,) = cloudwatch.get_metric_data(MetricDataQueries=[metric("b", name, "b")], StartTime=minute - timedelta(minutes=4),
                                           EndTime=minute)["MetricDataResults"]
    assert result["Values"] == [40, 30, 20, 10]
    assert result["Label"] == "b"
    assert result["StatusCode"] == "Complete"


def test_an_expression_that_names_nothing_is_refused(query):
    with refused("ValidationError", status=400):
        query({"Id": "e", "Expression": "nobody * 2"})
