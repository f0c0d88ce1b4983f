//! Starts sandboxes: finds or starts the zygote, makes the control group and the channels, orders the fork, and has the module imported.

use std::collections::BTreeMap;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use async_trait::async_trait;
use bytes::Bytes;
use invoker_linux::cgroup::{Cgroup, Cgroups};
use invoker_linux::pidfd::PidFd;
use invoker_linux::{fd_passing, pipe};
use invoker_wire::{Confinement, FromSandbox, Init, Lifeline, Spawn, ToSandbox};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::time::timeout;

use super::process::{Libraries, Process, Turn};
use super::readiness::watch_reading;
use super::remains::Remains;
use super::zygote::{Zygote, ZygoteView, Zygotes};
use super::{PythonConfig, PythonSandbox, Restriction, extension, isolation, template};
use crate::sandbox::{Backend, Sandbox, Started};
use crate::{Ending, ExitStatus, Interpreter, InvokeError, OutputSink, SandboxSpec};

/// The most processes of one sandbox, as on Lambda: <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>.
const MAX_PROCESSES: u32 = 1024;
/// How long a zygote may take to boot and fork.
const SPAWN_LIMIT: Duration = Duration::from_secs(30);
/// How often a start is tried, each time with a new zygote.
const SPAWN_ATTEMPTS: usize = 2;

/// Starts Python sandboxes.
pub struct PythonBackend {
    config: PythonConfig,
    confinement: Confinement,
    cgroups: Option<Cgroups>,
    restrictions: Vec<Restriction>,
    zygotes: Zygotes,
}

/// Why a sandbox could not be forked.
enum SpawnError {
    /// The zygote does not answer; another one may.
    ZygoteGone(String),
    /// The zygote answered that it cannot be done.
    Refused(String),
}

impl PythonBackend {
    /// Clears what a predecessor with the same `instance` left, probes the host, and unpacks the extension.
    ///
    /// # Errors
    /// The state folder cannot be written.
    pub fn new(config: PythonConfig, interpreters: &[Interpreter]) -> Result<Self, InvokeError> {
        if let Err(error) = invoker_linux::rlimit::raise_open_files() {
            tracing::warn!(%error, "raise the limit of open files");
        }
        let mut config = config;
        config.state_dir = absolute(&config.state_dir)?;
        extension::unpack(&config.state_dir).map_err(|error| {
            InvokeError::Sandbox(format!(
                "unpack into {}: {error}",
                config.state_dir.display()
            ))
        })?;
        let found = isolation::probe(&config.instance, &extension::mount_point(&config.state_dir));
        Ok(Self {
            zygotes: Zygotes::new(interpreters, &config.state_dir, found.confinement),
            confinement: found.confinement,
            cgroups: found.cgroups,
            restrictions: found.restrictions,
            config,
        })
    }

    /// Boots a zygote for each interpreter, one after the other, so that the first sandbox need not wait for one.
    pub async fn boot_ahead(&self) {
        self.zygotes.boot_ahead().await;
    }

    /// Which restrictions are in force.
    pub fn isolation(&self) -> &[Restriction] {
        &self.restrictions
    }

    /// The zygotes that take orders. Reads the kernel's files: it blocks.
    pub fn zygotes(&self) -> Vec<ZygoteView> {
        self.zygotes.list()
    }

    /// Ends the zygotes and removes cgroups and folders.
    pub async fn shutdown(&self) {
        self.zygotes.close();
        if let Some(cgroups) = self.cgroups.clone() {
            let _ = tokio::task::spawn_blocking(move || cgroups.abolish()).await;
        }
        extension::remove(&self.config.state_dir);
    }

    /// As on a host that gives none.
    #[cfg(test)]
    pub(super) fn without_cgroups(mut self) -> Self {
        self.cgroups = None;
        self
    }

    #[cfg(test)]
    pub(super) fn cgroup_folders(&self) -> Vec<PathBuf> {
        self.cgroups
            .as_ref()
            .map_or_else(Vec::new, Cgroups::folders)
    }

    fn cgroup(&self, id: &str, spec: &SandboxSpec) -> Result<Option<Cgroup>, InvokeError> {
        let Some(cgroups) = &self.cgroups else {
            return Ok(None);
        };
        cgroups
            .create(id, u64::from(spec.memory_mib) << 20, MAX_PROCESSES)
            .map(Some)
            .map_err(|error| InvokeError::Sandbox(format!("make a control group: {error}")))
    }

    async fn fork(
        &self,
        id: &str,
        spec: &SandboxSpec,
        order: &Spawn,
    ) -> Result<Process, InvokeError> {
        let mut reason = String::new();
        for _ in 0..SPAWN_ATTEMPTS {
            let zygote = self.zygotes.get(&spec.owner, spec.runtime)?;
            let cgroup = self.cgroup(id, spec)?;
            match spawn(zygote.clone(), order, cgroup).await {
                Ok(process) => return Ok(process),
                Err(SpawnError::Refused(reason)) => return Err(InvokeError::Sandbox(reason)),
                Err(SpawnError::ZygoteGone(why)) => {
                    self.zygotes.forget(&zygote);
                    reason = why;
                }
            }
        }
        Err(InvokeError::Sandbox(reason))
    }

    fn order(&self, spec: &SandboxSpec) -> Result<Spawn, InvokeError> {
        let shared = self
            .config
            .libraries
            .as_ref()
            .map(|provider| provider.folder(spec.runtime));
        Ok(Spawn {
            confinement: self.confinement,
            code: absolute(&spec.code)?,
            libraries: spec
                .libraries
                .iter()
                .map(|path| absolute(path))
                .collect::<Result<_, _>>()?,
            shared: shared.as_deref().map(absolute).transpose()?,
            tmp_mib: spec.tmp_mib,
        })
    }

