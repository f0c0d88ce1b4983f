"""https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StopQuery.html"""

import time

from function import refused
from server import eventually


def ended(logs, query_id):
    def over():
        status = logs.get_query_results(queryId=query_id)["status"]
        return status if status not in ("Scheduled", "Running") else None
    return eventually(over, 30, "the end of the query")


def test_a_query_ends(logs, group, put):
    for _ in range(10):
        put(*["x" * 1000] * 900)
    now = int(time.time())
    # A few at a time are evaluated: the last ones still wait.
    queries = [logs.start_query(logGroupName=group, startTime=now - 3600, endTime=now, queryString="stats count(*) by @message")["queryId"]
               for _ in range(10)]
    stopped = logs.stop_query(queryId=queries[-1])
    assert ended(logs, queries[-1]) == ("Cancelled" if stopped["success"] else "Complete")
    assert [ended(logs, query) for query in queries[:-1]] == ["Complete"] * 9
    assert logs.stop_query(queryId=queries[0])["success"] is False, "it was over"


def test_an_unknown_query_is_not_found(logs):
    with refused("ResourceNotFoundException", "The specified query does not exist.", 400):
        logs.stop_query(queryId="nobody")
