//! The Python backend on the interpreters of this host.

mod images;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{PythonBackend, PythonConfig};
use crate::pool::{PoolConfig, Snapshot};
use crate::sandbox::conformance::{self, Written, call, readable, run_once, spec};
use crate::sandbox::{Backend, Sandbox, Started};
use crate::{
    ColdStartReason, Ending, ExitStatus, Interpreter, Invoker, InvokerConfig, Networks,
    PythonVersion, RestrictionName,
};

/// The most that a test's backend makes ahead.
const MOST_AHEAD: usize = 8;

/// One interpreter per version from 3.9 on, from the places where hosts have them.
fn interpreters() -> Vec<Interpreter> {
    let mut folders: Vec<PathBuf> =
        std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).collect();
    if let Some(home) = std::env::var_os("HOME") {
        let versions = std::fs::read_dir(Path::new(&home).join(".pyenv/versions"));
        folders.extend(
            versions
                .into_iter()
                .flatten()
                .flatten()
                .map(|entry| entry.path().join("bin")),
        );
    }
    folders.push("/usr/bin".into());
    let found = (9..=14).filter_map(|minor| {
        let path = folders
            .iter()
            .map(|folder| folder.join(format!("python3.{minor}")))
            .filter_map(|path| {
                let path = path.canonicalize().ok()?;
                // A shim of a version manager is a script and no interpreter.
                (!std::fs::read(&path).ok()?.starts_with(b"#!")).then_some(path)
            })
            .next()?;
        let version = PythonVersion { major: 3, minor };
        Some(Interpreter {
            version,
            full_version: version.to_string(),
            executable: path,
        })
    });
    found.collect()
}

fn backend(state: &Path, interpreters: &[Interpreter]) -> PythonBackend {
    backend_without(state, interpreters, &[])
}

