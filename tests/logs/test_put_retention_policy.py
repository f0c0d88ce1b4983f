"""https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html"""

import time

from function import refused
from server import eventually

DAY_MS = 86_400_000


def test_the_policy_is_shown_and_enforced(logs, group, put):
    now = int(time.time() * 1000)
    put("two days old", stream="old", start_ms=now - 2 * DAY_MS)
    put("fresh", stream="new")
    logs.put_retention_policy(logGroupName=group, retentionInDays=1)
    assert logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"][0]["retentionInDays"] == 1
    eventually(lambda: [e["message"] for e in logs.filter_log_events(logGroupName=group)["events"]] == ["fresh"],
               what="the end of the old event")


def test_only_awss_numbers_of_days(logs, group):
    with refused("InvalidParameterException", status=400):
        logs.put_retention_policy(logGroupName=group, retentionInDays=2)
