"""https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html"""

from function import ARN, refused


def test_it_is_get_functions_configuration(lam, function):
    name = function(MemorySize=256, Environment={"Variables": {"A1": "b"}})
    configuration = lam.get_function_configuration(FunctionName=name)
    configuration.pop("ResponseMetadata")
    assert configuration == lam.get_function(FunctionName=name)["Configuration"]
    assert configuration["MemorySize"] == 256


def test_a_version_has_a_qualified_arn(lam, function):
    name = function()
    lam.publish_version(FunctionName=name)
    configuration = lam.get_function_configuration(FunctionName=name, Qualifier="1")
    assert configuration["FunctionArn"] == f"{ARN}{name}:1"
    assert configuration["Version"] == "1"


def test_an_unknown_version_is_not_found(lam, function):
    name = function()
    with refused("ResourceNotFoundException", f"Function not found: {ARN}{name}:1221", 404):
        lam.get_function_configuration(FunctionName=name, Qualifier="1221")
