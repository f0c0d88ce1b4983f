//! The order to make a sandbox, and the datagrams that tell of its birth and its end.
//!
//! A [`Spawn`] travels with the sandbox's ends of: its channel, its output pipe, its lifeline, then one `cgroup.procs` (or `tasks`)
//! file for each cgroup to join. On the lifeline come [`Lifeline::Started`] (with a pidfd), then [`Lifeline::Exited`]; or
//! [`Lifeline::Failed`]. End of file without either means that the sandbox, or its zygote, was killed.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

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

/// Make a sandbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spawn {
    /// How to shut it in.
    pub confinement: Confinement,
    /// Attached at `/var/task`.
    pub code: PathBuf,
    /// Attached at `/opt/hearth/N`.
    pub libraries: Vec<PathBuf>,
    /// Attached at `/opt/hearth/shared`.
    pub shared: Option<PathBuf>,
    /// Size of `/tmp`, MiB.
    pub tmp_mib: u32,
}

/// What the lifeline tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lifeline {
    /// The sandbox's first process lives; its pidfd comes along.
    Started {
        /// Its id among the processes of the host.
        pid: i32,
    },
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

impl Spawn {
    /// The datagram to send.
    pub fn encode(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("paths were checked to be UTF-8 by the sender")
    }

    /// Reads a datagram.
    ///
    /// # Errors
    /// It is no such order.
    pub fn decode(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(bytes)
    }
}

impl Lifeline {
    /// The datagram to send.
    pub fn encode(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("plain data always becomes JSON")
    }

    /// Reads a datagram.
    ///
    /// # Errors
    /// It is no such word.
    pub fn decode(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_survive_the_lifeline() {
        for word in [
            Lifeline::Started { pid: 7 },
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
