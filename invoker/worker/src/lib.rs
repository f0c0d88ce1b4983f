//! `hearth_worker`, the Python extension inside each zygote and sandbox.
//!
//! `fork_server` waits in the zygote for orders and makes sandboxes, with `launcher`, which makes their first processes, and CPython's
//! `fork_hooks`; `root` builds the file system that they share and `confine` shuts each of them in; `session` is the channel on which a
//! sandbox then talks to the host. What a function sees of Lambda is `invoker/python/runtime.py`.

mod confine;
mod fork_hooks;
mod fork_server;
mod launcher;
mod root;
mod session;

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use invoker_linux::fd_passing;
use invoker_linux::pidfd::PidFd;
use invoker_wire::{Datagram, Kind, Lifeline};
use pyo3::prelude::*;

/// The extension module.
#[pymodule]
fn hearth_worker(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("INVOKE", Kind::Invoke as u8)?;
    module.add_class::<fork_server::Zygote>()?;
    module.add_class::<session::Session>()
}

/// Names the step of an error.
fn step<T>(name: &str, result: io::Result<T>) -> io::Result<T> {
    result.map_err(|error| io::Error::new(error.kind(), format!("{name}: {error}")))
}

/// Says a word on a sandbox's lifeline.
fn tell(lifeline: &OwnedFd, word: &Lifeline, handle: Option<&PidFd>) {
    let handle: Vec<BorrowedFd<'_>> = handle.map(AsFd::as_fd).into_iter().collect();
    // A host that no longer listens has given the sandbox up.
    let _ = fd_passing::send(lifeline, &word.encode(), &handle);
}
