"""The zygote's first code: loads the extension, moves into the sandboxes' file system, imports what functions use, primes, freezes,
then serves orders to fork.

It starts in the state folder: a function can read this process's arguments, but not where it began. Argument: how sandboxes are shut in,
as JSON. The control socket arrives as descriptor 0 and is moved away, so that no child inherits it there.
"""
import gc

gc.disable()

import fcntl, importlib.machinery, importlib.util, os, sys

STATE, SETUP = os.getcwd(), sys.argv[1]
ROOT = os.path.join(STATE, "root")
os.chdir("/")
STANDARD_LIBRARY = """
abc argparse array ast asyncio base64 binascii bisect calendar cmath codecs collections collections.abc concurrent.futures
contextlib contextvars copy csv ctypes dataclasses datetime decimal difflib email email.message email.mime.multipart email.mime.text
email.parser encodings.idna encodings.utf_8 enum errno fnmatch fractions functools getpass glob gzip hashlib heapq hmac html http.client
http.cookies http.server importlib.metadata importlib.resources inspect io ipaddress itertools json linecache locale logging logging.config
logging.handlers math mimetypes multiprocessing numbers operator os pathlib pickle pkgutil platform pprint queue random re secrets select
selectors shlex shutil signal site socket sqlite3 ssl statistics stat string struct subprocess tempfile textwrap threading time timeit tokenize
traceback types typing unicodedata unittest urllib.error urllib.parse urllib.request uuid warnings weakref xml.etree.ElementTree zipfile zlib zoneinfo
""".split()


def load_extension():
    path = os.path.join(STATE, "hearth_worker.abi3.so")
    loader = importlib.machinery.ExtensionFileLoader("hearth_worker", path)
    module = importlib.util.module_from_spec(importlib.util.spec_from_file_location("hearth_worker", path, loader=loader))
    loader.exec_module(module)
    return module


def read_runtime():
    with open(os.path.join(STATE, "runtime.py"), encoding="utf-8") as file:
        return file.read()


def load_runtime(source):
    # Named as on Lambda, so that tracebacks are filtered as they are there.
    name = "/var/runtime/bootstrap.py"
    code = compile(source, name, "exec")
    module = type(sys)("hearth_runtime")
    module.__file__ = name
    sys.modules["hearth_runtime"] = module
    exec(code, module.__dict__)
    return module


def import_standard_library():
    for name in STANDARD_LIBRARY:
        try:
            importlib.import_module(name)
        except ImportError:
            pass  # this interpreter was built without it
    import site

    # `-S` leaves them out, and handlers do call exit().
    site.setquit()
    site.sethelper()


def prefixes():
    folders = [sys.base_prefix, sys.base_exec_prefix, os.path.dirname(os.__file__), os.path.dirname(os.path.realpath(sys.executable))]
    found = []
    for folder in map(os.path.realpath, folders):
        if folder != "/" and not any(folder == kept or folder.startswith(kept + "/") for kept in found):
            found.append(folder)
    return found


control = fcntl.fcntl(0, fcntl.F_DUPFD_CLOEXEC, 3)
null = os.open("/dev/null", os.O_RDWR)
os.dup2(null, 0)
os.close(null)
os.umask(0o022)
worker, source = load_extension(), read_runtime()
zygote = worker.Zygote(control, SETUP.encode(), ROOT, prefixes())
os.close(control)
import_standard_library()
runtime = load_runtime(source)
runtime.prepare()
gc.collect()
gc.freeze()
session = zygote.serve()
if session is not None:
    sys.argv = ["/var/runtime/bootstrap.py"]
    runtime.run(session, worker)
