"""https://docs.aws.amazon.com/lambda/latest/api/API_ListVersionsByFunction.html"""

from function import ARN, refused, wait_active, zip_of


def test_versions_come_in_order_and_in_pages(lam, function):
    name = function()
    for number in (1, 2):
        lam.update_function_code(FunctionName=name, ZipFile=zip_of(f"def lambda_handler(event, context):\n    return {number}\n"))
        wait_active(lam, name)
        lam.publish_version(FunctionName=name)
    pages = list(lam.get_paginator("list_versions_by_function").paginate(FunctionName=name, PaginationConfig={"PageSize": 2}))
    assert [[entry["Version"] for entry in page["Versions"]] for page in pages] == [["$LATEST", "1"], ["2"]]
    assert pages[0]["Versions"][0]["FunctionArn"] == f"{ARN}{name}:$LATEST"


def test_an_unknown_function_is_not_found(lam):
    with refused("ResourceNotFoundException", f"Function not found: {ARN}nobody", 404):
        lam.list_versions_by_function(FunctionName="nobody")
