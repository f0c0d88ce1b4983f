"""https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunction.html"""

from function import ARN, refused


def test_a_deleted_function_is_gone(lam, function):
    name = function()
    assert lam.delete_function(FunctionName=name)["ResponseMetadata"]["HTTPStatusCode"] in (200, 204)
    with refused("ResourceNotFoundException", f"Function not found: {ARN}{name}", 404):
        lam.get_function(FunctionName=name)
    assert function() == name, "the name is free again"


def test_one_version_can_be_deleted(lam, function):
    name = function()
    lam.publish_version(FunctionName=name)
    lam.delete_function(FunctionName=name, Qualifier="1")
    with refused("ResourceNotFoundException", f"Function not found: {ARN}{name}:1", 404):
        lam.get_function(FunctionName=name, Qualifier="1")
    lam.get_function(FunctionName=name)


def test_a_version_that_an_alias_names_stays(lam, function):
    name = function()
    lam.publish_version(FunctionName=name)
    lam.create_alias(FunctionName=name, Name="live", FunctionVersion="1")
    with refused("ResourceConflictException", status=409):
        lam.delete_function(FunctionName=name, Qualifier="1")
    lam.get_function(FunctionName=name, Qualifier="1")


def test_an_unknown_function_is_not_found(lam):
    with refused("ResourceNotFoundException", f"Function not found: {ARN}nobody", 404):
        lam.delete_function(FunctionName="nobody")
