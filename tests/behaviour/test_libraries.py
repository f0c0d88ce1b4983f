"""boto3 and botocore are importable as on Lambda, without being in the package.

https://docs.aws.amazon.com/lambda/latest/dg/python-package.html
"""

from function import invoke

USES_BOTO3 = """\
    def lambda_handler(event, context):
        import boto3, botocore
        before = context.get_remaining_time_in_millis()
        client = boto3.client("sqs", region_name="us-east-1")
        return [client.meta.service_model.service_name, before > 0]
"""


def test_boto3_comes_when_it_is_first_imported(function, lam, runtime):
    name = function(USES_BOTO3, Runtime=runtime, MemorySize=512, Timeout=20)
    assert invoke(lam, name).json == ["sqs", True]


def test_a_package_may_bring_its_own(function, lam):
    name = function({"lambda_function.py": "import boto3\ndef lambda_handler(e, c):\n    return boto3.WHOSE\n", "boto3.py": "WHOSE = 'mine'\n"})
    assert invoke(lam, name).json == "mine"


def test_other_modules_stay_missing(function, lam):
    name = function("import requests_that_nobody_has\ndef lambda_handler(e, c): pass\n")
    assert "No module named 'requests_that_nobody_has'" in invoke(lam, name).json["errorMessage"]
