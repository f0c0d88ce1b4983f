"""https://docs.aws.amazon.com/lambda/latest/api/API_GetPolicy.html"""

import json

from function import ARN, refused


def test_the_policy_holds_every_statement(lam, function):
    name = function()
    for sid in ("one", "two"):
        lam.add_permission(FunctionName=name, StatementId=sid, Action="lambda:InvokeFunction", Principal="sns.amazonaws.com")
    answer = lam.get_policy(FunctionName=name)
    policy = json.loads(answer["Policy"])
    assert (policy["Version"], policy["Id"]) == ("2012-10-17", "default")
    assert [statement["Sid"] for statement in policy["Statement"]] == ["one", "two"]
    assert answer["RevisionId"]


def test_no_policy_is_not_found(lam, function):
    with refused("ResourceNotFoundException", "The resource you requested does not exist.", 404):
        lam.get_policy(FunctionName=function())


def test_an_unknown_function_is_not_found(lam):
    with refused("ResourceNotFoundException", f"Function not found: {ARN}nobody", 404):
        lam.get_policy(FunctionName="nobody")
