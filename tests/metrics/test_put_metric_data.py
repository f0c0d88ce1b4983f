"""https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html"""

import pytest
from function import refused


def test_values_counts_and_statistic_sets(cloudwatch, statistics, name, minute):
    at = {"MetricName": "M", "Timestamp": minute, "Unit": "Count"}
    cloudwatch.put_metric_data(Namespace=name, MetricData=[
        {**at, "Value": 1.0}, {**at, "Values": [2.0, 3.0], "Counts": [2.0, 1.0]},
        {**at, "StatisticValues": {"SampleCount": 2, "Sum": 30, "Minimum": 10, "Maximum": 20}}])
    (point,) = statistics(name, "M", "SampleCount", "Sum", "Minimum", "Maximum", "Average")
    assert point.pop("Timestamp") == minute
    assert point == {"SampleCount": 6.0, "Sum": 38.0, "Minimum": 1.0, "Maximum": 20.0, "Average": pytest.approx(38 / 6), "Unit": "Count"}


def test_dimensions_make_metrics_apart(cloudwatch, statistics, name, minute):
    for value in ("a", "b"):
        cloudwatch.put_metric_data(Namespace=name, MetricData=[{
            "MetricName": "M", "Timestamp": minute, "Value": ord(value), "Dimensions": [{"Name": "D", "Value": value}]}])
    assert [point["Sum"] for point in statistics(name, "M", "Sum", D="b")] == [ord("b")]
    assert statistics(name, "M", "Sum") == []


def test_awss_own_namespaces_are_refused(cloudwatch):
    with refused("InvalidParameterValue", "The value AWS/ for parameter Namespace is invalid.", 400):
        cloudwatch.put_metric_data(Namespace="AWS/Lambda", MetricData=[{"MetricName": "M", "Value": 1}])
