"""https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html"""

import pytest


@pytest.mark.parametrize(("key", "account"), [("test", "000000000000"), ("111122223333", "111122223333")])
def test_the_account_comes_from_the_key(hearth, key, account):
    answer = hearth.client("sts", key=key).get_caller_identity()
    assert answer["Account"] == account
    assert answer["Arn"].startswith(f"arn:aws:iam::{account}:")
    assert answer["UserId"]
