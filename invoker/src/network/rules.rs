//! What may pass, as tables of the packet filter: pure functions of the settings.
//!
//! The router's table holds for all sandboxes: from outside nothing comes in but answers; to each other, to what is private and
//! to the host nothing goes, unless a setting names it; to the rest of the world everything does. The host's table guards the
//! host's own services, at whatever address, and hides the router's address from the world.
//! What is forbidden is answered with "prohibited" (`EHOSTUNREACH`) and not with silence: a function fails at once, and says why.

use std::net::Ipv4Addr;

use invoker_linux::net::filter::{
    Action, Chain, Condition, ConnectionCounter, Hook, Policy, Protocol, Rule, Table,
};
use ipnet::Ipv4Net;

use super::addresses::{MOST_NAMESPACES, ROUTER};
use super::relay;

/// The router's link to the host.
pub(super) const WAY_OUT: &str = "out";

/// The most open connections of a sandbox, so that none fills the table that all share. A function on Lambda has as many
/// descriptors.
pub(super) const MOST_CONNECTIONS: u32 = 1024;
const CONNECTIONS: &str = "connections";

/// Networks that are somebody's own (<https://www.iana.org/assignments/iana-ipv4-special-registry>), the metadata address of
/// clouds among them.
const PRIVATE: [(Ipv4Addr, u8); 11] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// The table of the router's namespace.
pub(super) fn router(allow: &[Ipv4Net]) -> Table {
    let masquerade = rule([Condition::To(out())], Action::Masquerade);
    let chains = vec![
        chain("queries", Hook::Arrival, Policy::Accept, queries()),
        chain("answers", Hook::Departure, Policy::Accept, answers()),
        chain("input", Hook::Input, Policy::Drop, to_router()),
        chain(
            "forward",
            Hook::Forward,
            Policy::Drop,
            through_router(allow),
        ),
        chain(
            "masquerade",
            Hook::Masquerade,
            Policy::Accept,
            vec![masquerade],
        ),
    ];
    Table {
        name: "hearth".to_owned(),
        counters: vec![ConnectionCounter {
            name: CONNECTIONS,
            sources: u32::from(MOST_NAMESPACES),
        }],
        chains,
    }
}

/// Queries for names are many and short: as connections they would stay for half a minute each, and count.
fn queries() -> Vec<Rule> {
    let names = Condition::Port(Protocol::Udp, relay::PORT);
    vec![rule([endpoint(), names], Action::Untrack)]
}

fn answers() -> Vec<Rule> {
    let from_router = Condition::Source(ROUTER.into());
    let names = Condition::SourcePort(Protocol::Udp, relay::PORT);
    vec![rule([from_router, names], Action::Untrack)]
}

/// Nobody but the server listens in the router's namespace.
fn to_router() -> Vec<Rule> {
    let names = Condition::Port(Protocol::Udp, relay::PORT);
    vec![
        rule([Condition::From(out())], Action::Drop),
        too_many(),
        rule(
            [endpoint(), Condition::Protocol(Protocol::Tcp)],
            Action::Accept,
        ),
        rule([endpoint(), names], Action::Accept),
        rule([], Action::Reject),
    ]
}

fn through_router(allow: &[Ipv4Net]) -> Vec<Rule> {
    let mut rules = vec![
        rule([Condition::Established], Action::Accept),
        rule([Condition::From(out())], Action::Drop),
        rule([Condition::NotTo(out())], Action::Reject),
        too_many(),
    ];
    // What belongs to no connection that the kernel knows is not accepted: its sender would not be rewritten.
    let opens = || Some(Condition::New);
    rules.extend(destinations(allow.iter().copied(), opens(), Action::Accept));
    rules.extend(destinations(private(), None, Action::Reject));
    rules.push(rule(opens(), Action::Accept));
    rules
}

/// A connection is counted wherever it leads.
fn too_many() -> Rule {
    let more = Condition::MoreConnectionsThan(MOST_CONNECTIONS, CONNECTIONS);
    rule([Condition::New, more], Action::Reject)
}

fn endpoint() -> Condition {
    Condition::Destination(ROUTER.into())
}

fn out() -> String {
    WAY_OUT.to_owned()
}

/// The table of the host's namespace, for the router behind `link`. It is asked once more what is private, since the host may
/// send a public address of its own on to a private one.
pub(super) fn host(name: String, link: &str, router: Ipv4Addr, allow: &[Ipv4Net]) -> Table {
    let ours = || Condition::From(link.to_owned());
    let allowed = || destinations(allow.iter().copied(), Some(ours()), Action::Accept);
    let mut input = allowed();
    input.push(rule([ours()], Action::Reject));
    let mut forward = vec![rule(
        [Condition::To(link.to_owned()), Condition::New],
        Action::Drop,
    )];
    forward.extend(allowed());
    forward.extend(destinations(private(), Some(ours()), Action::Reject));
    let masquerade = [
        Condition::Source(router.into()),
        Condition::NotTo(link.to_owned()),
    ];
    Table {
        name,
        counters: Vec::new(),
        chains: vec![
            chain("input", Hook::Input, Policy::Accept, input),
            chain("forward", Hook::Forward, Policy::Accept, forward),
            chain(
                "masquerade",
                Hook::Masquerade,
                Policy::Accept,
                vec![rule(masquerade, Action::Masquerade)],
            ),
        ],
    }
}

fn private() -> impl Iterator<Item = Ipv4Net> {
    PRIVATE
        .into_iter()
        .map(|(address, length)| Ipv4Net::new_assert(address, length))
}

/// One rule for each network, for packets that `first` holds of.
fn destinations(
    networks: impl Iterator<Item = Ipv4Net>,
    first: Option<Condition>,
    action: Action,
) -> Vec<Rule> {
    networks
        .map(|network| {
            let conditions = first.clone().into_iter();
            rule(conditions.chain([Condition::Destination(network)]), action)
        })
        .collect()
}

fn rule(conditions: impl IntoIterator<Item = Condition>, action: Action) -> Rule {
    Rule {
        conditions: conditions.into_iter().collect(),
        action,
    }
}

fn chain(name: &'static str, hook: Hook, otherwise: Policy, rules: Vec<Rule>) -> Chain {
    Chain {
        name,
        hook,
        otherwise,
        rules,
    }
}

#[cfg(test)]
mod tests;
