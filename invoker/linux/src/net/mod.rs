//! Networks: namespaces, links between them, addresses, routes, and the packet filter.
//!
//! The kernel is spoken to over netlink by an encoder of our own, so that no program (`ip`, `nft`) need be installed: the
//! crates that know nf_tables need C libraries or have a licence that this project cannot take, and what is used here of the
//! route family is five messages.
//!
//! Where things live: `message` is the bytes of netlink, `netlink` the socket; on them `route` makes links, addresses and
//! routes, and `filter` tables of rules; `namespace` makes and enters namespaces, `setting` writes `/proc/sys/net`.
//!
//! Invariant: a socket acts on the namespace of the thread that opened it, wherever it is used later.

pub mod filter;
mod message;
pub mod namespace;
mod netlink;
pub mod route;
pub mod setting;
