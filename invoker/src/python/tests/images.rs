//! Images of functions, on the interpreters of this host.

use super::*;
use crate::{OutputSink, StartPath};

/// Takes long enough to import that an image is worth it, and draws its random numbers then.
const SLOW: &str = "import os, random, ssl, time, uuid
time.sleep(0.05)
at_import = [random.random(), os.environ['STREAM'], time.time()]
def handler(e, c): return [at_import, random.random(), uuid.uuid4().hex, ssl.RAND_bytes(8).hex(), os.environ['STREAM'], os.getpid()]";

/// Starts a sandbox named `id` and calls it once.
async fn first_call(
    backend: &PythonBackend,
    spec: &Arc<crate::SandboxSpec>,
    id: &str,
) -> (StartPath, serde_json::Value, Vec<String>) {
    let output = Arc::new(Written::default());
    let sink: Arc<dyn OutputSink> = output.clone();
    let started = backend.start(id.to_owned(), spec.clone(), sink).await;
    let (mut sandbox, path) = match started.expect("the backend works") {
        Started::Ready { sandbox, path, .. } => (sandbox, path),
        Started::Failed { ending, .. } => panic!("{ending:?} {:?}", output.lines()),
    };
    let call = call("{}", Duration::from_secs(20), output.clone());
    let (ending, _) = sandbox.invoke(call).await;
    let Ending::Returned(answer) = ending else {
        panic!("{ending:?} {:?}", output.lines())
    };
    sandbox.destroy().await;
    let answer = serde_json::from_slice(&answer).expect("JSON");
    (path, answer, output.lines())
}

fn spec_of(folder: &Path, runtime: PythonVersion, source: &str) -> Arc<crate::SandboxSpec> {
    readable(folder);
    let mut spec = spec(folder, runtime, source);
    spec.templated
        .insert("STREAM".to_owned(), "{sandbox}".to_owned());
    Arc::new(spec)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_function_is_imported_once_and_then_restored() {
    let interpreters = interpreters();
    let state = tempfile::tempdir().expect("folder");
    let backend = backend(state.path(), &interpreters);
    for interpreter in &interpreters {
        let folder = tempfile::tempdir().expect("folder");
        let spec = spec_of(folder.path(), interpreter.version, SLOW);
        let (path, first, lines) = first_call(&backend, &spec, "first").await;
        assert_ne!(path, StartPath::Snapshot);
        assert!(lines.is_empty(), "{lines:?}");
        let mut drawn = vec![first[1].clone(), first[2].clone(), first[3].clone()];
        for id in ["second", "third"] {
            let (path, answer, lines) = first_call(&backend, &spec, id).await;
            assert_eq!(path, StartPath::Snapshot, "{lines:?}");
            assert_eq!(answer[0], first[0], "what the import made is there");
            assert_eq!(answer[4], id, "its own environment");
            drawn.extend([answer[1].clone(), answer[2].clone(), answer[3].clone()]);
        }
        let count = drawn.len();
        drawn.sort_by_key(ToString::to_string);
        drawn.dedup();
        assert_eq!(drawn.len(), count, "no two sandboxes draw the same");
    }
    backend.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_imaged_is_told_once_and_imported_each_time() {
    let interpreters = interpreters();
    let (state, folder) = (
        tempfile::tempdir().expect("folder"),
        tempfile::tempdir().expect("folder"),
    );
    let backend = backend(state.path(), &interpreters);
    let source = format!(
        "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()\n{SLOW}"
    );
    let spec = spec_of(folder.path(), interpreters[0].version, &source);
    let (path, first, lines) = first_call(&backend, &spec, "first").await;
    assert_ne!(path, StartPath::Snapshot);
    assert!(lines[0].contains("it keeps a thread running"), "{lines:?}");
    let (path, again, lines) = first_call(&backend, &spec, "second").await;
    assert_ne!(path, StartPath::Snapshot);
    assert!(lines.is_empty(), "{lines:?}");
    assert_ne!(again[0], first[0]);
    backend.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_function_has_another_image() {
    let interpreters = interpreters();
    let (state, folder) = (
        tempfile::tempdir().expect("folder"),
        tempfile::tempdir().expect("folder"),
    );
    let backend = backend(state.path(), &interpreters);
    let spec = spec_of(folder.path(), interpreters[0].version, SLOW);
    let (_, first, _) = first_call(&backend, &spec, "first").await;
    let mut changed = crate::SandboxSpec::clone(&spec);
    changed.revision = "2".to_owned();
    let (path, second, _) = first_call(&backend, &Arc::new(changed), "second").await;
    assert_ne!(path, StartPath::Snapshot);
    assert_ne!(second[0], first[0]);
    backend.shutdown().await;
}
