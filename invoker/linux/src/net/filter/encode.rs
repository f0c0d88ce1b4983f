//! A table as messages of nf_tables. <https://docs.kernel.org/netlink/specs/nftables.html>
//!
//! A condition becomes expressions that load a part of the packet into a register and compare it. Numbers are in the network's
//! byte order, but what `meta` and `ct` load is in the host's.

use ipnet::Ipv4Net;

use super::{Action, Chain, Condition, ConnectionCounter, Hook, Policy, Protocol, Rule, Table};
use crate::net::message::{APPEND, Attributes, CREATE, Request};

/// `NFNL_MSG_BATCH_BEGIN` and `NFNL_MSG_BATCH_END`: the brackets of a transaction.
const BEGIN: u16 = 16;
const END: u16 = 17;
/// `NFNL_SUBSYS_NFTABLES`.
const NF_TABLES: u16 = 10;
const NEW_TABLE: u16 = 0;
const DELETE_TABLE: u16 = 2;
const NEW_CHAIN: u16 = 3;
const NEW_RULE: u16 = 6;
const NEW_SET: u16 = 9;
/// `NFPROTO_IPV4`.
const IPV4: u8 = 2;
/// `NFT_TABLE_F_OWNER`: the table is the socket's, and goes when the socket is closed.
const OWNED: u32 = 2;

// Attributes that several kinds of message have at the same place.
const TABLE: u16 = 1;
const NAME_OF_TABLE: u16 = 1;
const FLAGS_OF_TABLE: u16 = 2;

/// The register that verdicts go to, and the one that values are compared in.
const VERDICT: u32 = 0;
const REGISTER: u32 = 1;
/// The room of a link's name.
const LINK_NAME_BYTES: usize = 16;

/// Which comparison.
#[derive(Clone, Copy)]
enum Compare {
    Equal = 0,
    NotEqual = 1,
}

/// The bits of a connection's state.
const STATE_ESTABLISHED: u32 = 2;
const STATE_RELATED: u32 = 4;
const STATE_NEW: u32 = 8;

/// The transaction that puts a table in the place of one of the same name. It belongs to the socket that carries it out.
pub(super) fn installation(table: &Table) -> Vec<Request> {
    let mut requests = vec![bracket(BEGIN)];
    // What is not there cannot be deleted: made first, it is.
    requests.push(named(NEW_TABLE, &table.name, 0));
    requests.push(named(DELETE_TABLE, &table.name, 0));
    requests.push(named(NEW_TABLE, &table.name, OWNED));
    for (id, counter) in (1..).zip(&table.counters) {
        requests.push(new_counter(&table.name, counter, id));
    }
    for chain in &table.chains {
        requests.push(new_chain(&table.name, chain));
        requests.extend(
            chain
                .rules
                .iter()
                .map(|rule| new_rule(&table.name, chain.name, rule)),
        );
    }
    requests.push(bracket(END));
    requests
}

fn bracket(kind: u16) -> Request {
    let [high, low] = NF_TABLES.to_be_bytes();
    Request {
        kind,
        flags: 0,
        fixed: vec![0, 0, high, low],
        attributes: Attributes::default(),
    }
}

fn request(kind: u16, flags: u16, attributes: Attributes) -> Request {
    Request {
        kind: NF_TABLES << 8 | kind,
        flags,
        fixed: vec![IPV4, 0, 0, 0],
        attributes,
    }
}

fn named(kind: u16, table: &str, table_flags: u32) -> Request {
    let mut attributes = Attributes::default().text(NAME_OF_TABLE, table);
    if table_flags != 0 {
        attributes = attributes.network_number(FLAGS_OF_TABLE, table_flags);
    }
    let flags = if kind == NEW_TABLE { CREATE } else { 0 };
    request(kind, flags, attributes)
}

/// A set that rules add sources to, each with a count of its own.
fn new_counter(table: &str, counter: &ConnectionCounter, id: u32) -> Request {
    const EVALUATED: u32 = 0x20;
    const TYPE_IPV4_ADDRESS: u32 = 7;
    const ADDRESS_BYTES: u32 = 4;
    let size = Attributes::default().network_number(1, counter.sources);
    let attributes = Attributes::default()
        .text(TABLE, table)
        .text(2, counter.name)
        .network_number(3, EVALUATED)
        .network_number(4, TYPE_IPV4_ADDRESS)
        .network_number(5, ADDRESS_BYTES)
        .nested(9, &size)
        .network_number(10, id);
    request(NEW_SET, CREATE, attributes)
}

