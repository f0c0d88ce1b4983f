"""https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html"""

import re
import time

import pytest
from function import invoke, refused

LINES = [
    '{"level": "INFO", "code": 200, "user": {"name": "ada"}, "ms": 10, "cold": true}',
    '{"level": "ERROR", "code": 500, "user": {"name": "bob"}, "ms": 20}',
    '{"level": "INFO", "code": 404, "user": {"name": "ada"}, "ms": 30}',
    "2026-01-01 [WARN] disk=full used=97",
    "2026-01-02 [INFO] disk=fine used=12",
]


@pytest.mark.parametrize(("text", "expected"), [
    ("fields @message | filter level = 'ERROR'", [{"@message": LINES[1]}]),
    ("filter @message like /disk=f[a-z]+/ | sort @timestamp | fields @message", [{"@message": LINES[3]}, {"@message": LINES[4]}]),
    ("filter @message not like 'level' | limit 1 | display @message", [{"@message": LINES[4]}]),
    ("filter code in [404, 500] and user.name != 'bob' | display code, user.name", [{"code": "404", "user.name": "ada"}]),
    ("filter ispresent(ms) | stats count(*) as n, avg(ms), pct(ms, 95) by level | sort n desc",
     [{"level": "INFO", "n": "2", "avg(ms)": "20", "pct(ms, 95)": "30"}, {"level": "ERROR", "n": "1", "avg(ms)": "20", "pct(ms, 95)": "20"}]),
    ("parse @message '[*] disk=* used=*' as kind, disk, used | filter used > 50 | display kind, disk, used",
     [{"kind": "WARN", "disk": "full", "used": "97"}]),
    (r"parse @message /used=(?<used>\d+)/ | filter used < 50 | display used + 1 as more", [{"more": "13"}]),
    ("stats count_distinct(user.name) as users, sum(ms) / count(ms) as mean", [{"users": "2", "mean": "20"}]),
    ("filter ispresent(level) | dedup level | display toupper(concat(level, '-', code)) as c", [{"c": "INFO-404"}, {"c": "ERROR-500"}]),
    ("stats count(*) by bin(1d) | display `count(*)`", [{"count(*)": "5"}]),
    ("filter cold = 1 # a comment\n| display strlen(level) as l", [{"l": "4"}]),
    ("fields @logStream, @log | limit 1", None),
])
def test_queries(query, group, put, text, expected):
    start = time.time() // 86_400 * 86_400_000  # all of them within one day
    put(*LINES, start_ms=int(start))
    answer = query(text, start=int(start / 1000))
    assert answer["rows"] == (expected or [{"@logStream": "stream", "@log": f"000000000000:{group}"}])
    statistics = answer["statistics"]
    assert statistics["recordsScanned"] == 5 and statistics["logGroupsScanned"] == 1
    assert statistics["bytesScanned"] == sum(len(line) + 26 for line in LINES)


def test_without_a_command_events_come_newest_first(query, put):
    start = put("one", "two")
    rows = query("")["rows"]
    assert [row["@message"] for row in rows] == ["two", "one"]
    moment = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(start // 1000)) + f".{start % 1000:03}"
    assert rows[1] == {"@timestamp": moment, "@message": "one"}


def test_reports_have_lambdas_fields(logs, lam, function, query):
    name = function('def lambda_handler(event, context):\n    print("hello")\n', MemorySize=256)
    answer = invoke(lam, name)
    found = query("filter @type = 'REPORT' | fields @requestId, @memorySize / 1000 / 1000 as mb, @billedDuration >= @duration as more, "
                  "ispresent(@initDuration) as cold, @maxMemoryUsed < @memorySize as less", groups=[f"/aws/lambda/{name}"])
    assert found["rows"] == [{"@requestId": answer.request_id, "mb": "256", "more": "1", "cold": "1", "less": "1"}]


def test_groups_are_queried_together_and_named_by_arn(logs, group, put, name, query):
    put("in the first")
    logs.create_log_group(logGroupName=name + "-2")
    logs.create_log_stream(logGroupName=name + "-2", logStreamName="s")
    logs.put_log_events(logGroupName=name + "-2", logStreamName="s",
                        logEvents=[{"timestamp": int(time.time() * 1000), "message": "in the second"}])
    rows = query("fields @message, @log", groups=[group, name + "-2"])["rows"]
    assert [(row["@message"], row["@log"]) for row in rows] == [
        ("in the second", f"000000000000:{name}-2"), ("in the first", f"000000000000:{group}")]
    now = int(time.time())
    arn = f"arn:aws:logs:us-east-1:000000000000:log-group:{group}"
    assert logs.start_query(logGroupIdentifiers=[arn], startTime=now - 60, endTime=now, queryString="")["queryId"]


def test_the_end_of_the_time_belongs_to_it(query, put):
    start = put("a", start_ms=(int(time.time()) - 60) * 1000 + 500)
    seconds = start // 1000
    assert len(query("", start=seconds, end=seconds)["rows"]) == 1
    assert len(query("", start=seconds + 1, end=seconds + 2)["rows"]) == 0
    assert len(query("", start=start, end=start)["rows"]) == 1, "milliseconds are taken too"


def test_a_limit_may_come_with_the_call(query, put):
    put(*"abcde")
    assert len(query("fields @message", limit=2)["rows"]) == 2
    assert len(query("fields @message | limit 3", limit=2)["rows"]) == 3


@pytest.mark.parametrize(("text", "start", "end"), [
    ("fieds @message", 0, 5),
    ("fields @message | filter", 24, 24),
    ("filter a like /(/", 14, 17),
    ("fields @message\n| sort b down", 25, 29),
    ("pattern @message", 0, 7),
])
def test_a_malformed_query_says_where(logs, group, text, start, end):
    with refused("MalformedQueryException", status=400) as caught:
        logs.start_query(logGroupName=group, startTime=0, endTime=1, queryString=text)
    error = caught.value.response["queryCompileError"]
    assert error["location"] == {"startCharOffset": start, "endCharOffset": end}
    assert error["message"] == caught.value.response["Error"]["Message"]


def test_what_cannot_be_asked_is_refused(logs, group):
    times = {"startTime": 0, "endTime": 1, "queryString": ""}
    with refused("ResourceNotFoundException", "The specified log group does not exist.", 400):
        logs.start_query(logGroupName="nobody", **times)
    with refused("InvalidParameterException", status=400):
        logs.start_query(**times)
    with refused("InvalidParameterException", status=400):
        logs.start_query(logGroupName=group, logGroupNames=[group], **times)
    with refused("InvalidParameterException", re.compile("before its start"), 400):
        logs.start_query(logGroupName=group, startTime=2, endTime=1, queryString="")
    with refused("InvalidParameterException", re.compile("SQL"), 400):
        logs.start_query(logGroupName=group, queryLanguage="SQL", **times)
