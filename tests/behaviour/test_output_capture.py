"""print, logging, stderr and JSON logs: https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html"""

import json
import re

from function import invoke

STAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"


def body(answer):
    """The lines between START and END."""
    lines = answer.log.splitlines()
    start = next(index for index, line in enumerate(lines) if line.startswith("START "))
    end = next(index for index, line in enumerate(lines) if line.startswith("END "))
    return lines[start + 1:end]


def test_stdout_stderr_and_writes_of_children(lam, function, runtime):
    name = function("""\
        import os, sys
        def lambda_handler(event, context):
            print("printed ☃")
            print("to stderr", file=sys.stderr)
            os.write(1, b"raw write\\n")
            os.system("echo from a child")
    """, Runtime=runtime)
    assert sorted(body(invoke(lam, name, tail=True))) == sorted(["printed ☃", "to stderr", "raw write", "from a child"])


def test_an_unfinished_line_is_not_lost(lam, function):
    name = function("def lambda_handler(event, context):\n    print('no newline', end='')\n")
    assert body(invoke(lam, name, tail=True)) == ["no newline"]


def test_logging_is_formatted(lam, function, runtime):
    name = function("""\
        import logging
        logger = logging.getLogger()
        logger.setLevel("INFO")
        def lambda_handler(event, context):
            logger.info("information")
            logging.warning("a %s", "warning")
            logger.debug("not shown")
    """, Runtime=runtime)
    answer = invoke(lam, name, tail=True)
    information, warning = body(answer)
    assert re.fullmatch(rf"\[INFO\]\t{STAMP}\t{answer.request_id}\tinformation", information)
    assert re.fullmatch(rf"\[WARNING\]\t{STAMP}\t{answer.request_id}\ta warning", warning)


def test_an_unhandled_error_is_logged_in_one_event(lam, logs, function, runtime):
    name = function("def lambda_handler(event, context):\n    raise ValueError('boom')\n", Runtime=runtime)
    log = invoke(lam, name, tail=True).log
    assert "[ERROR] ValueError: boom\rTraceback (most recent call last):\r" in log
    assert "line 2, in lambda_handler\r" in log


def test_lines_belong_to_their_own_invocation(lam, function):
    name = function("def lambda_handler(event, context):\n    print('number', event)\n")
    for number in range(5):
        assert body(invoke(lam, name, number, tail=True)) == [f"number {number}"]


def test_json_logs(lam, function, runtime):
    name = function("""\
        import logging
        logger = logging.getLogger()
        def lambda_handler(event, context):
            logger.warning("careful")
            print("plain")
            if event:
                raise ValueError("boom")
    """, Runtime=runtime, LoggingConfig={"LogFormat": "JSON"})
    answer = invoke(lam, name, tail=True)
    lines = answer.log.splitlines()
    assert "plain" in lines
    documents = [json.loads(line) for line in lines if line.startswith("{")]
    platform = {document["type"]: document["record"] for document in documents if "type" in document}
    assert platform["platform.start"]["requestId"] == answer.request_id
    assert platform["platform.report"]["status"] == "success"
    assert platform["platform.report"]["metrics"]["memorySizeMB"] == 128
    (warning,) = [document for document in documents if document.get("level") == "WARNING"]
    assert warning["message"] == "careful"
    assert warning["logger"] == "root"
    assert warning["requestId"] == answer.request_id
    failed = invoke(lam, name, 1, tail=True)
    (error,) = [json.loads(line) for line in failed.log.splitlines() if '"errorType"' in line and '"ERROR"' in line]
    assert (error["errorType"], error["errorMessage"]) == ("ValueError", "boom")
