"""https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionConcurrency.html"""

import re

import pytest
from function import ARN, refused


@pytest.fixture(autouse=True)
def unreserved(lam, function):
    """Reservations count against the account: tests that make one give it back by deleting the function."""
    return function


def test_it_answers_the_reservation(lam, function):
    answer = lam.put_function_concurrency(FunctionName=function(), ReservedConcurrentExecutions=5)
    assert answer["ReservedConcurrentExecutions"] == 5


def test_a_hundred_stay_unreserved(lam, function):
    with refused("InvalidParameterValueException",
                 "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below "
                 "its minimum value of [100].", 400):
        lam.put_function_concurrency(FunctionName=function(), ReservedConcurrentExecutions=901)


def test_versions_take_none(lam, function):
    name = function()
    lam.publish_version(FunctionName=name)
    with refused("InvalidParameterValueException", re.compile("^This operation is permitted on Lambda functions only")):
        lam.put_function_concurrency(FunctionName=f"{name}:1", ReservedConcurrentExecutions=1)


def test_an_unknown_function_is_not_found(lam):
    with refused("ResourceNotFoundException", re.compile(re.escape(f"Function not found: {ARN}nobody")), 404):
        lam.put_function_concurrency(FunctionName="nobody", ReservedConcurrentExecutions=1)
