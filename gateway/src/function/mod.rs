//! What a function is: names, versions, aliases, packages, limits, and the registry that holds them.
//!
//! Knows no HTTP and no protocol. `version` is the word that the rest of the gateway uses: an immutable
//! [`FunctionVersion`], handed out by [`Registry::resolve`] without touching the store.

pub mod registry;
pub mod requirements;
pub mod version;

pub use registry::{FunctionError, PutFunction, Registry, Target};
pub use version::{Configuration, FunctionKey, FunctionVersion, LogFormat};
