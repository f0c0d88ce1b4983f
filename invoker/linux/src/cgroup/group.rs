//! The group of one sandbox: its limits, its counters, its freezer.

use std::fs::{self, File};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

use super::Hierarchy;

/// The longest of these files has a dozen short lines.
const COUNTER_BYTES: usize = 1024;
/// A share of one whole processor, in version 1 and version 2.
const WHOLE_SHARES: u64 = 1024;
const WHOLE_WEIGHT: u64 = 100;

/// A folder in each tree.
#[derive(Debug)]
pub struct Cgroup {
    memory: PathBuf,
    /// Version 1 only, where each controller has its own tree.
    separate: Option<Separate>,
}

#[derive(Debug)]
struct Separate {
    pids: PathBuf,
    cpu: Option<PathBuf>,
    freezer: Option<PathBuf>,
}

impl Cgroup {
    pub(super) fn place(hierarchy: &Hierarchy, id: &str) -> Self {
        match hierarchy {
            Hierarchy::V2 { base } => Self {
                memory: base.join(id),
                separate: None,
            },
            Hierarchy::V1 {
                memory,
                pids,
                cpu,
                freezer,
            } => Self {
                memory: memory.join(id),
                separate: Some(Separate {
                    pids: pids.join(id),
                    cpu: cpu.as_ref().map(|cpu| cpu.join(id)),
                    freezer: freezer.as_ref().map(|freezer| freezer.join(id)),
                }),
            },
        }
    }

    fn folders(&self) -> impl Iterator<Item = &PathBuf> {
        let separate = self.separate.iter().flat_map(|separate| {
            [
                Some(&separate.pids),
                separate.cpu.as_ref(),
                separate.freezer.as_ref(),
            ]
            .into_iter()
            .flatten()
        });
        std::iter::once(&self.memory).chain(separate)
    }

    pub(super) fn make(&self) -> io::Result<()> {
        self.folders().try_for_each(fs::create_dir)
    }

    /// Bounds the number of its processes and threads.
    ///
    /// # Errors
    /// The group is gone.
    pub fn limit_processes(&self, most: u32) -> io::Result<()> {
        let folder = self.separate.as_ref().map_or(&self.memory, |v1| &v1.pids);
        fs::write(folder.join("pids.max"), most.to_string())
    }

    /// Bounds what its processes use together, without swap.
    ///
    /// # Errors
    /// The group is gone, or uses more already.
    pub fn limit_memory(&self, bytes: u64) -> io::Result<()> {
        let write = |name: &str, value: &str| fs::write(self.memory.join(name), value);
        let bytes = bytes.to_string();
        if self.separate.is_some() {
            write("memory.limit_in_bytes", &bytes)?;
            // Absent when the kernel does not account swap.
            let _ = write("memory.memsw.limit_in_bytes", &bytes);
        } else {
            write("memory.max", &bytes)?;
            let _ = write("memory.swap.max", "0");
        }
        Ok(())
    }

    /// Gives it a share of the processors where others want them too: `processors` in thousandths of one.
    ///
    /// # Errors
    /// The group is gone. A host without the controller shares evenly, which is no error.
    pub fn weigh_processors(&self, thousandths: u64) -> io::Result<()> {
        match &self.separate {
            Some(Separate { cpu: Some(cpu), .. }) => {
                let shares = (WHOLE_SHARES * thousandths / 1000).max(2);
                fs::write(cpu.join("cpu.shares"), shares.to_string())
            }
            Some(_) => Ok(()),
            None => {
                let weight = (WHOLE_WEIGHT * thousandths / 1000).clamp(1, 10_000);
                match fs::write(self.memory.join("cpu.weight"), weight.to_string()) {
                    Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
                    written => written,
                }
            }
        }
    }

    /// Files into which a process writes `0` to join, one for each tree; the first is that of memory.
    ///
    /// # Errors
    /// The group is gone.
    pub fn doors(&self) -> io::Result<Vec<OwnedFd>> {
        // In version 1 a single thread that moves itself needs no lock over all processes; taking that lock waits for an RCU grace
        // period, 20 ms on an idle machine (`cgroup_procs_write_start` in kernel/cgroup/cgroup.c).
        let name = if self.separate.is_some() {
            "tasks"
        } else {
            "cgroup.procs"
        };
        let open = |folder: &PathBuf| -> io::Result<OwnedFd> {
            Ok(File::options().write(true).open(folder.join(name))?.into())
        };
        self.folders().map(open).collect()
    }

    /// Its counters, opened once to be read often.
    pub fn counters(&self) -> Counters {
        let (peak, events) = if self.separate.is_some() {
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

    /// What stops its processes, where the host has it.
    pub fn freezer(&self) -> Option<Freezer> {
        let (file, words) = match &self.separate {
            None => (self.memory.join("cgroup.freeze"), ["0", "1"]),
            Some(v1) => (
                v1.freezer.as_ref()?.join("freezer.state"),
                ["THAWED", "FROZEN"],
            ),
        };
        let file = File::options().write(true).open(file).ok()?;
        Some(Freezer { file, words })
    }

    /// The file in which the kernel tells what its processes use now, bytes.
    pub fn present_memory(&self) -> PathBuf {
        self.memory.join(if self.separate.is_some() {
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
        for folder in self.folders() {
            match fs::remove_dir(folder) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }
}

/// Stops every process of a group, and lets them go on.
#[derive(Debug)]
pub struct Freezer {
    file: File,
    /// What thaws and what freezes.
    words: [&'static str; 2],
}

impl Freezer {
    /// Stops or goes on. In version 1 a killed process dies only once it is thawed.
    ///
    /// # Errors
    /// The group is gone.
    pub fn set_frozen(&self, frozen: bool) -> io::Result<()> {
        self.file
            .write_at(self.words[usize::from(frozen)].as_bytes(), 0)?;
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
pub fn join(door: &OwnedFd) -> io::Result<()> {
    rustix::io::write(door, b"0")?;
    Ok(())
}
