//! Runs functions in sandboxes and knows nothing of AWS: no ARN, no HTTP status, no error code of a service.
//!
//! One sentence: the invoker turns an [`Invocation`] for a [`SandboxSpec`] into an [`Outcome`].
//!
//! Where things live: `spec`, `invocation`, `outcome`, `error` are the public words; `invoker` is the front door;
//! `pool` keeps sandboxes warm; `sandbox` holds the traits that a backend implements; `python` is the zygote backend;
//! `network` gives each sandbox a network of its own; `output` turns stdout and stderr into lines.

mod error;
mod interpreters;
mod invoker;
pub mod network;
mod output;
pub mod pool;
pub mod python;

mod invocation;
mod outcome;
pub mod sandbox;
mod spec;

pub use self::invoker::{Invoker, InvokerConfig};
pub use error::InvokeError;
pub use interpreters::{PYTHON_MINORS, discover};
pub use invocation::{Invocation, InvocationContext, OutputLine, OutputSink};
pub use invoker_wire::RestrictionName;
pub use network::{NetworkMode, NetworkSettings, Networks};
pub use outcome::{ColdStart, ColdStartReason, Ending, ExitStatus, Outcome, StartPath, Usage};
pub use spec::{Interpreter, PythonVersion, SandboxSpec};
