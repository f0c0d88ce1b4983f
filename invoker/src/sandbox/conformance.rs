//! The contract that each backend of Python-like functions keeps, as one suite: [`check`] runs every case on a backend.
//!
//! A case is a handler's source and what must come of it. Nothing here waits for time to pass, only for endings.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;

use super::{Backend, Sandbox, Started};
use crate::{
    Ending, ExitStatus, Invocation, InvocationContext, NetworkMode, OutputLine, OutputSink,
    PythonVersion, SandboxSpec,
};

/// Keeps what a function wrote.
#[derive(Default)]
pub(crate) struct Written(Mutex<Vec<String>>);

impl Written {
    pub(crate) fn lines(&self) -> Vec<String> {
        self.0.lock().expect("no test panics with it").clone()
    }
}

impl OutputSink for Written {
    fn started(&self, _: &str, _: bool) {}
    fn line(&self, line: OutputLine) {
        self.0
            .lock()
            .expect("no test panics with it")
            .push(line.text);
    }
    fn dropped(&self, _: u64, _: u64) {}
}

/// A specification for the handler `lambda_function.handler` whose module is `source`.
pub(crate) fn spec(folder: &Path, runtime: PythonVersion, source: &str) -> SandboxSpec {
    std::fs::write(folder.join("lambda_function.py"), source).expect("write the module");
    SandboxSpec {
        templated: std::collections::BTreeMap::new(),
        owner: "owner".into(),
        function: "function".into(),
        revision: "1".into(),
        runtime,
        handler: "lambda_function.handler".into(),
        code: folder.to_path_buf(),
        libraries: Vec::new(),
        memory_mib: 128,
        tmp_mib: 16,
        environment: BTreeMap::from([("COLOUR".to_owned(), "red".to_owned())]),
        init_timeout: Duration::from_secs(20),
        network: NetworkMode::Host,
        json_logs: false,
    }
}

/// One call with `event`.
pub(crate) fn call(event: &str, timeout: Duration, output: Arc<Written>) -> Invocation {
    Invocation {
        payload: Bytes::copy_from_slice(event.as_bytes()),
        timeout,
        context: InvocationContext {
            request_id: "request-1".into(),
            ..Default::default()
        },
        output,
    }
}

/// Starts, calls once, destroys: the ending and what was written.
pub(crate) async fn run_once<B: Backend>(
    backend: &B,
    spec: SandboxSpec,
    event: &str,
    timeout: Duration,
) -> (Ending, Vec<String>) {
    let output = Arc::new(Written::default());
    let id = uuid::Uuid::new_v4().to_string();
    match backend
        .start(id, Arc::new(spec), output.clone())
        .await
        .expect("the backend works")
    {
        Started::Failed { ending, .. } => (ending, output.lines()),
        Started::Ready { mut sandbox, .. } => {
            let (ending, _) = sandbox.invoke(call(event, timeout, output.clone())).await;
            sandbox.destroy().await;
            (ending, output.lines())
        }
    }
}

