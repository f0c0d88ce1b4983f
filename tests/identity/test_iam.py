"""Roles, to the small extent that deploy tools call them: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html"""

import json

import pytest
from function import refused

TRUST = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"


@pytest.fixture
def iam(hearth):
    return hearth.client("iam")


@pytest.fixture
def role(iam, name):
    return iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]


def test_a_created_role_is_found(iam, role, name):
    assert role["Arn"] == f"arn:aws:iam::000000000000:role/{name}"
    assert role["AssumeRolePolicyDocument"] == TRUST
    found = iam.get_role(RoleName=name)["Role"]
    assert (found["Arn"], found["RoleId"], found["AssumeRolePolicyDocument"]) == (role["Arn"], role["RoleId"], TRUST)


def test_an_existing_role_is_a_conflict(iam, role, name):
    with refused("EntityAlreadyExists", f"Role with name {name} already exists.", 409):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))


def test_an_unknown_role_is_not_found(iam):
    with refused("NoSuchEntity", "The role with name nobody cannot be found.", 404):
        iam.get_role(RoleName="nobody")


def test_roles_are_listed_by_name(hearth):
    iam = hearth.client("iam", key="345678901234")
    paths = {"a": "/", "B": "/service-role/", "c": "/service-role/lambda/", "D": "/"}
    for name, path in reversed(paths.items()):
        iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=json.dumps(TRUST))
    answer = iam.list_roles()
    assert [role["RoleName"] for role in answer["Roles"]] == list(paths)
    assert answer["IsTruncated"] is False and "Marker" not in answer
    assert answer["Roles"][1] == iam.get_role(RoleName="B")["Role"]
    under = iam.list_roles(PathPrefix="/service-role/")["Roles"]
    assert [role["Arn"] for role in under] == [
        "arn:aws:iam::345678901234:role/service-role/B", "arn:aws:iam::345678901234:role/service-role/lambda/c"]
    assert iam.list_roles(PathPrefix="/nowhere/")["Roles"] == []


def test_a_list_of_roles_has_pages(hearth):
    iam = hearth.client("iam", key="456789012345")
    names = [f"role-{number:03}" for number in range(205)]
    for name in names:
        iam.create_role(RoleName=name, Path="/even/" if int(name[-3:]) % 2 == 0 else "/", AssumeRolePolicyDocument=json.dumps(TRUST))
    first = iam.list_roles()
    assert (len(first["Roles"]), first["IsTruncated"]) == (100, True)
    for prefix, wanted in (("/", names), ("/even/", names[::2])):
        pages = list(iam.get_paginator("list_roles").paginate(PathPrefix=prefix, PaginationConfig={"PageSize": 50}))
        assert [role["RoleName"] for page in pages for role in page["Roles"]] == wanted
        assert [page["IsTruncated"] for page in pages] == [True] * (len(pages) - 1) + [False]
    # The role that the marker names may go in between.
    iam.delete_role(RoleName=first["Roles"][-1]["RoleName"])
    assert iam.list_roles(Marker=first["Marker"], MaxItems=1)["Roles"][0]["RoleName"] == names[100]
    last = iam.list_roles(Marker=first["Marker"], MaxItems=105)
    assert (len(last["Roles"]), last["IsTruncated"]) == (105, False)


def test_a_marker_of_somebody_else_is_refused(iam):
    with refused("ValidationError", "Invalid Marker.", 400):
        iam.list_roles(Marker="no marker")


def test_policies_can_be_attached_and_put(iam, role, name):
    iam.attach_role_policy(RoleName=name, PolicyArn=BASIC)
    iam.put_role_policy(RoleName=name, PolicyName="inline", PolicyDocument=json.dumps(TRUST))
    assert iam.list_role_policies(RoleName=name)["PolicyNames"] == ["inline"]
    iam.delete_role_policy(RoleName=name, PolicyName="inline")
    assert iam.list_role_policies(RoleName=name)["PolicyNames"] == []


def test_a_deleted_role_is_gone(iam, role, name):
    iam.delete_role(RoleName=name)
    with refused("NoSuchEntity", status=404):
        iam.get_role(RoleName=name)
