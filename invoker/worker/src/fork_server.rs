//! The zygote's loop: an order comes, a sandbox is made, the zygote goes on waiting.
//!
//! ```text
//! as root          zygote ── launcher ──▶ init (pid 1)         zygote ── a visitor ──▶ the function's Python, init's child
//! in other cases   zygote ──fork──▶ init ──fork──▶ the function's Python
//! ```
//! The first way copies the zygote's memory once, and needs the privilege to enter namespaces. With a user namespace a process stands
//! between the zygote and init, because the zygote could not come back from that namespace.

use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use invoker_linux::borrowed_fork::{self, Stacks};
use invoker_linux::namespace::{self, Namespace, OuterUser, PidNamespace};
use invoker_linux::pidfd::PidFd;
use invoker_linux::process::{self, Fork, OnlyThread, ThreadList};
use invoker_linux::{cgroup, children, fd_passing, mount};
use invoker_wire::{Confinement, Datagram, Lifeline, RestrictionName, Setup, Spawn};
use pyo3::prelude::*;

use crate::launcher::{self, FUNCTION_PROCESS, Launcher, MakeError};
use crate::session::Session;
use crate::{confine, fork_hooks, root, step, tell};

/// Where the channel lies in the function's process: out of the way of code that closes low descriptors.
const CHANNEL_FD: i32 = 1000;
/// What a zygote says when it is ready to fork.
const BOOTED: &[u8] = b"booted";

/// An interpreter that forks sandboxes.
#[pyclass(unsendable)]
pub struct Zygote {
    control: OwnedFd,
    setup: Setup,
    root: PathBuf,
    prefixes: Vec<PathBuf>,
    threads: ThreadList,
    /// The first way, where it can be gone.
    inside: Option<Inside>,
}

struct Inside {
    launcher: Launcher,
    stacks: Stacks,
    namespaces: Vec<Namespace>,
    home: PidNamespace,
}

struct Order {
    spawn: Spawn,
    channel: OwnedFd,
    output: OwnedFd,
    lifeline: OwnedFd,
    doors: Vec<OwnedFd>,
}

#[pymethods]
impl Zygote {
    /// Makes this process a zygote, before it imports what functions use: afterwards it sees the file system that they see.
    #[new]
    fn new(control: i32, setup: &[u8], root: PathBuf, prefixes: Vec<PathBuf>) -> PyResult<Self> {
        let setup = Setup::decode(setup).map_err(io::Error::other)?;
        let threads = ThreadList::open()?;
        let inside = match setup.confinement {
            Confinement::Privileged => move_in(&setup, &root, &prefixes, &threads)?,
            Confinement::UserNamespace | Confinement::None => None,
        };
        Ok(Self {
            control: process::inherited(control)?,
            setup,
            root,
            prefixes,
            threads,
            inside,
        })
    }

    /// Serves orders until the host is gone (`None`); in a new sandbox it returns its session.
    fn serve(&self, py: Python<'_>) -> PyResult<Option<Session>> {
        children::reap_automatically(true);
        // The host may be waiting for it, or have gone on to its first order; if it is gone, that is seen next.
        let _ = fd_passing::send(&self.control, BOOTED, &[]);
        loop {
            let (bytes, fds) = match fd_passing::receive(&self.control) {
                // The end, when the host never read the word above.
                Err(error) if error.kind() == io::ErrorKind::ConnectionReset => return Ok(None),
                received => received?,
            };
            if bytes.is_empty() {
                return Ok(None);
            }
            let Some(order) = read_order(&bytes, fds) else {
                continue;
            };
            match self.make(py, &order) {
                Ok(Fork::Child) => return Ok(Some(self.enter_function(order)?)),
                Ok(Fork::Parent { .. }) => {}
                Err(MakeError::Refused(error)) => fail(&order.lifeline, &error),
                // Another zygote takes the order.
                Err(MakeError::LauncherGone) => return Ok(None),
            }
        }
    }
}

/// Builds the root file system of all sandboxes and moves into it.
fn move_in(
    setup: &Setup,
    root: &Path,
    prefixes: &[PathBuf],
    threads: &ThreadList,
) -> io::Result<Option<Inside>> {
    step(
        "enter a mount namespace",
        namespace::enter_new(&[Namespace::Mount]),
    )?;
    step("make mounts private", mount::make_private())?;
    root::build(root, prefixes, setup)?;
    // Without a pid namespace the function's process cannot become init's child.
    let inside = match setup.without.keeps(RestrictionName::PidNamespace) {
        true => Some(Inside {
            launcher: Launcher::start(setup, &threads.only_thread()?)?,
            stacks: Stacks::reserve()?,
            namespaces: launcher::namespaces(setup),
            home: PidNamespace::current()?,
        }),
        false => None,
    };
    // The launcher's root changes with it.
    step("change the root", mount::change_root(root))?;
    Ok(inside)
}

fn read_order(bytes: &[u8], fds: Vec<OwnedFd>) -> Option<Order> {
    let spawn = Spawn::decode(bytes).ok()?;
    let mut fds = fds.into_iter();
    let (channel, output, lifeline) = (fds.next()?, fds.next()?, fds.next()?);
    Some(Order {
        spawn,
        channel,
        output,
        lifeline,
        doors: fds.collect(),
    })
}

fn fail(lifeline: &OwnedFd, error: &io::Error) {
    let reason = error.to_string();
    tell(lifeline, &Lifeline::Failed { reason }, None);
}

fn announce(lifeline: &OwnedFd, init: &PidFd) {
    tell(lifeline, &Lifeline::Started, Some(init));
}

