"""A client that hangs up does not cancel its handler."""

import socket
from urllib.parse import urlsplit

from server import eventually

SCOPE = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=0"


def test_the_handler_finishes(hearth, logs, function):
    name = function("""\
        import time
        def lambda_handler(event, context):
            time.sleep(1)
            print("finished alone")
    """)
    address = urlsplit(hearth.endpoint)
    with socket.create_connection((address.hostname, address.port)) as connection:
        connection.sendall(
            f"POST /2015-03-31/functions/{name}/invocations HTTP/1.1\r\nHost: {address.netloc}\r\n"
            f"Authorization: {SCOPE}\r\nContent-Length: 2\r\n\r\n{{}}".encode())
        eventually(lambda: hearth.json("GET", "/hearth/health")["pool"]["busy"] >= 1, what="the invocation")

    def logged():
        try:
            return logs.filter_log_events(logGroupName=f"/aws/lambda/{name}", filterPattern='"finished alone"')["events"]
        except logs.exceptions.ResourceNotFoundException:
            return None
    eventually(logged, what="the handler's last line")
