"""https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeQueries.html"""

import time


def test_queries_are_listed_newest_first(logs, group, put, query):
    put("one")
    before = int(time.time() * 1000)
    for text in ("fields @message", "stats count(*)", "limit 1"):
        query(text)
    listed = logs.describe_queries(logGroupName=group)["queries"]
    assert [info["queryString"] for info in listed] == ["limit 1", "stats count(*)", "fields @message"]
    assert all(info["status"] == "Complete" and info["queryLanguage"] == "CWLI" and info["logGroupName"] == group
               and info["createTime"] >= before and info["queryDuration"] >= 0 and info["bytesScanned"] == 29 for info in listed)
    first = logs.describe_queries(logGroupName=group, maxResults=2)
    rest = logs.describe_queries(logGroupName=group, maxResults=2, nextToken=first["nextToken"])
    assert first["queries"] + rest["queries"] == listed and "nextToken" not in rest
    assert logs.describe_queries(logGroupName=group, status="Running")["queries"] == []
    assert logs.describe_queries(logGroupName=group, queryLanguage="SQL")["queries"] == []
    assert logs.describe_queries(logGroupName="nobody")["queries"] == []
