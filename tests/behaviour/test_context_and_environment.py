"""The context object and the environment, as on Lambda: https://docs.aws.amazon.com/lambda/latest/dg/python-context.html"""

import re

from function import ARN, invoke

CONTEXT = """\
    def lambda_handler(event, context):
        return {
            "id": context.aws_request_id,
            "group": context.log_group_name,
            "stream": context.log_stream_name,
            "name": context.function_name,
            "memory": context.memory_limit_in_mb,
            "version": context.function_version,
            "arn": context.invoked_function_arn,
            "client_context": context.client_context,
            "identity": context.identity.cognito_identity_id,
            "remaining": context.get_remaining_time_in_millis(),
        }
"""
ENVIRONMENT = "import os\ndef lambda_handler(event, context):\n    return dict(os.environ)\n"


def test_the_context_object(lam, function, runtime):
    name = function(CONTEXT, Runtime=runtime, Timeout=5, MemorySize=256)
    answer = invoke(lam, name)
    context = answer.json
    assert 0 < context.pop("remaining") <= 5000
    assert re.fullmatch(r"\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}", context.pop("stream"))
    assert context == {
        "id": answer.request_id, "group": f"/aws/lambda/{name}", "name": name, "memory": "256", "version": "$LATEST",
        "arn": ARN + name, "client_context": None, "identity": None,
    }


def test_the_environment(lam, function, runtime):
    name = function(ENVIRONMENT, Runtime=runtime, Environment={"Variables": {"MINE": "1"}})
    environment = invoke(lam, name).json
    expected = {
        "MINE": "1",
        "_HANDLER": "lambda_function.lambda_handler",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{runtime}",
        "AWS_LAMBDA_FUNCTION_NAME": name,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{name}",
        "LAMBDA_TASK_ROOT": "/var/task",
        "LAMBDA_RUNTIME_DIR": "/var/runtime",
        "TZ": ":UTC",
        "LANG": "en_US.UTF-8",
    }
    assert {key: environment.get(key) for key in expected} == expected
    assert {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "PATH", "AWS_LAMBDA_LOG_STREAM_NAME"} <= set(environment)


def test_code_lies_at_var_task_and_imports_its_neighbours(lam, function, runtime):
    name = function({
        "lambda_function.py": "import os, package.part\ndef lambda_handler(e, c): return [os.getcwd(), __file__, package.part.X]\n",
        "package/__init__.py": "", "package/part.py": "X = 7\n",
    }, Runtime=runtime)
    assert invoke(lam, name).json == ["/var/task", "/var/task/lambda_function.py", 7]


def test_a_handler_in_a_folder(lam, function, runtime):
    name = function({"app/main.py": "def run(event, context): return 'run'\n"}, Runtime=runtime, Handler="app/main.run")
    assert invoke(lam, name).json == "run"


def test_the_version_is_the_runtimes(lam, function, runtime):
    name = function("import sys\ndef lambda_handler(e, c): return 'python%d.%d' % sys.version_info[:2]\n", Runtime=runtime)
    assert invoke(lam, name).json == runtime
