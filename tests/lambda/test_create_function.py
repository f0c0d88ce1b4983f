"""https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html"""

import base64
import hashlib
import re

import pytest
from function import ARN, ECHO, HANDLER, ROLE, invoke, refused, wait_active, zip_of


@pytest.fixture
def create(lam_unvalidated, name, newest):
    """Calls CreateFunction with good values but for those given; deletes what came of it."""
    def call(**members):
        good = {"FunctionName": name, "Runtime": newest, "Role": ROLE, "Handler": HANDLER, "Code": {"ZipFile": zip_of(ECHO)}}
        members = {k: v for k, v in (good | members).items() if v is not None}
        return lam_unvalidated.create_function(**members)
    yield call
    try:
        lam_unvalidated.delete_function(FunctionName=name)
    except lam_unvalidated.exceptions.ClientError:
        pass


def test_the_answer_is_what_aws_answers(lam, create, name, newest):
    code = zip_of(ECHO)
    answer = create(Code={"ZipFile": code}, Description="an echo", Environment={"Variables": {"GREETING": "hello"}})
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 201
    assert answer["FunctionName"] == name
    assert answer["FunctionArn"] == ARN + name
    assert answer["Runtime"] == newest
    assert answer["Role"] == ROLE
    assert answer["Handler"] == HANDLER
    assert answer["CodeSize"] == len(code)
    assert answer["CodeSha256"] == base64.b64encode(hashlib.sha256(code).digest()).decode()
    assert answer["Description"] == "an echo"
    assert answer["Timeout"] == 3
    assert answer["MemorySize"] == 128
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000", answer["LastModified"])
    assert answer["Version"] == "$LATEST"
    assert answer["Environment"] == {"Variables": {"GREETING": "hello"}}
    assert answer["TracingConfig"] == {"Mode": "PassThrough"}
    assert answer["State"] == "Pending"
    assert answer["StateReason"] == "The function is being created."
    assert answer["StateReasonCode"] == "Creating"
    assert answer["PackageType"] == "Zip"
    assert answer["Architectures"] in (["x86_64"], ["arm64"])
    assert answer["EphemeralStorage"] == {"Size": 512}
    assert answer["SnapStart"] == {"ApplyOn": "None", "OptimizationStatus": "Off"}
    assert answer["LoggingConfig"] == {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{name}"}
    assert re.fullmatch(r"[0-9a-f-]{36}", answer["RevisionId"])
    active = wait_active(lam, name)
    assert active["LastUpdateStatus"] == "Successful"
    assert active["RevisionId"] != answer["RevisionId"], "the revision changes on every transition"
    assert "StateReason" not in active


def test_the_sdks_waiters_end(lam, create, name):
    create()
    quick = {"Delay": 1, "MaxAttempts": 60}
    for waiter in ("function_exists", "function_active_v2", "function_active", "function_updated_v2", "function_updated"):
        lam.get_waiter(waiter).wait(FunctionName=name, WaiterConfig=quick)
    assert invoke(lam, name, {"n": 1}).json == {"n": 1}


def test_publish_creates_version_one(lam, create, name):
    answer = create(Publish=True)
    assert answer["Version"] == "1"
    wait_active(lam, name)
    lam.get_waiter("published_version_active").wait(
        FunctionName=name, Qualifier="1", WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    assert invoke(lam, name, 1, Qualifier="1").version == "1"


def test_an_existing_name_is_a_conflict(lam, create, name):
    create()
    wait_active(lam, name)
    with refused("ResourceConflictException", f"Function already exist: {name}", 409) as caught:
        create()
    assert caught.value.response["Type"] == "User"


@pytest.mark.parametrize(("members", "path", "constraint"), [
    ({"Role": "r1"}, "Value 'r1' at 'role'", "Member must satisfy regular expression pattern: arn:"),
    ({"FunctionName": "not a name"}, "Value 'not a name' at 'functionName'", "Member must satisfy regular expression pattern: "),
    ({"Timeout": 0}, "Value '0' at 'timeout'", "Member must have value greater than or equal to 1"),
    ({"MemorySize": 64}, "Value '64' at 'memorySize'", "Member must have value greater than or equal to 128"),
    ({"MemorySize": 40000}, "Value '40000' at 'memorySize'", "Member must have value less than or equal to 32768"),
    ({"Description": "x" * 257}, f"Value '{'x' * 257}' at 'description'", "Member must have length less than or equal to 256"),
    ({"EphemeralStorage": {"Size": 1}}, "Value '1' at 'ephemeralStorage.size'", "Member must have value greater than or equal to 512"),
    ({"PackageType": "Tar"}, "Value 'Tar' at 'packageType'", "Member must satisfy enum value set: ["),
])
def test_a_member_outside_the_model_is_a_validation_error(create, members, path, constraint):
    expected = f"1 validation error detected: {path} failed to satisfy constraint: {constraint}"
    with refused("ValidationException", re.compile("^" + re.escape(expected)), 400):
        create(**members)


def test_several_validation_errors_come_at_once(create):
    with refused("ValidationException", re.compile(r"^2 validation errors detected: ")) as caught:
        create(Role="r1", Timeout=0)
    message = caught.value.response["Error"]["Message"]
    assert "Value 'r1' at 'role' failed to satisfy constraint: " in message
    assert "; " in message
    assert "Value '0' at 'timeout' failed to satisfy constraint: " in message


def test_a_missing_required_member_is_named(create):
    with refused("ValidationException", re.compile(
            r"^1 validation error detected: Value null at 'role' failed to satisfy constraint: Member must not be null$")):
        create(Role=None)


def test_a_name_longer_than_64_is_refused(create):
    with refused("InvalidParameterValueException",
                 f"1 validation error detected: Value '{'a' * 65}' at 'functionName' failed to satisfy constraint: "
                 "Member must have length less than or equal to 64", 400):
        create(FunctionName="a" * 65)


def test_an_unknown_runtime_is_refused(create):
    with refused("InvalidParameterValueException", re.compile(
            r"^Value non-existent-runtime at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: \[")):
        create(Runtime="non-existent-runtime")


def test_a_retired_runtime_is_refused(create):
    with refused("InvalidParameterValueException",
                 "The runtime parameter of python3.7 is no longer supported for creating or updating AWS Lambda functions. "
                 "We recommend you use a supported runtime while creating or updating functions."):
        create(Runtime="python3.7")


def test_a_runtime_that_the_host_lacks_fails_with_a_way_out(hearth, lam, create, name):
    lacking = [f"python3.{minor}" for minor in range(9, 15) if f"python3.{minor}" not in hearth.runtimes()]
    if not lacking:
        pytest.skip("this host has every Python from 3.9 to 3.14")
    create(Runtime=lacking[-1])
    with pytest.raises(AssertionError, match=re.escape(lacking[-1])):
        wait_active(lam, name)
    configuration = lam.get_function_configuration(FunctionName=name)
    assert configuration["StateReasonCode"] == "InvalidRuntime"


def test_reserved_environment_variables_are_refused(create):
    with refused("InvalidParameterValueException", re.compile(
            r"^Lambda was unable to configure your environment variables because the environment variables you have provided "
            r"contains reserved keys that are currently not supported for modification\. Reserved keys used in this request: AWS_REGION")):
        create(Environment={"Variables": {"AWS_REGION": "eu-west-1"}})


def test_an_environment_over_4_kb_is_refused(create):
    with refused("InvalidParameterValueException", re.compile(
            r"exceeded the 4KB limit\. String measured: \{\"LARGE_VAR\":\"xxx")):
        create(Environment={"Variables": {"LARGE_VAR": "x" * 4097}})
