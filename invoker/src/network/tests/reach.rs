//! What a sandbox reaches, and what it does not.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener, UdpSocket};

use invoker_linux::net::namespace::within;
use invoker_linux::net::route::{Configuration, Route, RouteSocket};
use ipnet::Ipv4Net;

use super::world::{HOST, LIMIT, METADATA, PORT, PRIVATE, PUBLIC, World, connect, in_world};
use crate::network::rules::MOST_CONNECTIONS;
use crate::network::{Lease, Network, NetworkMode, NetworkSettings};

/// What a rule's refusal looks like.
const FORBIDDEN: Result<(), ErrorKind> = Err(ErrorKind::HostUnreachable);

async fn establish(allow: &[Ipv4Net]) -> Network {
    let settings = NetworkSettings {
        allow: allow.to_vec(),
    };
    Network::establish("test", &settings).await.expect("root")
}

async fn lease(network: &Network, mode: NetworkMode) -> Lease {
    let lease = network.lease(mode).await.expect("a lease");
    lease.expect("a mode with a namespace")
}

#[test]
fn outbound_is_the_internet_and_nothing_else() {
    in_world(async |world: World| {
        let network = establish(&[]).await;
        let lease = lease(&network, NetworkMode::Outbound).await;
        assert_eq!(connect(lease.namespace(), PUBLIC, PORT), Ok(()));
        let (_, peer) = world.internet_listener.accept().expect("accept");
        assert_eq!(peer.ip(), HOST, "the world sees the host alone");
        for address in [PRIVATE, METADATA, HOST, Ipv4Addr::new(192, 168, 0, 1)] {
            let outcome = connect(lease.namespace(), address, PORT);
            assert_eq!(outcome, FORBIDDEN, "{address}");
        }
        let own_loopback = connect(lease.namespace(), Ipv4Addr::LOCALHOST, PORT);
        assert_eq!(own_loopback, Err(ErrorKind::ConnectionRefused));
    });
}

#[test]
fn what_is_allowed_is_reached() {
    in_world(async |_: World| {
        let network = establish(&[PRIVATE.into(), HOST.into()]).await;
        let lease = lease(&network, NetworkMode::Outbound).await;
        assert_eq!(connect(lease.namespace(), PRIVATE, PORT), Ok(()));
        assert_eq!(connect(lease.namespace(), HOST, PORT), Ok(()));
        assert_eq!(connect(lease.namespace(), METADATA, PORT), FORBIDDEN);
    });
}

#[test]
fn sandboxes_do_not_reach_each_other_and_nobody_reaches_them() {
    in_world(async |_: World| {
        let everything = Ipv4Net::default();
        let network = establish(&[everything]).await;
        let one = lease(&network, NetworkMode::Outbound).await;
        let other = lease(&network, NetworkMode::Outbound).await;
        let address = other.address().expect("it is joined");
        let listener = within(other.namespace(), || TcpListener::bind((address, PORT)));
        let _listener = listener.expect("bind");
        assert_eq!(connect(other.namespace(), address, PORT), Ok(()));
        assert_eq!(connect(one.namespace(), address, PORT), FORBIDDEN);

        // Even who knows the way is not let in: the host itself, or one of its neighbours.
        let routes = RouteSocket::open().expect("open");
        let (link, _) = crate::network::router::names_on_host("test");
        let index = routes.index_of(&link).expect("list").expect("the link");
        let host_end = routes
            .known_networks()
            .expect("list")
            .into_iter()
            .find(|known| known.addr().octets()[2] >= 192 && known.prefix_len() == 30)
            .expect("the link's network");
        let way = Route {
            destination: address.into(),
            next_hop: host_end.hosts().nth(1),
            source: HOST,
        };
        let way = Configuration {
            routes: &[way],
            ..Configuration::default()
        };
        routes.configure(index, way).expect("a route");
        let datagrams =
            within(other.namespace(), || UdpSocket::bind((address, PORT))).expect("bind");
        UdpSocket::bind((HOST, 0))
            .and_then(|host| host.send_to(b"hello", (address, PORT)))
            .expect("the host may send");
        // Whatever is to arrive from the host arrives before an answer that is asked for later.
        assert_eq!(connect(other.namespace(), PUBLIC, PORT), Ok(()));
        datagrams.set_nonblocking(true).expect("set");
        let nothing = datagrams.recv_from(&mut [0; 8]).expect_err("dropped");
        assert_eq!(nothing.kind(), ErrorKind::WouldBlock);
    });
}

#[test]
fn none_reaches_itself_alone() {
    in_world(async |_: World| {
        let network = establish(&[Ipv4Net::default()]).await;
        let _listener = network.listen(7440).expect("listen");
        let lease = lease(&network, NetworkMode::None).await;
        assert_eq!(lease.address(), None);
        for address in [PUBLIC, HOST, network.endpoint_address()] {
            let outcome = connect(lease.namespace(), address, PORT);
            assert_eq!(outcome, Err(ErrorKind::NetworkUnreachable), "{address}");
        }
        let loopback = (Ipv4Addr::LOCALHOST, PORT);
        let own = within(lease.namespace(), || TcpListener::bind(loopback)).expect("bind");
        assert_eq!(connect(lease.namespace(), loopback.0, PORT), Ok(()));
        own.accept().expect("accept");
    });
}

