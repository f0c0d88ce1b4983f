//! Settings of a network namespace: <https://docs.kernel.org/networking/ip-sysctl.html>.
//!
//! `/proc/sys/net` shows the namespace of the thread that opens a file there: these functions act on the caller's.

use std::fs;
use std::io;

const FORWARD: &str = "/proc/sys/net/ipv4/ip_forward";
const REVERSE_PATH_FILTERS: [&str; 2] = [
    "/proc/sys/net/ipv4/conf/all/rp_filter",
    "/proc/sys/net/ipv4/conf/default/rp_filter",
];
const NO_IPV6: &str = "/proc/sys/net/ipv6/conf/default/disable_ipv6";

/// Whether packets of others are passed on.
///
/// # Errors
/// `/proc` is not there.
pub fn forwards_packets() -> io::Result<bool> {
    Ok(fs::read_to_string(FORWARD)?.trim() == "1")
}

/// Passes packets of others on.
///
/// # Errors
/// Not privileged, or `/proc/sys` is read-only, as in a container.
pub fn forward_packets() -> io::Result<()> {
    fs::write(FORWARD, "1")
}

/// Drops packets whose sender would not be answered on the link that they come from, on links that are made from now on. What
/// holds of a link is the greater of its own setting and that of all, and a namespace begins with the host's: where that is the
/// loose filter (2), setting all alone would change nothing.
///
/// # Errors
/// As [`forward_packets`].
pub fn refuse_false_senders() -> io::Result<()> {
    for filter in REVERSE_PATH_FILTERS {
        fs::write(filter, "1")?;
    }
    Ok(())
}

/// Gives links that are made from now on no IPv6. The loopback keeps `::1`.
///
/// # Errors
/// As [`forward_packets`].
pub fn no_ipv6_on_new_links() -> io::Result<()> {
    match fs::write(NO_IPV6, "1") {
        // The kernel has no IPv6 at all.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use std::os::fd::AsFd;

    use super::*;
    use crate::net::namespace::NetworkNamespace;
    use crate::net::route::{LinkEnd, RouteSocket};

    /// Makes a link in a namespace of its own and reads a setting of it.
    fn of_new_link(prepare: impl FnOnce() -> io::Result<()> + Send, setting: &str) -> String {
        let (other, ()) = NetworkNamespace::create(|| Ok(())).expect("root");
        let end = |name, last| LinkEnd {
            name,
            index: 9,
            hardware_address: [2, 0, 0, 0, 0, last],
        };
        let (_namespace, value) = NetworkNamespace::create(|| {
            prepare()?;
            RouteSocket::open()?.create_pair(&end("here", 1), &end("there", 2), other.as_fd())?;
            fs::read_to_string(format!("/proc/sys/net/{setting}"))
        })
        .expect("root");
        value.trim().to_owned()
    }

    #[test]
    fn false_senders_are_refused_also_where_the_host_is_loose() {
        let on_loose_host = || {
            for filter in REVERSE_PATH_FILTERS {
                fs::write(filter, "2")?;
            }
            refuse_false_senders()
        };
        assert_eq!(of_new_link(on_loose_host, "ipv4/conf/here/rp_filter"), "1");
        assert_eq!(
            of_new_link(refuse_false_senders, "ipv4/conf/all/rp_filter"),
            "1"
        );
    }

    #[test]
    fn forwarding_is_of_a_namespace() {
        let (_namespace, forwards) = NetworkNamespace::create(|| {
            forward_packets()?;
            forwards_packets()
        })
        .expect("root");
        assert!(forwards);
    }
}
