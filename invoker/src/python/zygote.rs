//! Zygotes: interpreters that wait to be forked, each for one owner and one version of CPython.
//!
//! The host only ever tells one to spawn; what becomes of a sandbox comes on that sandbox's own lifeline. A zygote ends when the control
//! socket is closed, and takes its sandboxes with it. One that was booted ahead is nobody's until an owner first needs it, and then that
//! owner's for good: sandboxes of different owners never share one.

use std::collections::HashMap;
use std::io;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use invoker_linux::{fd_passing, pipe, process};
use invoker_wire::{Confinement, Spawn};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::process::{Child, Command};
use tokio::time::timeout;

use super::extension;
use super::readiness::watch;
use crate::{Interpreter, InvokeError, PythonVersion};

/// The most zygotes at once; beyond it those without sandboxes are ended.
const MAX_ZYGOTES: usize = 32;
/// How long the next zygote waits for one that boots ahead.
const BOOT_LIMIT: Duration = Duration::from_secs(30);

/// The zygotes of a backend.
pub(super) struct Zygotes {
    interpreters: Vec<Interpreter>,
    state_dir: PathBuf,
    confinement: Confinement,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    owned: HashMap<(String, PythonVersion), Arc<Zygote>>,
    unowned: HashMap<PythonVersion, Arc<Zygote>>,
    closed: bool,
}

