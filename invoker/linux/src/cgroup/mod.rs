//! Control groups: limits and counters of a sandbox's processes, in version 2 and version 1.
//!
//! <https://docs.kernel.org/admin-guide/cgroup-v2.html>, <https://docs.kernel.org/admin-guide/cgroup-v1/memory.html>.
//! A [`Cgroups`] owns one folder (v2) or one per controller (v1), named after the server; each sandbox's [`Cgroup`] is a folder in it.

mod group;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use self::group::{Cgroup, Counters, Freezer, join};
use crate::pidfd::PidFd;

/// How long a leftover process may take to die.
const DEATH_LIMIT: Duration = Duration::from_secs(2);
/// Leftover processes and folders looked at in one clearing.
const MAX_LEFTOVERS: usize = 10_000;

/// The folders that hold the sandboxes' groups.
#[derive(Clone, Debug)]
pub struct Cgroups {
    hierarchy: Hierarchy,
}

#[derive(Clone, Debug)]
enum Hierarchy {
    V2 {
        base: PathBuf,
    },
    V1 {
        memory: PathBuf,
        pids: PathBuf,
        /// Shares are nice to have; without them a host shares evenly.
        cpu: Option<PathBuf>,
        /// Without it what a handler leaves running goes on between calls.
        freezer: Option<PathBuf>,
    },
}

impl Cgroups {
    /// Makes the folders `name` where the host lets us, after clearing what a predecessor of that name left there.
    ///
    /// # Errors
    /// What each place answered, when no place will do.
    pub fn establish(name: &str) -> io::Result<Self> {
        let mounts = fs::read_to_string("/proc/self/mounts")?;
        let mut refusal =
            io::Error::other("no cgroup file system with memory and pids controllers is mounted");
        for hierarchy in candidates(&mounts, name) {
            let cgroups = Self { hierarchy };
            match cgroups.prepare() {
                Ok(()) => return Ok(cgroups),
                Err(error) => refusal = error,
            }
        }
        Err(refusal)
    }

    fn prepare(&self) -> io::Result<()> {
        for base in self.bases() {
            if base.is_dir() {
                clear(base);
            }
            fs::create_dir_all(base)?;
        }
        if let Hierarchy::V2 { base } = &self.hierarchy {
            // The controllers must be handed down from the parent, then to the sandboxes.
            if let Some(parent) = base.parent() {
                hand_down(parent).ok();
            }
            hand_down(base)?;
        }
        let probe = self.create("probe")?;
        let limited = probe
            .limit_memory(64 << 20)
            .and_then(|()| probe.limit_processes(16));
        probe.remove()?;
        limited
    }

    fn bases(&self) -> Vec<&Path> {
        match &self.hierarchy {
            Hierarchy::V2 { base } => vec![base],
            Hierarchy::V1 {
                memory,
                pids,
                cpu,
                freezer,
            } => [freezer.as_ref(), Some(memory), Some(pids), cpu.as_ref()]
                .into_iter()
                .flatten()
                .map(PathBuf::as_path)
                .collect(),
        }
    }

    /// Where the sandboxes' groups are.
    pub fn folders(&self) -> Vec<PathBuf> {
        self.bases().into_iter().map(Path::to_path_buf).collect()
    }

    /// `cgroup v1` or `cgroup v2`.
    pub fn version(&self) -> &'static str {
        match self.hierarchy {
            Hierarchy::V2 { .. } => "cgroup v2",
            Hierarchy::V1 { .. } => "cgroup v1",
        }
    }

    /// Whether a group can be given a share of the processors.
    pub fn weighs_processors(&self) -> bool {
        match &self.hierarchy {
            Hierarchy::V2 { base } => fs::read_to_string(base.join("cgroup.controllers"))
                .is_ok_and(|text| text.split_whitespace().any(|one| one == "cpu")),
            Hierarchy::V1 { cpu, .. } => cpu.is_some(),
        }
    }

    /// Whether a group can be stopped.
    pub fn freezes(&self) -> bool {
        match &self.hierarchy {
            Hierarchy::V2 { .. } => true,
            Hierarchy::V1 { freezer, .. } => freezer.is_some(),
        }
    }

    /// A group without limits, empty.
    ///
    /// # Errors
    /// It exists, or the host refuses.
    pub fn create(&self, id: &str) -> io::Result<Cgroup> {
        let cgroup = Cgroup::place(&self.hierarchy, id);
        let made = cgroup.make();
        if made.is_err() {
            let _ = cgroup.remove();
        }
        made.map(|()| cgroup)
    }

    /// Removes the folders; what is still in them is killed.
    pub fn abolish(&self) {
        for base in self.bases() {
            clear(base);
            let _ = fs::remove_dir(base);
        }
    }
}

