"""https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html"""

import re

from function import ARN, refused


def test_pages_hold_every_function_once(lam, function):
    made = {function(suffix=f"-{number}") for number in range(3)}
    pages = list(lam.get_paginator("list_functions").paginate(PaginationConfig={"PageSize": 2}))
    assert all(len(page["Functions"]) <= 2 for page in pages)
    names = [entry["FunctionName"] for page in pages for entry in page["Functions"]]
    assert made <= set(names)
    assert len(names) == len(set(names))
    assert "NextMarker" not in pages[-1]


def test_all_versions_are_listed_when_asked(lam, function):
    name = function()
    lam.publish_version(FunctionName=name)
    pages = lam.get_paginator("list_functions").paginate(FunctionVersion="ALL")
    arns = [entry["FunctionArn"] for page in pages for entry in page["Functions"] if entry["FunctionName"] == name]
    assert sorted(arns) == [f"{ARN}{name}:$LATEST", f"{ARN}{name}:1"]


def test_an_unknown_function_version_is_refused(lam_unvalidated):
    with refused("ValidationException", re.compile(
            r"^1 validation error detected: Value 'invalid' at 'functionVersion' failed to satisfy constraint: "
            r"Member must satisfy enum value set: \[ALL\]$")):
        lam_unvalidated.list_functions(FunctionVersion="invalid")


def test_the_older_trailing_slash_is_the_same_route(hearth, lam, function):
    name = function()
    scope = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=0"
    status, _, body = hearth.request("GET", "/2015-03-31/functions/", headers={"Authorization": scope})
    assert status == 200
    assert name.encode() in body
