"""The handler in a new Python process for every request, as CGI does it. Argument: the port."""

import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ONCE = "import json, sys; from lambda_function import lambda_handler; print(json.dumps(lambda_handler(json.load(sys.stdin), None)))"
LIMIT_S = 30


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self):
        event = self.rfile.read(int(self.headers["Content-Length"]))
        answer = subprocess.run([sys.executable, "-S", "-c", ONCE], input=event, capture_output=True, check=True, timeout=LIMIT_S).stdout
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
