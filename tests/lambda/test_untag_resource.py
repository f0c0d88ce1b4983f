"""https://docs.aws.amazon.com/lambda/latest/api/API_UntagResource.html"""

from function import ARN, refused


def test_named_tags_go(lam, function):
    arn = ARN + function(Tags={"a": "1", "b": "2"})
    assert lam.untag_resource(Resource=arn, TagKeys=["a", "unknown"])["ResponseMetadata"]["HTTPStatusCode"] == 204
    assert lam.list_tags(Resource=arn)["Tags"] == {"b": "2"}


def test_no_keys_are_a_validation_error(lam_unvalidated, function):
    arn = ARN + function()
    with refused("ValidationException",
                 "1 validation error detected: Value null at 'tagKeys' failed to satisfy constraint: Member must not be null"):
        lam_unvalidated.untag_resource(Resource=arn)
