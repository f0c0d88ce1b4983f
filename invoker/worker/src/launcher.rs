//! Makes the first processes of sandboxes: a small process, forked off before the zygote imports anything, so that they are small too.
//!
//! ```text
//! zygote ──order──▶ launcher ──clone──▶ init (pid 1): encloses itself, says so to the zygote, then waits for the function's end
//!   ▲                                    │
//!   └────────── its pidfd ───────────────┘
//! ```
//! Init never runs Python. When the launcher ends, every init ends with it, and with an init everything in its sandbox.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;
use std::time::Duration;

use invoker_linux::namespace::Namespace;
use invoker_linux::pidfd::PidFd;
use invoker_linux::process::{self, Fork, OnlyThread, ThreadList};
use invoker_linux::{cgroup, children, fd_passing, pipe};
use invoker_wire::{Lifeline, RestrictionName, Setup};

use crate::{confine, step, tell};

/// The function's process in its pid namespace: after init, and the visitor that forked it.
pub(crate) const FUNCTION_PROCESS: i32 = 3;
/// What an init says when it has enclosed itself; anything else is why it could not.
const ENCLOSED: &[u8] = b"enclosed";
/// What the launcher says when it is ready.
const READY: &[u8] = b"ready";
const ORDER: &[u8] = b"init";
/// How long an init may take to enclose itself.
const ENCLOSE_LIMIT: Duration = Duration::from_secs(10);

/// The zygote's end.
pub(crate) struct Launcher(OwnedFd);

/// The namespaces of a sandbox, beside that of its processes.
pub(crate) fn namespaces(setup: &Setup) -> Vec<Namespace> {
    let kinds = [
        (RestrictionName::IpcNamespace, Namespace::Ipc),
        (RestrictionName::UtsNamespace, Namespace::Uts),
    ];
    let kept = kinds
        .into_iter()
        .filter(|(name, _)| setup.without.keeps(*name))
        .map(|(_, kind)| kind);
    std::iter::once(Namespace::Mount).chain(kept).collect()
}

impl Launcher {
    /// Forks it. It answers only once it needs nothing of the host's file system any more.
    pub(crate) fn start(setup: &Setup, proof: &OnlyThread) -> io::Result<Self> {
        let (ours, theirs) = pipe::datagram_pair()?;
        if process::fork(proof)? == Fork::Child {
            drop(ours);
            // It tells why by ending.
            let _ = serve(&theirs, setup);
            process::exit_now(1);
        }
        drop(theirs);
        match fd_passing::receive(&ours)?.0.as_slice() {
            READY => Ok(Self(ours)),
            _ => Err(io::Error::other("the launcher ended")),
        }
    }

    /// Makes an init, which has enclosed itself and will tell on `lifeline` how the function's process ends.
    pub(crate) fn make_init(
        &self,
        lifeline: &OwnedFd,
        memory_door: Option<&OwnedFd>,
    ) -> Result<PidFd, MakeError> {
        let fds: Vec<BorrowedFd<'_>> = std::iter::once(lifeline)
            .chain(memory_door)
            .map(AsFd::as_fd)
            .collect();
        fd_passing::send(&self.0, ORDER, &fds).map_err(|_| MakeError::LauncherGone)?;
        let (word, fds) = fd_passing::receive_within(&self.0, ENCLOSE_LIMIT)
            .map_err(|_| MakeError::LauncherGone)?;
        match (word.as_slice(), fds.into_iter().next()) {
            (ENCLOSED, Some(init)) => Ok(init.into()),
            ([], _) => Err(MakeError::LauncherGone),
            (reason, _) => {
                let reason = String::from_utf8_lossy(reason).into_owned();
                Err(io::Error::other(reason).into())
            }
        }
    }
}

/// Why a sandbox could not be made.
pub(crate) enum MakeError {
    /// Its init does not answer, and the next one's answer might be taken for its: this zygote can make no other.
    LauncherGone,
    /// A step failed.
    Refused(io::Error),
}

impl From<io::Error> for MakeError {
    fn from(error: io::Error) -> Self {
        Self::Refused(error)
    }
}

/// The launcher's life.
fn serve(zygote: &OwnedFd, setup: &Setup) -> io::Result<()> {
    process::die_with_parent()?;
    process::close_all_but(zygote)?;
    children::reap_automatically(true);
    let proof = ThreadList::open()?.only_thread()?;
    let mut kinds = namespaces(setup);
    kinds.push(Namespace::Pid);
    fd_passing::send(zygote, READY, &[])?;
    loop {
        let (order, fds) = fd_passing::receive(zygote)?;
        if order.is_empty() {
            return Ok(());
        }
        let mut fds = fds.into_iter();
        let Some(lifeline) = fds.next() else { continue };
        match process::fork_into(&proof, &kinds) {
            Ok(Fork::Child) => live(zygote, &lifeline, fds.next(), setup),
            Ok(Fork::Parent { .. }) => {}
            Err(error) => fd_passing::send(zygote, format!("clone: {error}").as_bytes(), &[])?,
        }
    }
}

/// An init's life.
fn live(zygote: &OwnedFd, lifeline: &OwnedFd, memory_door: Option<OwnedFd>, setup: &Setup) -> ! {
    children::reap_automatically(false);
    let enclosed = enclose(memory_door, setup)
        .and_then(|own| fd_passing::send(zygote, ENCLOSED, &[own.as_fd()]));
    if let Err(error) = enclosed {
        let _ = fd_passing::send(zygote, error.to_string().as_bytes(), &[]);
        process::exit_now(1);
    }
    watch(lifeline, FUNCTION_PROCESS)
}

fn enclose(memory_door: Option<OwnedFd>, setup: &Setup) -> io::Result<PidFd> {
    if let Some(door) = memory_door {
        step("join the control group", cgroup::join(&door))?;
    }
    confine::mount_own(Path::new("/"), &setup.without)?;
    confine::settle(setup)?;
    PidFd::open(process::own_id())
}

/// What is left of an init's life: reaps, tells the end of the function's process, and ends; then all others in the sandbox end.
pub(crate) fn watch(lifeline: &OwnedFd, function: i32) -> ! {
    let _ = process::close_all_but(lifeline);
    // Not to hold the output pipe open.
    if let Ok(null) = std::fs::File::open("/dev/null") {
        for standard in [1, 2] {
            let _ = process::redirect_standard(&null, standard);
        }
    }
    let Ok(wait_status) = children::wait_for(function) else {
        process::exit_now(1)
    };
    tell(lifeline, &Lifeline::Exited { wait_status }, None);
    process::exit_now(0)
}
