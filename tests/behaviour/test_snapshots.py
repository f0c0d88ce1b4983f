"""A function that is slow to import is imported once: sandboxes that follow go on from an image of the first."""

import inspect
import re

import pytest
import snapshot_restore_py
from function import invoke, wait_active, zip_of
from server import eventually

SLOW = "import time\ntime.sleep(0.05)\n"


@pytest.fixture
def cold(hearth, lam):
    """Calls a function in a new sandbox → its answer, and the REPORT line."""
    def call(name, event=None):
        for sandbox in hearth.json("GET", "/hearth/sandboxes")["sandboxes"]:
            if sandbox["function"] == name:
                hearth.json("POST", f"/hearth/sandboxes/{sandbox['id']}/retire")
        answer = invoke(lam, name, event, tail=True)
        [report] = [line for line in answer.log.splitlines() if line.startswith("REPORT")]
        return answer, report
    return call


def test_the_report_tells_the_restoration(hearth, cold, function):
    name = function(SLOW + "def lambda_handler(event, context): return event\n")
    _, first = cold(name)
    assert re.search(r"\tInit Duration: [\d.]+ ms\tCold Start: first\tStart Path: pool-(hit|miss)\t", first)
    answer, second = cold(name, {"n": 1})
    assert answer.json == {"n": 1}
    assert re.search(r"\tRestore Duration: [\d.]+ ms\tCold Start: retired\tStart Path: snapshot\t", second)
    [sandbox] = [one for one in hearth.json("GET", "/hearth/sandboxes")["sandboxes"] if one["function"] == name]
    assert sandbox["startPath"] == "snapshot"


def test_what_differs_between_sandboxes_differs(cold, function):
    name = function(SLOW + """\
import os, random, secrets, ssl, uuid
imported_at = time.time()
def lambda_handler(event, context):
    own = [random.random(), str(uuid.uuid4()), secrets.token_hex(8), ssl.RAND_bytes(8).hex(), context.log_stream_name]
    return [imported_at, os.environ["AWS_LAMBDA_LOG_STREAM_NAME"] == context.log_stream_name, own]
""")
    seen = [cold(name)[0].json for _ in range(4)]
    assert len({imported_at for imported_at, _, _ in seen}) == 1, "it was imported once"
    assert all(agrees for _, agrees, _ in seen)
    values = [value for _, _, own in seen for value in own]
    assert len(set(values)) == len(values)


def test_a_function_prepares_for_its_image_and_for_going_on(cold, function):
    """By AWS's own package: https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks-python.html"""
    name = function({
        "snapshot_restore_py.py": inspect.getsource(snapshot_restore_py),
        "lambda_function.py": SLOW + """\
from snapshot_restore_py import register_after_restore, register_before_snapshot
calls = []
register_before_snapshot(calls.append, "before, registered first")
register_before_snapshot(calls.append, "before, registered last")
register_after_restore(calls.append, "after, registered first")
register_after_restore(calls.append, "after, registered last")
def lambda_handler(event, context): return calls
"""})
    order = ["before, registered last", "before, registered first", "after, registered first", "after, registered last"]
    assert [cold(name)[0].json for _ in range(3)] == [order] * 3


def test_one_that_cannot_be_imaged_says_why_once(hearth, lam, cold, function):
    name = function(SLOW + """\
import threading
threading.Thread(target=threading.Event().wait, daemon=True).start()
def lambda_handler(event, context): return len(threading.enumerate())
""")
    assert cold(name)[0].json == 2
    answer, report = cold(name)
    assert answer.json == 2 and "Start Path: pool-" in report
    logs = hearth.client("logs")

    def told():
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=f"/aws/lambda/{name}")
        messages = [event["message"] for page in pages for event in page["events"]]
        return messages if sum(message.startswith("REPORT") for message in messages) == 2 else None
    messages = eventually(told, what="both reports in the log")
    [reason] = [message for message in messages if message.startswith("[hearth]")]
    assert "it keeps a thread running" in reason


def test_new_code_is_imported(lam, cold, function):
    name = function(SLOW + "def lambda_handler(event, context): return 'old'\n")
    assert [cold(name)[0].json for _ in range(2)] == ["old", "old"]
    lam.update_function_code(FunctionName=name, ZipFile=zip_of(SLOW + "def lambda_handler(event, context): return 'new'\n"))
    wait_active(lam, name)
    answer, report = cold(name)
    assert answer.json == "new" and "Init Duration" in report
    answer, report = cold(name)
    assert answer.json == "new" and "Restore Duration" in report
