"""https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogRecord.html"""

from function import refused


def test_a_pointer_leads_to_its_event(logs, group, put, query):
    put("before", '{"level": "INFO", "user": {"name": "ada"}}', "behind")
    row = {field["field"]: field["value"] for field in query("filter level = 'INFO' | fields @timestamp")["results"][0]}
    record = logs.get_log_record(logRecordPointer=row["@ptr"])["logRecord"]
    assert record.pop("@ingestionTime")
    assert record == row | {"@message": '{"level": "INFO", "user": {"name": "ada"}}', "@log": f"000000000000:{group}",
                            "@logStream": "stream", "level": "INFO", "user.name": "ada"}
    logs.delete_log_stream(logGroupName=group, logStreamName="stream")
    with refused("ResourceNotFoundException", status=400):
        logs.get_log_record(logRecordPointer=row["@ptr"])


def test_a_foreign_pointer_is_refused(logs):
    with refused("InvalidParameterException", status=400):
        logs.get_log_record(logRecordPointer="nonsense")
