"""Operations that hearth does not have answer an AWS-shaped 501 that names them."""

import pytest
from function import refused


@pytest.mark.parametrize(("operation", "members"), [
    ("list_layers", {}),
    ("list_event_source_mappings", {}),
    ("get_function_url_config", {"FunctionName": "any"}),
    ("list_code_signing_configs", {}),
])
def test_it_is_named(lam, operation, members):
    with refused(None, status=501) as caught:
        getattr(lam, operation)(**members)
    assert "".join(word.title() for word in operation.split("_")) in caught.value.response["Error"]["Message"]


def test_an_unknown_route_is_not_found(hearth):
    status, _, _ = hearth.request("GET", "/2015-03-31/no-such-thing")
    assert status in (403, 404)
