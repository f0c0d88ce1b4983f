"""https://docs.aws.amazon.com/lambda/latest/api/API_TagResource.html"""

import re

from function import ARN, refused


def test_tags_are_added_and_replaced(lam, function):
    arn = ARN + function(Tags={"a": "1", "b": "1"})
    assert lam.tag_resource(Resource=arn, Tags={"b": "2", "c": "3"})["ResponseMetadata"]["HTTPStatusCode"] == 204
    assert lam.list_tags(Resource=arn)["Tags"] == {"a": "1", "b": "2", "c": "3"}


def test_more_than_fifty_are_refused(lam, function):
    with refused("InvalidParameterValueException", "Number of tags exceeds resource tag limit.", 400):
        lam.tag_resource(Resource=ARN + function(), Tags={f"k{number}": "v" for number in range(51)})


def test_a_version_takes_none(lam, function):
    arn = ARN + function() + ":1"
    with refused("InvalidParameterValueException", re.compile("^Tags on function aliases and versions are not supported")):
        lam.tag_resource(Resource=arn, Tags={"a": "b"})


def test_an_unknown_function_is_not_found(lam):
    with refused("ResourceNotFoundException", f"Function not found: {ARN}nobody", 404):
        lam.tag_resource(Resource=ARN + "nobody", Tags={"a": "b"})
