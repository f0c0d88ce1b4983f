"""The handler that every peer serves."""

import json


def lambda_handler(event, context):
    return {"statusCode": 200, "body": json.dumps("Hello " + event["key1"])}
