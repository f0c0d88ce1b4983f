//! What a zygote is told when it starts, the order to make a sandbox, and the datagrams that tell of its birth and its end.
//!
//! A [`Spawn`] travels with the sandbox's ends of: its channel, its output pipe, its lifeline, then one `cgroup.procs` (or `tasks`)
//! file for each cgroup to join. On the lifeline come [`Lifeline::Started`] (with a pidfd), then [`Lifeline::Exited`]; or
//! [`Lifeline::Failed`]. End of file without either means that the sandbox, or its zygote, was killed.

use std::path::PathBuf;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::Without;

/// How far this host lets a sandbox be shut in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Confinement {
    /// Namespaces made with the host's own privilege; the sandbox gets a user id of its own.
    Privileged,
    /// Namespaces made within a user namespace.
    UserNamespace,
    /// No namespaces: processes of the server's own user.
    None,
}

/// What holds for all sandboxes of a zygote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setup {
    /// How to shut them in.
    pub confinement: Confinement,
    /// What is left out of that.
    pub without: Without,
    /// The text of their `/etc/resolv.conf`, where it is not the host's.
    pub resolv_conf: Option<String>,
}

/// Make a sandbox.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spawn {
    /// Nobody waits for it: it is made at low priority.
    pub ahead: bool,
    /// What to attach, on a host where nothing can be attached once the sandbox has a root of its own: pairs of a folder of the host
    /// and its place inside.
    pub folders: Vec<(PathBuf, String)>,
}

/// What the lifeline tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lifeline {
    /// The sandbox's first process lives; its pidfd comes along.
    Started,
    /// The function's process ended by itself.
    Exited {
        /// As `wait` returns it.
        wait_status: i32,
    },
    /// The sandbox could not be made.
    Failed {
        /// Which step failed and why.
        reason: String,
    },
}

/// A value that travels as one datagram, or as an argument.
pub trait Datagram: Serialize + DeserializeOwned {
    /// The bytes to send.
    fn encode(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("paths were checked to be UTF-8 by the sender")
    }

    /// Reads a datagram.
    ///
    /// # Errors
    /// It is none of this kind.
    fn decode(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(bytes)
    }
}

impl Datagram for Setup {}
impl Datagram for Spawn {}
impl Datagram for Lifeline {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_survive_the_lifeline() {
        for word in [
            Lifeline::Started,
            Lifeline::Exited { wait_status: 9 },
            Lifeline::Failed {
                reason: "mount /proc: EPERM".into(),
            },
        ] {
            assert_eq!(Lifeline::decode(&word.encode()).expect("known"), word);
        }
        assert!(Lifeline::decode(b"{").is_err());
    }
}
