//! Shuts a sandbox in, step by step; each step names itself in its error.
//!
//! ```text
//! init, the first process      enclose ─▶ settle                       only waits from then on
//! the function's process                   └─▶ prepare ─▶ (parked) ─▶ bind ─▶ the function's module
//! ```
//! What needs no function is done before there is one. A parked process has run nothing but our own code, and still holds the
//! privilege to attach a function's folders; [`bind`] takes it away before any code of the function runs.

use std::fs;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use invoker_linux::landlock::{self, Fence};
use invoker_linux::net::namespace;
use invoker_linux::seccomp::{self, Stage};
use invoker_linux::{credentials, mount, priority, process, rlimit};
use invoker_wire::{Attachments, Confinement, RestrictionName, Setup, Without};

use crate::step;

/// The init process is the last to be killed for want of memory.
const INIT_OOM_SCORE: &str = "-999";
/// Size of `/tmp` until a function comes, MiB.
const PARKED_TMP_MIB: u32 = 16;
/// Where a function may write, as Landlock sees it.
const WRITABLE: [&str; 3] = ["/tmp", "/dev", "/proc"];

/// What the sandbox's own namespaces show of themselves: `/proc` and `/tmp`, below `root`.
pub(crate) fn mount_own(root: &Path, without: &Without) -> io::Result<()> {
    // 0 means no limit at all.
    let tmp_mib = match without.keeps(RestrictionName::TmpLimit) {
        true => PARKED_TMP_MIB,
        false => 0,
    };
    step(
        "mount /tmp",
        mount::tmpfs(&root.join("tmp"), tmp_mib, 0o1777),
    )?;
    step("mount /proc", mount::proc(&root.join("proc")))
}

/// The init process has made everything that it is to make: nothing is left to it but to wait.
pub(crate) fn settle(setup: &Setup) -> io::Result<()> {
    // Only with privilege; without it both processes are equally likely to be chosen.
    let _ = fs::write("/proc/self/oom_score_adj", INIT_OOM_SCORE);
    forget_bounding_set(setup)?;
    become_user(setup)?;
    give_up_capabilities(setup)?;
    step("follow the parent's end", process::die_with_parent())
}

/// What can be done for the function's process before there is a function. It has run only our own code.
pub(crate) fn prepare(setup: &Setup, ahead: bool) -> io::Result<Unbound> {
    let keeps = |name| setup.without.keeps(name);
    if ahead {
        step("give way", priority::give_way())?;
    }
    // Inherited from an init that settled before it forked.
    let _ = fs::write("/proc/self/oom_score_adj", "0");
    let _ = process::lead_session();
    if keeps(RestrictionName::OpenFilesLimit) {
        step("limit open files", rlimit::limit_open_files())?;
    }
    if keeps(RestrictionName::CoreLimit) {
        step("forbid core dumps", rlimit::forbid_core_dumps())?;
    }
    if keeps(RestrictionName::NoNewPrivileges) {
        step("gain no privileges", credentials::gain_no_privileges())?;
    }
    let filters = keeps(RestrictionName::SystemCallFilter)
        && (seccomp::available() || setup.confinement == Confinement::Privileged);
    if filters {
        step("forbid system calls", seccomp::forbid(Stage::Prepared))?;
    }
    forget_bounding_set(setup)?;
    let fences = keeps(RestrictionName::Landlock)
        && setup.confinement != Confinement::None
        && landlock::abi_version().is_some();
    let fence = match fences {
        true => Some(step(
            "build the fence",
            Fence::new(&WRITABLE.map(Path::new)),
        )?),
        false => None,
    };
    Ok(Unbound {
        setup: setup.clone(),
        ahead,
        filters,
        fence,
    })
}

/// The function's process, before it is a function's.
pub(crate) struct Unbound {
    setup: Setup,
    ahead: bool,
    filters: bool,
    fence: Option<Fence>,
}

impl Unbound {
    /// The last steps, in the order in which one does not take away what the next one needs.
    pub(crate) fn bind(self, attachments: &Attachments, fds: &[OwnedFd]) -> io::Result<()> {
        let setup = &self.setup;
        let keeps = |name| setup.without.keeps(name);
        if self.ahead {
            step("run as others do", priority::be_as_others())?;
        }
        let mut trees = fds;
        if attachments.network {
            let (network, rest) = fds
                .split_first()
                .ok_or_else(|| io::Error::other("no network came along"))?;
            step("enter the network", namespace::enter(network.as_fd()))?;
            trees = rest;
        }
        for (place, tree) in attachments.folders.iter().zip(trees) {
            step(place, mount::attach(tree, Path::new(place)))?;
        }
        if setup.confinement != Confinement::None && keeps(RestrictionName::TmpLimit) {
            let resized = mount::resize_tmpfs(Path::new("/tmp"), attachments.tmp_mib);
            step("resize /tmp", resized)?;
        }
        if keeps(RestrictionName::FileSizeLimit) {
            // Beyond `/tmp`, so that a full one says that no space is left.
            let bytes = u64::from(attachments.tmp_mib) << 21;
            step("limit the size of files", rlimit::limit_file_size(bytes))?;
        }
        if self.filters {
            step(
                "forbid the last system calls",
                seccomp::forbid(Stage::Bound),
            )?;
        }
        become_user(setup)?;
        if let Some(fence) = self.fence {
            step("close the fence", fence.close())?;
        }
        give_up_capabilities(setup)?;
        // What a change of user took: the function owns its own entries in `/proc`.
        step("own itself", process::set_dumpable(true))
    }
}

fn forget_bounding_set(setup: &Setup) -> io::Result<()> {
    if setup.confinement == Confinement::None || !setup.without.keeps(RestrictionName::Capabilities)
    {
        return Ok(());
    }
    step("forget capabilities", credentials::forget_bounding_set())
}

fn become_user(setup: &Setup) -> io::Result<()> {
    let is_host_user = setup.confinement == Confinement::Privileged;
    if !is_host_user || !setup.without.keeps(RestrictionName::User) {
        return Ok(());
    }
    let keep = !setup.without.keeps(RestrictionName::Capabilities);
    step(
        "become the sandbox's user",
        credentials::become_sandbox_user(keep),
    )
}

fn give_up_capabilities(setup: &Setup) -> io::Result<()> {
    if !setup.without.keeps(RestrictionName::Capabilities) {
        return Ok(());
    }
    step("give up capabilities", credentials::give_up_capabilities())
}
