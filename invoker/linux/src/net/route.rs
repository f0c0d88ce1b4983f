//! Links, addresses and routes: <https://man7.org/linux/man-pages/man7/rtnetlink.7.html>.
//!
//! IPv4 only: what has no IPv6 address cannot be reached by it. A socket acts on the namespace in which it was opened.

use std::io;
use std::net::Ipv4Addr;
use std::os::fd::{AsRawFd, BorrowedFd};

use ipnet::Ipv4Net;

use super::message::{Attributes, CREATE, EXCLUSIVE, Request, attributes, u32_at};
use super::netlink::Netlink;

/// The loopback's index, in every namespace.
pub const LOOPBACK: u32 = 1;
/// The longest name of a link, in bytes.
pub const LONGEST_LINK_NAME: usize = 15;

const NEW_LINK: u16 = 16;
const DELETE_LINK: u16 = 17;
const GET_LINK: u16 = 18;
const NEW_ADDRESS: u16 = 20;
const GET_ADDRESS: u16 = 22;
const NEW_ROUTE: u16 = 24;
const GET_ROUTE: u16 = 26;
const NEW_NEIGHBOUR: u16 = 28;

/// `AF_INET`.
const INTERNET: u8 = 2;

// Attributes of a link, and `IFF_UP`.
const HARDWARE_ADDRESS: u16 = 1;
const LINK_NAME: u16 = 3;
const OPERATIONAL_STATE: u16 = 16;
const OPERATIONAL: u8 = 6;
const LINK_INFORMATION: u16 = 18;
const LINK_KIND: u16 = 1;
const LINK_DATA: u16 = 2;
const VETH_PEER: u16 = 1;
const LINK_NAMESPACE: u16 = 28;
const UP: u32 = 1;
/// The fixed part of a link's message.
const LINK_BYTES: usize = 16;

// Attributes of an address.
const ADDRESS: u16 = 1;
const LOCAL_ADDRESS: u16 = 2;
/// The fixed part of an address's message.
const ADDRESS_BYTES: usize = 8;

// Attributes of a route (RTA_DST, RTA_OIF, RTA_GATEWAY, RTA_PREFSRC), and what its fixed part says.
const DESTINATION: u16 = 1;
const OUT_OF: u16 = 4;
const NEXT_HOP: u16 = 5;
const PREFERRED_SOURCE: u16 = 7;
const MAIN_TABLE: u8 = 254;
const STATIC: u8 = 4;
const SCOPE_EVERYWHERE: u8 = 0;
const SCOPE_LINK: u8 = 253;
const UNICAST: u8 = 1;
/// The next hop is on the link, whatever the addresses say.
const ON_LINK: u32 = 4;
/// The fixed part of a route's message.
const ROUTE_BYTES: usize = 12;

// Attributes of a neighbour, and what its fixed part says.
const NEIGHBOUR_ADDRESS: u16 = 1;
const NEIGHBOUR_HARDWARE_ADDRESS: u16 = 2;
const PERMANENT: u16 = 0x80;

/// One end of a pair of links.
#[derive(Debug, Clone)]
pub struct LinkEnd<'a> {
    /// Its name, of at most [`LONGEST_LINK_NAME`] bytes.
    pub name: &'a str,
    /// Its index; with 0 the kernel picks one.
    pub index: u32,
    /// Its Ethernet address.
    pub hardware_address: [u8; 6],
}

/// Who is at the other end of a link. Known for good: nobody is asked, no answer is believed, and the entry does not count
/// against the kernel's limit of neighbours, which all namespaces share.
#[derive(Debug, Clone, Copy)]
pub struct Neighbour {
    /// Its address.
    pub address: Ipv4Addr,
    /// Its Ethernet address.
    pub hardware_address: [u8; 6],
}

/// One route.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// Where it leads.
    pub destination: Ipv4Net,
    /// Who passes packets on; `None` when the destination itself is on the link.
    pub next_hop: Option<Ipv4Addr>,
    /// The address that this namespace's own packets carry.
    pub source: Ipv4Addr,
}

/// What a link is given.
#[derive(Debug, Clone, Copy, Default)]
pub struct Configuration<'a> {
    /// Addresses, with the networks that are on the link.
    pub addresses: &'a [Ipv4Net],
    /// Neighbours known for good.
    pub neighbours: &'a [Neighbour],
    /// Routes that leave by the link.
    pub routes: &'a [Route],
}

