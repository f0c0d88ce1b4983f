"""Runs a WSGI application behind a function URL (payload format 2.0).

The event becomes a WSGI environment (PEP 3333), the application's answer a function URL's response:
https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads
"""

import base64
import io
import sys
from urllib.parse import unquote_to_bytes


def wsgi_handler(application):
    """A Lambda handler that serves `application`."""

    def lambda_handler(event, context):
        started = {}

        def start_response(status, headers, exc_info=None):
            started.update(status=status, headers=headers)
            return lambda data: None

        chunks = application(environment(event), start_response)
        try:
            body = b"".join(chunks)
        finally:
            if hasattr(chunks, "close"):
                chunks.close()
        return response(started["status"], started["headers"], body)

    return lambda_handler


def environment(event):
    """The WSGI environment of a request event."""
    http = event["requestContext"]["http"]
    headers = {name.lower(): value for name, value in event.get("headers", {}).items()}
    if event.get("cookies"):
        headers["cookie"] = "; ".join(event["cookies"])
    body = event.get("body", "").encode()
    if event.get("isBase64Encoded"):
        body = base64.b64decode(body)
    result = {
        "REQUEST_METHOD": http["method"],
        "SCRIPT_NAME": "",
        # WSGI carries bytes as Latin-1 text.
        "PATH_INFO": unquote_to_bytes(event["rawPath"]).decode("latin-1"),
        "QUERY_STRING": event.get("rawQueryString", ""),
        "CONTENT_TYPE": headers.pop("content-type", ""),
        "CONTENT_LENGTH": str(len(body)),
        "REMOTE_ADDR": http["sourceIp"],
        "SERVER_NAME": headers.get("host", "localhost"),
        "SERVER_PORT": headers.get("x-forwarded-port", "443"),
        "SERVER_PROTOCOL": http["protocol"],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": headers.get("x-forwarded-proto", "https"),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in headers.items():
        result["HTTP_" + name.upper().replace("-", "_")] = value
    return result


def response(status, headers, body):
    """A function URL's response."""
    result = {
        "statusCode": int(status.split()[0]),
        "headers": {name: value for name, value in headers if name.lower() != "set-cookie"},
        "cookies": [value for name, value in headers if name.lower() == "set-cookie"],
    }
    try:
        return {**result, "body": body.decode(), "isBase64Encoded": False}
    except UnicodeDecodeError:
        return {**result, "body": base64.b64encode(body).decode(), "isBase64Encoded": True}