/// Lets the groups below `folder` be limited: by memory and processes at least.
fn hand_down(folder: &Path) -> io::Result<()> {
    let control = folder.join("cgroup.subtree_control");
    // Apart, as one that is missing would keep the others back.
    let _ = fs::write(&control, "+cpu");
    fs::write(&control, "+memory +pids")
}

/// Where our folders could be: at the root of the file system, else below our own group.
fn candidates(mounts: &str, name: &str) -> Vec<Hierarchy> {
    let own = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    let v1 = |controller: &str| mount_point(mounts, "cgroup", Some(controller));
    let mut found = Vec::new();
    if let (Some(memory), Some(pids)) = (v1("memory"), v1("pids")) {
        for below in [false, true] {
            let place = |root: &Path, controller: &str| {
                let group = if below {
                    own_group(&own, Some(controller))
                } else {
                    "/"
                };
                root.join(group.trim_start_matches('/')).join(name)
            };
            found.push(Hierarchy::V1 {
                memory: place(&memory, "memory"),
                pids: place(&pids, "pids"),
                cpu: v1("cpu").map(|cpu| place(&cpu, "cpu")),
                freezer: v1("freezer").map(|freezer| place(&freezer, "freezer")),
            });
        }
    }
    if let Some(root) = mount_point(mounts, "cgroup2", None) {
        let group = root.join(own_group(&own, None).trim_start_matches('/'));
        found.push(Hierarchy::V2 {
            base: root.join(name),
        });
        if let Some(parent) = group.parent().filter(|parent| parent.starts_with(&root)) {
            found.push(Hierarchy::V2 {
                base: parent.join(name),
            });
        }
        found.push(Hierarchy::V2 {
            base: group.join(name),
        });
    }
    found
}

fn mount_point(mounts: &str, kind: &str, option: Option<&str>) -> Option<PathBuf> {
    mounts.lines().find_map(|line| {
        let mut words = line.split(' ');
        let (_, target, found, options) =
            (words.next()?, words.next()?, words.next()?, words.next()?);
        let matches = found == kind
            && option.is_none_or(|option| options.split(',').any(|one| one == option));
        matches.then(|| PathBuf::from(target))
    })
}

fn own_group<'a>(text: &'a str, controller: Option<&str>) -> &'a str {
    text.lines()
        .find_map(|line| {
            let mut words = line.splitn(3, ':');
            let (_, controllers, path) = (words.next()?, words.next()?, words.next()?);
            let matches = match controller {
                Some(controller) => controllers.split(',').any(|one| one == controller),
                None => controllers.is_empty(),
            };
            matches.then_some(path)
        })
        .unwrap_or("/")
}

/// Kills and removes every group in `base`.
fn clear(base: &Path) {
    let Ok(entries) = fs::read_dir(base) else {
        return;
    };
    for entry in entries
        .flatten()
        .filter(|entry| entry.path().is_dir())
        .take(MAX_LEFTOVERS)
    {
        let group = entry.path();
        // What is frozen does not die; hence the freezer's tree comes first.
        let _ = fs::write(group.join("freezer.state"), "THAWED");
        let processes = fs::read_to_string(group.join("cgroup.procs")).unwrap_or_default();
        let handles: Vec<PidFd> = processes
            .lines()
            .take(MAX_LEFTOVERS)
            .filter_map(|pid| PidFd::open(pid.parse().ok()?).ok())
            .collect();
        for handle in &handles {
            let _ = handle.kill();
        }
        for handle in &handles {
            let _ = handle.wait(DEATH_LIMIT);
        }
        let _ = fs::remove_dir(&group);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_mounts_and_groups() {
        let mounts = "cgroup /sys/fs/cgroup/memory cgroup rw,relatime,memory 0 0\ncgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0\n";
        assert_eq!(
            mount_point(mounts, "cgroup", Some("memory")),
            Some("/sys/fs/cgroup/memory".into())
        );
        assert_eq!(mount_point(mounts, "cgroup", Some("pids")), None);
        assert_eq!(
            mount_point(mounts, "cgroup2", None),
            Some("/sys/fs/cgroup/unified".into())
        );
        let own = "4:memory:/a/b\n3:cpu,pids:/c\n0::/d\n";
        assert_eq!(own_group(own, Some("memory")), "/a/b");
        assert_eq!(own_group(own, Some("pids")), "/c");
        assert_eq!(own_group(own, None), "/d");
    }
}