fn new_chain(table: &str, chain: &Chain) -> Request {
    const PRIORITY_RAW: i32 = -300;
    const PRIORITY_FILTER: i32 = 0;
    const PRIORITY_SOURCE_NAT: i32 = 100;
    let (number, priority, kind) = match chain.hook {
        Hook::Arrival => (0, PRIORITY_RAW, "filter"),
        Hook::Departure => (3, PRIORITY_RAW, "filter"),
        Hook::Input => (1, PRIORITY_FILTER, "filter"),
        Hook::Forward => (2, PRIORITY_FILTER, "filter"),
        Hook::Masquerade => (4, PRIORITY_SOURCE_NAT, "nat"),
    };
    let hook = Attributes::default()
        .network_number(1, number)
        .network_number(2, priority.cast_unsigned());
    let policy = match chain.otherwise {
        Policy::Drop => 0,
        Policy::Accept => 1,
    };
    let attributes = Attributes::default()
        .text(TABLE, table)
        .text(3, chain.name)
        .nested(4, &hook)
        .network_number(5, policy)
        .text(7, kind);
    request(NEW_CHAIN, CREATE, attributes)
}

fn new_rule(table: &str, chain: &str, rule: &Rule) -> Request {
    let expressions = rule
        .conditions
        .iter()
        .flat_map(condition)
        .chain([action(rule.action)])
        .fold(Attributes::default(), |list, expression| {
            list.nested(1, &expression)
        });
    let attributes = Attributes::default()
        .text(TABLE, table)
        .text(2, chain)
        .nested(4, &expressions);
    request(NEW_RULE, CREATE | APPEND, attributes)
}

fn condition(condition: &Condition) -> Vec<Attributes> {
    const IN_NAME: u32 = 6;
    const OUT_NAME: u32 = 7;
    const SOURCE_AT: u32 = 12;
    const DESTINATION_AT: u32 = 16;
    const SOURCE_PORT_AT: u32 = 0;
    const PORT_AT: u32 = 2;
    match condition {
        Condition::From(link) => link_is(IN_NAME, link, Compare::Equal),
        Condition::To(link) => link_is(OUT_NAME, link, Compare::Equal),
        Condition::NotTo(link) => link_is(OUT_NAME, link, Compare::NotEqual),
        Condition::Source(network) => address_in(SOURCE_AT, *network),
        Condition::Destination(network) => address_in(DESTINATION_AT, *network),
        Condition::Protocol(protocol) => protocol_is(*protocol),
        Condition::SourcePort(protocol, port) => port_is(*protocol, SOURCE_PORT_AT, *port),
        Condition::Port(protocol, port) => port_is(*protocol, PORT_AT, *port),
        Condition::Established => state_has(STATE_ESTABLISHED | STATE_RELATED),
        Condition::New => state_has(STATE_NEW),
        Condition::MoreConnectionsThan(count, counter) => vec![
            payload(NETWORK_HEADER, SOURCE_AT, 4),
            count_by_source(*count, counter),
        ],
    }
}

/// The base of [`payload`] that addresses are counted from.
const NETWORK_HEADER: u32 = 1;

fn link_is(key: u32, name: &str, how: Compare) -> Vec<Attributes> {
    let mut padded = name.as_bytes().to_vec();
    padded.resize(LINK_NAME_BYTES, 0);
    vec![meta(key), compare(how, &padded)]
}

fn protocol_is(protocol: Protocol) -> Vec<Attributes> {
    const TRANSPORT_PROTOCOL: u32 = 16;
    let number = match protocol {
        Protocol::Tcp => 6,
        Protocol::Udp => 17,
    };
    vec![meta(TRANSPORT_PROTOCOL), compare(Compare::Equal, &[number])]
}

fn port_is(protocol: Protocol, offset: u32, port: u16) -> Vec<Attributes> {
    const TRANSPORT_HEADER: u32 = 2;
    let mut expressions = protocol_is(protocol);
    expressions.push(payload(TRANSPORT_HEADER, offset, 2));
    expressions.push(compare(Compare::Equal, &port.to_be_bytes()));
    expressions
}

fn address_in(offset: u32, network: Ipv4Net) -> Vec<Attributes> {
    vec![
        payload(NETWORK_HEADER, offset, 4),
        masked(network.netmask().octets()),
        compare(Compare::Equal, &network.network().octets()),
    ]
}

fn state_has(bits: u32) -> Vec<Attributes> {
    const KEY_STATE: u32 = 0;
    let load = Attributes::default()
        .network_number(1, REGISTER)
        .network_number(2, KEY_STATE);
    vec![
        expression("ct", &load),
        masked(bits.to_ne_bytes()),
        compare(Compare::NotEqual, &[0; 4]),
    ]
}

fn count_by_source(count: u32, counter: &str) -> Attributes {
    const ADD: u32 = 0;
    const MORE_THAN: u32 = 1;
    let limit = Attributes::default()
        .network_number(1, count)
        .network_number(2, MORE_THAN);
    let data = Attributes::default()
        .text(1, counter)
        .network_number(3, ADD)
        .network_number(4, REGISTER)
        .nested(7, &expression("connlimit", &limit));
    expression("dynset", &data)
}

