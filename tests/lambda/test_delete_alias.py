"""https://docs.aws.amazon.com/lambda/latest/api/API_DeleteAlias.html"""

from function import refused


def test_a_deleted_alias_is_gone_and_deleting_again_is_fine(lam, function):
    name = function()
    lam.create_alias(FunctionName=name, Name="live", FunctionVersion="$LATEST")
    for _ in range(2):
        assert lam.delete_alias(FunctionName=name, Name="live")["ResponseMetadata"]["HTTPStatusCode"] == 204
    with refused("ResourceNotFoundException", status=404):
        lam.get_alias(FunctionName=name, Name="live")
