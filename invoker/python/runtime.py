"""What a function sees of Lambda: handler loading, context object, logging, error documents.

Mirrors AWS's own runtime interface client (https://github.com/aws/aws-lambda-python-runtime-interface-client), with frames on a channel
in place of its HTTP calls. Works from Python 3.9 on, standard library only. Imported in the zygote: nothing here may act at import.
"""

import decimal
import gc
import importlib
import importlib.machinery
import io
import json
import logging
import math
import os
import re
import sys
import threading
import time
import traceback
import uuid

NO_BREAK_SPACE = "\u00a0"
# Output is split at newlines by the host; a log record may hold newlines, so it travels escaped (see invoker/src/output.rs).
RECORD_START = "\x10\x02"
DATETIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"
UNICODE_JSON_RUNTIMES = {"AWS_Lambda_python3.12", "AWS_Lambda_python3.13", "AWS_Lambda_python3.14", "AWS_Lambda_python3.15"}
UNHANDLED_EXCEPTION_WARNING = (
    "LAMBDA_WARNING: Unhandled exception. The most likely cause is an issue in the function code. However, in rare cases, a Lambda "
    "runtime update can cause unexpected function behavior. For functions using managed runtimes, runtime updates can be triggered "
    "by a function change, or can be applied automatically. To determine if the runtime has been updated, check the runtime version "
    "in the INIT_START log entry. If this error correlates with a change in the runtime version, you may be able to mitigate this "
    "error by temporarily rolling back to the previous runtime version. For more information, see "
    "https://docs.aws.amazon.com/lambda/latest/dg/runtimes-update.html\r"
)
RESERVED_FIELDS = {
    "name", "msg", "args", "levelname", "levelno", "pathname", "filename", "module", "exc_info", "exc_text", "stack_info", "lineno",
    "funcName", "created", "msecs", "relativeCreated", "thread", "threadName", "processName", "process", "taskName",
    "aws_request_id", "tenant_id",
}


class Fault(Exception):
    def __init__(self, kind, message, trace=None):
        self.kind, self.message, self.trace = kind, message, trace


# --- JSON ---------------------------------------------------------------------------------------------------------------------------


class Encoder(json.JSONEncoder):
    """Writes Decimals as numbers, digit for digit: as marked strings that lose their quotes afterwards."""

    mark = None

    def default(self, value):
        if isinstance(value, decimal.Decimal):
            if value.is_nan():
                return math.nan
            self.mark = self.mark or uuid.uuid4().hex
            return self.mark + str(value) + self.mark
        return super().default(value)


ENCODERS = {ascii_only: Encoder(ensure_ascii=ascii_only) for ascii_only in (False, True)}


def to_json(value):
    encoder = ENCODERS[os.environ.get("AWS_EXECUTION_ENV") not in UNICODE_JSON_RUNTIMES]
    text = encoder.encode(value)
    if encoder.mark:
        text = re.sub('"%s(.*?)%s"' % (encoder.mark, encoder.mark), r"\1", text)
        encoder.mark = None
    return text


def marshal(response):
    if isinstance(response, bytes):
        return response
    try:
        return to_json(response).encode("utf-8")
    except Exception as error:
        raise Fault("Runtime.MarshalError", "Unable to marshal response: {}".format(error))


def unmarshal(payload):
    try:
        return json.loads(payload)
    except Exception as error:
        raise Fault("Runtime.UnmarshalError", "Unable to unmarshal input: {}".format(error))


# --- context ------------------------------------------------------------------------------------------------------------------------


class Slotted:
    __slots__ = ()

    def __repr__(self):
        return "{}([{}])".format(type(self).__name__, ",".join("{}={}".format(name, getattr(self, name)) for name in self.__slots__))


class CognitoIdentity(Slotted):
    __slots__ = ["cognito_identity_id", "cognito_identity_pool_id"]


class Client(Slotted):
    __slots__ = ["installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name"]


class ClientContext(Slotted):
    __slots__ = ["custom", "env", "client"]


