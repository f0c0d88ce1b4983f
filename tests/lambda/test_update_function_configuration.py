"""https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html"""

import re
from concurrent.futures import ThreadPoolExecutor

from botocore.exceptions import ClientError
from function import ARN, invoke, refused, wait_active

ENVIRONMENT = """
    import os
    def lambda_handler(event, context):
        return [os.environ.get("GREETING"), context.memory_limit_in_mb]
"""


def test_the_next_invocation_sees_the_change(lam, function):
    name = function(ENVIRONMENT, Environment={"Variables": {"GREETING": "old"}})
    assert invoke(lam, name).json == ["old", "128"]
    answer = lam.update_function_configuration(
        FunctionName=name, MemorySize=256, Timeout=7, Description="new", Environment={"Variables": {"GREETING": "new"}})
    assert answer["LastUpdateStatus"] == "InProgress"
    after = wait_active(lam, name)
    assert (after["MemorySize"], after["Timeout"], after["Description"]) == (256, 7, "new")
    assert invoke(lam, name).json == ["new", "256"]


def test_members_not_named_stay(lam, function):
    name = function(Environment={"Variables": {"GREETING": "kept"}}, MemorySize=192)
    lam.update_function_configuration(FunctionName=name, Description="only this")
    after = wait_active(lam, name)
    assert after["MemorySize"] == 192
    assert after["Environment"] == {"Variables": {"GREETING": "kept"}}


def test_a_stale_revision_is_refused(lam, function):
    name = function()
    with refused("PreconditionFailedException", re.compile("^The Revision Id provided does not match the latest Revision Id"), 412):
        lam.update_function_configuration(FunctionName=name, Description="x", RevisionId="00000000-0000-0000-0000-000000000000")


def test_concurrent_updates_conflict_in_awss_words(lam, function):
    name = function()
    expected = ("The operation cannot be performed at this time. An update is in progress for resource: " + ARN + name)

    def update(number):
        try:
            lam.update_function_configuration(FunctionName=name, Description=f"number {number}")
            return None
        except ClientError as error:
            return error.response["Error"]

    with ThreadPoolExecutor(8) as pool:
        errors = [error for error in pool.map(update, range(16)) if error]
    wait_active(lam, name)
    assert len(errors) < 16, "one of them must get through"
    for error in errors:
        assert (error["Code"], error["Message"]) == ("ResourceConflictException", expected)


def test_reserved_variables_are_refused(lam, function):
    name = function()
    with refused("InvalidParameterValueException", re.compile("Reserved keys used in this request: AWS_REGION")):
        lam.update_function_configuration(FunctionName=name, Environment={"Variables": {"AWS_REGION": "mars-1"}})
    # The model has no name that begins so; and what is sensitive in it is not repeated.
    with refused("ValidationException", re.compile(
            "^1 validation error detected: Value at 'environment.variables' failed to satisfy constraint: Map keys must satisfy")):
        lam.update_function_configuration(FunctionName=name, Environment={"Variables": {"_HANDLER": "x.y"}})


def test_an_unknown_function_is_not_found(lam):
    with refused("ResourceNotFoundException", f"Function not found: {ARN}nobody", 404):
        lam.update_function_configuration(FunctionName="nobody", Description="x")
