"""https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html"""

import re

from function import refused


def test_an_existing_group_is_refused(logs, group):
    with refused("ResourceAlreadyExistsException", "The specified log group already exists", 400):
        logs.create_log_group(logGroupName=group)


def test_a_bad_name_is_refused(hearth):
    with refused("InvalidParameterException", re.compile(
            r"^1 validation error detected: Value 'a:b' at 'logGroupName' failed to satisfy constraint: "
            r"Member must satisfy regular expression pattern: ")):
        hearth.client("logs", validate=False).create_log_group(logGroupName="a:b")


def test_regions_are_apart(hearth, group):
    assert hearth.client("logs", region="eu-west-1").describe_log_groups(logGroupNamePrefix=group)["logGroups"] == []
