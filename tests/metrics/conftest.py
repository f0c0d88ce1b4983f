"""A metric of a test's own."""

from datetime import datetime, timedelta, timezone

import pytest

MINUTE = timedelta(minutes=1)


@pytest.fixture
def minute():
    """The start of a whole minute, five minutes ago."""
    return datetime.now(timezone.utc).replace(second=0, microsecond=0) - 5 * MINUTE


@pytest.fixture
def statistics(cloudwatch, minute):
    """`statistics("AWS/Lambda", "Errors", "Sum", FunctionName=name)` → the points, oldest first."""
    def call(namespace, metric, *wanted, period=60, extended=(), **dimensions):
        choice = {"Statistics": list(wanted)} if wanted else {}
        if extended:
            choice["ExtendedStatistics"] = list(extended)
        points = cloudwatch.get_metric_statistics(
            Namespace=namespace, MetricName=metric, Period=period, StartTime=minute - 10 * MINUTE, EndTime=minute + 10 * MINUTE,
            Dimensions=[{"Name": key, "Value": value} for key, value in dimensions.items()], **choice)["Datapoints"]
        return sorted(points, key=lambda point: point["Timestamp"])
    return call
