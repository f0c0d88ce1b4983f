"""The emulators of Lambda that the package registries hold and that run Python functions without Docker.

Their first request is that of a function on a server that is up, as its user meets it.
"""

import base64
import json
import os
import platform

from function import HANDLER, ROLE, zip_of
from speed.client import Connection, Failed
from speed.peers import SERVED, Peer, free_port
from speed.processes import proportional_mib, tree

HANDLER_FILE = SERVED / "lambda_function.py"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}


class Emulator(Peer):
    """AWS's Runtime Interface Emulator with AWS's Python client, as they lie in Lambda's container images."""

    name = "AWS's emulator (RIE)"
    lacks = "more than one function and one request at a time, isolation, every API but Invoke"
    path = "/2015-03-31/functions/function/invocations"
    packages = ("awslambdaric", "aws-sam-cli")
    takes_many = False

    def command(self, port):
        machine = {"aarch64": "arm64"}.get(platform.machine(), platform.machine())
        binary = self.folders["aws-sam-cli"] / "samcli" / "local" / "rapid" / f"aws-lambda-rie-{machine}"
        binary.chmod(0o755)
        return [binary, "--log-level", "error", "--runtime-interface-emulator-address", f"127.0.0.1:{port}", "--runtime-api-address",
                f"127.0.0.1:{free_port()}", self.interpreter, "-m", "awslambdaric", HANDLER]

    def environment(self, port):
        return CREDENTIALS | {"AWS_LAMBDA_FUNCTION_NAME": "function"}

    def memory_mib(self, server):
        """The emulator's own memory too: every function needs one of its own."""
        return proportional_mib(tree(server.pid))


class ServerlessOffline(Peer):
    """The Serverless Framework's plug-in: a Node server that keeps Python children."""

    name = "serverless-offline"
    lacks = "isolation, the Lambda API but Invoke, logs, metrics"
    path = "/2015-03-31/functions/speed-dev-hello/invocations"
    packages = ("serverless-offline",)

    def command(self, port):
        modules = self.folders["serverless-offline"] / "node_modules"
        configuration = {
            "service": "speed",
            "frameworkVersion": "3",
            "provider": {"name": "aws", "runtime": self.interpreter.name},
            "plugins": [str(modules / "serverless-offline")],
            "functions": {"hello": {"handler": HANDLER}},
        }
        # The shell starts in the server's own folder, which goes with it.
        script = 'cp "$1" . && printf %s "$2" > serverless.yml && shift 2 && exec "$@"'
        return ["sh", "-c", script, "sh", HANDLER_FILE, json.dumps(configuration), modules / ".bin" / "serverless", "offline", "start", "--host",
                "127.0.0.1", "--httpPort", free_port(), "--lambdaPort", port]

    def environment(self, port):
        # It takes the interpreter from the PATH, by the runtime's name.
        path = f"{self.interpreter.parent}{os.pathsep}{os.environ['PATH']}"
        return CREDENTIALS | {"PATH": path, "SLS_TELEMETRY_DISABLED": "1", "SLS_NOTIFICATIONS_MODE": "off"}

class Ministack(Peer):
    """An emulator of many AWS services; its Python functions are children that it keeps.

    Its answer to a handler that prints nothing waits for a timer, so that it is shown both ways.
    """

    lacks = "isolation"
    path = "/2015-03-31/functions/hello/invocations"
    packages = ("ministack",)

    def __init__(self, interpreter, prints):
        super().__init__(interpreter)
        self.prints = prints
        self.name = "ministack, the handler prints a line" if prints else "ministack"

    def command(self, port):
        return [self.interpreter, "-m", "ministack"]

    def environment(self, port):
        return CREDENTIALS | {"BIND_HOST": "127.0.0.1", "MINISTACK_HOST": "127.0.0.1", "GATEWAY_PORT": str(port), "LOG_LEVEL": "ERROR",
                              "IOT_MTLS_ENABLED": "0", "SFTP_ENABLED": "0"}

    def first_ms(self, server):
        server.wait_for_port()
        code = HANDLER_FILE.read_text()
        if self.prints:
            code = code.replace("    return", '    print("asked")\n    return')
        function = {"FunctionName": "hello", "Runtime": self.interpreter.name, "Handler": HANDLER, "Role": ROLE,
                    "Code": {"ZipFile": base64.b64encode(zip_of(code)).decode()}}
        with Connection(server.address) as connection:
            made = connection.post("/2015-03-31/functions", json.dumps(function).encode())
        if made.status != 201:
            raise Failed(f"CreateFunction answered {made.status} {made.body[:200]!r}")
        return super().first_ms(server)
