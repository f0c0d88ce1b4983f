//! What the kernel keeps about a process beside its memory, and is told again where its image is restored.
//!
//! It is captured into the process's own memory, so the image brings it along by itself.

use std::ffi::CString;
use std::io;
use std::path::PathBuf;

use rustix::fs::Mode;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::descriptors::Descriptors;
use super::signals::Dispositions;
use super::status::Status;
use super::thread;

const LIMITS: [Resource; 16] = [
    Resource::Cpu,
    Resource::Fsize,
    Resource::Data,
    Resource::Stack,
    Resource::Core,
    Resource::Rss,
    Resource::Nproc,
    Resource::Nofile,
    Resource::Memlock,
    Resource::As,
    Resource::Locks,
    Resource::Sigpending,
    Resource::Msgqueue,
    Resource::Nice,
    Resource::Rtprio,
    Resource::Rttime,
];

/// The kernel's part of a process.
#[derive(Debug)]
pub(super) struct ProcessState {
    descriptors: Descriptors,
    dispositions: Dispositions,
    folder: PathBuf,
    umask: Mode,
    name: CString,
    limits: [Rlimit; LIMITS.len()],
    filters: u64,
    thread_id_address: u64,
}

impl ProcessState {
    /// # Errors
    /// One of them cannot be told.
    pub(super) fn capture(descriptors: Descriptors) -> io::Result<Self> {
        let status = Status::read()?;
        Ok(Self {
            descriptors,
            dispositions: Dispositions::capture()?,
            folder: std::env::current_dir()?,
            umask: Mode::from_bits_truncate(status.umask),
            name: rustix::thread::name()?,
            limits: LIMITS.map(getrlimit),
            filters: status.filters,
            thread_id_address: thread::id_address()?,
        })
    }

    /// Where libc keeps the thread's id.
    pub(super) fn thread_id_address(&self) -> u64 {
        self.thread_id_address
    }

    /// Tells the kernel, in a process that the image was restored in.
    ///
    /// # Errors
    /// It cannot be as it was. The process must end then: half of it is another's.
    pub(super) fn apply(&self) -> io::Result<()> {
        thread::correct_id(self.thread_id_address);
        self.dispositions.apply()?;
        if Status::read()?.filters != self.filters {
            return Err(io::Error::other("it forbade itself other system calls"));
        }
        rustix::process::umask(self.umask);
        rustix::process::chdir(&self.folder)?;
        rustix::thread::set_name(&self.name)?;
        for (resource, limit) in LIMITS.into_iter().zip(&self.limits) {
            if getrlimit(resource) != *limit {
                setrlimit(resource, *limit)?;
            }
        }
        self.descriptors.reopen()
    }
}
