"""https://docs.aws.amazon.com/lambda/latest/api/API_CreateAlias.html"""

import re
from collections import Counter

import pytest
from function import ARN, invoke, refused, wait_active, zip_of

WHO = "def lambda_handler(event, context):\n    return context.function_version\n"


@pytest.fixture
def two_versions(lam, function):
    name = function(WHO)
    lam.publish_version(FunctionName=name)
    lam.update_function_code(FunctionName=name, ZipFile=zip_of(WHO + "# second\n"))
    wait_active(lam, name)
    lam.publish_version(FunctionName=name)
    return name


def test_the_answer_is_what_aws_answers(lam, two_versions):
    answer = lam.create_alias(FunctionName=two_versions, Name="live", FunctionVersion="1", Description="d")
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 201
    assert answer["AliasArn"] == f"{ARN}{two_versions}:live"
    assert (answer["Name"], answer["FunctionVersion"], answer["Description"]) == ("live", "1", "d")
    assert re.fullmatch("[0-9a-f-]{36}", answer["RevisionId"])


def test_a_weighted_alias_splits_traffic(lam, two_versions):
    lam.create_alias(FunctionName=two_versions, Name="split", FunctionVersion="1",
                     RoutingConfig={"AdditionalVersionWeights": {"2": 0.5}})
    ran = Counter()
    for _ in range(60):
        answer = invoke(lam, two_versions, Qualifier="split")
        assert answer.json == answer.version
        ran[answer.version] += 1
    # 60 fair throws give fewer than 10 of one side once in about 10^7 runs.
    assert set(ran) == {"1", "2"}
    assert min(ran.values()) >= 10, ran


def test_a_weight_of_zero_and_of_one_are_certain(lam, two_versions):
    for alias, weight, version in (("never", 0.0, "1"), ("always", 1.0, "2")):
        lam.create_alias(FunctionName=two_versions, Name=alias, FunctionVersion="1",
                         RoutingConfig={"AdditionalVersionWeights": {"2": weight}})
        assert {invoke(lam, two_versions, Qualifier=alias).version for _ in range(10)} == {version}


def test_an_existing_alias_is_a_conflict(lam, two_versions):
    lam.create_alias(FunctionName=two_versions, Name="custom", FunctionVersion="1")
    with refused("ResourceConflictException", f"Alias already exists: {ARN}{two_versions}:custom", 409):
        lam.create_alias(FunctionName=two_versions, Name="custom", FunctionVersion="1")


@pytest.mark.parametrize(("weights", "version", "message"), [
    ({"1": 0.5}, "1", "Invalid function version 1. Function version 1 is already included in routing configuration."),
    ({"1": 0.2, "2": 0.2}, "1", "Number of items in AdditionalVersionWeights cannot be greater than 1"),
    ({"2": 0.5}, "$LATEST", "$LATEST is not supported for an alias pointing to more than 1 version"),
])
def test_bad_routings_are_refused(lam, two_versions, weights, version, message):
    with refused("InvalidParameterValueException", message, 400):
        lam.create_alias(FunctionName=two_versions, Name="bad", FunctionVersion=version,
                         RoutingConfig={"AdditionalVersionWeights": weights})


def test_a_weight_over_one_is_a_validation_error(lam_unvalidated, two_versions):
    with refused("ValidationException", re.compile(
            r"^1 validation error detected: Value '\{2=2\.0\}' at 'routingConfig\.additionalVersionWeights' failed to satisfy "
            r"constraint: Map value must satisfy constraint: \[Member must have value less than or equal to 1\.0")):
        lam_unvalidated.create_alias(FunctionName=two_versions, Name="bad", FunctionVersion="1",
                                     RoutingConfig={"AdditionalVersionWeights": {"2": 2.0}})


def test_a_numeric_name_is_a_validation_error(lam_unvalidated, two_versions):
    with refused("ValidationException",
                 "1 validation error detected: Value '2024' at 'name' failed to satisfy constraint: "
                 "Member must satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)"):
        lam_unvalidated.create_alias(FunctionName=two_versions, Name="2024", FunctionVersion="1")


def test_an_unknown_version_is_not_found(lam, two_versions):
    with refused("ResourceNotFoundException", f"Function not found: {ARN}{two_versions}:10", 404):
        lam.create_alias(FunctionName=two_versions, Name="bad", FunctionVersion="10")