impl Zygotes {
    /// None yet.
    pub(super) fn new(
        interpreters: &[Interpreter],
        state_dir: &Path,
        confinement: Confinement,
    ) -> Self {
        Self {
            interpreters: interpreters.to_vec(),
            state_dir: state_dir.to_path_buf(),
            confinement,
            known: Mutex::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The owner's zygote, which may still boot.
    pub(super) fn get(
        &self,
        owner: &str,
        runtime: PythonVersion,
    ) -> Result<Arc<Zygote>, InvokeError> {
        let mut known = self.lock();
        if known.closed {
            return Err(InvokeError::ShuttingDown);
        }
        let key = (owner.to_owned(), runtime);
        if let Some(zygote) = known.owned.get(&key) {
            return Ok(zygote.clone());
        }
        if known.owned.len() >= MAX_ZYGOTES {
            known
                .owned
                .retain(|_, zygote| Arc::strong_count(zygote) > 1);
        }
        let zygote = match known.unowned.remove(&runtime) {
            Some(zygote) => zygote,
            None => self.start(runtime)?,
        };
        known.owned.insert(key, zygote.clone());
        Ok(zygote)
    }

    fn start(&self, runtime: PythonVersion) -> Result<Arc<Zygote>, InvokeError> {
        let interpreter = self
            .interpreters
            .iter()
            .find(|interpreter| interpreter.version == runtime)
            .ok_or(InvokeError::RuntimeMissing(runtime))?;
        let started = Zygote::start(interpreter, &self.state_dir, self.confinement);
        started.map(Arc::new).map_err(|error| {
            let executable = interpreter.executable.display();
            InvokeError::Sandbox(format!("start {executable}: {error}"))
        })
    }

    /// One that does not answer is used no more.
    pub(super) fn forget(&self, gone: &Arc<Zygote>) {
        let mut known = self.lock();
        known.owned.retain(|_, zygote| !Arc::ptr_eq(zygote, gone));
        known.unowned.retain(|_, zygote| !Arc::ptr_eq(zygote, gone));
    }

    /// Boots one for each interpreter that has none, one after the other, the newest first.
    pub(super) async fn boot_ahead(&self) {
        for interpreter in self.interpreters.iter().rev() {
            let Some(zygote) = self.start_ahead(interpreter.version) else {
                continue;
            };
            if timeout(BOOT_LIMIT, zygote.booted()).await != Ok(true) {
                // What it had to say is on standard error; the next sandbox that needs one tries again.
                self.forget(&zygote);
            }
        }
    }

    fn start_ahead(&self, runtime: PythonVersion) -> Option<Arc<Zygote>> {
        let mut known = self.lock();
        let has_one = known.owned.keys().any(|(_, version)| *version == runtime);
        if known.closed || has_one {
            return None;
        }
        let zygote = self.start(runtime).ok()?;
        known.unowned.insert(runtime, zygote.clone());
        Some(zygote)
    }

    /// All that take orders, by owner and version. Reads the kernel's files: it blocks.
    pub(super) fn list(&self) -> Vec<ZygoteView> {
        let mut zygotes = self.lock().list();
        zygotes.sort_by(|one, next| (&one.owner, one.runtime).cmp(&(&next.owner, next.runtime)));
        for zygote in &mut zygotes {
            zygote.memory_bytes = process::present_memory_of(zygote.pid);
        }
        zygotes
    }

    /// Ends all, and starts no more.
    pub(super) fn close(&self) {
        *self.lock() = Known {
            closed: true,
            ..Known::default()
        };
    }
}

/// A zygote as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ZygoteView {
    /// Whose it is; nobody's yet when it was booted ahead.
    pub owner: Option<String>,
    /// What it runs.
    pub runtime: PythonVersion,
    /// Its process.
    pub pid: u32,
    /// When it was started.
    pub started: SystemTime,
    /// Sandboxes that were forked from it and live.
    pub children: usize,
    /// Its own memory, bytes.
    pub memory_bytes: Option<u64>,
}

/// A running zygote.
pub(super) struct Zygote {
    control: AsyncFd<OwnedFd>,
    started: SystemTime,
    children: AtomicUsize,
    /// Killed when dropped.
    process: Child,
}

/// What a sandbox keeps of the zygote that it was forked from, whose end would be its own.
pub(super) struct Parent(Arc<Zygote>);

impl Parent {
    pub(super) fn new(zygote: Arc<Zygote>) -> Self {
        zygote.children.fetch_add(1, Ordering::Relaxed);
        Self(zygote)
    }
}

impl Drop for Parent {
    fn drop(&mut self) {
        self.0.children.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Known {
    /// Without their memory.
    fn list(&self) -> Vec<ZygoteView> {
        let owned = self
            .owned
            .iter()
            .map(|((owner, runtime), zygote)| (Some(owner.clone()), *runtime, zygote));
        let unowned = self
            .unowned
            .iter()
            .map(|(runtime, zygote)| (None, *runtime, zygote));
        let view = |(owner, runtime, zygote): (Option<String>, PythonVersion, &Arc<Zygote>)| {
            Some(ZygoteView {
                owner,
                runtime,
                pid: zygote.process.id()?,
                started: zygote.started,
                children: zygote.children.load(Ordering::Relaxed),
                memory_bytes: None,
            })
        };
        owned.chain(unowned).filter_map(view).collect()
    }
}

impl Zygote {
    /// Starts the interpreter; it is ready when it answers its first order.
    pub(super) fn start(
        interpreter: &Interpreter,
        state_dir: &Path,
        confinement: Confinement,
    ) -> io::Result<Self> {
        let (ours, theirs) = pipe::datagram_pair()?;
        pipe::set_nonblocking(&ours)?;
        let privileged = if confinement == Confinement::Privileged {
            "privileged"
        } else {
            ""
        };
        let process = Command::new(&interpreter.executable)
            .args(["-I", "-S", "-X", "utf8", "-c", extension::BOOT])
            .arg(privileged)
            .env_clear()
            .current_dir(state_dir)
            .stdin(Stdio::from(theirs))
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()?;
        Ok(Self {
            control: watch(ours)?,
            started: SystemTime::now(),
            children: AtomicUsize::new(0),
            process,
        })
    }

    /// Waits until it has booted; `false` when it ended instead. Only one may wait.
    async fn booted(&self) -> bool {
        let word = self
            .control
            .async_io(Interest::READABLE, |control| fd_passing::receive(control))
            .await;
        word.is_ok_and(|(bytes, _)| !bytes.is_empty())
    }

    /// Orders a sandbox.
    pub(super) async fn order(&self, spawn: &Spawn, fds: &[BorrowedFd<'_>]) -> io::Result<()> {
        let bytes = spawn.encode();
        self.control
            .async_io(Interest::WRITABLE, |control| {
                fd_passing::send(control, &bytes, fds)
            })
            .await
    }
}
