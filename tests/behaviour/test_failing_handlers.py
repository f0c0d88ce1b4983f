"""Every way in which a handler can fail, on two Python versions, with AWS's own words.

https://docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html
"""

import re

import pytest
from function import invoke


@pytest.fixture
def deploy(function, runtime):
    return lambda code, **configuration: function(code, Runtime=runtime, **configuration)


def failed(lam, name, event=None):
    """Invokes a function that must fail → its error document."""
    answer = invoke(lam, name, event)
    assert (answer.status, answer.error, answer.version) == (200, "Unhandled", "$LATEST"), answer
    return answer.json


def test_a_raised_exception_is_reported_with_its_stack(lam, deploy):
    name = deploy("""\
        class CustomError(Exception):
            pass

        def inner():
            raise CustomError("boom")

        def lambda_handler(event, context):
            inner()
    """)
    error = failed(lam, name)
    assert set(error) == {"errorType", "errorMessage", "requestId", "stackTrace"}
    assert (error["errorType"], error["errorMessage"]) == ("CustomError", "boom")
    assert re.fullmatch("[0-9a-f-]{36}", error["requestId"])
    assert error["stackTrace"] == [
        '  File "/var/task/lambda_function.py", line 8, in lambda_handler\n    inner()\n',
        '  File "/var/task/lambda_function.py", line 5, in inner\n    raise CustomError("boom")\n',
    ]


def test_the_sandbox_of_a_raised_exception_is_reused(lam, deploy):
    name = deploy("""\
        calls = 0
        def lambda_handler(event, context):
            global calls
            calls += 1
            if event == "fail":
                raise ValueError(calls)
            return calls
    """)
    assert failed(lam, name, "fail")["errorMessage"] == "1"
    assert invoke(lam, name).json == 2


def test_an_import_error(lam, deploy):
    error = failed(lam, deploy("import nonexistent_module\ndef lambda_handler(event, context): pass\n"))
    assert error["errorType"] == "Runtime.ImportModuleError"
    assert error["errorMessage"] == "Unable to import module 'lambda_function': No module named 'nonexistent_module'"
    assert error["requestId"] == ""
    assert error["stackTrace"] == []


def test_a_missing_module(lam, deploy):
    error = failed(lam, deploy("", Handler="absent.lambda_handler"))
    assert error["errorType"] == "Runtime.ImportModuleError"
    assert error["errorMessage"] == "Unable to import module 'absent': No module named 'absent'"


def test_a_syntax_error(lam, deploy):
    error = failed(lam, deploy("def lambda_handler(event, context)\n    pass\n"))
    assert error["errorType"] == "Runtime.UserCodeSyntaxError"
    assert re.match(r"Syntax error in module 'lambda_function': .+ \(lambda_function\.py, line 1\)$", error["errorMessage"])
    assert error["stackTrace"][0].startswith('  File "/var/task/lambda_function.py" Line 1')


def test_a_missing_handler(lam, deploy):
    error = failed(lam, deploy("def other(event, context): pass\n"))
    assert error["errorType"] == "Runtime.HandlerNotFound"
    assert error["errorMessage"] == "Handler 'lambda_handler' missing on module 'lambda_function'"


def test_a_malformed_handler(lam, deploy):
    error = failed(lam, deploy("", Handler="nodot"))
    assert error["errorType"] == "Runtime.MalformedHandlerName"
    assert error["errorMessage"].startswith("Bad handler 'nodot': ")


def test_an_exception_while_importing(lam, deploy):
    error = failed(lam, deploy("raise RuntimeError('at import')\n"))
    assert (error["errorType"], error["errorMessage"]) == ("RuntimeError", "at import")


@pytest.mark.parametrize(("how", "status"), [
    ("import sys; sys.exit(3)", "exit status 3"),
    ("import os; os._exit(127)", "exit status 127"),
    ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "signal: killed"),
    ("import os; os.abort()", "signal: aborted"),
    ("import ctypes; ctypes.string_at(0)", "signal: segmentation fault"),
])
def test_a_process_that_ends(lam, deploy, how, status):
    name = deploy(f"""\
        calls = 0
        def lambda_handler(event, context):
            global calls
            calls += 1
            if event == "end":
                {how}
            return calls
    """)
    assert invoke(lam, name).json == 1
    error = failed(lam, name, "end")
    assert error["errorType"] == "Runtime.ExitError"
    assert re.match(rf"RequestId: [0-9a-f-]{{36}} Error: Runtime exited with error: {status}", error["errorMessage"])
    assert invoke(lam, name).json == 1, "a sandbox whose process ended is never reused"


def test_a_process_that_ends_with_zero(lam, deploy):
    error = failed(lam, deploy("import os\ndef lambda_handler(event, context): os._exit(0)\n"))
    assert error["errorType"] == "Runtime.ExitError"
    assert error["errorMessage"].endswith(" Error: Runtime exited without providing a reason")


def test_a_timeout(lam, deploy):
    name = deploy("""\
        import time
        calls = 0
        def lambda_handler(event, context):
            global calls
            calls += 1
            if event == "hang":
                time.sleep(60)
            return calls
    """, Timeout=1)
    assert invoke(lam, name).json == 1
    answer = invoke(lam, name, "hang", tail=True)
    assert answer.error == "Unhandled"
    assert answer.json == {"errorType": "Sandbox.Timedout",
                           "errorMessage": f"RequestId: {answer.request_id} Error: Task timed out after 1.00 seconds"}
    assert f"{answer.request_id} Task timed out after 1.00 seconds" in answer.log
    assert "Status: timeout" in answer.log
    assert invoke(lam, name).json == 1, "a sandbox that timed out is never reused"


def test_a_timeout_ends_the_children_too(lam, deploy):
    name = deploy("""\
        import os, subprocess, sys
        def lambda_handler(event, context):
            if event == "count":
                return len([entry for entry in os.listdir("/proc") if entry.isdigit()])
            subprocess.run([sys.executable or "/bin/sleep", "-c", "import time; time.sleep(60)"])
    """, Timeout=1)
    before = invoke(lam, name, "count").json
    assert failed(lam, name)["errorType"] == "Sandbox.Timedout"
    assert invoke(lam, name, "count").json == before


def test_out_of_memory(lam, deploy):
    name = deploy("""\
        def lambda_handler(event, context):
            kept = []
            while event == "grow":
                kept.append(b"x" * (8 << 20))
            return "fine"
    """, MemorySize=128)
    error = failed(lam, name, "grow")
    assert error["errorType"] in ("Runtime.OutOfMemory", "Runtime.ExitError", "MemoryError")
    if error["errorType"] == "Runtime.ExitError":
        assert "signal: killed" in error["errorMessage"]
    assert invoke(lam, name).json == "fine"


def test_a_response_that_is_too_large(lam, deploy):
    name = deploy("def lambda_handler(event, context): return 'x' * event\n")
    assert failed(lam, name, 6291556) == {
        "errorType": "Function.ResponseSizeTooLarge",
        "errorMessage": "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
    }
    assert len(invoke(lam, name, 6291556 - 2).json) == 6291554, "the quotes make it exactly the limit"


def test_a_response_that_json_cannot_hold(lam, deploy):
    error = failed(lam, deploy("def lambda_handler(event, context): return {1, 2}\n"))
    assert error["errorType"] == "Runtime.MarshalError"
    assert error["errorMessage"] == "Unable to marshal response: Object of type set is not JSON serializable"


def test_nothing_returned_is_null(lam, deploy):
    assert invoke(lam, deploy("def lambda_handler(event, context): pass\n")).body == b"null"