    fn init(
        &self,
        spec: &SandboxSpec,
        order: &Spawn,
        environment: BTreeMap<String, String>,
    ) -> Init {
        let inside = order.confinement != Confinement::None;
        let place = |inside_path: String, path: &Path| {
            if inside {
                inside_path
            } else {
                path.to_string_lossy().into_owned()
            }
        };
        let mut path_before = vec![place("/var/task".into(), &order.code)];
        for (index, library) in order.libraries.iter().enumerate() {
            path_before.push(place(format!("/opt/hearth/{index}"), library));
        }
        let modules = self
            .config
            .libraries
            .as_ref()
            .map_or(&[][..], |provider| provider.modules());
        Init {
            handler: spec.handler.clone(),
            environment,
            path_before,
            path_after: order
                .shared
                .iter()
                .map(|path| place("/opt/hearth/shared".into(), path))
                .collect(),
            providable: modules.iter().map(|module| (*module).to_owned()).collect(),
            json_logs: spec.json_logs,
        }
    }
}

/// An absolute path that can be sent: the zygote works elsewhere.
fn absolute(path: &Path) -> Result<PathBuf, InvokeError> {
    let absolute = std::path::absolute(path)
        .map_err(|error| InvokeError::Sandbox(format!("path {}: {error}", path.display())))?;
    match absolute.to_str() {
        Some(_) => Ok(absolute),
        None => Err(InvokeError::Sandbox(format!(
            "path {} is not UTF-8",
            path.display()
        ))),
    }
}

async fn spawn(
    zygote: Arc<Zygote>,
    order: &Spawn,
    cgroup: Option<Cgroup>,
) -> Result<Process, SpawnError> {
    let refused = |error: std::io::Error| {
        SpawnError::Refused(format!("make the sandbox's channels: {error}"))
    };
    let doors = cgroup
        .as_ref()
        .map_or(Ok(Vec::new()), Cgroup::doors)
        .map_err(refused)?;
    let mut remains = Remains::of_none(cgroup);
    let (channel, their_channel) = std::os::unix::net::UnixStream::pair().map_err(refused)?;
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
    let gone = |reason: &str| SpawnError::ZygoteGone(format!("the zygote {reason}"));
    timeout(SPAWN_LIMIT, zygote.order(order, &fds))
        .await
        .map_err(|_| gone("takes no orders"))?
        .map_err(|error| gone(&error.to_string()))?;
    drop(fds);
    drop((their_channel, their_output, their_lifeline, doors));
    let (handle, init) = timeout(SPAWN_LIMIT, birth(&lifeline))
        .await
        .map_err(|_| gone("does not answer"))??;
    let handle = watch_reading(handle).map_err(refused)?;
    let remains = Remains::new(handle, init, remains.take_cgroup());
    let output = watch_reading(output).map_err(refused)?;
    Process::new(channel, output, lifeline, remains, zygote).map_err(refused)
}

/// Waits for the word that the sandbox lives.
async fn birth(lifeline: &AsyncFd<OwnedFd>) -> Result<(PidFd, i32), SpawnError> {
    let (bytes, fds) = lifeline
        .async_io(Interest::READABLE, |fd| fd_passing::receive(fd))
        .await
        .map_err(|error| SpawnError::ZygoteGone(error.to_string()))?;
    match (Lifeline::decode(&bytes), fds.into_iter().next()) {
        (Ok(Lifeline::Started { pid }), Some(handle)) => Ok((PidFd::from(handle), pid)),
        (Ok(Lifeline::Failed { reason }), _) => Err(SpawnError::Refused(reason)),
        _ => Err(SpawnError::ZygoteGone("the zygote ended".into())),
    }
}

#[async_trait]
impl Backend for PythonBackend {
    type Sandbox = PythonSandbox;

    async fn start(
        &self,
        id: String,
        spec: Arc<SandboxSpec>,
        output: Arc<dyn OutputSink>,
    ) -> Result<Started<PythonSandbox>, InvokeError> {
        // First of all, so that the day is that of the output's beginning.
        let environment = template::environment(&spec, &id, SystemTime::now());
        let order = self.order(&spec)?;
        let init = self.init(&spec, &order, environment);
        let process = self.fork(&id, &spec, &order).await?;
        let libraries = Arc::new(Libraries {
            provider: self.config.libraries.clone(),
            runtime: spec.runtime,
        });
        let mut sandbox = PythonSandbox {
            id,
            process,
            libraries: libraries.clone(),
        };
        let begun = Instant::now();
        let turn = sandbox
            .process
            .converse(
                &ToSandbox::Init(&init),
                spec.init_timeout,
                output.as_ref(),
                &libraries,
            )
            .await;
        let ending = match turn {
            Turn::Said(FromSandbox::Ready { init_us }) => {
                return Ok(Started::Ready {
                    sandbox,
                    init: Duration::from_micros(init_us),
                });
            }
            Turn::Said(FromSandbox::InitFailed(document)) => {
                Ending::InitFailed(Bytes::from(document))
            }
            Turn::Said(FromSandbox::TooLarge { bytes }) => Ending::ResponseTooLarge { bytes },
            Turn::Said(_) => Ending::Exited(ExitStatus::Signal(9)),
            Turn::Ended(status) => sandbox.name_end(status, 0),
            Turn::TimedOut => Ending::TimedOut,
        };
        let failed = Started::Failed {
            ending,
            init: begun.elapsed(),
            max_memory_bytes: sandbox.max_memory_bytes(),
        };
        sandbox.destroy().await;
        Ok(failed)
    }
}
