"""https://docs.aws.amazon.com/lambda/latest/api/API_RemovePermission.html"""

from function import refused


def test_the_statement_goes(lam, function):
    name = function()
    lam.add_permission(FunctionName=name, StatementId="s3", Action="lambda:InvokeFunction", Principal="s3.amazonaws.com")
    assert lam.remove_permission(FunctionName=name, StatementId="s3")["ResponseMetadata"]["HTTPStatusCode"] == 204
    with refused("ResourceNotFoundException", status=404):
        lam.get_policy(FunctionName=name)


def test_an_unknown_statement_is_not_found(lam, function):
    name = function()
    lam.add_permission(FunctionName=name, StatementId="s3", Action="lambda:InvokeFunction", Principal="s3.amazonaws.com")
    with refused("ResourceNotFoundException", "Statement non-existent is not found in resource policy.", 404):
        lam.remove_permission(FunctionName=name, StatementId="non-existent")


def test_no_policy_is_not_found(lam, function):
    with refused("ResourceNotFoundException", "No policy is associated with the given resource.", 404):
        lam.remove_permission(FunctionName=function(), StatementId="s3")
