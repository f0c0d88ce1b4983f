"""https://docs.aws.amazon.com/lambda/latest/api/API_ListTags.html"""

from function import ARN, refused


def test_no_tags_are_an_empty_map(lam, function):
    assert lam.list_tags(Resource=ARN + function())["Tags"] == {}


def test_an_unknown_function_is_not_found(lam):
    with refused("ResourceNotFoundException", f"Function not found: {ARN}nobody", 404):
        lam.list_tags(Resource=ARN + "nobody")
