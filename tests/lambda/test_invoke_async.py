"""https://docs.aws.amazon.com/lambda/latest/api/API_InvokeAsync.html (deprecated, still called by the aws cli)"""

from function import ARN, refused


def test_it_answers_202(lam, function):
    assert lam.invoke_async(FunctionName=function(), InvokeArgs=b"{}")["Status"] == 202


def test_an_unknown_function_is_not_found(lam):
    with refused("ResourceNotFoundException", f"Function not found: {ARN}nobody", 404):
        lam.invoke_async(FunctionName="nobody", InvokeArgs=b"{}")
