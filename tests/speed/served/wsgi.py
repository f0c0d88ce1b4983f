"""The handler as a WSGI application, for granian."""

import json

from lambda_function import lambda_handler


def application(environ, start_response):
    event = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
    answer = json.dumps(lambda_handler(event, None)).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(answer)))])
    return [answer]