def fill(cls, values):
    if values is None:
        return None
    made = cls()
    for name in cls.__slots__:
        setattr(made, name, values.get(name))
    return made


# The attributes of the context object that are the same for all calls of a sandbox.
FUNCTION = {}


def learn_function():
    FUNCTION.update({name: os.environ.get(variable) for name, variable in (
        ("log_group_name", "AWS_LAMBDA_LOG_GROUP_NAME"), ("log_stream_name", "AWS_LAMBDA_LOG_STREAM_NAME"),
        ("function_name", "AWS_LAMBDA_FUNCTION_NAME"), ("memory_limit_in_mb", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE"),
        ("function_version", "AWS_LAMBDA_FUNCTION_VERSION"))})


class LambdaContext:
    """https://docs.aws.amazon.com/lambda/latest/dg/python-context.html"""

    def __init__(self, call, client_context, identity):
        self.aws_request_id = call["request_id"]
        self.__dict__.update(FUNCTION)
        self.invoked_function_arn = call["invoked_function"]
        self.tenant_id = call["tenant_id"]
        w3c = client_context.pop("w3c", None) if isinstance(client_context, dict) else None
        names = ("traceparent", "tracestate", "baggage")
        self._w3c_fields = {n: w3c[n] for n in names if isinstance(w3c.get(n), str)} if isinstance(w3c, dict) else {}
        self.client_context = fill(ClientContext, client_context)
        if self.client_context is not None:
            self.client_context.client = fill(Client, self.client_context.client)
        identity = identity or {}
        self.identity = CognitoIdentity()
        self.identity.cognito_identity_id = identity.get("cognitoIdentityId")
        self.identity.cognito_identity_pool_id = identity.get("cognitoIdentityPoolId")
        self._epoch_deadline_time_in_ms = call["deadline_ms"]

    def get_remaining_time_in_millis(self):
        return max(0, self._epoch_deadline_time_in_ms - int(time.time() * 1000))

    def w3c(self):
        return dict(self._w3c_fields)

    def log(self, message):
        write_record(str(message))

    def __repr__(self):
        names = ("aws_request_id", "log_group_name", "log_stream_name", "function_name", "memory_limit_in_mb", "function_version",
                 "invoked_function_arn", "client_context", "identity", "tenant_id")
        return "LambdaContext([{}])".format(",".join("{}={}".format(name, getattr(self, name)) for name in names))


def parse_member(text, name):
    if not text:
        return None
    try:
        return json.loads(text)
    except Exception as error:
        raise Fault("Runtime.LambdaContextUnmarshalError", "Unable to parse {} JSON: {}".format(name, error))


# --- output and logging -------------------------------------------------------------------------------------------------------------


class CurrentCall:
    request_id = None
    tenant_id = None
    context = None


def write_record(text):
    escaped = text.replace("\x10", "\x10\x10").replace("\n", "\x10n")
    data = memoryview((RECORD_START + escaped + "\n").encode("utf-8", "backslashreplace"))
    while data:
        data = data[os.write(1, data):]


class RecordHandler(logging.Handler):
    def emit(self, record):
        try:
            record.aws_request_id = CurrentCall.request_id or ""
            record.tenant_id = CurrentCall.tenant_id
            text = self.format(record)
        except Exception:
            self.handleError(record)
            return
        write_record(text[:-1] if text.endswith("\n") else text)


class CallFilter(logging.Filter):
    def filter(self, record):
        record.aws_request_id = CurrentCall.request_id or ""
        record.tenant_id = CurrentCall.tenant_id
        return True


class JsonFormatter(logging.Formatter):
    def __init__(self):
        super().__init__(datefmt=DATETIME_FORMAT)

    def format(self, record):
        level = min(50, max(0, record.levelno)) // 10 * 10
        failure = record.exc_info if record.exc_info and record.exc_info[0] else None
        result = {
            "timestamp": self.formatTime(record, self.datefmt),
            "level": logging.getLevelName(level),
            "message": record.msg if isinstance(record.msg, dict) and not record.args else record.getMessage(),
            "logger": record.name,
            "stackTrace": traceback.format_tb(failure[2]) if failure else None,
            "errorType": failure[0].__name__ if failure else None,
            "errorMessage": str(failure[1]) if failure else None,
            "requestId": getattr(record, "aws_request_id", None),
            "location": "{}:{}:{}".format(record.pathname, record.funcName, record.lineno) if failure else None,
            "tenantId": getattr(record, "tenant_id", None),
        }
        for key, value in record.__dict__.items():
            if key not in RESERVED_FIELDS and key not in result:
                result[key] = value
        return json.dumps({k: v for k, v in result.items() if v is not None}, ensure_ascii=False, default=str)


def make_handler(formatter):
    handler = RecordHandler()
    handler.setFormatter(formatter)
    handler.addFilter(CallFilter())
    return handler


LOG_HANDLERS = {
    False: make_handler(logging.Formatter(
        "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n", "%Y-%m-%dT%H:%M:%S")),
    True: make_handler(JsonFormatter()),
}


def set_up_logging(json_logs):
    root = logging.getLogger()
    level = os.environ.get("AWS_LAMBDA_LOG_LEVEL", "")
    level = "DEBUG" if level == "TRACE" else level.upper()
    if level in logging._nameToLevel:
        root.setLevel(level)
    root.addHandler(LOG_HANDLERS[json_logs])


def set_up_output():
    # Unbuffered, as on Lambda: what was printed is seen even if the process dies next.
    for number, name in ((1, "stdout"), (2, "stderr")):
        errors = "strict" if number == 1 else "backslashreplace"
        stream = io.TextIOWrapper(io.FileIO(number, "w", closefd=False), encoding="utf-8", errors=errors, write_through=True)
        setattr(sys, name, stream)
        setattr(sys, "__%s__" % name, stream)


def flush():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            pass  # the function put something else there


# --- errors -------------------------------------------------------------------------------------------------------------------------


def error_document(message, kind, trace, request_id=""):
    return {"errorMessage": message or "", "errorType": kind or "", "requestId": request_id or "", "stackTrace": trace or []}


def raised_document(request_id=""):
    kind, value, tb = sys.exc_info()
    frames = [(f.filename, f.lineno, f.name, f.line) for f in traceback.extract_tb(tb)]
    for index, frame in enumerate(frames):
        if "/bootstrap.py" not in frame[0]:
            frames = frames[index:]
            break
    return error_document(str(value), kind.__name__, traceback.format_list(frames), request_id)


def no_break_indent(line):
    bare = line.lstrip(" ")
    return NO_BREAK_SPACE * (len(line) - len(bare)) + bare


def log_error(document, json_logs):
    if json_logs:
        stamp = time.strftime(DATETIME_FORMAT, time.gmtime())
        write_record(to_json(dict({"timestamp": stamp, "level": "ERROR"}, **document)))
        return
    first = "[ERROR]"
    if document["errorType"]:
        first += " " + document["errorType"]
    if document["errorMessage"]:
        first += (":" if document["errorType"] else "") + " " + document["errorMessage"]
    lines = [first, "Traceback (most recent call last):"]
    for element in document["stackTrace"]:
        lines.extend([no_break_indent(line) for line in element.splitlines()] if element else [""])
    write_record("\r".join(lines))


def encode_document(document):
    return to_json(document).encode("utf-8", "backslashreplace")


# --- loading ------------------------------------------------------------------------------------------------------------------------


def load_handler(handler):
    try:
        module_name, function_name = handler.rsplit(".", 1)
    except ValueError as error:
        raise Fault("Runtime.MalformedHandlerName", "Bad handler '{}': {}".format(handler, error))
    try:
        if module_name.split(".")[0] in sys.builtin_module_names:
            raise Fault("Runtime.BuiltInModuleConflict", "Cannot use built-in module {} as a handler module".format(module_name))
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        raise Fault("Runtime.ImportModuleError", "Unable to import module '{}': {}".format(module_name, error))
    except SyntaxError as error:
        trace = ['  File "%s" Line %s\n    %s' % (error.filename, error.lineno, error.text)]
        raise Fault("Runtime.UserCodeSyntaxError", "Syntax error in module '{}': {}".format(module_name, error), trace)
    try:
        return getattr(module, function_name)
    except AttributeError:
        raise Fault("Runtime.HandlerNotFound", "Handler '{}' missing on module '{}'".format(function_name, module_name))


class ProvidedFinder:
    """Last on `sys.meta_path`: asks the host for a library that nothing else has."""

    def __init__(self, session, modules, folders):
        self.session, self.modules, self.folders, self.asked = session, set(modules), folders, set()

    def find_spec(self, name, path=None, target=None):
        if path is not None or name not in self.modules or name in self.asked:
            return None
        header = self.session.need(name)
        answer = json.loads(header) if header else {"error": "the server is gone", "paused_ms": 0}
        if CurrentCall.context is not None:
            CurrentCall.context._epoch_deadline_time_in_ms += answer["paused_ms"]
        if answer["error"]:
            raise ImportError(answer["error"], name=name)
        self.asked.add(name)
        importlib.invalidate_caches()
        return importlib.machinery.PathFinder.find_spec(name, self.folders)


# --- running ------------------------------------------------------------------------------------------------------------------------


class Zygote:
    """What the zygote did ahead of its sandboxes."""

    time_zone = None


class Process:
    """The id of the process whose random numbers were seeded last: the zygote's, or that of an image."""

    seeded = None


def prepare():
    """Does in the zygote what every sandbox would do alike."""
    Process.seeded = os.getpid()
    Zygote.time_zone = ":UTC"
    os.environ.clear()
    os.environ["TZ"] = Zygote.time_zone
    time.tzset()
    logging.Formatter.converter = time.gmtime
    # The streams learn from their descriptors what these are: pipes, as in a sandbox.
    kept = [os.dup(number) for number in (1, 2)]
    pipe = os.pipe()
    for number in (1, 2):
        os.dup2(pipe[1], number)
    set_up_output()
    for number, descriptor in zip((1, 2), kept):
        os.dup2(descriptor, number)
        os.close(descriptor)
    for descriptor in pipe:
        os.close(descriptor)
    prime()
    os.environ.clear()


def reseed():
    # `random` reseeds itself after a fork. OpenSSL does when it sees another process id than before; seeding it here would cost a
    # millisecond and a third of a MiB in every sandbox.
    if os.getpid() == Process.seeded and "ssl" in sys.modules:
        sys.modules["ssl"].RAND_add(os.urandom(32), 32.0)
    Process.seeded = os.getpid()


def initialise(session, init):
    os.environ.update(init["environment"])
    learn_function()
    if os.environ.get("TZ") != Zygote.time_zone:
        time.tzset()
    reseed()
    extra = [entry for entry in os.environ.get("PYTHONPATH", "").split(":") if entry and entry not in init["path_before"]]
    sys.path[:] = init["path_before"] + extra + sys.path + init["path_after"]
    os.chdir(init["path_before"][0])
    if init["providable"]:
        sys.meta_path.append(ProvidedFinder(session, init["providable"], init["path_after"]))
    thread = threading.main_thread()
    if hasattr(thread, "_set_native_id"):
        thread._set_native_id()
    set_up_logging(init["json_logs"])
    gc.enable()


def handle(session, handler, call, payload, json_logs):
    request_id = CurrentCall.request_id = call["request_id"]
    CurrentCall.tenant_id = call["tenant_id"]
    if call["trace_id"] is not None:
        os.environ["_X_AMZN_TRACE_ID"] = call["trace_id"]
    else:
        os.environ.pop("_X_AMZN_TRACE_ID", None)
    document = None
    try:
        client_context = parse_member(call["client_context"], "Client Context")
        identity = parse_member(call["identity"], "Cognito Identity")
        context = CurrentCall.context = LambdaContext(call, client_context, identity)
        answer = marshal(handler(unmarshal(payload), context))
    except Fault as fault:
        document = error_document(fault.message, fault.kind, fault.trace, request_id)
    except Exception:
        document = raised_document(request_id)
    CurrentCall.context = None
    if document is None:
        flush()
        session.result(answer)
    else:
        log_error(document, json_logs)
        flush()
        session.error(encode_document(document))


# --- images -------------------------------------------------------------------------------------------------------------------------

# An import that takes less is repeated in no more time than restoring an image takes.
WORTH_AN_IMAGE_NS = 20_000_000
# Libraries that start a thread for each processor as they are imported. A function that has less than two of them needs one thread.
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
TWO_PROCESSORS_MB = 3538


def waited_ns():
    """How long this process ever waited for a processor, which a busy host makes of any length."""
    try:
        with open("/proc/self/schedstat", "rb") as file:
            return int(file.read().split()[1])
    except (OSError, IndexError, ValueError):
        return 0  # the kernel does not tell


def hooks(when):
    """What the function registered with snapshot_restore_py, AWS's package for it."""
    module = sys.modules.get("snapshot_restore_py")
    return getattr(module, when)() if module else []


def load_with_few_threads(handler):
    few = int(os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE") or 0) < TWO_PROCESSORS_MB
    added = [name for name in THREADS if few and name not in os.environ]
    os.environ.update(dict.fromkeys(added, "1"))
    try:
        return load_handler(handler)
    finally:
        for name in added:
            os.environ.pop(name, None)


def renew(init):
    """Makes a process that was restored from an image its own sandbox's."""
    os.environ.update(init["environment"])
    learn_function()
    reseed()
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()


def offer_image(session, init):
    """Lets the host keep an image of this process; whoever is restored from it goes on from here too."""
    before = hooks("get_before_snapshot")
    while before:  # the last registered first, as on Lambda
        function, args, kwargs = before.pop()
        function(*args, **kwargs)
    gc.collect()
    gc.freeze()
    if session.image():
        init.update(json.loads(session.receive()[2]))
        renew(init)
        if init["learns"]:
            session.learn()
    for function, args, kwargs in hooks("get_after_restore"):
        function(*args, **kwargs)


def run(session, worker):
    if session.ahead:
        prime()
    init = json.loads(session.bind())
    initialise(session, init)
    document, begun = None, time.perf_counter_ns()
    try:
        handler = load_with_few_threads(init["handler"])
        took = time.perf_counter_ns() - begun
        if init["imaged"] and took >= WORTH_AN_IMAGE_NS and took - waited_ns() >= WORTH_AN_IMAGE_NS:
            offer_image(session, init)
    except Fault as fault:
        document = error_document(fault.message, fault.kind, fault.trace)
    except Exception:
        document = raised_document()
    if document is not None:
        logging.warning(UNHANDLED_EXCEPTION_WARNING)
        log_error(document, init["json_logs"])
        flush()
        session.init_failed(encode_document(document))
        sys.exit(1)
    session.ready(took // 1000)
    while True:
        order = session.receive()
        if order is None:
            os._exit(0)
        if order[0] == worker.INVOKE:
            handle(session, handler, json.loads(order[1]), order[2], init["json_logs"])


class DummySession:
    def result(self, answer):
        self.answer = answer

    error = result


def prime():
    """Runs the invocation path once: in the zygote, so that every sandbox finds its code and caches warm, and in a sandbox that waits
    for its function, so that it has its own copies of the pages that the first call writes to."""
    call = dict.fromkeys(("invoked_function", "trace_id", "client_context", "identity", "tenant_id"))
    call.update(request_id="prime", deadline_ms=0)
    session = DummySession()
    handle(session, lambda event, context: {"event": event, "left": context.get_remaining_time_in_millis()}, call, b'{"key": [1, 2.5]}', False)
    assert session.answer == b'{"event": {"key": [1, 2.5]}, "left": 0}', session.answer
    CurrentCall.request_id = None
