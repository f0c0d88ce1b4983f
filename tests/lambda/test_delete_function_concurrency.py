"""https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunctionConcurrency.html"""


def test_it_answers_204_set_or_not(lam, function):
    name = function()
    lam.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=1)
    for _ in range(2):
        assert lam.delete_function_concurrency(FunctionName=name)["ResponseMetadata"]["HTTPStatusCode"] == 204
    assert "ReservedConcurrentExecutions" not in lam.get_function_concurrency(FunctionName=name)
