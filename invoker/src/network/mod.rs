//! A network of its own for every function.
//!
//! ```text
//!  sandbox ── veth ──┐
//!  sandbox ── veth ──┤ router namespace ── veth ── host ── internet
//!  sandbox ── veth ──┘ filter, NAT, endpoint, DNS     filter, NAT
//! ```
//!
//! Each sandbox has a namespace with one link to the router; sandboxes see the router's address alone, for everything. The
//! router's filter decides what passes (`rules`), so a sandbox needs no rule of its own. Namespaces are made ahead of use
//! (`workshop`, as many as `stock` says) and never used twice.
//!
//! Invariant: what is not allowed is refused in the router, out of the reach of any sandbox, whatever its user or capabilities.
//! When the server dies, by whatever cause, the kernel takes all of it away: nothing is written down outside its descriptors.

mod addresses;
mod mode;
mod offer;
mod relay;
mod router;
mod rules;
mod service;
mod stock;
#[cfg(test)]
mod tests;
mod workshop;

pub use ipnet::Ipv4Net;
pub use mode::{NetworkMode, NetworkSettings};
pub use offer::Networks;
pub use service::{LeaseError, Missing, Network};
pub use workshop::Lease;
