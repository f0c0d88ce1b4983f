//! A blank: a sandbox that is made, shut in, run through once, and nobody's. A function binds it, once.

use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::time::Duration;

use invoker_linux::cgroup::Cgroup;
use invoker_linux::pidfd::PidFd;
use invoker_linux::{fd_passing, pipe};
use invoker_wire::{Datagram, Lifeline, RestrictionName, Spawn, Without};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::time::timeout;

use super::process::Process;
use super::readiness::watch_reading;
use super::remains::Remains;
use super::zygote::Zygote;
use crate::output::MAX_CALL_BYTES;

/// How long a zygote may take to boot and fork.
const SPAWN_LIMIT: Duration = Duration::from_secs(30);

/// See the module.
pub(super) struct Blank(pub(super) Process);

/// Why a sandbox could not be made.
#[derive(Debug)]
pub(super) enum MakeError {
    /// The zygote does not answer; another one may.
    ZygoteGone(String),
    /// It was killed before it was made; another one may live.
    Lost,
    /// The zygote answered that it cannot be done.
    Refused(String),
}

impl Blank {
    /// Has `zygote` make one, in `cgroup`.
    pub(super) async fn make(
        zygote: Arc<Zygote>,
        order: &Spawn,
        cgroup: Option<Cgroup>,
        without: &Without,
    ) -> Result<Self, MakeError> {
        let refused = |error: std::io::Error| {
            MakeError::Refused(format!("make the sandbox's channels: {error}"))
        };
        let doors = cgroup
            .as_ref()
            .map_or(Ok(Vec::new()), Cgroup::doors)
            .map_err(refused)?;
        let mut remains = Remains::of_none(cgroup);
        let (channel, their_channel) = UnixStream::pair().map_err(refused)?;
        channel.set_nonblocking(true).map_err(refused)?;
        let (output, their_output) = pipe::output_pipe().map_err(refused)?;
        let (lifeline, their_lifeline) = pipe::datagram_pair().map_err(refused)?;
        pipe::set_nonblocking(&lifeline).map_err(refused)?;
        let lifeline = watch_reading(lifeline).map_err(refused)?;
        let mut fds = vec![
            their_channel.as_fd(),
            their_output.as_fd(),
            their_lifeline.as_fd(),
        ];
        fds.extend(doors.iter().map(AsFd::as_fd));
        let gone = |reason: &str| MakeError::ZygoteGone(format!("the zygote {reason}"));
        timeout(SPAWN_LIMIT, zygote.order(order, &fds))
            .await
            .map_err(|_| gone("takes no orders"))?
            .map_err(|error| gone(&error.to_string()))?;
        drop(fds);
        drop((their_channel, their_output, their_lifeline, doors));
        let init = timeout(SPAWN_LIMIT, birth(&lifeline))
            .await
            .map_err(|_| gone("does not answer"))??;
        let init = watch_reading(init).map_err(refused)?;
        let freezes = without.keeps(RestrictionName::Freezer);
        let remains = Remains::new(init, remains.take_cgroup(), freezes);
        let output = watch_reading(output).map_err(refused)?;
        let limit_bytes = match without.keeps(RestrictionName::OutputLimit) {
            true => MAX_CALL_BYTES,
            false => u64::MAX,
        };
        let mut process = Process::new(channel, output, lifeline, remains, zygote, limit_bytes)
            .map_err(refused)?;
        process.parked(SPAWN_LIMIT).await?;
        Ok(Self(process))
    }

    /// Whether it can still be bound.
    pub(super) fn is_alive(&self) -> bool {
        !self.0.has_ended()
    }
}

/// Waits for the word that the sandbox lives.
async fn birth(lifeline: &AsyncFd<OwnedFd>) -> Result<PidFd, MakeError> {
    let (bytes, fds) = lifeline
        .async_io(Interest::READABLE, |fd| fd_passing::receive(fd))
        .await
        .map_err(|error| MakeError::ZygoteGone(error.to_string()))?;
    match (Lifeline::decode(&bytes), fds.into_iter().next()) {
        (Ok(Lifeline::Started), Some(handle)) => Ok(PidFd::from(handle)),
        (Ok(Lifeline::Failed { reason }), _) => Err(MakeError::Refused(reason)),
        _ => Err(MakeError::ZygoteGone("the zygote ended".into())),
    }
}
