//! `hearth_worker`, the Python extension inside each zygote and sandbox.
//!
//! `fork_server` waits in the zygote for orders and forks; `confine` shuts the new process in; `session` is the channel on which the
//! sandbox then talks to the host. What a function sees of Lambda is `invoker/python/runtime.py`.

mod confine;
mod fork_server;
mod session;

use invoker_wire::Kind;
use pyo3::prelude::*;

/// The extension module.
#[pymodule]
fn hearth_worker(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("INIT", Kind::Init as u8)?;
    module.add("INVOKE", Kind::Invoke as u8)?;
    module.add_class::<session::Session>()?;
    module.add_function(wrap_pyfunction!(fork_server::serve, module)?)
}
