//! The tables, asked about packets: a small model of the filter goes through the rules as the kernel does.

use proptest::prelude::*;

use super::*;
use crate::network::NetworkSettings;

const SANDBOX: &str = "sandbox3";
const HOST_LINK: &str = "hearth1";
const HOST_ROUTER: Ipv4Addr = Ipv4Addr::new(169, 254, 200, 2);

/// A packet on its way.
#[derive(Clone)]
struct Packet {
    from: &'static str,
    to: &'static str,
    source: Ipv4Addr,
    destination: Ipv4Addr,
    protocol: Protocol,
    port: u16,
    state: State,
}

/// What the kernel knows of its connection.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Answer,
    Unknown,
}

fn packet(from: &'static str, to: &'static str, destination: Ipv4Addr) -> Packet {
    Packet {
        from,
        to,
        source: Ipv4Addr::new(169, 254, 1, 3),
        destination,
        protocol: Protocol::Tcp,
        port: 443,
        state: State::New,
    }
}

fn holds(condition: &Condition, packet: &Packet) -> bool {
    match condition {
        Condition::From(link) => packet.from == link,
        Condition::To(link) => packet.to == link,
        Condition::NotTo(link) => packet.to != link,
        Condition::Source(network) => network.contains(&packet.source),
        Condition::Destination(network) => network.contains(&packet.destination),
        Condition::Protocol(protocol) => packet.protocol == *protocol,
        Condition::Port(protocol, port) => packet.protocol == *protocol && packet.port == *port,
        Condition::SourcePort(..) => false,
        Condition::Established => packet.state == State::Answer,
        Condition::New => packet.state == State::New,
        Condition::MoreConnectionsThan(..) => false,
    }
}

fn passes(table: &Table, chain: &str, packet: &Packet) -> bool {
    let chain = table
        .chains
        .iter()
        .find(|found| found.name == chain)
        .expect("the chain");
    let deciding = chain.rules.iter().find(|rule| {
        rule.conditions
            .iter()
            .all(|condition| holds(condition, packet))
    });
    match deciding {
        Some(rule) => rule.action == Action::Accept,
        None => chain.otherwise == Policy::Accept,
    }
}

fn host_table(allow: &[Ipv4Net]) -> Table {
    host("hearth_test".to_owned(), HOST_LINK, HOST_ROUTER, allow)
}

#[test]
fn the_internet_is_open_and_what_is_private_is_not() {
    let table = router(&[]);
    let open = |text: &str| {
        passes(
            &table,
            "forward",
            &packet(SANDBOX, WAY_OUT, text.parse().expect("an address")),
        )
    };
    assert!(open("8.8.8.8") && open("1.1.1.1") && open("172.32.0.1") && open("100.128.0.1"));
    for private in [
        "0.0.0.1",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.31.255.255",
        "192.168.1.1",
        "224.0.0.1",
        "255.255.255.255",
    ] {
        assert!(!open(private), "{private}");
    }
}

#[test]
fn a_packet_of_no_known_connection_goes_nowhere() {
    let everything = Ipv4Net::default();
    let mut stray = packet(SANDBOX, WAY_OUT, Ipv4Addr::new(8, 8, 8, 8));
    stray.state = State::Unknown;
    assert!(!passes(&router(&[]), "forward", &stray));
    assert!(!passes(&router(&[everything]), "forward", &stray));
}

#[test]
fn nothing_but_answers_comes_in_and_sandboxes_do_not_meet() {
    let table = router(&["0.0.0.0/0".parse().expect("a network")]);
    let sandbox = Ipv4Addr::new(169, 254, 1, 9);
    let mut incoming = packet(WAY_OUT, SANDBOX, sandbox);
    assert!(!passes(&table, "forward", &incoming));
    incoming.state = State::Answer;
    assert!(passes(&table, "forward", &incoming));
    assert!(!passes(
        &table,
        "forward",
        &packet(SANDBOX, "sandbox9", sandbox)
    ));
}

#[test]
fn the_router_answers_sandboxes_at_its_one_address() {
    let table = router(&[]);
    assert!(passes(&table, "input", &packet(SANDBOX, "", ROUTER)));
    assert!(!passes(&table, "input", &packet(SANDBOX, "", HOST_ROUTER)));
    assert!(!passes(&table, "input", &packet(WAY_OUT, "", ROUTER)));
    let mut datagram = packet(SANDBOX, "", ROUTER);
    datagram.protocol = Protocol::Udp;
    assert!(!passes(&table, "input", &datagram));
    datagram.port = 53;
    assert!(passes(&table, "input", &datagram));
}

#[test]
fn the_host_guards_its_own_addresses_and_no_one_elses() {
    let public = Ipv4Addr::new(203, 0, 113, 5);
    let table = host_table(&[]);
    assert!(!passes(&table, "input", &packet(HOST_LINK, "", public)));
    assert!(passes(&table, "input", &packet("eth0", "", public)));
    let allowed = host_table(&[public.into()]);
    assert!(passes(&allowed, "input", &packet(HOST_LINK, "", public)));
}

#[test]
fn the_most_that_can_be_allowed_fits_both_tables() {
    let allow = vec![Ipv4Net::default(); NetworkSettings::MOST_ALLOWED];
    for table in [router(&allow), host_table(&allow)] {
        let rules: usize = table.chains.iter().map(|chain| chain.rules.len()).sum();
        assert!(rules <= invoker_linux::net::filter::MOST_RULES, "{rules}");
    }
}

proptest! {
    #[test]
    fn a_setting_opens_what_it_names_and_nothing_else(
        address in any::<u32>(), length in 1_u8..=32, other in any::<u32>(),
    ) {
        let allowed = Ipv4Net::new_assert(address.into(), length);
        let (table, bare) = (router(&[allowed]), router(&[]));
        let to_allowed = packet(SANDBOX, WAY_OUT, address.into());
        let to_other = packet(SANDBOX, WAY_OUT, other.into());
        prop_assert!(passes(&table, "forward", &to_allowed));
        if !allowed.contains(&to_other.destination) {
            prop_assert_eq!(passes(&table, "forward", &to_other), passes(&bare, "forward", &to_other));
        }
    }

    #[test]
    fn what_the_host_passes_on_for_us_the_router_would_pass_too(address in any::<u32>(), length in 1_u8..=32, to in any::<u32>()) {
        let allow = [Ipv4Net::new_assert(address.into(), length)];
        let at_router = passes(&router(&allow), "forward", &packet(SANDBOX, WAY_OUT, to.into()));
        let at_host = passes(&host_table(&allow), "forward", &packet(HOST_LINK, "eth0", to.into()));
        prop_assert_eq!(at_router, at_host);
    }
}
