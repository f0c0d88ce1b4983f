//! CPython's own hooks around a fork, which `os.fork` calls and a fork from outside of Python must call itself:
//! <https://docs.python.org/3/c-api/sys.html#c.PyOS_BeforeFork>. A process that is restored from an image is a copy in the same sense.

use std::io;

use invoker_linux::image::Checkpoint;
use invoker_linux::process::Fork;
use pyo3::ffi;
use pyo3::prelude::*;

/// Forks by `fork`, which is called with the interpreter ready for it, and readies it again on each side.
pub(crate) fn around(py: Python<'_>, fork: impl FnOnce() -> io::Result<Fork>) -> io::Result<Fork> {
    call_between(py, fork, |fork| *fork == Fork::Child)
}

/// The same around an image.
pub(crate) fn around_copy(
    py: Python<'_>,
    checkpoint: impl FnOnce() -> io::Result<Checkpoint>,
) -> io::Result<Checkpoint> {
    call_between(py, checkpoint, |side| *side == Checkpoint::Restored)
}

fn call_between<T>(
    _py: Python<'_>,
    copy: impl FnOnce() -> io::Result<T>,
    is_copy: impl Fn(&T) -> bool,
) -> io::Result<T> {
    #[expect(unsafe_code, reason = "pyo3 has no safe wrapper")]
    // SAFETY: the thread is attached to the interpreter, as `_py` proves, and stays so.
    unsafe {
        ffi::PyOS_BeforeFork();
    }
    let side = copy();
    let after = match side.as_ref().is_ok_and(is_copy) {
        true => ffi::PyOS_AfterFork_Child,
        false => ffi::PyOS_AfterFork_Parent,
    };
    #[expect(unsafe_code, reason = "pyo3 has no safe wrapper")]
    // SAFETY: as above; one of the two is called in each process, after the one above.
    unsafe {
        after();
    }
    side
}
