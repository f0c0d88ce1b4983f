"""https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteLogGroup.html"""

from function import refused


def test_the_group_and_its_events_go(logs, group, put):
    put("one")
    logs.delete_log_group(logGroupName=group)
    with refused("ResourceNotFoundException", "The specified log group does not exist.", 400):
        logs.delete_log_group(logGroupName=group)
    logs.create_log_group(logGroupName=group)
    assert logs.filter_log_events(logGroupName=group)["events"] == []
