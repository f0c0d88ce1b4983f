//! CPython's own hooks around a fork, which `os.fork` calls and a fork from outside of Python must call itself:
//! <https://docs.python.org/3/c-api/sys.html#c.PyOS_BeforeFork>.

use std::io;

use invoker_linux::process::Fork;
use pyo3::ffi;
use pyo3::prelude::*;

/// Forks by `fork`, which is called with the interpreter ready for it, and readies it again on each side.
pub(crate) fn around(_py: Python<'_>, fork: impl FnOnce() -> io::Result<Fork>) -> io::Result<Fork> {
    #[expect(unsafe_code, reason = "pyo3 has no safe wrapper")]
    // SAFETY: the thread is attached to the interpreter, as `_py` proves, and stays so.
    unsafe {
        ffi::PyOS_BeforeFork();
    }
    let forked = fork();
    let after = match forked {
        Ok(Fork::Child) => ffi::PyOS_AfterFork_Child,
        Ok(Fork::Parent { .. }) | Err(_) => ffi::PyOS_AfterFork_Parent,
    };
    #[expect(unsafe_code, reason = "pyo3 has no safe wrapper")]
    // SAFETY: as above; one of the two is called in each process, after the one above.
    unsafe {
        after();
    }
    forked
}
