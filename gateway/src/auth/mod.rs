//! Who calls: account, region and service, from the signature's scope.
//!
//! Signatures are read, not verified: a server that listens beyond loopback must be told so (`--insecure`).

pub mod identity;
pub mod sigv4;

pub use identity::Identity;
pub use sigv4::Scope;
