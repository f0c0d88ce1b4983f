"""https://docs.aws.amazon.com/lambda/latest/api/API_GetAccountSettings.html"""


def test_limits_and_usage(hearth, function):
    lam = hearth.client("lambda", key="222222222222")
    settings = lam.get_account_settings()
    assert settings["AccountLimit"]["ConcurrentExecutions"] == 1000
    assert settings["AccountLimit"]["UnreservedConcurrentExecutions"] == 1000
    assert settings["AccountLimit"]["CodeSizeUnzipped"] == 262144000
    assert settings["AccountLimit"]["CodeSizeZipped"] == 52428800
    assert settings["AccountUsage"] == {"FunctionCount": 0, "TotalCodeSize": 0}
    name = function(client=lam)
    size = lam.get_function_configuration(FunctionName=name)["CodeSize"]
    lam.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=10)
    settings = lam.get_account_settings()
    assert settings["AccountUsage"] == {"FunctionCount": 1, "TotalCodeSize": size}
    assert settings["AccountLimit"]["UnreservedConcurrentExecutions"] == 990
