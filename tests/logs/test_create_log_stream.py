"""https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogStream.html"""

from function import refused


def test_an_existing_stream_is_refused(logs, group):
    logs.create_log_stream(logGroupName=group, logStreamName="s")
    with refused("ResourceAlreadyExistsException", "The specified log stream already exists", 400):
        logs.create_log_stream(logGroupName=group, logStreamName="s")


def test_an_unknown_group_is_not_found(logs):
    with refused("ResourceNotFoundException", "The specified log group does not exist.", 400):
        logs.create_log_stream(logGroupName="nobody", logStreamName="s")
