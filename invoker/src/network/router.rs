//! The router namespace and its link to the host: made, joined to sandboxes, and taken away.
//!
//! What the host sees of it is one link, one table of its packet filter and the setting that packets are passed on; the first two
//! are [`HostSide`], whose end removes them. The setting stays on: others may have come to rely on it.
//! All functions block for as long as the kernel works, milliseconds at most.

use std::io;
use std::os::fd::AsFd;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use invoker_linux::net::filter::FilterSocket;
use invoker_linux::net::namespace::{NetworkNamespace, within};
use invoker_linux::net::route::{Configuration, LOOPBACK, LinkEnd, Neighbour, Route, RouteSocket};
use invoker_linux::net::setting;
use ipnet::Ipv4Net;

use super::addresses::{HostLink, OTHER_HARDWARE, Place, ROUTER, ROUTER_HARDWARE, free_host_link};
use super::rules::{self, WAY_OUT};

/// The index of the router's link to the host.
const WAY_OUT_LINK: u32 = 2;
/// A sandbox's link, as Lambda's functions see theirs, and its index: above those that a kernel gives by itself.
const SANDBOX_LINK: LinkEnd<'static> = LinkEnd {
    name: "eth0",
    index: 16,
    hardware_address: OTHER_HARDWARE,
};

/// How long a link may take to pass packets, and how long to wait before looking again.
const LINK_LIMIT: Duration = Duration::from_secs(5);
const LINK_PAUSE: Duration = Duration::from_micros(200);

/// The router.
#[derive(Debug)]
pub(super) struct Router {
    namespace: NetworkNamespace,
    routes: RouteSocket,
    /// Keeps the router's table in force.
    _filter: FilterSocket,
    host: Mutex<Option<HostSide>>,
    switched_forwarding_on: bool,
}

impl Router {
    /// Makes one for the host that this thread is in. What a predecessor named `instance` left is cleared.
    ///
    /// # Errors
    /// The step that the host refuses.
    pub(super) fn build(instance: &str, allow: &[Ipv4Net]) -> io::Result<Self> {
        let inside = || {
            step("set the router up", set_up_namespace())?;
            let filter = step("open the packet filter", FilterSocket::open())?;
            step(
                "install the router's rules",
                filter.install(&rules::router(allow)),
            )?;
            let routes = step("open rtnetlink", RouteSocket::open())?;
            let own = Configuration {
                addresses: &[ROUTER.into()],
                ..Configuration::default()
            };
            let configured = routes.configure(LOOPBACK, own);
            step("give the router its address", configured)?;
            Ok((filter, routes))
        };
        let (namespace, (filter, routes)) = step(
            "make a network namespace for the router",
            NetworkNamespace::create(inside),
        )?;
        let host = HostSide::build(instance, allow, &namespace, &routes)?;
        let switched_forwarding_on = switch_forwarding_on()?;
        Ok(Self {
            namespace,
            routes,
            _filter: filter,
            host: Mutex::new(Some(host)),
            switched_forwarding_on,
        })
    }

    /// Whether the host did not pass packets of others on before this router was made.
    pub(super) fn switched_forwarding_on(&self) -> bool {
        self.switched_forwarding_on
    }

    /// Runs `work` in the router's namespace, to open sockets there.
    pub(super) fn within<T: Send>(
        &self,
        work: impl FnOnce() -> io::Result<T> + Send,
    ) -> io::Result<T> {
        within(&self.namespace, work)
    }

    /// Joins a sandbox's namespace to the router. `inside` is a socket of that namespace.
    ///
    /// # Errors
    /// `AlreadyExists` when the kernel has not yet cleared away who was at this place.
    pub(super) fn join(
        &self,
        place: Place,
        sandbox: &NetworkNamespace,
        inside: &RouteSocket,
    ) -> io::Result<()> {
        let name = place.link_name();
        let here = LinkEnd {
            name: &name,
            index: place.link(),
            hardware_address: ROUTER_HARDWARE,
        };
        self.routes
            .create_pair(&here, &SANDBOX_LINK, sandbox.as_fd())?;
        let of_router = Configuration {
            addresses: &[],
            neighbours: &[Neighbour {
                address: place.address(),
                hardware_address: OTHER_HARDWARE,
            }],
            routes: &[Route {
                destination: place.address().into(),
                next_hop: None,
                source: ROUTER,
            }],
        };
        let of_sandbox = Configuration {
            addresses: &[place.address().into()],
            neighbours: &[Neighbour {
                address: ROUTER,
                hardware_address: ROUTER_HARDWARE,
            }],
            routes: &[Route {
                destination: Ipv4Net::default(),
                next_hop: Some(ROUTER),
                source: place.address(),
            }],
        };
        // In this order: the end that is set up last passes packets at once, the other one is waited for where there are few links.
        inside.configure(SANDBOX_LINK.index, of_sandbox)?;
        self.routes.configure(here.index, of_router)?;
        let deadline = Instant::now() + LINK_LIMIT;
        while !inside.passes(SANDBOX_LINK.index)? {
            if Instant::now() > deadline {
                return Err(io::ErrorKind::TimedOut.into());
            }
            thread::sleep(LINK_PAUSE);
        }
        Ok(())
    }

    /// Takes the link to the host and the host's table away.
    pub(super) fn leave_host(&self) {
        let side = self
            .host
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        drop(side);
    }
}