fn action(action: Action) -> Attributes {
    const DROP: u32 = 0;
    const ACCEPT: u32 = 1;
    match action {
        Action::Accept => verdict(ACCEPT),
        Action::Drop => verdict(DROP),
        Action::Reject => {
            const UNREACHABLE: u32 = 0;
            const ADMINISTRATIVELY_PROHIBITED: u8 = 13;
            let data = Attributes::default()
                .network_number(1, UNREACHABLE)
                .bytes(2, &[ADMINISTRATIVELY_PROHIBITED]);
            expression("reject", &data)
        }
        Action::Untrack => expression("notrack", &Attributes::default()),
        Action::Masquerade => expression("masq", &Attributes::default()),
    }
}

fn verdict(code: u32) -> Attributes {
    let inner = Attributes::default().network_number(1, code);
    let data = Attributes::default()
        .network_number(1, VERDICT)
        .nested(2, &Attributes::default().nested(2, &inner));
    expression("immediate", &data)
}

fn meta(key: u32) -> Attributes {
    let data = Attributes::default()
        .network_number(1, REGISTER)
        .network_number(2, key);
    expression("meta", &data)
}

fn payload(base: u32, offset: u32, length: u32) -> Attributes {
    let data = Attributes::default()
        .network_number(1, REGISTER)
        .network_number(2, base)
        .network_number(3, offset)
        .network_number(4, length);
    expression("payload", &data)
}

fn masked(mask: [u8; 4]) -> Attributes {
    let data = Attributes::default()
        .network_number(1, REGISTER)
        .network_number(2, REGISTER)
        .network_number(3, 4)
        .nested(4, &Attributes::default().bytes(1, &mask))
        .nested(5, &Attributes::default().bytes(1, &[0; 4]));
    expression("bitwise", &data)
}

fn compare(how: Compare, value: &[u8]) -> Attributes {
    let data = Attributes::default()
        .network_number(1, REGISTER)
        .network_number(2, how as u32)
        .nested(3, &Attributes::default().bytes(1, value));
    expression("cmp", &data)
}

fn expression(name: &str, data: &Attributes) -> Attributes {
    Attributes::default().text(1, name).nested(2, data)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::net::message::{attributes, replies};

    #[test]
    #[cfg(target_endian = "little")]
    fn a_destination_is_laid_out_as_the_kernel_wants_it() {
        let network = "10.0.0.0/8".parse().expect("a network");
        let rule = Rule {
            conditions: vec![Condition::Destination(network)],
            action: Action::Drop,
        };
        let mut bytes = Vec::new();
        new_rule("t", "c", &rule).encode(1, &mut bytes);
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let golden = concat!(
            // the header of a new rule
            "fc000000060a010c0100000000000000",
            // the family
            "02000000",
            // table t
            "0600010074000000",
            // chain c
            "0600020063000000",
            // the list
            "d8000480",
            // payload: four bytes at 16 of the network header
            "340001800c0001007061796c6f616400240002800800010000000001080002000000000108000300000000100800040000000004",
            // bitwise: the first byte of them
            "440001800c0001006269747769736500340002800800010000000001080002000000000108000300000000040c00048008000100ff0000000c0005800800010000000000",
            // cmp: is it 10
            "2c00018008000100636d700020000280080001000000000108000200000000000c000380080001000a000000",
            // immediate: drop
            "300001800e000100696d6d6564696174650000001c0002800800010000000000100002800c0002800800010000000000",
        );
        assert_eq!(hex, golden);
    }

    proptest! {
        #[test]
        fn a_rule_carries_what_it_compares(port in any::<u16>(), octets in any::<[u8; 4]>(), length in 0_u8..=32) {
            let network = Ipv4Net::new(octets.into(), length).expect("a length of at most 32");
            let rule = Rule {
                conditions: vec![Condition::Source(network), Condition::Port(Protocol::Tcp, port)],
                action: Action::Accept,
            };
            let mut bytes = Vec::new();
            new_rule("table", "chain", &rule).encode(1, &mut bytes);
            let message = replies(&bytes).next().expect("one message");
            let list = attributes(&message.body[4..]).find(|(kind, _)| *kind == 4).expect("expressions").1;
            let compared: Vec<_> = attributes(list).filter_map(|(_, element)| compared(element)).collect();
            prop_assert_eq!(compared, vec![network.network().octets().to_vec(), vec![6], port.to_be_bytes().to_vec()]);
        }
    }

    /// The value of a `cmp` expression.
    fn compared(element: &[u8]) -> Option<Vec<u8>> {
        let part = |bytes: &'_ [u8], wanted: u16| {
            attributes(bytes)
                .find(|(kind, _)| *kind == wanted)
                .map(|(_, value)| value.to_vec())
        };
        (part(element, 1)? == b"cmp\0").then_some(())?;
        part(&part(&part(element, 2)?, 3)?, 1)
    }
}
