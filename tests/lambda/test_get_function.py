"""https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html"""

import urllib.request

import pytest
from function import ARN, ECHO, refused, zip_of


def test_the_code_is_at_its_location(lam, function):
    name = function(ECHO, Tags={"team": "tea"})
    answer = lam.get_function(FunctionName=name)
    assert answer["Configuration"]["FunctionName"] == name
    assert answer["Tags"] == {"team": "tea"}
    assert answer["Code"]["RepositoryType"] == "S3"
    with urllib.request.urlopen(answer["Code"]["Location"], timeout=10) as download:
        assert download.read() == zip_of(ECHO)


@pytest.mark.parametrize("form", ["{name}", "{arn}", "000000000000:function:{name}", "{arn}:$LATEST", "{name}:$LATEST"])
def test_every_form_of_a_name_is_understood(lam, function, form):
    name = function()
    answer = lam.get_function(FunctionName=form.format(name=name, arn=ARN + name))
    assert answer["Configuration"]["FunctionName"] == name


def test_reserved_concurrency_is_shown(lam, function):
    name = function()
    assert "Concurrency" not in lam.get_function(FunctionName=name)
    lam.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=3)
    assert lam.get_function(FunctionName=name)["Concurrency"] == {"ReservedConcurrentExecutions": 3}


def test_an_unknown_function_is_not_found(lam):
    with refused("ResourceNotFoundException", f"Function not found: {ARN}nobody", 404) as caught:
        lam.get_function(FunctionName="nobody")
    assert caught.value.response["Type"] == "User"


def test_an_unknown_qualifier_is_not_found(lam, function):
    name = function()
    with refused("ResourceNotFoundException", f"Function not found: {ARN}{name}:noalias", 404):
        lam.get_function(FunctionName=name, Qualifier="noalias")


def test_another_regions_arn_is_not_reachable(lam):
    with refused("ResourceNotFoundException", "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')", 404):
        lam.get_function(FunctionName="arn:aws:lambda:eu-west-1:000000000000:function:nobody")
