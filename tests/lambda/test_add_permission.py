"""https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html"""

import json
import re

from function import ARN, refused

S3 = {"Action": "lambda:InvokeFunction", "Principal": "s3.amazonaws.com"}


def test_the_answer_is_the_statement(lam, function):
    name = function()
    answer = lam.add_permission(FunctionName=name, StatementId="s3", SourceArn="arn:aws:s3:::bucket", SourceAccount="111111111111", **S3)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 201
    assert json.loads(answer["Statement"]) == {
        "Sid": "s3", "Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "lambda:InvokeFunction",
        "Resource": ARN + name,
        "Condition": {"StringEquals": {"AWS:SourceAccount": "111111111111"}, "ArnLike": {"AWS:SourceArn": "arn:aws:s3:::bucket"}},
    }


def test_an_existing_statement_is_a_conflict(lam, function):
    name = function()
    lam.add_permission(FunctionName=name, StatementId="s3", **S3)
    with refused("ResourceConflictException",
                 "The statement id (s3) provided already exists. Please provide a new statement id, or remove the existing statement.", 409):
        lam.add_permission(FunctionName=name, StatementId="s3", **S3)


def test_latest_takes_none(lam, function):
    with refused("InvalidParameterValueException", "We currently do not support adding policies for $LATEST.", 400):
        lam.add_permission(FunctionName=function(), StatementId="s3", Qualifier="$LATEST", **S3)


def test_an_unknown_version_is_not_found(lam, function):
    name = function()
    with refused("ResourceNotFoundException", f"Function not found: {ARN}{name}:42", 404):
        lam.add_permission(FunctionName=name, StatementId="s3", Qualifier="42", **S3)


def test_a_stale_revision_is_refused(lam, function):
    name = function()
    with refused("PreconditionFailedException", re.compile("Call the GetPolicy API to retrieve the latest Revision Id$"), 412):
        lam.add_permission(FunctionName=name, StatementId="s3", RevisionId="00000000-0000-0000-0000-000000000000", **S3)


def test_a_bad_statement_id_is_a_validation_error(lam_unvalidated, function):
    with refused("ValidationException",
                 "1 validation error detected: Value 'example.com' at 'statementId' failed to satisfy constraint: "
                 "Member must satisfy regular expression pattern: ([a-zA-Z0-9-_]+)"):
        lam_unvalidated.add_permission(FunctionName=function(), StatementId="example.com", **S3)
