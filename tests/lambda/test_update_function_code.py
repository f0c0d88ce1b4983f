"""https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionCode.html"""

import re

from function import ARN, ECHO, invoke, refused, wait_active, zip_of

OTHER = "def lambda_handler(event, context):\n    return 'other'\n"
STALE = ("The Revision Id provided does not match the latest Revision Id. "
         "Call the GetFunction/GetAlias API to retrieve the latest Revision Id")


def test_the_next_invocation_runs_the_new_code(lam, function):
    name = function()
    before = lam.get_function_configuration(FunctionName=name)
    assert invoke(lam, name, 1).json == 1
    answer = lam.update_function_code(FunctionName=name, ZipFile=zip_of(OTHER))
    assert answer["LastUpdateStatus"] == "InProgress"
    # AWS's answers have the code "Creating" beside it, which AWS's model forbids; hearth keeps to the model.
    assert answer["LastUpdateStatusReason"] == "The function is being created."
    assert answer["CodeSha256"] != before["CodeSha256"]
    assert answer["RevisionId"] != before["RevisionId"]
    after = wait_active(lam, name)
    assert after["LastUpdateStatus"] == "Successful"
    assert invoke(lam, name, 1).json == "other"


def test_publish_makes_a_version_of_the_new_code(lam, function):
    name = function()
    assert lam.update_function_code(FunctionName=name, ZipFile=zip_of(OTHER), Publish=True)["Version"] == "1"
    wait_active(lam, name)
    assert invoke(lam, name, 1, Qualifier="1").json == "other"


def test_a_dry_run_changes_nothing(lam, function):
    name = function()
    before = lam.get_function_configuration(FunctionName=name)
    lam.update_function_code(FunctionName=name, ZipFile=zip_of(OTHER), DryRun=True)
    after = lam.get_function_configuration(FunctionName=name)
    assert (after["CodeSha256"], after["RevisionId"]) == (before["CodeSha256"], before["RevisionId"])


def test_a_stale_revision_is_refused(lam, function):
    name = function()
    stale = lam.get_function_configuration(FunctionName=name)["RevisionId"]
    lam.update_function_configuration(FunctionName=name, Description="newer")
    wait_active(lam, name)
    with refused("PreconditionFailedException", STALE, 412) as caught:
        lam.update_function_code(FunctionName=name, ZipFile=zip_of(ECHO), RevisionId=stale)
    assert caught.value.response["Type"] == "User"


def test_a_bad_zip_keeps_the_old_code(lam, function):
    name = function()
    with refused("InvalidParameterValueException", re.compile("^Could not unzip uploaded file")):
        lam.update_function_code(FunctionName=name, ZipFile=b"not a zip")
    assert invoke(lam, name, 1).json == 1


def test_an_image_is_refused_for_a_zip_function(lam, function):
    name = function()
    with refused("InvalidParameterValueException", "Please don't provide ImageUri when updating a function with packageType Zip."):
        lam.update_function_code(FunctionName=name, ImageUri="000000000000.dkr.ecr.us-east-1.amazonaws.com/a:b")


def test_an_unknown_function_is_not_found(lam):
    with refused("ResourceNotFoundException", f"Function not found: {ARN}nobody", 404):
        lam.update_function_code(FunctionName="nobody", ZipFile=zip_of(ECHO))
