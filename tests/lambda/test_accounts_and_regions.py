"""Account and region are part of every key: https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html"""

from function import invoke, refused

ACCOUNT = "111122223333"


def test_another_account_does_not_see_it(hearth, lam, function):
    name = function()
    other = hearth.client("lambda", key=ACCOUNT)
    with refused("ResourceNotFoundException", f"Function not found: arn:aws:lambda:us-east-1:{ACCOUNT}:function:{name}", 404):
        other.get_function(FunctionName=name)
    assert other.list_functions()["Functions"] == []


def test_another_region_does_not_see_it(hearth, function):
    name = function()
    other = hearth.client("lambda", region="eu-north-1")
    with refused("ResourceNotFoundException", f"Function not found: arn:aws:lambda:eu-north-1:000000000000:function:{name}", 404):
        other.get_function(FunctionName=name)


def test_the_same_name_lives_in_both(hearth, lam, function):
    where = "def lambda_handler(event, context):\n    import os\n    return [context.invoked_function_arn, os.environ['AWS_REGION']]\n"
    name = function(where)
    other = hearth.client("lambda", region="eu-north-1", key=ACCOUNT)
    function(where, client=other)
    assert invoke(lam, name).json == [f"arn:aws:lambda:us-east-1:000000000000:function:{name}", "us-east-1"]
    assert invoke(other, name).json == [f"arn:aws:lambda:eu-north-1:{ACCOUNT}:function:{name}", "eu-north-1"]
