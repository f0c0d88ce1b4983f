//! The Python backend: a zygote for each owner and version of CPython, from which every sandbox is forked.
//!
//! `backend` starts sandboxes. `zygote` is what they are forked from, `blank` one that is nobody's yet, `nursery` the stock of them,
//! `bind` what makes one a function's, `template` its environment, `images` what need not be imported again; `sandbox` runs calls, `process` is the host's side of one process,
//! `remains` what must not stay behind of it; `readiness` lets tasks wait; `isolation` probes what the host gives; `extension` holds the
//! embedded files. The other side is `invoker/worker` and `invoker/python`.

mod backend;
mod bind;
mod blank;
mod extension;
mod images;
mod isolation;
mod nursery;
mod process;
mod readiness;
mod remains;
mod sandbox;
mod template;
mod zygote;

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use invoker_wire::RestrictionName;

use crate::Networks;

pub use backend::PythonBackend;
pub use sandbox::PythonSandbox;
pub use zygote::ZygoteView;

/// One restriction on what a function can reach, and whether this host gives it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Restriction {
    /// Short name, such as `pid namespace`.
    pub name: &'static str,
    /// Whether sandboxes have it.
    pub in_force: bool,
    /// How it is done, or what is missing and how to get it.
    pub detail: String,
}

/// Brings libraries that a function may import without shipping them (boto3), when one first does.
#[async_trait]
pub trait LibraryProvider: Send + Sync {
    /// The top-level modules that it can bring.
    fn modules(&self) -> &'static [&'static str];
    /// The folder attached read-only at `/opt/hearth/shared`, last on `sys.path`; it exists, and may be empty until
    /// [`LibraryProvider::provide`] has filled it, which running sandboxes then see.
    fn folder(&self, runtime: crate::PythonVersion) -> PathBuf;
    /// Fills the folder. The function waits, and its clock stands still.
    ///
    /// # Errors
    /// Why it cannot, for the user to read; it becomes the message of the `ImportError`.
    async fn provide(&self, runtime: crate::PythonVersion, module: &str) -> Result<(), String>;
}

/// Where the backend keeps its files.
#[derive(Clone)]
pub struct PythonConfig {
    /// A folder of its own (extension, mount points); what a killed predecessor left in it is cleared at the start.
    pub state_dir: PathBuf,
    /// Names this server's cgroups; two servers at the same time need two names.
    pub instance: String,
    /// Brings libraries on demand.
    pub libraries: Option<Arc<dyn LibraryProvider>>,
    /// What functions can reach.
    pub networks: Arc<Networks>,
    /// What is left out of every sandbox's confinement.
    pub without: Vec<RestrictionName>,
    /// The memory that sandboxes made ahead may take together, MiB.
    pub blanks_mib: u64,
    /// The memory that images of functions may take together, MiB.
    pub images_mib: u64,
}