/// Speaks to the kernel of one namespace's links, addresses and routes.
#[derive(Debug)]
pub struct RouteSocket(Netlink);

impl RouteSocket {
    /// Opens one for the namespace of this thread.
    ///
    /// # Errors
    /// The kernel has no rtnetlink, or a filter forbids it.
    pub fn open() -> io::Result<Self> {
        Ok(Self(Netlink::open(None)?))
    }

    /// Sets the loopback up.
    ///
    /// # Errors
    /// Not privileged.
    pub fn raise_loopback(&self) -> io::Result<()> {
        self.configure(LOOPBACK, Configuration::default())
    }

    /// Makes a pair of virtual Ethernet links, `here` in this namespace and `there` in the other, both down.
    ///
    /// # Errors
    /// The name or index is taken (`AlreadyExists`), or the kernel has no veth.
    pub fn create_pair(
        &self,
        here: &LinkEnd<'_>,
        there: &LinkEnd<'_>,
        namespace: BorrowedFd<'_>,
    ) -> io::Result<()> {
        self.0.carry_out(&[pair(here, there, namespace)])
    }

    /// Deletes a link, and the other end with it; tells whether there was one of this name.
    ///
    /// # Errors
    /// Not privileged.
    pub fn delete(&self, name: &str) -> io::Result<bool> {
        let deletion = Request {
            kind: DELETE_LINK,
            flags: 0,
            fixed: link(0, 0),
            attributes: Attributes::default().text(LINK_NAME, name),
        };
        match self.0.carry_out(&[deletion]) {
            Ok(()) => Ok(true),
            Err(error) if error.raw_os_error() == Some(libc::ENODEV) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The index of the link of this name, when there is one.
    ///
    /// # Errors
    /// The kernel refuses to list links.
    pub fn index_of(&self, name: &str) -> io::Result<Option<u32>> {
        let named = |kind, value: &[u8]| kind == LINK_NAME && text(value) == name.as_bytes();
        Ok(self.links_with(named)?.first().copied())
    }

    /// Whether a link passes packets. A virtual one that was set up before its other end does so only once the kernel has seen to it, in the
    /// background (`linkwatch`); until then what it is given is lost.
    ///
    /// # Errors
    /// The kernel refuses to list links.
    pub fn passes(&self, index: u32) -> io::Result<bool> {
        let is_up = |kind, value: &[u8]| kind == OPERATIONAL_STATE && value == [OPERATIONAL];
        Ok(self.links_with(is_up)?.contains(&index))
    }

    /// The indices of the links that have such an attribute.
    fn links_with(&self, is_wanted: impl Fn(u16, &[u8]) -> bool) -> io::Result<Vec<u32>> {
        let all = Request {
            kind: GET_LINK,
            flags: 0,
            fixed: link(0, 0),
            attributes: Attributes::default(),
        };
        self.0.dump(&all, |body| {
            let found =
                attributes(body.get(LINK_BYTES..)?).any(|(kind, value)| is_wanted(kind, value));
            found.then(|| u32_at(body, 4)).flatten()
        })
    }

    /// Sets a link up and gives it what `with` says.
    ///
    /// # Errors
    /// A part of it is there (`AlreadyExists`), there is no such link, or not privileged.
    pub fn configure(&self, index: u32, with: Configuration<'_>) -> io::Result<()> {
        let up = Request {
            kind: NEW_LINK,
            flags: 0,
            fixed: link(index, UP),
            attributes: Attributes::default(),
        };
        let addresses = with.addresses.iter().map(|one| address(index, *one));
        let neighbours = with.neighbours.iter().map(|one| neighbour(index, one));
        let routes = with.routes.iter().map(|one| route(index, one));
        let requests: Vec<_> = [up]
            .into_iter()
            .chain(addresses)
            .chain(neighbours)
            .chain(routes)
            .collect();
        self.0.carry_out(&requests)
    }

    /// The networks that this namespace has an address in, or a route to that is not the default.
    ///
    /// # Errors
    /// The kernel refuses to list them, or there are too many.
    pub fn known_networks(&self) -> io::Result<Vec<Ipv4Net>> {
        let addresses = Request {
            kind: GET_ADDRESS,
            flags: 0,
            fixed: vec![INTERNET, 0, 0, 0, 0, 0, 0, 0],
            attributes: Attributes::default(),
        };
        let mut found = self
            .0
            .dump(&addresses, |body| network(body, ADDRESS_BYTES, ADDRESS))?;
        let routes = Request {
            kind: GET_ROUTE,
            flags: 0,
            fixed: vec![INTERNET, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            attributes: Attributes::default(),
        };
        found.extend(
            self.0
                .dump(&routes, |body| network(body, ROUTE_BYTES, DESTINATION))?,
        );
        Ok(found)
    }
}

/// `struct ifinfomsg`.
fn link(index: u32, flags: u32) -> Vec<u8> {
    let mut fixed = vec![0; 4];
    for field in [index, flags, flags] {
        fixed.extend_from_slice(&field.to_ne_bytes());
    }
    fixed
}

fn pair(here: &LinkEnd<'_>, there: &LinkEnd<'_>, namespace: BorrowedFd<'_>) -> Request {
    let descriptor = namespace.as_raw_fd().cast_unsigned();
    let peer = Attributes::default()
        .text(LINK_NAME, there.name)
        .bytes(HARDWARE_ADDRESS, &there.hardware_address)
        .number(LINK_NAMESPACE, descriptor);
    let data = Attributes::default().nested_after(VETH_PEER, &link(there.index, 0), &peer);
    let information = Attributes::default()
        .text(LINK_KIND, "veth")
        .nested(LINK_DATA, &data);
    Request {
        kind: NEW_LINK,
        flags: CREATE | EXCLUSIVE,
        fixed: link(here.index, 0),
        attributes: Attributes::default()
            .text(LINK_NAME, here.name)
            .bytes(HARDWARE_ADDRESS, &here.hardware_address)
            .nested(LINK_INFORMATION, &information),
    }
}

fn address(link: u32, network: Ipv4Net) -> Request {
    let mut fixed = vec![INTERNET, network.prefix_len(), 0, SCOPE_EVERYWHERE];
    fixed.extend_from_slice(&link.to_ne_bytes());
    let octets = network.addr().octets();
    Request {
        kind: NEW_ADDRESS,
        flags: CREATE | EXCLUSIVE,
        fixed,
        attributes: Attributes::default()
            .bytes(LOCAL_ADDRESS, &octets)
            .bytes(ADDRESS, &octets),
    }
}

fn neighbour(link: u32, neighbour: &Neighbour) -> Request {
    let mut fixed = vec![INTERNET, 0, 0, 0];
    fixed.extend_from_slice(&link.to_ne_bytes());
    fixed.extend_from_slice(&PERMANENT.to_ne_bytes());
    fixed.extend_from_slice(&[0, 0]);
    Request {
        kind: NEW_NEIGHBOUR,
        flags: CREATE | EXCLUSIVE,
        fixed,
        attributes: Attributes::default()
            .bytes(NEIGHBOUR_ADDRESS, &neighbour.address.octets())
            .bytes(NEIGHBOUR_HARDWARE_ADDRESS, &neighbour.hardware_address),
    }
}

fn route(link: u32, route: &Route) -> Request {
    let (scope, flags) = match route.next_hop {
        Some(_) => (SCOPE_EVERYWHERE, ON_LINK),
        None => (SCOPE_LINK, 0),
    };
    let length = route.destination.prefix_len();
    let mut fixed = vec![INTERNET, length, 0, 0, MAIN_TABLE, STATIC, scope, UNICAST];
    fixed.extend_from_slice(&flags.to_ne_bytes());
    let mut attributes = Attributes::default()
        .bytes(DESTINATION, &route.destination.network().octets())
        .number(OUT_OF, link)
        .bytes(PREFERRED_SOURCE, &route.source.octets());
    if let Some(hop) = route.next_hop {
        attributes = attributes.bytes(NEXT_HOP, &hop.octets());
    }
    Request {
        kind: NEW_ROUTE,
        flags: CREATE | EXCLUSIVE,
        fixed,
        attributes,
    }
}

/// The network that an entry is about; `None` for a default route, which names none.
fn network(body: &[u8], fixed_bytes: usize, kind: u16) -> Option<Ipv4Net> {
    let length = *body.get(1)?;
    let (_, octets) = attributes(body.get(fixed_bytes..)?).find(|(found, _)| *found == kind)?;
    let octets: [u8; 4] = octets.try_into().ok()?;
    Ipv4Net::new(Ipv4Addr::from(octets), length).ok()
}

/// Without the zero that closes it.
fn text(value: &[u8]) -> &[u8] {
    value.strip_suffix(&[0]).unwrap_or(value)
}

#[cfg(test)]
mod tests;
