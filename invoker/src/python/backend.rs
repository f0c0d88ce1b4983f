//! Starts sandboxes: finds or starts the zygote, takes a blank of it, binds it to the function, and has the module imported.

use std::collections::BTreeMap;
use std::os::fd::AsFd;
#[cfg(test)]
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use async_trait::async_trait;
use bytes::Bytes;
use invoker_wire::{FromSandbox, RestrictionName, Setup, ToSandbox, Without};

use super::bind::{self, Folders};
use super::blank::{Blank, MakeError};
use super::nursery::Workshop;
use super::process::{Libraries, Process, Turn};
use super::zygote::{ZygoteView, Zygotes};
use super::{PythonConfig, PythonSandbox, Restriction, extension, isolation, template};
use crate::network::{Lease, LeaseError};
use crate::sandbox::{Backend, Sandbox, Started};
use crate::{
    Ending, ExitStatus, Interpreter, InvokeError, NetworkMode, Networks, OutputSink, SandboxSpec,
    StartPath,
};

/// How often a start is tried: a zygote that is killed takes with it what it makes, does not answer the next time, and is replaced.
const MAKE_ATTEMPTS: usize = 3;

/// Starts Python sandboxes.
pub struct PythonBackend {
    config: PythonConfig,
    restrictions: Vec<Restriction>,
    workshop: Arc<Workshop>,
    zygotes: Zygotes,
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
        config.state_dir = bind::absolute(&config.state_dir)?;
        extension::unpack(&config.state_dir).map_err(|error| {
            InvokeError::Sandbox(format!(
                "unpack into {}: {error}",
                config.state_dir.display()
            ))
        })?;
        let without = Without(config.without.clone());
        let mount_point = extension::mount_point(&config.state_dir);
        let missing = config.networks.missing();
        let found = isolation::probe(&config.instance, &mount_point, &without, missing);
        let setup = Setup {
            confinement: found.confinement,
            without,
            resolv_conf: config.networks.resolv_conf(),
        };
        let workshop = Arc::new(Workshop::new(setup, found.cgroups, config.blanks_mib));
        Ok(Self {
            zygotes: Zygotes::new(interpreters, &config.state_dir, workshop.clone()),
            restrictions: found.restrictions,
            workshop,
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

    /// What functions can reach.
    pub fn networks(&self) -> &Networks {
        &self.config.networks
    }

    /// The zygotes that take orders. Reads the kernel's files: it blocks.
    pub fn zygotes(&self) -> Vec<ZygoteView> {
        self.zygotes.list()
    }

    /// Ends the zygotes and removes cgroups and folders.
    pub async fn shutdown(&self) {
        self.workshop.close().await;
        self.zygotes.close();
        self.config.networks.shutdown().await;
        if let Some(cgroups) = self.workshop.cgroups().cloned() {
            let _ = tokio::task::spawn_blocking(move || cgroups.abolish()).await;
        }
        extension::remove(&self.config.state_dir);
    }

    #[cfg(test)]
    pub(super) fn cgroup_folders(&self) -> Vec<PathBuf> {
        self.workshop
            .cgroups()
            .map_or_else(Vec::new, |cgroups| cgroups.folders())
    }

    /// The network that `spec` asks for; none where that is the host's.
    async fn lease(&self, spec: &SandboxSpec) -> Result<Option<Lease>, InvokeError> {
        let own = self
            .workshop
            .without()
            .keeps(RestrictionName::NetworkNamespace);
        let mode = if own { spec.network } else { NetworkMode::Host };
        let lease = self.config.networks.lease(mode).await;
        lease.map_err(|error| match error {
            LeaseError::ShutDown => InvokeError::ShuttingDown,
            error => InvokeError::Sandbox(error.to_string()),
        })
    }

    /// Makes `sandbox` the function's and has its module imported; what came of it.
    async fn bind(
        &self,
        sandbox: &mut PythonSandbox,
        spec: &SandboxSpec,
        folders: &Folders,
        environment: BTreeMap<String, String>,
        output: &dyn OutputSink,
    ) -> Result<Turn, InvokeError> {
        let (confinement, without) = (self.workshop.confinement(), self.workshop.without());
        let (mut attachments, trees) = folders.attach(confinement, without, spec)?;
        // The lease must not be borrowed while the sandbox is told.
        let network = sandbox.process.network().map(|fd| fd.try_clone_to_owned());
        let network = network
            .transpose()
            .map_err(|error| InvokeError::Sandbox(format!("pass the network on: {error}")))?;
        attachments.network = network.is_some();
        let provider = self.config.libraries.as_deref();
        let providable = provider.map_or(&[][..], |provider| provider.modules());
        let init = folders.init(spec, confinement, environment, providable);
        let message = ToSandbox::Bind(&attachments, &init);
        let fds: Vec<_> = network.iter().chain(&trees).map(AsFd::as_fd).collect();
        let libraries = sandbox.libraries.clone();
        Ok(sandbox
            .process
            .converse(&message, &fds, spec.init_timeout, output, &libraries)
            .await)
    }

    /// A sandbox that can be bound, with its limits.
    async fn take(
        &self,
        spec: &SandboxSpec,
        folders: &Folders,
    ) -> Result<(Process, StartPath), InvokeError> {
        let order = folders.order(self.workshop.confinement());
        let mut reason = String::new();
        for _ in 0..MAKE_ATTEMPTS {
            let nursery = self.zygotes.get(&spec.owner, spec.runtime)?;
            match nursery.take(&order).await {
                Ok((Blank(mut process), path)) => {
                    if let Some(cgroup) = process.remains().cgroup() {
                        bind::limit(cgroup, spec, self.workshop.without()).map_err(|error| {
                            InvokeError::Sandbox(format!("limit a sandbox: {error}"))
                        })?;
                    }
                    process.adopt(self.lease(spec).await?);
                    return Ok((process, path));
                }
                Err(MakeError::Refused(reason)) => return Err(InvokeError::Sandbox(reason)),
                Err(MakeError::Lost) => "it was killed while it was made".clone_into(&mut reason),
                Err(MakeError::ZygoteGone(why)) => {
                    self.zygotes.forget(&nursery);
                    reason = why;
                }
            }
        }
        Err(InvokeError::Sandbox(reason))
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
        let folders = Folders::of(&spec, self.config.libraries.as_deref())?;
        let (process, path) = self.take(&spec, &folders).await?;
        let libraries = Arc::new(Libraries {
            provider: self.config.libraries.clone(),
            runtime: spec.runtime,
        });
        let mut sandbox = PythonSandbox {
            id,
            process,
            libraries,
        };
        let begun = Instant::now();
        let turn = self
            .bind(&mut sandbox, &spec, &folders, environment, output.as_ref())
            .await?;
        let ending = match turn {
            Turn::Said(FromSandbox::Ready { init_us }) => {
                return Ok(Started::Ready {
                    sandbox,
                    init: Duration::from_micros(init_us),
                    path,
                });
            }
            Turn::Said(FromSandbox::Unbound { reason }) => {
                sandbox.destroy().await;
                return Err(InvokeError::Sandbox(reason));
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
            path,
            max_memory_bytes: sandbox.max_memory_bytes(),
        };
        sandbox.destroy().await;
        Ok(failed)
    }
}
