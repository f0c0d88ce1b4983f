"""https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConcurrency.html"""


def test_it_is_what_was_put(lam, function):
    name = function()
    assert "ReservedConcurrentExecutions" not in lam.get_function_concurrency(FunctionName=name)
    lam.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    assert lam.get_function_concurrency(FunctionName=name)["ReservedConcurrentExecutions"] == 0
