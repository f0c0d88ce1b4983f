"""429 with AWS's reason: https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html"""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

from botocore.exceptions import ClientError
from function import invoke, refused
from server import eventually

SLEEPER = """\
    import time
    def lambda_handler(event, context):
        print("running", flush=True)
        time.sleep(event or 0)
"""


def occupied(hearth):
    return hearth.json("GET", "/hearth/health")["pool"]["busy"] >= 1


def test_reserved_zero_refuses_everything(lam, function):
    name = function()
    lam.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    with refused("TooManyRequestsException", "Rate Exceeded.", 429) as caught:
        invoke(lam, name)
    assert caught.value.response["Reason"] == "ReservedFunctionConcurrentInvocationLimitExceeded"
    assert caught.value.response["Type"] == "User"


def test_reserved_one_runs_one_at_a_time(hearth, lam, function):
    name = function(SLEEPER, Timeout=30)
    lam.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=1)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(invoke, lam, name, 2)
        eventually(lambda: occupied(hearth), what="the first invocation")
        with refused("TooManyRequestsException", "Rate Exceeded.", 429) as caught:
            invoke(hearth.client("lambda"), name, 0)
        assert caught.value.response["Reason"] == "ReservedFunctionConcurrentInvocationLimitExceeded"
        assert running.result().error is None
    assert invoke(lam, name, 0).error is None, "the permit came back"


def test_the_account_limit(start_hearth, function):
    hearth = start_hearth("--account-concurrency", 2)
    lam = hearth.client("lambda")
    name = function(SLEEPER, client=lam, Timeout=30)

    def attempt(_):
        try:
            return invoke(hearth.client("lambda"), name, 2).error
        except ClientError as error:
            return error.response["Reason"]

    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(attempt, range(6)))
    assert outcomes.count(None) >= 2
    assert set(outcomes) == {None, "ConcurrentInvocationLimitExceeded"}


def test_throttles_are_counted(hearth, lam, cloudwatch, function):
    name = function()
    lam.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    with refused("TooManyRequestsException"):
        invoke(lam, name)
    now = datetime.now(timezone.utc)

    def throttles():
        points = cloudwatch.get_metric_statistics(
            Namespace="AWS/Lambda", MetricName="Throttles", Dimensions=[{"Name": "FunctionName", "Value": name}],
            StartTime=now - timedelta(minutes=5), EndTime=now + timedelta(minutes=5), Period=60, Statistics=["Sum"])
        return sum(point["Sum"] for point in points["Datapoints"]) == 1
    eventually(throttles, what="the Throttles metric")
