"""https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html"""

from function import invoke
from server import eventually


def test_filters(cloudwatch, name, minute):
    for metric, value in (("M", "a"), ("M", "b"), ("N", "a")):
        cloudwatch.put_metric_data(Namespace=name, MetricData=[
            {"MetricName": metric, "Timestamp": minute, "Value": 1, "Dimensions": [{"Name": "D", "Value": value}]}])

    def listed(**choice):
        metrics = cloudwatch.list_metrics(Namespace=name, **choice)["Metrics"]
        return sorted((metric["MetricName"], metric["Dimensions"][0]["Value"]) for metric in metrics)
    assert listed() == [("M", "a"), ("M", "b"), ("N", "a")]
    assert listed(MetricName="M") == [("M", "a"), ("M", "b")]
    assert listed(Dimensions=[{"Name": "D", "Value": "a"}]) == [("M", "a"), ("N", "a")]
    assert listed(Dimensions=[{"Name": "D"}]) == listed()


def test_a_functions_metrics_are_listed(lam, cloudwatch, function):
    name = function()
    invoke(lam, name)

    def names():
        metrics = cloudwatch.list_metrics(Namespace="AWS/Lambda", Dimensions=[{"Name": "FunctionName", "Value": name}])["Metrics"]
        return {"Invocations", "Errors", "Duration", "Throttles"} <= {metric["MetricName"] for metric in metrics}
    eventually(names, what="the function's metrics")
