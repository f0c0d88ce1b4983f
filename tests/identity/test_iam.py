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
