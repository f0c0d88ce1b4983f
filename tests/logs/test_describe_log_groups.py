"""https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html"""

from function import invoke
from server import eventually


def test_prefix_and_pages(logs, name):
    names = [f"{name}/{number}" for number in range(3)]
    for group in names:
        logs.create_log_group(logGroupName=group)
    pages = list(logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=name, PaginationConfig={"PageSize": 2}))
    assert [[group["logGroupName"] for group in page["logGroups"]] for page in pages] == [names[:2], names[2:]]
    first = pages[0]["logGroups"][0]
    assert first["arn"] == f"arn:aws:logs:us-east-1:000000000000:log-group:{names[0]}:*"
    assert first["creationTime"] > 1_700_000_000_000
    assert first["storedBytes"] >= 0
    for group in names:
        logs.delete_log_group(logGroupName=group)


def test_an_invoked_function_has_its_group(lam, logs, function):
    name = function()
    invoke(lam, name)
    group = f"/aws/lambda/{name}"
    eventually(lambda: logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"], what="the function's log group")
