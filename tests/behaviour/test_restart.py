"""What was stored is there after a restart, orderly or not."""

import pytest
from function import ECHO, invoke
from server import eventually


@pytest.mark.parametrize("ending", ["terminate", "kill"])
def test_state_survives(start_hearth, function, ending):
    hearth = start_hearth()
    lam, logs = hearth.client("lambda"), hearth.client("logs")
    name = function("def lambda_handler(event, context):\n    print('before')\n    return event\n", client=lam,
                    Description="kept", Environment={"Variables": {"A1": "b"}}, Tags={"t": "v"})
    lam.publish_version(FunctionName=name)
    lam.create_alias(FunctionName=name, Name="live", FunctionVersion="1")
    lam.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=7)
    assert invoke(lam, name, 1).json == 1
    group = f"/aws/lambda/{name}"
    eventually(lambda: logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"], what="the log group")
    before = lam.get_function_configuration(FunctionName=name)
    getattr(hearth, ending)()

    again = start_hearth()
    lam, logs = again.client("lambda"), again.client("logs")
    after = lam.get_function_configuration(FunctionName=name)
    before.pop("ResponseMetadata"), after.pop("ResponseMetadata")
    assert after == before
    assert lam.get_function(FunctionName=name)["Tags"] == {"t": "v"}
    assert lam.get_function_concurrency(FunctionName=name)["ReservedConcurrentExecutions"] == 7
    assert invoke(lam, name, 2, Qualifier="live").json == 2
    assert logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    if ending == "terminate":
        assert logs.filter_log_events(logGroupName=group, filterPattern="before")["events"]


def test_a_restart_is_quick_with_many_functions(start_hearth, function):
    hearth = start_hearth()
    lam = hearth.client("lambda")
    names = [function(ECHO, suffix=f"-{number}", client=lam) for number in range(30)]
    hearth.terminate()
    lam = start_hearth().client("lambda")
    pages = lam.get_paginator("list_functions").paginate()
    assert {entry["FunctionName"] for page in pages for entry in page["Functions"]} == set(names)
