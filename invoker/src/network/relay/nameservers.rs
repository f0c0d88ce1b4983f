//! The host's nameservers, as its `/etc/resolv.conf` names them: looked at again when the last look is old, for networks change.

use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

const RESOLV_CONF: &str = "/etc/resolv.conf";
/// How long a look is good for.
const LOOK_AGE: Duration = Duration::from_secs(5);
/// The most nameservers that are asked, as with glibc.
const MOST: usize = 3;

/// The list and its age.
#[derive(Debug)]
pub(super) struct Nameservers(Mutex<Look>);

#[derive(Debug)]
struct Look {
    at: Instant,
    found: Vec<SocketAddr>,
}

impl Nameservers {
    /// Those of this host.
    pub(super) fn of_host() -> Self {
        Self(Mutex::new(look()))
    }

    /// Whom to ask, in order.
    pub(super) fn present(&self) -> Vec<SocketAddr> {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if last.at.elapsed() > LOOK_AGE {
            *last = look();
        }
        last.found.clone()
    }
}

fn look() -> Look {
    let text = std::fs::read_to_string(Path::new(RESOLV_CONF)).unwrap_or_else(|error| {
        tracing::warn!(%error, path = RESOLV_CONF, "read the host's nameservers");
        String::new()
    });
    Look {
        at: Instant::now(),
        found: named_in(&text),
    }
}

fn named_in(resolv_conf: &str) -> Vec<SocketAddr> {
    resolv_conf
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("nameserver"))
        .filter_map(|rest| rest.split_whitespace().next()?.parse::<IpAddr>().ok())
        .map(|address| SocketAddr::new(address, super::PORT))
        .take(MOST)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::named_in;

    #[test]
    fn nameservers_are_read_in_order_and_the_rest_is_not() {
        let text = "# nameserver 1.1.1.1\nsearch example.com\nnameserver 127.0.0.53 # local\n nameserver\t::1\n\
                    nameserver nonsense\nnameserver 10.0.0.2\nnameserver 10.0.0.3\n";
        let found: Vec<_> = named_in(text).iter().map(ToString::to_string).collect();
        assert_eq!(found, ["127.0.0.53:53", "[::1]:53", "10.0.0.2:53"]);
    }
}
