//! Which address stands for whom.
//!
//! All are link-local (169.254.0.0/16), which nobody routes: sandboxes and the router in the lower half, where the host never
//! looks, since the router rewrites senders; the link between router and host in a part of the upper half that is free there.
//! The metadata address of clouds, 169.254.169.254, is in neither.

use std::collections::VecDeque;
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

/// The router, as sandboxes see it: next hop, nameserver and the server's endpoint.
pub(super) const ROUTER: Ipv4Addr = Ipv4Addr::new(169, 254, 0, 1);

/// The Ethernet address of the router's end of every link, and of the other end: links of two need no more.
pub(super) const ROUTER_HARDWARE: [u8; 6] = [0x02, 0, 0, 0, 0, 0x01];
pub(super) const OTHER_HARDWARE: [u8; 6] = [0x02, 0, 0, 0, 0, 0x02];

/// The most namespaces at once, those included that the kernel is still clearing away.
pub(super) const MOST_NAMESPACES: u16 = 8192;

/// The first sandbox's address.
const FIRST_SANDBOX: Ipv4Addr = Ipv4Addr::new(169, 254, 1, 0);
/// The first link in the router that leads to a sandbox; the loopback and the way out come before.
const FIRST_LINK: u32 = 16;

/// Where links to hosts are: 169.254.192.0 to 169.254.255.255.
const HOST_LINKS: Ipv4Addr = Ipv4Addr::new(169, 254, 192, 0);
const HOST_LINKS_PREFIX: u8 = 18;
const HOST_LINK_COUNT: u32 = 4096;
const HOST_LINK_PREFIX: u8 = 30;
/// How many addresses such a network has.
const HOST_LINK_ADDRESSES: u32 = 4;

/// A sandbox's place in the router.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place(u16);

impl Place {
    /// The sandbox's address.
    pub(super) fn address(self) -> Ipv4Addr {
        Ipv4Addr::from(u32::from(FIRST_SANDBOX) + u32::from(self.0))
    }

    /// The index of its link in the router.
    pub(super) fn link(self) -> u32 {
        FIRST_LINK + u32::from(self.0)
    }

    /// The name of its link in the router.
    pub(super) fn link_name(self) -> String {
        format!("sandbox{}", self.0)
    }
}

/// The places that are free. One that is given back rests behind all others: what was on its way to its last owner is long
/// gone when it is used again.
#[derive(Debug)]
pub(super) struct Places(VecDeque<Place>);

impl Places {
    /// All of them.
    pub(super) fn all() -> Self {
        Self((0..MOST_NAMESPACES).map(Place).collect())
    }

    /// The one that rested longest.
    pub(super) fn take(&mut self) -> Option<Place> {
        self.0.pop_front()
    }

    /// Puts one to rest.
    pub(super) fn give_back(&mut self, place: Place) {
        self.0.push_back(place);
    }
}

/// The addresses of a link between a host and its router.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct HostLink {
    pub(super) host: Ipv4Net,
    pub(super) router: Ipv4Net,
}

/// A link whose network overlaps none that the host knows. One that covers the whole range does not count: many hosts have a
/// route to all of 169.254.0.0/16, or to half of all addresses, and a narrower route wins over it. `start` spreads the servers
/// of a host.
pub(super) fn free_host_link(known: &[Ipv4Net], start: u32) -> Option<HostLink> {
    let range = Ipv4Net::new_assert(HOST_LINKS, HOST_LINKS_PREFIX);
    let known: Vec<_> = known
        .iter()
        .filter(|known| known.prefix_len() > HOST_LINKS_PREFIX && range.contains(&known.network()))
        .collect();
    (0..HOST_LINK_COUNT)
        .map(|step| start.wrapping_add(step) % HOST_LINK_COUNT)
        .map(|number| u32::from(HOST_LINKS) + number * HOST_LINK_ADDRESSES)
        .map(|base| [base, base + 1, base + 2].map(Ipv4Addr::from))
        .map(|addresses| addresses.map(|address| Ipv4Net::new_assert(address, HOST_LINK_PREFIX)))
        .find(|[network, ..]| !known.iter().any(|known| overlap(known, network)))
        .map(|[_, host, router]| HostLink { host, router })
}

fn overlap(one: &Ipv4Net, other: &Ipv4Net) -> bool {
    one.contains(&other.network()) || other.contains(&one.network())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn places_are_apart_from_each_other_and_from_the_router_and_the_hosts() {
        let mut places = Places::all();
        let mut seen = HashSet::from([ROUTER]);
        let host_links = Ipv4Net::new_assert(HOST_LINKS, HOST_LINKS_PREFIX);
        while let Some(place) = places.take() {
            assert!(seen.insert(place.address()));
            assert!(place.address().is_link_local());
            assert!(!host_links.contains(&place.address()));
            assert_ne!(place.address(), Ipv4Addr::new(169, 254, 169, 254));
            assert!(place.link_name().len() <= invoker_linux::net::route::LONGEST_LINK_NAME);
        }
        assert_eq!(seen.len(), usize::from(MOST_NAMESPACES) + 1);
    }

    #[test]
    fn a_place_rests_behind_all_others() {
        let mut places = Places::all();
        let first = places.take().expect("a place");
        places.give_back(first);
        let others = (1..MOST_NAMESPACES).filter(|_| places.take() != Some(first));
        assert_eq!(others.count(), usize::from(MOST_NAMESPACES) - 1);
        assert_eq!(places.take(), Some(first));
    }

    #[test]
    fn a_host_that_uses_every_part_has_no_room() {
        let halves = Ipv4Net::new_assert(HOST_LINKS, 18).subnets(19);
        let halves: Vec<_> = halves.expect("19 is longer").collect();
        assert_eq!(free_host_link(&halves, 0), None);
        assert!(free_host_link(&halves[..1], 0).is_some());
    }

    #[test]
    fn a_route_to_all_that_is_link_local_leaves_room() {
        let wide = ["169.254.0.0/16", "128.0.0.0/1"].map(|wide| wide.parse().expect("a network"));
        assert!(free_host_link(&wide, 7).is_some());
    }

    proptest! {
        #[test]
        fn a_host_link_overlaps_nothing_known(
            start in any::<u32>(),
            known in proptest::collection::vec((any::<u16>(), 19_u8..=32), 0..40),
        ) {
            let known: Vec<_> = known.into_iter()
                .map(|(low, length)| Ipv4Net::new_assert(Ipv4Addr::from(0xa9fe_0000 | u32::from(low)), length))
                .collect();
            if let Some(link) = free_host_link(&known, start) {
                prop_assert!(link.host.contains(&link.router.addr()) && link.host.addr() != link.router.addr());
                prop_assert!(!known.iter().any(|known| overlap(known, &link.host.trunc())));
            }
        }
    }
}
