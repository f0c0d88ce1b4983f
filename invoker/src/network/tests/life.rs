//! How a network begins and ends, and how namespaces are made ahead of use.

use std::collections::HashSet;
use std::io::{BufRead, BufReader, ErrorKind};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use invoker_linux::net::filter::{FilterSocket, Table};
use invoker_linux::net::namespace::NetworkNamespace;
use invoker_linux::net::route::{LinkEnd, RouteSocket};
use invoker_linux::net::setting;
use ipnet::Ipv4Net;

use super::world::{LIMIT, PORT, PUBLIC, World, connect, in_world};
use crate::network::addresses::{OTHER_HARDWARE, ROUTER_HARDWARE};
use crate::network::router::names_on_host;
use crate::network::workshop::Kind;
use crate::network::{Lease, LeaseError, Network, NetworkMode, NetworkSettings};

const INSTANCE: &str = "test";

async fn establish() -> Network {
    Network::establish(INSTANCE, &NetworkSettings::default())
        .await
        .expect("root")
}

/// Whether the host has the link, and a table of the name that somebody owns.
fn on_host() -> (bool, bool) {
    let (link, table) = names_on_host(INSTANCE);
    let link = RouteSocket::open().and_then(|routes| routes.index_of(&link));
    let empty = Table {
        name: table,
        counters: Vec::new(),
        chains: Vec::new(),
    };
    let installed = FilterSocket::open().and_then(|filter| filter.install(&empty));
    (link.expect("list").is_some(), installed.is_err())
}

#[test]
fn after_shutdown_the_host_is_as_before_but_for_the_setting() {
    in_world(async |_: World| {
        let networks = || RouteSocket::open().and_then(|routes| routes.known_networks());
        let before = networks().expect("list");
        assert!(!setting::forwards_packets().expect("read"));
        let network = establish().await;
        assert_eq!(on_host(), (true, true));
        let lease = network.lease(NetworkMode::Outbound).await;
        let lease = lease.expect("a lease").expect("a namespace");
        assert_eq!(connect(lease.namespace(), PUBLIC, PORT), Ok(()));
        network.shutdown().await;
        assert_eq!(on_host(), (false, false));
        assert_eq!(networks().expect("list"), before);
        assert!(setting::forwards_packets().expect("read"));

        let cut_off = connect(lease.namespace(), PUBLIC, PORT);
        assert_eq!(cut_off, Err(ErrorKind::NetworkUnreachable));
        let late = network.lease(NetworkMode::Outbound).await;
        assert!(matches!(late, Err(LeaseError::ShutDown)));
        network.shutdown().await;
    });
}

#[test]
fn a_network_that_is_dropped_is_taken_down() {
    in_world(async |_: World| {
        drop(establish().await);
        assert_eq!(on_host(), (false, false));
    });
}

/// Set in the process that stands for a server that is killed.
const VICTIM: &str = "HEARTH_TEST_VICTIM";

#[test]
fn a_killed_server_leaves_nothing() {
    if std::env::var_os(VICTIM).is_some() {
        return be_killed();
    }
    in_world(async |_: World| {
        // A child of this thread is in this thread's world.
        let mut victim = Command::new(std::env::current_exe().expect("the test"))
            .args(["--exact", "--nocapture"])
            .arg("network::tests::life::a_killed_server_leaves_nothing")
            .env(VICTIM, "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("start the victim");
        let output = victim.stdout.take().expect("it is piped");
        let ready = BufReader::new(output)
            .lines()
            .map_while(Result::ok)
            .any(|line| line.contains(VICTIM));
        assert!(ready, "the victim is established");
        assert_eq!(on_host(), (true, true));
        victim.kill().expect("kill -9");
        victim.wait().expect("wait");
        // The kernel takes the link away in the background.
        let deadline = Instant::now() + LIMIT;
        while on_host() != (false, false) {
            assert!(Instant::now() < deadline, "what is left: {:?}", on_host());
            tokio::task::yield_now().await;
        }
        drop(establish().await);
    });
}

/// Establishes, says so, and waits for its end.
fn be_killed() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let network = runtime.block_on(establish());
    println!("\n{VICTIM} is ready");
    let _ = std::io::stdin().read_line(&mut String::new());
    drop(network);
}

#[test]
fn without_privilege_the_host_is_all_there_is() {
    in_world(async |_: World| {
        // A thread without capabilities, and those that it starts.
        let attempt = || {
            invoker_linux::credentials::give_up_capabilities().expect("give up");
            let runtime = tokio::runtime::Runtime::new().expect("a runtime");
            runtime.block_on(Network::establish(INSTANCE, &NetworkSettings::default()))
        };
        let refused = std::thread::spawn(attempt).join().expect("the thread");
        let missing = refused.expect_err("not privileged");
        assert_eq!(
            missing.reason,
            "the server has no privilege; run it as root"
        );
        assert_eq!(missing.left, [NetworkMode::Host]);
    });
}

#[test]
fn what_a_predecessor_left_is_cleared() {
    in_world(async |_: World| {
        // A process that outlived the server may hold its router.
        let (router, ()) = NetworkNamespace::create(|| Ok(())).expect("root");
        let (name, _) = names_on_host(INSTANCE);
        let (here, there) = (
            LinkEnd {
                name: &name,
                index: 99,
                hardware_address: OTHER_HARDWARE,
            },
            LinkEnd {
                name: "out",
                index: 2,
                hardware_address: ROUTER_HARDWARE,
            },
        );
        let routes = RouteSocket::open().expect("open");
        routes
            .create_pair(&here, &there, router.as_fd())
            .expect("a pair");
        let network = establish().await;
        assert_ne!(routes.index_of(&name).expect("list"), Some(99));
        let lease = network.lease(NetworkMode::Outbound).await;
        let lease = lease.expect("a lease").expect("a namespace");
        assert_eq!(connect(lease.namespace(), PUBLIC, PORT), Ok(()));
    });
}

