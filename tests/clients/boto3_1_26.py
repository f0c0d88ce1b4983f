"""Run by test_boto3_1_26.py inside a virtual environment with boto3 1.26: ENDPOINT RUNTIME NAME ZIP.

That boto3 asks for /2015-03-31/functions/ with a trailing slash, and speaks CloudWatch's query protocol (XML).
"""

import json
import sys
import time
from datetime import datetime, timedelta, timezone

import boto3


def main(endpoint, runtime, name, package):
    session = boto3.session.Session("test", "test", region_name="us-east-1")
    lam, logs, cloudwatch = (session.client(service, endpoint_url=endpoint) for service in ("lambda", "logs", "cloudwatch"))
    with open(package, "rb") as file:
        lam.create_function(FunctionName=name, Runtime=runtime, Handler="lambda_function.lambda_handler",
                            Role="arn:aws:iam::000000000000:role/r", Code={"ZipFile": file.read()})
    lam.get_waiter("function_active_v2").wait(FunctionName=name)
    assert name in [entry["FunctionName"] for entry in lam.list_functions()["Functions"]]
    answer = lam.invoke(FunctionName=name, Payload=json.dumps({"n": 1}).encode())
    assert json.loads(answer["Payload"].read()) == {"n": 1}

    now = datetime.now(timezone.utc)
    window = {"StartTime": now - timedelta(minutes=5), "EndTime": now + timedelta(minutes=5)}
    dimensions = [{"Name": "FunctionName", "Value": name}]
    deadline = time.monotonic() + 15
    while True:
        points = cloudwatch.get_metric_statistics(
            Namespace="AWS/Lambda", MetricName="Invocations", Dimensions=dimensions, Period=60, Statistics=["Sum"], **window)["Datapoints"]
        if sum(point["Sum"] for point in points) == 1:
            break
        assert time.monotonic() < deadline, points
        time.sleep(0.1)
    cloudwatch.put_metric_data(Namespace=name, MetricData=[{"MetricName": "Old", "Value": 7.0, "Timestamp": now}])
    (result,) = cloudwatch.get_metric_data(MetricDataQueries=[{"Id": "m", "MetricStat": {
        "Metric": {"Namespace": name, "MetricName": "Old"}, "Period": 60, "Stat": "Sum"}}], **window)["MetricDataResults"]
    assert result["Values"] == [7.0]
    assert [metric["MetricName"] for metric in cloudwatch.list_metrics(Namespace=name)["Metrics"]] == ["Old"]
    try:
        cloudwatch.get_metric_statistics(Namespace="X", MetricName="Y", Period=7, Statistics=["Sum"], **window)
        raise AssertionError("a period of 7 seconds must be refused")
    except cloudwatch.exceptions.ClientError as error:
        assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 400

    assert logs.describe_log_streams(logGroupName=f"/aws/lambda/{name}")["logStreams"]
    lam.delete_function(FunctionName=name)
    print("boto3", boto3.__version__, "ok")


if __name__ == "__main__":
    main(*sys.argv[1:])