fn backend_without(
    state: &Path,
    interpreters: &[Interpreter],
    without: &[RestrictionName],
) -> PythonBackend {
    let config = PythonConfig {
        state_dir: state.to_path_buf(),
        instance: format!("test-{}", uuid::Uuid::new_v4()),
        libraries: None,
        networks: Arc::new(Networks::of_the_host()),
        without: without.to_vec(),
        blanks_mib: 4 * MOST_AHEAD as u64,
        images_mib: 256,
    };
    PythonBackend::new(config, interpreters).expect("the state folder can be written")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_contract_holds_on_every_interpreter() {
    let (state, interpreters) = (tempfile::tempdir().expect("folder"), interpreters());
    assert!(
        !interpreters.is_empty(),
        "no Python 3.9 or later on this host"
    );
    let backend = backend(state.path(), &interpreters);
    for interpreter in &interpreters {
        conformance::check(&backend, interpreter.version).await;
    }
    backend.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_timeout_kills_every_process() {
    let (state, folder, interpreters) = (
        tempfile::tempdir().expect("folder"),
        tempfile::tempdir().expect("folder"),
        interpreters(),
    );
    readable(folder.path());
    let backend = backend(state.path(), &interpreters);
    let source = "import subprocess, time\ndef handler(e, c):\n  subprocess.Popen(['sleep', '98765'], start_new_session=True)\n  print('begun')\n  while True: time.sleep(1)";
    let spec = spec(folder.path(), interpreters[0].version, source);
    let (ending, lines) = run_once(&backend, spec, "{}", Duration::from_secs(1)).await;
    assert_eq!(
        (ending, lines),
        (Ending::TimedOut, vec!["begun".to_owned()])
    );
    let alive = std::fs::read_dir("/proc")
        .expect("proc")
        .flatten()
        .any(|entry| {
            std::fs::read(entry.path().join("cmdline"))
                .is_ok_and(|line| line == b"sleep\x0098765\x00")
        });
    assert!(!alive, "the child in its own session survived");
    backend.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn output_is_complete_and_in_order() {
    let (state, folder, interpreters) = (
        tempfile::tempdir().expect("folder"),
        tempfile::tempdir().expect("folder"),
        interpreters(),
    );
    readable(folder.path());
    let backend = backend(state.path(), &interpreters);
    let source = "import logging, subprocess, sys\ndef handler(e, c):\n  print('a'); logging.warning('b\\nc'); print('d', file=sys.stderr)\n  subprocess.run(['sh', '-c', 'echo e; echo f >&2'])\n  for i in range(5000): print(i)\n  sys.stdout.write('end')";
    let spec = spec(folder.path(), interpreters[0].version, source);
    let (ending, lines) = run_once(&backend, spec, "{}", Duration::from_secs(20)).await;
    assert_eq!(ending, Ending::Returned("null".into()));
    assert!(
        lines[1].starts_with("[WARNING]\t") && lines[1].ends_with("Z\trequest-1\tb\nc"),
        "{:?}",
        lines[1]
    );
    assert_eq!(
        [&lines[0], &lines[2], &lines[3], &lines[4]],
        ["a", "d", "e", "f"]
    );
    assert_eq!(
        (lines.len(), lines[5004].as_str(), lines[5005].as_str()),
        (5006, "4999", "end")
    );
    backend.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_cold_starts_leave_nothing() {
    let (state, folder, interpreters) = (
        tempfile::tempdir().expect("folder"),
        tempfile::tempdir().expect("folder"),
        interpreters(),
    );
    readable(folder.path());
    let backend = backend(state.path(), &interpreters);
    let spec = Arc::new(spec(
        folder.path(),
        interpreters[0].version,
        "def handler(e, c): return e",
    ));
    let mut cold = Vec::new();
    let mut warm = Vec::new();
    for round in 0..200 {
        let begun = Instant::now();
        let output = Arc::new(Written::default());
        let started = backend
            .start(
                uuid::Uuid::new_v4().to_string(),
                spec.clone(),
                output.clone(),
            )
            .await
            .expect("starts");
        let Started::Ready { mut sandbox, .. } = started else {
            panic!("failed to initialise in round {round}")
        };
        let (ending, _) = sandbox
            .invoke(call("{}", Duration::from_secs(20), output.clone()))
            .await;
        assert_eq!(ending, Ending::Returned("{}".into()));
        cold.push(begun.elapsed());
        for _ in 0..5 {
            let begun = Instant::now();
            sandbox
                .invoke(call("{}", Duration::from_secs(20), output.clone()))
                .await;
            warm.push(begun.elapsed());
        }
        sandbox.destroy().await;
    }
    cold.sort();
    warm.sort();
    println!(
        "cold p50 {:?} p99 {:?}, warm p50 {:?}",
        cold[100], cold[198], warm[500]
    );
    let groups = |folder: PathBuf| {
        let entries = std::fs::read_dir(folder).expect("it is the backend's");
        entries
            .flatten()
            .filter(|entry| entry.path().is_dir())
            .count()
    };
    // Some are being made, so that only a bound is sure.
    for folder in backend.cgroup_folders() {
        assert!(
            groups(folder) <= MOST_AHEAD + 1,
            "of the sandboxes that ended"
        );
    }
    backend.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sandboxes_of_one_zygote_draw_different_random_numbers() {
    let (state, folder, interpreters) = (
        tempfile::tempdir().expect("folder"),
        tempfile::tempdir().expect("folder"),
        interpreters(),
    );
    readable(folder.path());
    let backend = backend(state.path(), &interpreters);
    let source = "import random, ssl, uuid\ndef handler(e, c): return ['%s' % random.random(), ssl.RAND_bytes(16).hex(), str(uuid.uuid4())]";
    for interpreter in &interpreters {
        let mut drawn = std::collections::HashSet::new();
        for _ in 0..2 {
            let spec = spec(folder.path(), interpreter.version, source);
            let (ending, _) = run_once(&backend, spec, "{}", Duration::from_secs(20)).await;
            let Ending::Returned(answer) = ending else {
                panic!("{ending:?}")
            };
            let numbers: Vec<String> = serde_json::from_slice(&answer).expect("JSON");
            drawn.extend(numbers);
        }
        assert_eq!(drawn.len(), 6, "Python {}", interpreter.version);
    }
    backend.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invoker_runs_calls_on_real_sandboxes_and_leaves_nothing() {
    let (state, folder) = (
        tempfile::tempdir().expect("folder"),
        tempfile::tempdir().expect("folder"),
    );
    readable(folder.path());
    let interpreters = crate::discover(&[]).await;
    let config = InvokerConfig {
        pool: PoolConfig {
            memory_budget_mib: 1024,
            keep_alive: Duration::from_secs(60),
            capacity_wait: Duration::from_secs(10),
            concurrent_starts: 2,
        },
        python: PythonConfig {
            state_dir: state.path().to_path_buf(),
            instance: format!("test-{}", uuid::Uuid::new_v4()),
            libraries: None,
            networks: Arc::new(Networks::of_the_host()),
            without: Vec::new(),
            blanks_mib: 4 * MOST_AHEAD as u64,
            images_mib: 256,
        },
    };
    let invoker = Invoker::new(config, interpreters.clone()).expect("the state folder is writable");
    let source = "import os\ncalls = 0\ndef handler(e, c):\n  global calls; calls += 1\n  if e == 'exit': os._exit(3)\n  return [calls, os.environ['STREAM'], c.get_remaining_time_in_millis() > 0]";
    let mut spec = spec(folder.path(), interpreters[0].version, source);
    let template = "{date}/{sandbox}".to_owned();
    spec.templated.insert("STREAM".into(), template);
    let spec = Arc::new(spec);
    let mut sandboxes = Vec::new();
    for (event, calls) in [("1", 1), ("2", 2), ("\"exit\"", 0), ("3", 1)] {
        let call = call(event, Duration::from_secs(20), Arc::default());
        let outcome = invoker.invoke(spec.clone(), call).await.expect("it runs");
        let id = outcome.sandbox.replace('-', "");
        match outcome.ending {
            Ending::Returned(answer) => {
                let (seen, stream, in_time): (u32, String, bool) =
                    serde_json::from_slice(&answer).expect("JSON");
                assert_eq!((seen, in_time), (calls, true));
                assert!(
                    stream.len() == 11 + id.len() && stream.ends_with(&id),
                    "{stream}"
                );
            }
            ending => assert_eq!(ending, Ending::Exited(ExitStatus::Code(3))),
        }
        sandboxes.push((
            outcome.sandbox,
            outcome.usage.cold_start.map(|cold| cold.reason),
        ));
    }
    assert!(sandboxes[0].0 == sandboxes[2].0 && sandboxes[2].0 != sandboxes[3].0);
    assert_eq!(sandboxes[0].1, Some(ColdStartReason::First));
    assert_eq!(
        (sandboxes[1].1, sandboxes[3].1),
        (None, Some(ColdStartReason::Crashed))
    );
    assert_eq!(invoker.snapshot().idle, 1);
    check_residents(&invoker, &sandboxes[3].0).await;
    invoker.drain(Duration::from_secs(5)).await;
    assert_eq!(invoker.snapshot(), Snapshot::default());
    let left = std::fs::read_dir(state.path()).expect("folder").count();
    assert_eq!(left, 0, "the state folder is empty");
}

/// Holds what is told of an invoker whose one sandbox is `idle`, and whose last one ended after three calls.
async fn check_residents(invoker: &Invoker, idle: &str) {
    let (living, zygotes) = invoker.residents().await;
    let ids: Vec<&str> = living.iter().map(|sandbox| sandbox.id.as_str()).collect();
    assert_eq!(ids, [idle]);
    assert!(living[0].memory_bytes.expect("it lives") > 1 << 20);
    let zygote = zygotes
        .iter()
        .find(|zygote| zygote.owner.as_deref() == Some("owner"))
        .expect("it was forked from one");
    assert_eq!((zygote.runtime, zygote.children), (living[0].runtime, 1));
    assert!(zygote.memory_bytes.expect("it lives") > 1 << 20);
    assert_eq!(invoker.departures()[0].uses, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_is_told_without_control_groups_too() {
    let (state, folder, interpreters) = (
        tempfile::tempdir().expect("folder"),
        tempfile::tempdir().expect("folder"),
        interpreters(),
    );
    readable(folder.path());
    let grouped = [
        RestrictionName::MemoryLimit,
        RestrictionName::ProcessLimit,
        RestrictionName::CpuShare,
        RestrictionName::Freezer,
    ];
    let backend = backend_without(state.path(), &interpreters, &grouped);
    let source = "def handler(e, c): return len(bytearray(40 << 20))";
    let spec = Arc::new(spec(folder.path(), interpreters[0].version, source));
    let output = Arc::new(Written::default());
    let id = uuid::Uuid::new_v4().to_string();
    let started = backend.start(id, spec, output.clone()).await;
    let Started::Ready { mut sandbox, .. } = started.expect("the backend works") else {
        panic!("failed to initialise")
    };
    let before = sandbox.max_memory_bytes();
    assert!(before > 1 << 20, "{before}");
    let call = call("{}", Duration::from_secs(20), output);
    let (ending, _) = sandbox.invoke(call).await;
    assert_eq!(ending, Ending::Returned("41943040".into()));
    let after = sandbox.max_memory_bytes();
    assert!(after >= before + (30 << 20), "{before} {after}");
    let gauge = sandbox.gauge();
    let present = gauge.memory_bytes().expect("it lives");
    assert!((1 << 20..=after).contains(&present), "{present} {after}");
    sandbox.destroy().await;
    assert_eq!(gauge.memory_bytes(), None);
    backend.shutdown().await;
}
