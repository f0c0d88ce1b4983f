//! A host and an internet, made of namespaces: the host has an address and a default route to the internet, which has a public
//! address, a private one and the metadata address, and answers TCP on all of them.

use std::io::{self, ErrorKind, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::fd::AsFd;
use std::time::Duration;

use invoker_linux::mount::{self, Attributes};
use invoker_linux::namespace::{self, Namespace};
use invoker_linux::net::namespace::{NetworkNamespace, leave_for_new, within};
use invoker_linux::net::route::{Configuration, LOOPBACK, LinkEnd, Route, RouteSocket};
use ipnet::Ipv4Net;

pub(super) const HOST: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 5);
pub(super) const PUBLIC: Ipv4Addr = Ipv4Addr::new(8, 8, 8, 8);
pub(super) const PRIVATE: Ipv4Addr = Ipv4Addr::new(10, 1, 2, 3);
pub(super) const METADATA: Ipv4Addr = Ipv4Addr::new(169, 254, 169, 254);
const INTERNET: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 6);
/// Where both listen.
pub(super) const PORT: u16 = 80;
/// Longer than anything here takes.
pub(super) const LIMIT: Duration = Duration::from_secs(10);
/// The index of their link, at both ends.
const LINK: u32 = 64;

/// What is outside the host.
pub(super) struct World {
    pub(super) internet: NetworkNamespace,
    pub(super) internet_listener: TcpListener,
    _host_listener: TcpListener,
    _resolv_conf: tempfile::NamedTempFile,
}

/// Runs a test on a thread whose host is one of its own, as are those of the runtime's threads. Its nameserver is 127.0.0.1.
pub(super) fn in_world(test: impl AsyncFnOnce(World) + Send) {
    std::thread::scope(|scope| {
        let run = scope.spawn(|| {
            let world = World::make().expect("make namespaces; these tests run as root");
            tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()
                .expect("a runtime")
                .block_on(test(world));
        });
        run.join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    });
}

impl World {
    fn make() -> io::Result<Self> {
        namespace::enter_new(&[Namespace::Mount])?;
        mount::make_private()?;
        let mut resolv_conf = tempfile::NamedTempFile::new()?;
        resolv_conf.write_all(b"nameserver 127.0.0.1\n")?;
        let target = std::fs::canonicalize("/etc/resolv.conf")?;
        mount::bind(resolv_conf.path(), &target, Attributes::READ_ONLY)?;
        leave_for_new()?;
        // A new namespace begins as the machine's first is now.
        std::fs::write("/proc/sys/net/ipv4/ip_forward", "0")?;
        let host = RouteSocket::open()?;
        host.raise_loopback()?;
        let (internet, routes) = NetworkNamespace::create(RouteSocket::open)?;
        let end = |last| LinkEnd {
            name: "eth0",
            index: LINK,
            hardware_address: [2, 0, 0, 0, 1, last],
        };
        host.create_pair(&end(1), &end(2), internet.as_fd())?;
        let net = |address| Ipv4Net::new_assert(address, 30);
        let out = Route {
            destination: Ipv4Net::default(),
            next_hop: Some(INTERNET),
            source: HOST,
        };
        let of_host = Configuration {
            addresses: &[net(HOST)],
            routes: &[out],
            ..Configuration::default()
        };
        host.configure(LINK, of_host)?;
        let of_internet = Configuration {
            addresses: &[net(INTERNET)],
            ..Configuration::default()
        };
        routes.configure(LINK, of_internet)?;
        let own = Configuration {
            addresses: &[PUBLIC, PRIVATE, METADATA].map(Ipv4Net::from),
            ..Configuration::default()
        };
        routes.configure(LOOPBACK, own)?;
        let everywhere = (Ipv4Addr::UNSPECIFIED, PORT);
        let world = Self {
            internet_listener: within(&internet, || TcpListener::bind(everywhere))?,
            internet,
            _host_listener: TcpListener::bind(everywhere)?,
            _resolv_conf: resolv_conf,
        };
        // What a sandbox cannot reach is there all the same.
        for address in [PUBLIC, PRIVATE, METADATA] {
            TcpStream::connect_timeout(&(address, PORT).into(), LIMIT)?;
            world.internet_listener.accept()?;
        }
        Ok(world)
    }
}

/// How connecting ends, seen from a namespace. It blocks, for as long as the kernel asks for the way at most.
pub(super) fn connect(
    from: impl AsFd,
    address: impl Into<IpAddr>,
    port: u16,
) -> Result<(), ErrorKind> {
    let to = SocketAddr::new(address.into(), port);
    within(from, || TcpStream::connect_timeout(&to, LIMIT))
        .map(drop)
        .map_err(|error| error.kind())
}
