//! A zygote: one interpreter that waits to be forked, for one owner and one version of CPython.
//!
//! The host only ever tells it to spawn; what becomes of a sandbox comes on that sandbox's own lifeline. It ends when the control
//! socket is closed, and takes its sandboxes with it.

use std::io;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::path::Path;
use std::process::Stdio;

use invoker_linux::{fd_passing, pipe};
use invoker_wire::{Confinement, Spawn};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::process::{Child, Command};

use super::extension;
use super::readiness::watch;
use crate::Interpreter;

/// A running zygote.
pub(super) struct Zygote {
    control: AsyncFd<OwnedFd>,
    /// Killed when dropped.
    _process: Child,
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
            .arg(state_dir)
            .arg(extension::mount_point(state_dir))
            .arg(privileged)
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::from(theirs))
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()?;
        Ok(Self {
            control: watch(ours)?,
            _process: process,
        })
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