#[test]
fn host_is_no_namespace_at_all() {
    in_world(async |_: World| {
        let network = establish(&[]).await;
        let lease = network.lease(NetworkMode::Host).await.expect("offered");
        assert!(lease.is_none());
    });
}

#[test]
fn the_endpoint_is_for_sandboxes() {
    in_world(async |_: World| {
        let network = establish(&[]).await;
        let lease = lease(&network, NetworkMode::Outbound).await;
        let endpoint = network.endpoint_address();
        let listener = network.listen(7440).expect("listen");
        assert_eq!(connect(lease.namespace(), endpoint, 7440), Ok(()));
        let (_, peer) = listener.accept().expect("accept");
        assert_eq!(Some(peer.ip()), lease.address().map(Into::into));
        let closed = connect(lease.namespace(), endpoint, 7441);
        assert_eq!(closed, Err(ErrorKind::ConnectionRefused));
    });
}

#[test]
fn a_false_sender_gets_nowhere() {
    in_world(async |world: World| {
        let network = establish(&[]).await;
        let lease = lease(&network, NetworkMode::Outbound).await;
        let victim = self::lease(&network, NetworkMode::Outbound).await;
        let own = lease.address().expect("joined");
        let stolen = victim.address().expect("joined");
        let server = within(&world.internet, || UdpSocket::bind((PUBLIC, 9))).expect("bind");
        server.set_read_timeout(Some(LIMIT)).expect("set");
        within(lease.namespace(), || {
            // Even with the rights that no function has.
            let routes = RouteSocket::open()?;
            let link = routes.index_of("eth0")?.expect("its link");
            let theft = Configuration {
                addresses: &[stolen.into()],
                ..Configuration::default()
            };
            routes.configure(link, theft)?;
            let send = |from: Ipv4Addr, text: &[u8]| {
                UdpSocket::bind((from, 0))?.send_to(text, (PUBLIC, 9))
            };
            send(own, b"first")?;
            send(stolen, b"false")?;
            send(own, b"last")
        })
        .expect("send");
        let mut texts = Vec::new();
        while texts.last().is_none_or(|text| text != b"last") {
            let mut buffer = [0; 8];
            let length = server.recv(&mut buffer).expect("a datagram");
            texts.push(buffer[..length].to_vec());
        }
        assert_eq!(texts, [b"first".to_vec(), b"last".to_vec()]);
    });
}

#[test]
fn neighbours_are_known_for_good() {
    in_world(async |_: World| {
        let network = establish(&[]).await;
        let lease = lease(&network, NetworkMode::Outbound).await;
        assert_eq!(connect(lease.namespace(), PUBLIC, PORT), Ok(()));
        let known = within(lease.namespace(), || {
            std::fs::read_to_string("/proc/thread-self/net/arp")
        });
        let known = known.expect("proc");
        const PERMANENT: &str = "0x6";
        let flags: Vec<_> = known
            .lines()
            .skip(1)
            .filter_map(|line| line.split_whitespace().nth(2))
            .collect();
        assert_eq!(flags, [PERMANENT], "the router alone: {known}");
    });
}

#[test]
fn a_sandbox_with_too_many_connections_harms_itself_alone() {
    in_world(async |_: World| {
        let network = establish(&[]).await;
        let greedy = lease(&network, NetworkMode::Outbound).await;
        let modest = lease(&network, NetworkMode::Outbound).await;
        assert_eq!(connect(greedy.namespace(), PUBLIC, PORT), Ok(()));
        send_from_many_ports(&greedy, (PUBLIC, 9));
        let endpoint = network.endpoint_address();
        let _listener = network.listen(7440).expect("listen");
        assert_eq!(connect(greedy.namespace(), PUBLIC, PORT), FORBIDDEN);
        assert_eq!(connect(greedy.namespace(), endpoint, 7440), FORBIDDEN);
        assert_eq!(connect(modest.namespace(), PUBLIC, PORT), Ok(()));
        assert_eq!(connect(modest.namespace(), endpoint, 7440), Ok(()));
    });
}

#[test]
fn queries_for_names_are_no_connections() {
    in_world(async |_: World| {
        let network = establish(&[]).await;
        let lease = lease(&network, NetworkMode::Outbound).await;
        let relay = (network.endpoint_address(), 53);
        send_from_many_ports(&lease, relay);
        assert_eq!(connect(lease.namespace(), PUBLIC, PORT), Ok(()));
    });
}

/// Sends a datagram from as many ports as a sandbox may have connections.
fn send_from_many_ports(lease: &Lease, to: (Ipv4Addr, u16)) {
    const FIRST_PORT: u16 = 10_000;
    within(lease.namespace(), || {
        let ports = FIRST_PORT..=u16::MAX;
        for port in ports.take(MOST_CONNECTIONS as usize) {
            UdpSocket::bind(("0.0.0.0", port))?.send_to(b"one more", to)?;
        }
        Ok(())
    })
    .expect("send");
}

#[test]
fn a_sandbox_has_no_ipv6_but_its_loopbacks() {
    in_world(async |_: World| {
        let network = establish(&[]).await;
        let lease = lease(&network, NetworkMode::Outbound).await;
        let addresses = within(lease.namespace(), || {
            std::fs::read_to_string("/proc/thread-self/net/if_inet6")
        });
        // Without IPv6 in the kernel there is no such file.
        let addresses = addresses.unwrap_or_default();
        assert!(
            addresses.lines().all(|line| line.ends_with(" lo")),
            "{addresses}"
        );
    });
}
