//! Control groups: limits and counters of a sandbox's processes, in version 2 and version 1.
//!
//! <https://docs.kernel.org/admin-guide/cgroup-v2.html>, <https://docs.kernel.org/admin-guide/cgroup-v1/memory.html>.
//! A [`Cgroups`] owns one folder (v2) or one per controller (v1), named after the server; each sandbox's [`Cgroup`] is a folder in it.

use std::fs::{self, File};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::pidfd::PidFd;

/// How long a leftover process may take to die.
const DEATH_LIMIT: Duration = Duration::from_secs(2);
/// The longest of these files has a dozen short lines.
const COUNTER_BYTES: usize = 1024;
/// Leftover processes and folders looked at in one clearing.
const MAX_LEFTOVERS: usize = 10_000;

/// The folders that hold the sandboxes' groups.
#[derive(Clone, Debug)]
pub struct Cgroups {
    hierarchy: Hierarchy,
}

#[derive(Clone, Debug)]
enum Hierarchy {
    V2 { base: PathBuf },
    V1 { memory: PathBuf, pids: PathBuf },
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
                let _ = fs::write(parent.join("cgroup.subtree_control"), "+memory +pids");
            }
            fs::write(base.join("cgroup.subtree_control"), "+memory +pids")?;
        }
        let probe = self.create("probe", 64 << 20, 16)?;
        probe.remove()
    }

    fn bases(&self) -> Vec<&Path> {
        match &self.hierarchy {
            Hierarchy::V2 { base } => vec![base],
            Hierarchy::V1 { memory, pids } => vec![memory, pids],
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

    /// A group with limits, empty.
    ///
    /// # Errors
    /// It exists, or the host refuses a limit.
    pub fn create(&self, id: &str, memory_bytes: u64, processes: u32) -> io::Result<Cgroup> {
        let cgroup = match &self.hierarchy {
            Hierarchy::V2 { base } => Cgroup {
                memory: base.join(id),
                pids: None,
            },
            Hierarchy::V1 { memory, pids } => Cgroup {
                memory: memory.join(id),
                pids: Some(pids.join(id)),
            },
        };
        let made = cgroup.make(memory_bytes, processes);
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

/// The group of one sandbox.
#[derive(Debug)]
pub struct Cgroup {
    memory: PathBuf,
    /// Version 1 only, where each controller has its own tree.
    pids: Option<PathBuf>,
}

impl Cgroup {
    fn make(&self, memory_bytes: u64, processes: u32) -> io::Result<()> {
        fs::create_dir(&self.memory)?;
        match &self.pids {
            Some(pids) => {
                fs::create_dir(pids)?;
                fs::write(
                    self.memory.join("memory.limit_in_bytes"),
                    memory_bytes.to_string(),
                )?;
                // Absent when the kernel does not account swap.
                let _ = fs::write(
                    self.memory.join("memory.memsw.limit_in_bytes"),
                    memory_bytes.to_string(),
                );
                fs::write(pids.join("pids.max"), processes.to_string())
            }
            None => {
                fs::write(self.memory.join("memory.max"), memory_bytes.to_string())?;
                let _ = fs::write(self.memory.join("memory.swap.max"), "0");
                fs::write(self.memory.join("pids.max"), processes.to_string())
            }
        }
    }

    /// Files into which a process writes `0` to join, one for each tree.
    ///
    /// # Errors
    /// The group is gone.
    pub fn doors(&self) -> io::Result<Vec<OwnedFd>> {
        // In version 1 a single thread that moves itself needs no lock over all processes; taking that lock waits for an RCU grace
        // period, 20 ms on an idle machine (`cgroup_procs_write_start` in kernel/cgroup/cgroup.c).
        let name = if self.pids.is_some() {
            "tasks"
        } else {
            "cgroup.procs"
        };
        let open = |folder: &PathBuf| -> io::Result<OwnedFd> {
            Ok(File::options().write(true).open(folder.join(name))?.into())
        };
        std::iter::once(&self.memory)
            .chain(&self.pids)
            .map(open)
            .collect()
    }

    /// Its counters, opened once to be read often.
    pub fn counters(&self) -> Counters {
        let (peak, events) = if self.pids.is_some() {
            ("memory.max_usage_in_bytes", "memory.oom_control")
        } else {
            ("memory.peak", "memory.events")
        };
        let open = |name| File::open(self.memory.join(name)).ok();
        Counters {
            peak: open(peak),
            events: open(events),
        }
    }

    /// The file in which the kernel tells what its processes use now, bytes.
    pub fn present_memory(&self) -> PathBuf {
        self.memory.join(if self.pids.is_some() {
            "memory.usage_in_bytes"
        } else {
            "memory.current"
        })
    }

    /// Removes it.
    ///
    /// # Errors
    /// Processes are still in it.
    pub fn remove(&self) -> io::Result<()> {
        for folder in std::iter::once(&self.memory).chain(&self.pids) {
            match fs::remove_dir(folder) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }
}

/// What the kernel counts of a group. A counter that this kernel lacks reads as nothing.
#[derive(Debug, Default)]
pub struct Counters {
    peak: Option<File>,
    events: Option<File>,
}

impl Counters {
    /// The most memory its processes ever used together, bytes.
    pub fn peak_memory_bytes(&self) -> Option<u64> {
        let mut buffer = [0; COUNTER_BYTES];
        read_counter(self.peak.as_ref()?, &mut buffer)?
            .trim()
            .parse()
            .ok()
    }

    /// How many of its processes the kernel killed for want of memory.
    pub fn out_of_memory_kills(&self) -> u64 {
        let mut buffer = [0; COUNTER_BYTES];
        self.events
            .as_ref()
            .and_then(|file| read_counter(file, &mut buffer))
            .unwrap_or_default()
            .lines()
            .find_map(|line| line.strip_prefix("oom_kill ")?.trim().parse().ok())
            .unwrap_or(0)
    }
}

/// The kernel writes such a file anew for each read from its beginning.
fn read_counter<'a>(file: &File, buffer: &'a mut [u8]) -> Option<&'a str> {
    let count = file.read_at(buffer, 0).ok()?;
    std::str::from_utf8(&buffer[..count]).ok()
}

/// Joins a group through one of its doors.
///
/// The process must have one thread only: that one moves.
///
/// # Errors
/// The group is gone or full.
pub fn join(door: OwnedFd) -> io::Result<()> {
    rustix::io::write(&door, b"0")?;
    Ok(())
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
