//! Starts sandboxes: finds or starts the zygote, takes a blank of it, binds it to the function, and has the module imported.

use std::collections::BTreeMap;
use std::os::fd::AsFd;
#[cfg(test)]
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use async_trait::async_trait;
use bytes::Bytes;
use invoker_wire::{
    Confinement, FromSandbox, ImageOutcome, RestrictionName, Setup, ToSandbox, Without,
};

use super::bind::{self, Folders};
use super::blank::{Blank, MakeError};
use super::images::{Images, Known};
use super::nursery::Workshop;
use super::process::{Libraries, Process, Turn};
use super::zygote::{ZygoteView, Zygotes};
use super::{PythonConfig, PythonSandbox, Restriction, extension, isolation, template};
use crate::network::{Lease, LeaseError};
use crate::sandbox::{Backend, Sandbox, Started};
use crate::{
    Ending, ExitStatus, Interpreter, InvokeError, NetworkMode, Networks, OutputLine, OutputSink,
    SandboxSpec, StartPath,
};

/// How often a start is tried: a zygote that is killed takes with it what it makes, does not answer the next time, and is replaced.
const MAKE_ATTEMPTS: usize = 3;

/// Starts Python sandboxes.
pub struct PythonBackend {
    config: PythonConfig,
    restrictions: Vec<Restriction>,
    workshop: Arc<Workshop>,
    zygotes: Zygotes,
    images: Arc<Images>,
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
            images: Arc::new(Images::new(config.images_mib << 20)),
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

    /// Makes `sandbox` the function's and has its module imported, or restored from `image`; what came of it.
    async fn bind(
        &self,
        sandbox: &mut PythonSandbox,
        start: &Start<'_>,
        image: &Known,
    ) -> Result<Turn, InvokeError> {
        let (confinement, without) = (self.workshop.confinement(), self.workshop.without());
        let Start {
            spec,
            folders,
            output,
            ..
        } = *start;
        let (mut attachments, trees) = folders.attach(confinement, without, spec)?;
        // The lease must not be borrowed while the sandbox is told.
        let network = sandbox.process.network().map(|fd| fd.try_clone_to_owned());
        let network = network
            .transpose()
            .map_err(|error| InvokeError::Sandbox(format!("pass the network on: {error}")))?;
        attachments.network = network.is_some();
        let provider = self.config.libraries.as_deref();
        let providable = provider.map_or(&[][..], |provider| provider.modules());
        let mut init = folders.init(spec, confinement, start.environment.clone(), providable);
        if matches!(image, Known::Nothing) {
            init.imaged = true;
            let room_bytes = u64::from(spec.memory_mib) << 20;
            sandbox.process.allow_image(room_bytes);
        }
        let mut fds: Vec<_> = network.iter().chain(&trees).map(AsFd::as_fd).collect();
        if let Known::Image(image) = image {
            attachments.image = true;
            attachments.working_set = image.working_set.to_vec();
            init.learns = image.learns;
            fds.push(image.file.as_fd());
        }
        let message = ToSandbox::Bind(&attachments, &init);
        let (limit, libraries) = (spec.init_timeout, sandbox.libraries.clone());
        let process = &mut sandbox.process;
        let turn = process.converse(&message, &fds, limit, output, &libraries);
        match turn.await {
            Turn::Said(FromSandbox::Restored) => {
                let message = ToSandbox::Renew(&init);
                let turn = process.converse(&message, &[], limit, output, &libraries);
                Ok(turn.await)
            }
            turn => Ok(turn),
        }
    }

    /// Keeps what a start learned of the function's image.
    fn learn(&self, process: &mut Process, start: &Start<'_>, outcome: &ImageOutcome) {
        let (spec, zygote) = (start.spec, process.zygote().clone());
        let written = process.take_written_image();
        let reason = match (outcome, written) {
            (ImageOutcome::Taken, Some(written)) => {
                match self.images.keep(spec, &zygote, &written) {
                    Ok(()) => return,
                    Err(error) => error.to_string(),
                }
            }
            (ImageOutcome::Unfit(reason), _) => reason.clone(),
            _ => return,
        };
        self.images.refuse(spec, &zygote);
        start.output.line(OutputLine {
            time: SystemTime::now(),
            text: format!(
                "[hearth] every sandbox of this function imports its module anew: {reason}"
            ),
        });
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
        let start = Start {
            spec: &spec,
            folders: &Folders::of(&spec, self.config.libraries.as_deref())?,
            environment,
            output: output.as_ref(),
        };
        let mut started = self.attempt(id.clone(), &start).await?;
        if started.is_none() {
            // Without an image now.
            started = self.attempt(id, &start).await?;
        }
        started.ok_or_else(|| InvokeError::Sandbox("it was lost twice".to_owned()))
    }
}

/// What is started, and for whom.
struct Start<'a> {
    spec: &'a Arc<SandboxSpec>,
    folders: &'a Folders,
    environment: BTreeMap<String, String>,
    output: &'a dyn OutputSink,
}

impl PythonBackend {
    /// One sandbox; nothing, when it was lost while an image was restored in it.
    async fn attempt(
        &self,
        id: String,
        start: &Start<'_>,
    ) -> Result<Option<Started<PythonSandbox>>, InvokeError> {
        let (process, path) = self.take(start.spec, start.folders).await?;
        let image = match self.workshop.confinement() {
            Confinement::Privileged => self.images.look_up(start.spec, process.zygote()),
            // Each sandbox maps its libraries where it finds them.
            Confinement::UserNamespace | Confinement::None => Known::None,
        };
        let libraries = Arc::new(Libraries {
            provider: self.config.libraries.clone(),
            runtime: start.spec.runtime,
        });
        let mut sandbox = PythonSandbox {
            id,
            process,
            libraries,
            spec: start.spec.clone(),
            images: self.images.clone(),
        };
        let begun = Instant::now();
        let turn = self.bind(&mut sandbox, start, &image).await?;
        let ending = match turn {
            Turn::Said(FromSandbox::Ready { init_us, image }) => {
                self.learn(&mut sandbox.process, start, &image);
                let (init, path) = match image {
                    ImageOutcome::Restored => (begun.elapsed(), StartPath::Snapshot),
                    _ => (Duration::from_micros(init_us), path),
                };
                return Ok(Some(Started::Ready {
                    sandbox,
                    init,
                    path,
                }));
            }
            Turn::Said(FromSandbox::Unbound { reason }) => {
                sandbox.destroy().await;
                return Err(InvokeError::Sandbox(reason));
            }
            Turn::Ended(_) | Turn::TimedOut if matches!(image, Known::Image(_)) => {
                self.images.refuse(start.spec, sandbox.process.zygote());
                sandbox.destroy().await;
                return Ok(None);
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
        Ok(Some(failed))
    }
}
