//! The packet filter's words: tables of chains of rules. <https://wiki.nftables.org/wiki-nftables/index.php/Main_Page>
//!
//! A rule is a list of conditions, which all must hold, and what is done then. `encode` turns a table into messages and
//! `socket` hands them to the kernel, whole or not at all. IPv4 only.

mod encode;
mod socket;

use ipnet::Ipv4Net;

pub use socket::FilterSocket;

/// The most rules in a table: a transaction must fit the socket's buffer.
pub const MOST_RULES: usize = 256;

/// A table: the unit that is installed and removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name, one for each owner in a namespace.
    pub name: String,
    /// Counters of connections by source that the rules name.
    pub counters: Vec<ConnectionCounter>,
    /// Its chains, in no order.
    pub chains: Vec<Chain>,
}

/// Counts the open connections of each source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConnectionCounter {
    /// Its name, one in the table.
    pub name: &'static str,
    /// The most sources at once.
    pub sources: u32,
}

/// Rules that a packet meets one after the other at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// Its name, one in the table.
    pub name: &'static str,
    /// Where packets meet it.
    pub hook: Hook,
    /// What happens to a packet that no rule decides on.
    pub otherwise: Policy,
    /// The first rule that decides ends the chain.
    pub rules: Vec<Rule>,
}

/// Where packets meet a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hook {
    /// Before its connection is looked up, when it comes in.
    Arrival,
    /// Before its connection is looked up, when it was sent from here.
    Departure,
    /// On their way to a socket of this namespace.
    Input,
    /// On their way from one link to another.
    Forward,
    /// Last, where the sender may be rewritten.
    Masquerade,
}

/// What happens to a packet that no rule decides on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// It goes on.
    Accept,
    /// It is gone.
    Drop,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// What all must hold of the packet.
    pub conditions: Vec<Condition>,
    /// What is done then.
    pub action: Action,
}

/// What must hold of a packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// It came in by this link.
    From(String),
    /// It goes out by this link.
    To(String),
    /// It goes out by another link.
    NotTo(String),
    /// Its sender is in this network.
    Source(Ipv4Net),
    /// Its receiver is in this network.
    Destination(Ipv4Net),
    /// It is of this protocol, to this port.
    Port(Protocol, u16),
    /// It is of this protocol, from this port.
    SourcePort(Protocol, u16),
    /// It is of this protocol.
    Protocol(Protocol),
    /// It belongs to a connection that packets have gone both ways of, or is an error about one.
    Established,
    /// It opens a connection.
    New,
    /// Its sender has more than this many open connections, by the counter of this name.
    MoreConnectionsThan(u32, &'static str),
}

/// A protocol above IP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
}

/// What is done with a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// It goes on, and no connection is made up for it. Only before connections are looked up.
    Untrack,
    /// It goes on.
    Accept,
    /// It is gone.
    Drop,
    /// It is gone, and its sender is told that this is forbidden.
    Reject,
    /// Its sender becomes the address of the link that it leaves by; answers find their way back.
    Masquerade,
}