impl Zygote {
    /// Makes a sandbox; in its function's process the answer is `Child`.
    fn make(&self, py: Python<'_>, order: &Order) -> Result<Fork, MakeError> {
        let proof = self.threads.only_thread()?;
        match &self.inside {
            Some(inside) => make_inside(py, &proof, inside, order),
            None => Ok(self.make_by_init(py, &proof, order)?),
        }
    }

    fn make_by_init(&self, py: Python<'_>, proof: &OnlyThread, order: &Order) -> io::Result<Fork> {
        match fork_hooks::around(py, || process::fork(proof))? {
            Fork::Child => {
                children::reap_automatically(false);
                if self.setup.confinement == Confinement::UserNamespace {
                    stand_between(proof, order);
                }
                self.become_init(proof, order);
                Ok(Fork::Child)
            }
            Fork::Parent { child } => {
                if self.setup.confinement != Confinement::UserNamespace {
                    announce(&order.lifeline, &PidFd::open(child)?);
                }
                Ok(Fork::Parent { child })
            }
        }
    }

    /// Runs in the init process: returns in the function's process only.
    fn become_init(&self, proof: &OnlyThread, order: &Order) {
        let forked = self
            .enclose(order)
            .and_then(|()| process::fork(proof))
            .and_then(|fork| match fork {
                Fork::Child => Ok(fork),
                Fork::Parent { .. } => confine::settle(&self.setup).map(|()| fork),
            });
        match forked {
            Ok(Fork::Child) => {}
            Ok(Fork::Parent { child }) => launcher::watch(&order.lifeline, child),
            Err(error) => {
                fail(&order.lifeline, &error);
                process::exit_now(1)
            }
        }
    }

    fn enclose(&self, order: &Order) -> io::Result<()> {
        for door in &order.doors {
            step("join the control group", cgroup::join(door))?;
        }
        let without = &self.setup.without;
        match self.setup.confinement {
            Confinement::Privileged => {
                let kinds = launcher::namespaces(&self.setup);
                step("enter namespaces", namespace::enter_new(&kinds))?;
                confine::mount_own("/".as_ref(), without)
            }
            Confinement::UserNamespace => {
                step("make mounts private", mount::make_private())?;
                root::build(&self.root, &self.prefixes, &self.setup)?;
                for (folder, place) in &order.spawn.folders {
                    let target = self.root.join(place.trim_start_matches('/'));
                    let attributes = root::attributes(without);
                    step(place, mount::bind(folder, &target, attributes))?;
                }
                confine::mount_own(&self.root, without)?;
                step("change the root", mount::change_root(&self.root))
            }
            Confinement::None => Ok(()),
        }
    }

    /// The beginning of the function's process.
    fn enter_function(&self, order: Order) -> io::Result<Session> {
        let Order {
            spawn,
            channel,
            output,
            ..
        } = order;
        process::redirect_standard(&output, 1)?;
        process::redirect_standard(&output, 2)?;
        let channel = process::move_descriptor(channel, CHANNEL_FD)?;
        if self.setup.without.keeps(RestrictionName::ClosedDescriptors) {
            process::close_all_but(&channel)?;
        }
        let unbound = confine::prepare(&self.setup, spawn.ahead);
        Ok(Session::new(channel, unbound, spawn.ahead))
    }
}

fn make_inside(
    py: Python<'_>,
    proof: &OnlyThread,
    inside: &Inside,
    order: &Order,
) -> Result<Fork, MakeError> {
    let init = inside
        .launcher
        .make_init(&order.lifeline, order.doors.first())?;
    let mut step_in = || {
        order.doors.iter().try_for_each(cgroup::join)?;
        namespace::enter_those_of(&init, &inside.namespaces)
    };
    step(
        "enter the pid namespace",
        namespace::enter_those_of(&init, &[Namespace::Pid]),
    )?;
    let forked = fork_hooks::around(py, || {
        borrowed_fork::fork_inside(proof, &inside.stacks, &mut step_in)
    });
    if !matches!(forked, Ok(Fork::Child)) {
        inside.home.come_back()?;
    }
    match forked {
        Ok(Fork::Parent {
            child: FUNCTION_PROCESS,
        }) => announce(&order.lifeline, &init),
        Ok(Fork::Child) => {}
        Ok(Fork::Parent { .. }) | Err(_) => {
            let _ = init.kill();
        }
    }
    match forked {
        Ok(Fork::Parent { child }) if child != FUNCTION_PROCESS => {
            let reason = format!("the function's process is number {child} in its namespace");
            Err(io::Error::other(reason).into())
        }
        forked => Ok(step("fork inside the sandbox", forked)?),
    }
}

/// Returns in the init process only; the process between waits for its end.
fn stand_between(proof: &OnlyThread, order: &Order) {
    use Namespace::{Ipc, Mount, Pid, User, Uts};
    let result = (|| {
        let outer = OuterUser::current();
        process::die_with_parent()?;
        namespace::enter_new(&[User, Mount, Pid, Ipc, Uts])?;
        namespace::map_sandbox_user(outer)?;
        match process::fork(proof)? {
            Fork::Child => Ok(()),
            Fork::Parent { child } => {
                announce(&order.lifeline, &PidFd::open(child)?);
                process::close_all_but(&order.lifeline)?;
                children::wait_for(child)?;
                process::exit_now(0)
            }
        }
    })();
    if let Err(error) = result {
        fail(&order.lifeline, &error);
        process::exit_now(1)
    }
}