/// What must come of a case.
enum Expect {
    Returns(&'static str),
    Fails(&'static str),
    FailsInit(&'static str),
    Ends(Ending),
}

/// Name, source, and what must come of it.
type Case = (&'static str, &'static str, fn() -> Expect);

const CASES: &[Case] = &[
    (
        "returns",
        "def handler(e, c): return {'key': e['a'] + 1}",
        || Expect::Returns(r#"{"key": 2}"#),
    ),
    (
        "environment",
        "import os\ndef handler(e, c): return dict(os.environ)",
        || Expect::Returns(r#"{"COLOUR": "red"}"#),
    ),
    (
        "decimal",
        "from decimal import Decimal\ndef handler(e, c): return [Decimal('1.10')]",
        || Expect::Returns("[1.10]"),
    ),
    ("raises", "def handler(e, c): raise KeyError('x')", || {
        Expect::Fails(r#"  File \"/var/task/lambda_function.py\", line 1, in handler\n"#)
    }),
    ("not JSON", "def handler(e, c): return {1, 2}", || {
        Expect::Fails(
            r#""errorMessage": "Unable to marshal response: Object of type set is not JSON serializable", "errorType": "Runtime.MarshalError""#,
        )
    }),
    ("import", "import nowhere", || {
        Expect::FailsInit("Unable to import module 'lambda_function': No module named 'nowhere'")
    }),
    ("syntax", "def handler(:", || {
        Expect::FailsInit("Runtime.UserCodeSyntaxError")
    }),
    ("no handler", "x = 1", || {
        Expect::FailsInit("Handler 'handler' missing on module 'lambda_function'")
    }),
    ("exit", "import sys\ndef handler(e, c): sys.exit(3)", || {
        Expect::Ends(Ending::Exited(ExitStatus::Code(3)))
    }),
    ("exit at import", "import os\nos._exit(4)", || {
        Expect::Ends(Ending::Exited(ExitStatus::Code(4)))
    }),
    (
        "kills itself",
        "import os\ndef handler(e, c): os.kill(os.getpid(), 9)",
        || Expect::Ends(Ending::Exited(ExitStatus::Signal(9))),
    ),
    ("aborts", "import os\ndef handler(e, c): os.abort()", || {
        Expect::Ends(Ending::Exited(ExitStatus::Signal(6)))
    }),
    (
        "too large",
        "def handler(e, c): return 'x' * 6291555",
        || Expect::Ends(Ending::ResponseTooLarge { bytes: 6_291_557 }),
    ),
    (
        "largest",
        "def handler(e, c): return len('x' * 6291554)",
        || Expect::Returns("6291554"),
    ),
    (
        "memory",
        "def handler(e, c): return len(bytearray(300 << 20))",
        || Expect::Ends(Ending::OutOfMemory),
    ),
    (
        "pids",
        "import os\ndef handler(e, c): return [os.getpid() < 10, os.getppid()]",
        || Expect::Returns("[true, 1]"),
    ),
    (
        "user",
        "import os\ndef handler(e, c): return [os.getuid(), os.getgid(), os.getgroups()]",
        || Expect::Returns("[993, 990, []]"),
    ),
    (
        "root files",
        "import os\ndef handler(e, c): return [os.path.exists(p) for p in ('/home', '/etc/shadow', '/sys', '/dev/shm', '/var/log', '/tmp')]",
        || Expect::Returns("[false, false, false, false, false, true]"),
    ),
    (
        "read-only",
        "def handler(e, c):\n  out = []\n  for p in ('/var/task/x', '/x', '/etc/x', '/usr/x'):\n    try: open(p, 'w'); out.append(0)\n    except OSError as e: out.append(e.errno)\n  return out",
        || Expect::Returns("[30, 30, 30, 30]"),
    ),
    (
        "tmp",
        "def handler(e, c):\n  try:\n    with open('/tmp/x', 'wb') as f:\n      for _ in range(40): f.write(bytes(1 << 20))\n  except OSError as e: return e.errno",
        || Expect::Returns("28"),
    ),
    (
        "descriptors",
        "import os\ndef handler(e, c): return sorted(int(n) for n in os.listdir('/proc/self/fd') if os.path.exists('/proc/self/fd/' + n))[:3] + [len(os.listdir('/proc/self/fd')) <= 5]",
        || Expect::Returns("[0, 1, 2, true]"),
    ),
    (
        "no mounts",
        "import ctypes\ndef handler(e, c):\n  l = ctypes.CDLL(None, use_errno=True); r = l.unshare(0x10000000); return [r, ctypes.get_errno()]",
        || Expect::Returns("[-1, 1]"),
    ),
];

/// Keeps count of its calls; ends the process soon after the call that says so.
const LIVES: &str = "import os, threading
calls = 0
def handler(e, c):
  global calls; calls += 1
  if e == 'end': threading.Timer(0.05, os._exit, [5]).start()
  return calls";

/// Leads sandboxes through their life: started, called, stopped and called again, then destroyed, or ended by themselves while they idle.
async fn check_life<B: Backend>(backend: &B, runtime: PythonVersion) {
    let folder = tempfile::tempdir().expect("temporary folder");
    readable(folder.path());
    let spec = Arc::new(spec(folder.path(), runtime, LIVES));
    for ends_itself in [false, true] {
        let output = Arc::new(Written::default());
        let id = uuid::Uuid::new_v4().to_string();
        let started = backend
            .start(id.clone(), spec.clone(), output.clone())
            .await;
        let Ok(Started::Ready { mut sandbox, .. }) = started else {
            panic!(
                "it does not start on Python {runtime}: {:?}",
                output.lines()
            )
        };
        assert_eq!(sandbox.id(), id);
        let gauge = sandbox.gauge();
        for expected in ["1", "2"] {
            let invocation = call("{}", Duration::from_secs(20), output.clone());
            let (ending, _) = sandbox.invoke(invocation).await;
            assert_eq!(ending, Ending::Returned(expected.into()));
            assert!(gauge.memory_bytes().expect("it lives") > 0);
            sandbox.pause();
            sandbox.pause();
        }
        if ends_itself {
            let invocation = call("\"end\"", Duration::from_secs(20), output.clone());
            let (ending, _) = sandbox.invoke(invocation).await;
            assert_eq!(ending, Ending::Returned("3".into()));
            assert_eq!(sandbox.exited().await, ExitStatus::Code(5));
            let invocation = call("{}", Duration::from_secs(20), output.clone());
            let (ending, _) = sandbox.invoke(invocation).await;
            assert_eq!(ending, Ending::Exited(ExitStatus::Code(5)));
        }
        sandbox.destroy().await;
        assert_eq!(gauge.memory_bytes(), None, "nothing is left of it");
    }
}

/// Runs every case, and leads sandboxes through their life.
pub(crate) async fn check<B: Backend>(backend: &B, runtime: PythonVersion) {
    check_life(backend, runtime).await;
    for (name, source, expect) in CASES {
        let folder = tempfile::tempdir().expect("temporary folder");
        readable(folder.path());
        let spec = spec(folder.path(), runtime, source);
        let (ending, lines) = run_once(backend, spec, r#"{"a": 1}"#, Duration::from_secs(20)).await;
        let text = |document: &Bytes| String::from_utf8_lossy(document).into_owned();
        let holds = match (expect(), &ending) {
            (Expect::Returns(wanted), Ending::Returned(answer)) => text(answer) == wanted,
            (Expect::Fails(part), Ending::HandlerFailed(document))
            | (Expect::FailsInit(part), Ending::InitFailed(document)) => {
                text(document).contains(part)
            }
            (Expect::Ends(wanted), ending) => wanted == *ending,
            _ => false,
        };
        assert!(
            holds,
            "case {name:?} on Python {runtime}: {ending:?} {lines:?}"
        );
    }
}

/// Lets the sandbox's user read the package, as the gateway does when it unpacks one.
pub(crate) fn readable(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755)).expect("own folder");
}
