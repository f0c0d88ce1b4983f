//! What a function is: names, versions, aliases, packages, limits, and the registry that holds them.
//!
//! Knows no HTTP and no protocol. `version` is the word that the rest of the gateway uses: an immutable
//! [`FunctionVersion`], handed out by [`Registry::resolve`] without touching the store.
//!
//! ```text
//! arn · qualifier · runtime · environment · settings · policy · tag · recording      what a request may say (pure)
//! aggregate + deployment · alias · describe                          one function: its document, its states (pure)
//! code_package → shelf                                               packages on the disk, counted by who needs them
//! registry                                                           all functions: decide, write the document, act
//! ```

pub mod aggregate;
pub mod alias;
pub mod arn;
mod code_package;
mod deployment;
pub mod describe;
pub mod environment;
pub mod error;
mod host;
pub mod libraries;
pub mod limits;
mod link;
pub mod policy;
pub mod qualifier;
pub mod recording;
pub mod registry;
pub mod requirements;
pub mod runtime;
pub mod settings;
mod shelf;
pub mod tag;
mod turns;
pub mod update_code;
pub mod version;

pub use error::FunctionError;
pub use registry::{PutFunction, Registry, RegistryConfig, Target, TestEvent};
pub use version::{Configuration, FunctionKey, FunctionVersion, LogFormat};
