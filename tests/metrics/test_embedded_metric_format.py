"""https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html"""

from function import invoke
from server import eventually

EMF = """\
    import json, time
    def lambda_handler(namespace, context):
        print(json.dumps({
            "_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [{
                "Namespace": namespace, "Dimensions": [["service"], []],
                "Metrics": [{"Name": "Booking", "Unit": "Count"}, {"Name": "Latency", "Unit": "Milliseconds"}]}]},
            "service": "travel", "Booking": [1.0, 2.0], "Latency": 12.5}))
"""


def test_a_line_becomes_metrics(lam, statistics, function, name):
    invoke(lam, function(EMF), name)
    (point,) = eventually(lambda: statistics(name, "Booking", "Sum", "SampleCount", service="travel"), what="the metric")
    assert (point["Sum"], point["SampleCount"], point["Unit"]) == (3.0, 2.0, "Count")
    (point,) = statistics(name, "Latency", "Maximum", service="travel")
    assert (point["Maximum"], point["Unit"]) == (12.5, "Milliseconds")
    assert [point["Sum"] for point in statistics(name, "Booking", "Sum")] == [3.0]
