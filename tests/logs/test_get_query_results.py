"""https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetQueryResults.html"""

import time

from function import refused


def test_pages_hold_every_row_once(logs, group, put, query):
    put(*(f"line {number}" for number in range(25)))
    query("fields @message | sort @timestamp")
    query_id = logs.describe_queries(logGroupName=group)["queries"][0]["queryId"]
    token, seen, pages = {}, [], 0
    while True:
        page = logs.get_query_results(queryId=query_id, maxItems=10, **token)
        seen += [row[0]["value"] for row in page["results"]]
        pages += 1
        if "nextToken" not in page:
            break
        token = {"nextToken": page["nextToken"]}
    assert seen == [f"line {number}" for number in range(25)] and pages == 3
    with refused("InvalidParameterException", "The specified nextToken is invalid.", 400):
        logs.get_query_results(queryId=query_id, nextToken="nonsense")


def test_rows_point_at_their_events_and_aggregates_do_not(logs, put, query):
    put("one")
    assert [field["field"] for field in query("fields @message")["results"][0]] == ["@message", "@ptr"]
    assert [field["field"] for field in query("stats count(*)")["results"][0]] == ["count(*)"]


def test_columns_without_a_value_are_left_out(put, query):
    put('{"a": 1}', "plain")
    assert query("fields a, b | sort @timestamp")["rows"] == [{"a": "1"}, {}]


def test_many_events_are_counted(put, query):
    for _ in range(10):
        put(*(f"user={number % 7} took {number} ms" for number in range(2000)))
    answer = query("parse @message 'user=* took * ms' as user, ms | filter ms >= 1000 | stats count(*) as n, max(ms) by user | sort user")
    assert answer["rows"][0] == {"user": "0", "n": "1430", "max(ms)": "1995"}
    assert answer["statistics"] | {"bytesScanned": 0} == {
        "recordsMatched": 10_000, "recordsScanned": 20_000, "bytesScanned": 0, "logGroupsScanned": 1,
        "estimatedRecordsSkipped": 0, "estimatedBytesSkipped": 0}


def test_a_query_of_another_account_is_not_found(hearth, logs, group):
    now = int(time.time())
    query_id = logs.start_query(logGroupName=group, startTime=now - 60, endTime=now, queryString="")["queryId"]
    for client in (hearth.client("logs", key="333333333333"), hearth.client("logs", region="eu-west-1")):
        with refused("ResourceNotFoundException", "The specified query does not exist.", 400):
            client.get_query_results(queryId=query_id)
