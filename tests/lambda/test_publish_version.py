"""https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html"""

import re

from function import ARN, invoke, refused, wait_active, zip_of

OTHER = "def lambda_handler(event, context):\n    return 'other'\n"


def test_a_version_keeps_its_code(lam, function):
    name = function()
    answer = lam.publish_version(FunctionName=name, Description="first")
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 201
    assert (answer["Version"], answer["FunctionArn"], answer["Description"]) == ("1", f"{ARN}{name}:1", "first")
    lam.update_function_code(FunctionName=name, ZipFile=zip_of(OTHER))
    wait_active(lam, name)
    assert invoke(lam, name, 5, Qualifier="1").json == 5
    assert invoke(lam, name, 5).json == "other"


def test_publishing_unchanged_code_answers_the_same_version(lam, function):
    name = function()
    assert [lam.publish_version(FunctionName=name)["Version"] for _ in range(2)] == ["1", "1"]


def test_version_numbers_grow_and_are_not_reused(lam, function):
    name = function()
    lam.publish_version(FunctionName=name)
    lam.delete_function(FunctionName=name, Qualifier="1")
    lam.update_function_code(FunctionName=name, ZipFile=zip_of(OTHER))
    wait_active(lam, name)
    assert lam.publish_version(FunctionName=name)["Version"] == "2"


def test_another_code_sha_is_refused(lam, function):
    name = function()
    sha = lam.get_function_configuration(FunctionName=name)["CodeSha256"]
    with refused("InvalidParameterValueException",
                 f"CodeSHA256 (somenonexistentsha256) is different from current CodeSHA256 in $LATEST ({sha}). "
                 "Please try again with the CodeSHA256 in $LATEST."):
        lam.publish_version(FunctionName=name, CodeSha256="somenonexistentsha256")


def test_a_stale_revision_is_refused(lam, function):
    with refused("PreconditionFailedException", re.compile("^The Revision Id provided does not match"), 412):
        lam.publish_version(FunctionName=function(), RevisionId="00000000-0000-0000-0000-000000000000")