/// What the host has of a router; removed when dropped.
#[derive(Debug)]
struct HostSide {
    routes: RouteSocket,
    link_name: String,
    /// Keeps the host's table in force.
    _filter: FilterSocket,
}

impl HostSide {
    fn build(
        instance: &str,
        allow: &[Ipv4Net],
        router: &NetworkNamespace,
        router_routes: &RouteSocket,
    ) -> io::Result<Self> {
        let link_name = link_name(instance);
        let routes = step("open rtnetlink", RouteSocket::open())?;
        let known = step("list the host's networks", routes.known_networks())?;
        let addresses = free_host_link(&known, number_of(instance))
            .ok_or_else(|| io::Error::other("no part of 169.254.192.0/18 is free on the host"))?;
        // First the table: where a predecessor still lives it cannot be installed, and its link is left alone.
        let filter = step("open the packet filter", FilterSocket::open())?;
        let table = rules::host(
            table_name(instance),
            &link_name,
            addresses.router.addr(),
            allow,
        );
        step("install the host's rules", filter.install(&table))?;
        if step("clear a predecessor's link", routes.delete(&link_name))? {
            tracing::info!(link = link_name, "cleared what a predecessor left");
        }
        let here = LinkEnd {
            name: &link_name,
            index: 0,
            hardware_address: OTHER_HARDWARE,
        };
        let there = LinkEnd {
            name: WAY_OUT,
            index: WAY_OUT_LINK,
            hardware_address: ROUTER_HARDWARE,
        };
        let pair = routes.create_pair(&here, &there, router.as_fd());
        step("make a veth pair", pair)?;
        // From here on, what is there is removed when a step fails.
        let side = Self {
            routes,
            link_name,
            _filter: filter,
        };
        side.connect(addresses, router_routes)?;
        Ok(side)
    }

    fn connect(&self, addresses: HostLink, router: &RouteSocket) -> io::Result<()> {
        let index = step("find the link", self.routes.index_of(&self.link_name))?
            .ok_or_else(|| io::Error::other("the link that was made is gone"))?;
        let (host, router_end) = (addresses.host, addresses.router);
        let of_host = Configuration {
            addresses: &[host],
            neighbours: &[Neighbour {
                address: router_end.addr(),
                hardware_address: ROUTER_HARDWARE,
            }],
            routes: &[],
        };
        let configured = self.routes.configure(index, of_host);
        step("address the host's end", configured)?;
        let of_router = Configuration {
            addresses: &[router_end],
            neighbours: &[Neighbour {
                address: host.addr(),
                hardware_address: OTHER_HARDWARE,
            }],
            routes: &[Route {
                destination: Ipv4Net::default(),
                next_hop: Some(host.addr()),
                source: router_end.addr(),
            }],
        };
        let configured = router.configure(WAY_OUT_LINK, of_router);
        step("address the router's end", configured)?;
        Ok(())
    }
}

/// Has the host pass packets on; tells whether it did not before.
fn switch_forwarding_on() -> io::Result<bool> {
    let forwards = step("read ip_forward", setting::forwards_packets())?;
    if !forwards {
        step("switch ip_forward on", setting::forward_packets())?;
    }
    Ok(!forwards)
}

impl Drop for HostSide {
    fn drop(&mut self) {
        if let Err(error) = self.routes.delete(&self.link_name) {
            tracing::warn!(%error, link = self.link_name, "remove the link to the functions' network");
        }
    }
}

fn set_up_namespace() -> io::Result<()> {
    setting::no_ipv6_on_new_links()?;
    setting::refuse_false_senders()?;
    setting::forward_packets()
}

/// A sandbox's namespace in the making: its loopback is up, links to come have no IPv6.
pub(super) fn sandbox_namespace() -> io::Result<(NetworkNamespace, RouteSocket)> {
    NetworkNamespace::create(|| {
        setting::no_ipv6_on_new_links()?;
        RouteSocket::open()
    })
}

/// The link's name on the host.
fn link_name(instance: &str) -> String {
    format!("hearth{:08x}", number_of(instance))
}

/// The table's name on the host: what the filter's own tools can spell.
fn table_name(instance: &str) -> String {
    let spelled = instance.replace(|letter: char| !letter.is_ascii_alphanumeric(), "_");
    format!("hearth_{spelled}")
}

/// FNV-1a: the same number at each start of an instance. A link's name has no room for more.
fn number_of(instance: &str) -> u32 {
    instance.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

fn step<T>(name: &str, result: io::Result<T>) -> io::Result<T> {
    result.map_err(|error| io::Error::new(error.kind(), format!("{name}: {error}")))
}

/// The link's and the table's name on the host, for tests to look for them.
#[cfg(test)]
pub(super) fn names_on_host(instance: &str) -> (String, String) {
    (link_name(instance), table_name(instance))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_and_spelled_in_letters_and_digits() {
        let (link, table) = names_on_host("doctor-42");
        assert!(link.len() <= invoker_linux::net::route::LONGEST_LINK_NAME);
        assert_eq!(table, "hearth_doctor_42");
        assert_ne!(names_on_host("a").0, names_on_host("b").0);
    }

    #[test]
    fn an_error_names_its_step() {
        let refused = step::<()>("knock", Err(io::ErrorKind::PermissionDenied.into()));
        assert_eq!(
            refused.expect_err("refused").to_string(),
            "knock: permission denied"
        );
    }
}
