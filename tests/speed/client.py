"""One keep-alive connection to a peer, and how long it takes to the first byte of an answer.

A request leaves as one segment, so that no delayed acknowledgement is measured; the answer's parsing is not measured.
"""

import base64
import http.client
import json
import socket
import time
from dataclasses import dataclass

EVENT = b'{"key1": "value1"}'
ANSWER = {"statusCode": 200, "body": '"Hello value1"'}
SCOPE = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=0"
ANSWER_LIMIT_S = 60


class Failed(Exception):
    """A server did not start, or answered something else than it should."""


@dataclass(frozen=True)
class Answer:
    took_ms: float
    status: int
    body: bytes
    log: str  # the last lines of the function's log, if the peer tells them


class Connection:
    """A connection to `address`, a (host, port)."""

    def __init__(self, address):
        self._host = f"{address[0]}:{address[1]}"
        self._socket = socket.create_connection(address, timeout=ANSWER_LIMIT_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.close()

    def post(self, path, body=EVENT):
        head = (f"POST {path} HTTP/1.1\r\nHost: {self._host}\r\nContent-Type: application/json\r\nAuthorization: {SCOPE}\r\n"
                f"X-Amz-Log-Type: Tail\r\nContent-Length: {len(body)}\r\n\r\n")
        start = time.perf_counter()
        self._socket.sendall(head.encode() + body)
        self._socket.recv(1, socket.MSG_PEEK)
        took_ms = (time.perf_counter() - start) * 1000
        answer = http.client.HTTPResponse(self._socket, method="POST")
        answer.begin()
        log = base64.b64decode(answer.headers.get("X-Amz-Log-Result", "")).decode()
        return Answer(took_ms, answer.status, answer.read(), log)

    def ask(self, path, body=EVENT, expected=ANSWER):
        """Posts, and raises Failed unless the answer is the expected one."""
        answer = self.post(path, body)
        try:
            is_right = answer.status == 200 and json.loads(answer.body) == expected
        except ValueError:
            is_right = False
        if not is_right:
            raise Failed(f"it answered {answer.status} {answer.body[:200]!r}")
        return answer
