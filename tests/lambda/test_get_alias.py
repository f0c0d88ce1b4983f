"""https://docs.aws.amazon.com/lambda/latest/api/API_GetAlias.html"""

from function import ARN, refused


def test_it_is_what_create_answered(lam, function):
    name = function()
    made = lam.create_alias(FunctionName=name, Name="live", FunctionVersion="$LATEST")
    got = lam.get_alias(FunctionName=name, Name="live")
    made.pop("ResponseMetadata"), got.pop("ResponseMetadata")
    assert got == made


def test_an_unknown_alias_is_not_found(lam, function):
    name = function()
    with refused("ResourceNotFoundException", f"Cannot find alias arn: {ARN}{name}:non-existent", 404):
        lam.get_alias(FunctionName=name, Name="non-existent")
