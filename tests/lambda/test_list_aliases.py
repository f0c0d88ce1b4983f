"""https://docs.aws.amazon.com/lambda/latest/api/API_ListAliases.html"""


def test_pages_and_the_version_filter(lam, function):
    name = function()
    lam.publish_version(FunctionName=name)
    for alias, version in (("a", "1"), ("b", "$LATEST"), ("c", "1")):
        lam.create_alias(FunctionName=name, Name=alias, FunctionVersion=version)
    pages = list(lam.get_paginator("list_aliases").paginate(FunctionName=name, PaginationConfig={"PageSize": 2}))
    assert [[alias["Name"] for alias in page["Aliases"]] for page in pages] == [["a", "b"], ["c"]]
    of_one = lam.list_aliases(FunctionName=name, FunctionVersion="1")["Aliases"]
    assert [alias["Name"] for alias in of_one] == ["a", "c"]
