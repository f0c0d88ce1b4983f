//! Zygotes: interpreters that wait to be forked, each for one owner and one version of CPython.
//!
//! The host only ever tells one to spawn; what becomes of a sandbox comes on that sandbox's own lifeline. A zygote ends when the control
//! socket is closed, and takes its sandboxes with it. One that was booted ahead is nobody's until an owner first needs it, and then that
//! owner's for good: sandboxes of different owners never share one.

use std::collections::HashMap;
use std::io;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use invoker_linux::{fd_passing, pipe, process};
use invoker_wire::{Datagram, Setup, Spawn};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::process::{Child, Command};
use tokio::time::timeout;

use super::extension;
use super::nursery::{Nursery, Workshop};
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
    workshop: Arc<Workshop>,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    owned: HashMap<(String, PythonVersion), Arc<Nursery>>,
    unowned: HashMap<PythonVersion, Arc<Nursery>>,
    closed: bool,
}

impl Zygotes {
    /// None yet.
    pub(super) fn new(
        interpreters: &[Interpreter],
        state_dir: &Path,
        workshop: Arc<Workshop>,
    ) -> Self {
        Self {
            interpreters: interpreters.to_vec(),
            state_dir: state_dir.to_path_buf(),
            workshop,
            known: Mutex::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The nursery of the owner's zygote, which may still boot.
    pub(super) fn get(
        &self,
        owner: &str,
        runtime: PythonVersion,
    ) -> Result<Arc<Nursery>, InvokeError> {
        let mut known = self.lock();
        if known.closed {
            return Err(InvokeError::ShuttingDown);
        }
        let key = (owner.to_owned(), runtime);
        match known.owned.get(&key) {
            Some(nursery) if nursery.zygote().is_current() => return Ok(nursery.clone()),
            _ => {}
        }
        if known.owned.len() >= MAX_ZYGOTES {
            known.owned.retain(|_, nursery| {
                nursery.zygote().has_children() || Arc::strong_count(nursery) > 1
            });
        }
        let nursery = match known.unowned.remove(&runtime) {
            Some(nursery) if nursery.zygote().is_current() => nursery,
            _ => self.start(runtime)?,
        };
        known.owned.insert(key, nursery.clone());
        Ok(nursery)
    }

    fn start(&self, runtime: PythonVersion) -> Result<Arc<Nursery>, InvokeError> {
        let interpreter = self
            .interpreters
            .iter()
            .find(|interpreter| interpreter.version == runtime)
            .ok_or(InvokeError::RuntimeMissing(runtime))?;
        match Zygote::start(interpreter, &self.state_dir, self.workshop.setup()) {
            Ok(zygote) => Ok(Nursery::new(Arc::new(zygote), self.workshop.clone())),
            Err(error) => {
                let executable = interpreter.executable.display();
                Err(InvokeError::Sandbox(format!("start {executable}: {error}")))
            }
        }
    }

    /// One whose zygote does not answer is used no more.
    pub(super) fn forget(&self, gone: &Arc<Nursery>) {
        let mut known = self.lock();
        known.owned.retain(|_, nursery| !Arc::ptr_eq(nursery, gone));
        known
            .unowned
            .retain(|_, nursery| !Arc::ptr_eq(nursery, gone));
    }

    /// Boots one for each interpreter that has none, one after the other, the newest first.
    pub(super) async fn boot_ahead(&self) {
        for interpreter in self.interpreters.iter().rev() {
            let Some(nursery) = self.start_ahead(interpreter.version) else {
                continue;
            };
            if timeout(BOOT_LIMIT, nursery.zygote().booted()).await != Ok(true) {
                // What it had to say is on standard error; the next sandbox that needs one tries again.
                self.forget(&nursery);
            }
        }
    }

    fn start_ahead(&self, runtime: PythonVersion) -> Option<Arc<Nursery>> {
        let mut known = self.lock();
        let has_one = known.owned.keys().any(|(_, version)| *version == runtime);
        if known.closed || has_one {
            return None;
        }
        let nursery = self.start(runtime).ok()?;
        known.unowned.insert(runtime, nursery.clone());
        Some(nursery)
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
    /// Functions' sandboxes that were forked from it and live.
    pub children: usize,
    /// Sandboxes that were forked from it ahead and are nobody's yet.
    pub blanks: usize,
    /// Its own memory, bytes.
    pub memory_bytes: Option<u64>,
}

/// A running zygote.
pub(super) struct Zygote {
    control: AsyncFd<OwnedFd>,
    started: SystemTime,
    executable: PathBuf,
    /// The file that it was started from.
    made_from: Option<FileIdentity>,
    children: AtomicUsize,
    /// Killed when dropped.
    process: Child,
}

/// Which file a path means, and since when: device, inode, seconds and nanoseconds of its last change.
type FileIdentity = (u64, u64, i64, i64);

fn identity(file: &Path) -> Option<FileIdentity> {
    let facts = file.metadata().ok()?;
    Some((facts.dev(), facts.ino(), facts.ctime(), facts.ctime_nsec()))
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
            .map(|((owner, runtime), nursery)| (Some(owner.clone()), *runtime, nursery));
        let unowned = self
            .unowned
            .iter()
            .map(|(runtime, nursery)| (None, *runtime, nursery));
        let view = |(owner, runtime, nursery): (Option<String>, PythonVersion, &Arc<Nursery>)| {
            let zygote = nursery.zygote();
            Some(ZygoteView {
                owner,
                runtime,
                pid: zygote.process.id()?,
                started: zygote.started,
                children: zygote.children.load(Ordering::Relaxed),
                blanks: nursery.blanks(),
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
        setup: &Setup,
    ) -> io::Result<Self> {
        let (ours, theirs) = pipe::datagram_pair()?;
        pipe::set_nonblocking(&ours)?;
        let setup = String::from_utf8(setup.encode()).map_err(io::Error::other)?;
        let made_from = identity(&interpreter.executable);
        let process = Command::new(&interpreter.executable)
            .args(["-I", "-S", "-X", "utf8", "-c", extension::BOOT])
            .arg(setup)
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
            executable: interpreter.executable.clone(),
            made_from,
            children: AtomicUsize::new(0),
            process,
        })
    }

    /// Whether its interpreter is still the one on the host, which may have been upgraded meanwhile.
    fn is_current(&self) -> bool {
        identity(&self.executable) == self.made_from
    }

    /// Whether functions' sandboxes live that were forked from it.
    fn has_children(&self) -> bool {
        self.children.load(Ordering::Relaxed) > 0
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