#[test]
fn a_server_that_lives_is_left_alone_by_a_second_of_its_name() {
    in_world(async |_: World| {
        let network = establish().await;
        let second = Network::establish(INSTANCE, &NetworkSettings::default()).await;
        let missing = second.expect_err("the name is in use");
        assert!(
            missing.reason.starts_with("install the host's rules"),
            "{missing}"
        );
        assert_eq!(missing.left, [NetworkMode::None, NetworkMode::Host]);
        let lease = network.lease(NetworkMode::Outbound).await;
        let lease = lease.expect("a lease").expect("a namespace");
        assert_eq!(connect(lease.namespace(), PUBLIC, PORT), Ok(()));
    });
}

#[test]
fn two_servers_share_a_host() {
    in_world(async |_: World| {
        let first = establish().await;
        let second = Network::establish("other", &NetworkSettings::default()).await;
        for network in [&first, &second.expect("root")] {
            let lease = network.lease(NetworkMode::Outbound).await;
            let lease = lease.expect("a lease").expect("a namespace");
            assert_eq!(connect(lease.namespace(), PUBLIC, PORT), Ok(()));
        }
    });
}

#[test]
fn a_probe_leaves_the_host_as_it_is() {
    in_world(async |_: World| {
        Network::probe().await.expect("root");
        assert_eq!(on_host(), (false, false));
        assert!(!setting::forwards_packets().expect("read"));
    });
}

#[test]
fn as_many_networks_as_a_setting_may_name_are_installed() {
    in_world(async |_: World| {
        let numbers = 0..u8::try_from(NetworkSettings::MOST_ALLOWED).expect("a small number");
        let settings = NetworkSettings {
            allow: numbers
                .map(|third| Ipv4Net::new_assert([10, 0, third, 0].into(), 24))
                .collect(),
        };
        Network::establish(INSTANCE, &settings).await.expect("root");
    });
}

#[test]
fn too_many_allowed_networks_are_refused() {
    in_world(async |_: World| {
        let settings = NetworkSettings {
            allow: vec![PUBLIC.into(); NetworkSettings::MOST_ALLOWED + 1],
        };
        let refused = Network::establish(INSTANCE, &settings).await;
        let missing = refused.expect_err("too many");
        assert_eq!(missing.reason, "more than 64 networks are allowed");
    });
}

#[test]
fn without_a_router_there_are_empty_namespaces() {
    in_world(async |_: World| {
        let network = Network::of_empty_namespaces().expect("a thread");
        let outbound = network.lease(NetworkMode::Outbound).await;
        assert!(matches!(
            outbound,
            Err(LeaseError::NotOffered(NetworkMode::Outbound))
        ));
        let lease = network.lease(NetworkMode::None).await.expect("root");
        let lease = lease.expect("a namespace");
        let outcome = connect(lease.namespace(), PUBLIC, PORT);
        assert_eq!(outcome, Err(ErrorKind::NetworkUnreachable));
        network.listen(1).expect_err("there is no router");
    });
}

/// Leases that many callers ask for at once.
async fn lease_together(network: &Arc<Network>, count: usize) -> Vec<Lease> {
    let callers: Vec<_> = std::iter::repeat_with(|| Arc::clone(network))
        .take(count)
        .map(|network| tokio::spawn(async move { network.lease(NetworkMode::Outbound).await }))
        .collect();
    let mut leases = Vec::new();
    for caller in callers {
        let lease = caller.await.expect("no panic").expect("a lease");
        leases.push(lease.expect("a namespace"));
    }
    leases
}

#[test]
fn a_namespace_is_handed_out_once_and_its_address_rests() {
    in_world(async |_: World| {
        let network = Arc::new(establish().await);
        let mut seen = HashSet::new();
        // Held open, so that the kernel gives its number to no other.
        let mut held: Vec<OwnedFd> = Vec::new();
        for _ in 0..3 {
            for lease in lease_together(&network, 10).await {
                let namespace = lease.namespace().try_clone_to_owned().expect("a copy");
                let path = format!("/proc/self/fd/{}", namespace.as_raw_fd());
                let name = std::fs::read_link(path).expect("proc");
                assert!(seen.insert((name, lease.address().expect("it is joined"))));
                held.push(namespace);
            }
        }
        let namespaces: HashSet<_> = seen.iter().map(|(name, _)| name).collect();
        let addresses: HashSet<_> = seen.iter().map(|(_, address)| address).collect();
        assert_eq!((namespaces.len(), addresses.len()), (30, 30));
    });
}

#[test]
fn the_stock_is_filled_and_follows_use() {
    in_world(async |_: World| {
        let network = establish().await;
        let workshop = network.workshop();
        assert!(workshop.wait_for_ready(Kind::Joined, 4, LIMIT));
        assert!(
            workshop.take_ready(Kind::Empty).is_none(),
            "nobody asked for one"
        );
        assert!(
            workshop.wait_for_ready(Kind::Empty, 1, LIMIT),
            "now somebody did"
        );
        let taken: Vec<_> = (0..8).map(|_| workshop.take_ready(Kind::Joined)).collect();
        assert!(taken.iter().flatten().count() >= 4);
        assert!(workshop.wait_for_ready(Kind::Joined, 8, LIMIT));
    });
}
