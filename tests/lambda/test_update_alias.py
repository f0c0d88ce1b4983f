"""https://docs.aws.amazon.com/lambda/latest/api/API_UpdateAlias.html"""

import re

from function import ARN, invoke, refused


def test_invocations_follow_the_alias(lam, function):
    name = function()
    lam.publish_version(FunctionName=name)
    made = lam.create_alias(FunctionName=name, Name="live", FunctionVersion="$LATEST", Description="kept")
    changed = lam.update_alias(FunctionName=name, Name="live", FunctionVersion="1")
    assert (changed["FunctionVersion"], changed["Description"]) == ("1", "kept")
    assert changed["RevisionId"] != made["RevisionId"]
    assert invoke(lam, name, Qualifier="live").version == "1"


def test_a_stale_revision_is_refused(lam, function):
    name = function()
    lam.create_alias(FunctionName=name, Name="live", FunctionVersion="$LATEST")
    with refused("PreconditionFailedException", re.compile("^The Revision Id provided does not match"), 412):
        lam.update_alias(FunctionName=name, Name="live", Description="x", RevisionId="00000000-0000-0000-0000-000000000000")


def test_an_unknown_alias_is_not_found(lam, function):
    name = function()
    with refused("ResourceNotFoundException", f"Alias not found: {ARN}{name}:non-existent", 404):
        lam.update_alias(FunctionName=name, Name="non-existent", Description="x")
