"""Answers HTTP requests: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads"""

import base64
import json


def lambda_handler(event, context):
    http = event["requestContext"]["http"]
    if http["method"] == "GET":
        return greet(event)
    if http["method"] == "POST":
        return echo(event)
    return answer(405, {"message": f"{http['method']} is not allowed"})


def greet(event):
    name = event.get("queryStringParameters", {}).get("name", "world")
    return answer(200, {"message": f"Hello, {name}!"})


def echo(event):
    body = event.get("body", "")
    if event.get("isBase64Encoded"):
        body = base64.b64decode(body)
    try:
        return answer(200, {"received": json.loads(body)})
    except ValueError:
        return answer(400, {"message": "The body is not JSON"})


def answer(status, document):
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps(document),
    }
