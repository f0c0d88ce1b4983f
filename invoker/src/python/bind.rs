//! What makes a blank a function's: the folders that are attached, the limits, the environment, the words of its first order.

use std::collections::BTreeMap;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use invoker_linux::cgroup::Cgroup;
use invoker_linux::mount::{self, Attributes};
use invoker_wire::{Attachments, Confinement, Init, RestrictionName, Spawn, Without};

use super::LibraryProvider;
use crate::{InvokeError, NetworkMode, SandboxSpec};

/// Where the package is inside.
const CODE: &str = "/var/task";
/// Where libraries are inside, by number.
const LIBRARIES: &str = "/opt/hearth";
/// Where those that the host brings are inside.
const SHARED: &str = "/opt/hearth/shared";
/// Where the host tells of name servers. Functions on its network ask the same.
const NAME_SERVERS: &str = "/etc/resolv.conf";
/// The memory that gives a function a whole processor, MiB:
/// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html>.
const WHOLE_PROCESSOR_MIB: u64 = 1769;

/// A function's folders on the host, absolute and UTF-8.
pub(super) struct Folders {
    code: PathBuf,
    libraries: Vec<PathBuf>,
    shared: Option<PathBuf>,
}

impl Folders {
    /// Those of `spec`, and the one that `provider` fills.
    pub(super) fn of(
        spec: &SandboxSpec,
        provider: Option<&dyn LibraryProvider>,
    ) -> Result<Self, InvokeError> {
        let shared = provider.map(|provider| provider.folder(spec.runtime));
        let libraries = spec.libraries.iter().map(|path| absolute(path));
        Ok(Self {
            code: absolute(&spec.code)?,
            libraries: libraries.collect::<Result<_, _>>()?,
            shared: shared.as_deref().map(absolute).transpose()?,
        })
    }

    /// Each with its place inside.
    fn places(&self) -> impl Iterator<Item = (&PathBuf, String)> {
        let numbered = |(index, library)| (library, format!("{LIBRARIES}/{index}"));
        std::iter::once((&self.code, CODE.to_owned()))
            .chain(self.libraries.iter().enumerate().map(numbered))
            .chain(self.shared.iter().map(|shared| (shared, SHARED.to_owned())))
    }

    /// The order for a sandbox that is made for this function and no other.
    pub(super) fn order(&self, confinement: Confinement) -> Spawn {
        let folders = match confinement {
            Confinement::UserNamespace => self
                .places()
                .map(|(folder, place)| (folder.clone(), place))
                .collect(),
            Confinement::Privileged | Confinement::None => Vec::new(),
        };
        Spawn {
            ahead: false,
            folders,
        }
    }

    /// What is attached to a sandbox that exists, and how its order tells of it.
    pub(super) fn attach(
        &self,
        confinement: Confinement,
        without: &Without,
        spec: &SandboxSpec,
    ) -> Result<(Attachments, Vec<OwnedFd>), InvokeError> {
        let (mut folders, mut trees) = (Vec::new(), Vec::new());
        if confinement == Confinement::Privileged {
            let attributes = Attributes {
                read_only: without.keeps(RestrictionName::ReadOnlyRoot),
                ..Attributes::READ_ONLY
            };
            let names = Path::new(NAME_SERVERS);
            let hosts = (spec.network == NetworkMode::Host && names.exists())
                .then(|| (names, NAME_SERVERS.to_owned()));
            let own = self
                .places()
                .map(|(folder, place)| (folder.as_path(), place));
            for (folder, place) in own.chain(hosts) {
                let tree = mount::detached(folder, attributes).map_err(|error| {
                    InvokeError::Sandbox(format!("attach {}: {error}", folder.display()))
                })?;
                folders.push(place);
                trees.push(tree);
            }
        }
        let attachments = Attachments {
            network: false,
            folders,
            image: false,
            working_set: Vec::new(),
            tmp_mib: spec.tmp_mib,
        };
        Ok((attachments, trees))
    }

    /// What its interpreter is told.
    pub(super) fn init(
        &self,
        spec: &SandboxSpec,
        confinement: Confinement,
        environment: BTreeMap<String, String>,
        providable: &[&str],
    ) -> Init {
        let inside = |(folder, place): (&PathBuf, String)| match confinement {
            Confinement::None => folder.to_string_lossy().into_owned(),
            Confinement::Privileged | Confinement::UserNamespace => place,
        };
        let mut path_before: Vec<String> = self.places().map(inside).collect();
        let path_after = match &self.shared {
            Some(_) => path_before.pop().into_iter().collect(),
            None => Vec::new(),
        };
        Init {
            handler: spec.handler.clone(),
            environment,
            path_before,
            path_after,
            providable: providable
                .iter()
                .map(|module| (*module).to_owned())
                .collect(),
            json_logs: spec.json_logs,
            imaged: false,
            learns: false,
        }
    }
}

/// Gives a sandbox's group the limits of its function.
pub(super) fn limit(cgroup: &Cgroup, spec: &SandboxSpec, without: &Without) -> std::io::Result<()> {
    if without.keeps(RestrictionName::MemoryLimit) {
        cgroup.limit_memory(u64::from(spec.memory_mib) << 20)?;
    }
    if without.keeps(RestrictionName::CpuShare) {
        let thousandths = u64::from(spec.memory_mib) * 1000 / WHOLE_PROCESSOR_MIB;
        cgroup.weigh_processors(thousandths)?;
    }
    Ok(())
}

/// An absolute path that can be sent: the zygote works elsewhere.
pub(super) fn absolute(path: &Path) -> Result<PathBuf, InvokeError> {
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
