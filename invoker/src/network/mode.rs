//! What a function's network may be.

use std::fmt;
use std::str::FromStr;

use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};

/// What a function reaches.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum NetworkMode {
    /// The internet and the server's own endpoint: no service of the host, no private network, no other sandbox.
    #[default]
    Outbound,
    /// Itself alone.
    None,
    /// Whatever the host reaches, and the host.
    Host,
}

impl NetworkMode {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Outbound, Self::None, Self::Host];

    fn name(self) -> &'static str {
        match self {
            Self::Outbound => "outbound",
            Self::None => "none",
            Self::Host => "host",
        }
    }
}

impl fmt::Display for NetworkMode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// It is none of `outbound`, `none` and `host`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a network is outbound, none or host, not {0:?}")]
pub struct UnknownMode(String);

impl FromStr for NetworkMode {
    type Err = UnknownMode;

    fn from_str(text: &str) -> Result<Self, UnknownMode> {
        Self::ALL
            .into_iter()
            .find(|mode| mode.name() == text)
            .ok_or_else(|| UnknownMode(text.to_owned()))
    }
}

/// What [`NetworkMode::Outbound`] means on this server.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NetworkSettings {
    /// Networks that functions reach although they are private, or the host's own addresses, on every port; at most
    /// [`MOST_ALLOWED`](Self::MOST_ALLOWED), and none unless set. What listens on the host's loopback alone, and other
    /// sandboxes, no setting opens.
    pub allow: Vec<Ipv4Net>,
}

impl NetworkSettings {
    /// The most networks that can be allowed.
    pub const MOST_ALLOWED: usize = 64;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mode_has_one_name_everywhere() {
        for mode in NetworkMode::ALL {
            assert_eq!(mode.to_string().parse(), Ok(mode));
            let json = serde_json::to_string(&mode).expect("json");
            assert_eq!(json, format!("\"{mode}\""));
        }
        let unknown = "bridge".parse::<NetworkMode>().expect_err("unknown");
        assert_eq!(
            unknown.to_string(),
            "a network is outbound, none or host, not \"bridge\""
        );
    }

    #[test]
    fn networks_are_written_as_people_write_them() {
        let settings: NetworkSettings =
            serde_json::from_str(r#"{"allow": ["10.1.0.0/16", "192.168.0.7/32"]}"#).expect("json");
        assert_eq!(settings.allow.len(), 2);
    }
}
