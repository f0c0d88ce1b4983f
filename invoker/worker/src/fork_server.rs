//! The zygote's loop: an order comes, a sandbox is forked, the zygote goes on waiting.
//!
//! ```text
//! zygote ──os.fork──▶ init (pid 1 of its namespace, confines itself) ──fork──▶ the function's Python (pid 2)
//!                      └ reaps, tells pid 2's wait status on the lifeline, ends, and all others end with it
//! ```
//! The first fork goes through `os.fork`, so that CPython's own hooks run. Pid 1 never runs Python again. With a user namespace a
//! process stands between the zygote and pid 1, because the zygote could not come back from that namespace.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::PathBuf;

use invoker_linux::namespace::{self, New, OuterUser, PidNamespace};
use invoker_linux::pidfd::PidFd;
use invoker_linux::process::{self, Fork};
use invoker_linux::{fd_passing, mount};
use invoker_wire::{Confinement, Lifeline, Spawn};
use pyo3::prelude::*;

use crate::confine;
use crate::session::Session;

/// Where the channel lies in the function's process: out of the way of code that closes low descriptors.
const CHANNEL_FD: i32 = 1000;

/// What a zygote says when it is ready to fork.
const BOOTED: &[u8] = b"booted";

struct Zygote {
    control: OwnedFd,
    home: PidNamespace,
    root: PathBuf,
    prefixes: Vec<PathBuf>,
}

struct Order {
    spawn: Spawn,
    channel: OwnedFd,
    output: OwnedFd,
    lifeline: OwnedFd,
    doors: Vec<OwnedFd>,
}

/// Serves orders until the host is gone (`None`); in a new sandbox it returns its session.
#[pyfunction]
pub fn serve(
    control: i32,
    privileged: bool,
    root: PathBuf,
    prefixes: Vec<PathBuf>,
    fork: &Bound<'_, PyAny>,
) -> PyResult<Option<Session>> {
    let zygote = Zygote {
        control: process::inherited(control)?,
        home: PidNamespace::current()?,
        root,
        prefixes,
    };
    process::reap_children_automatically(true);
    if privileged {
        namespace::enter(New::Mount)?;
        mount::make_private()?;
        confine::build_root(&zygote.root, &zygote.prefixes)?;
    }
    // The host may be waiting for it, or have gone on to its first order; if it is gone, that is seen next.
    let _ = fd_passing::send(&zygote.control, BOOTED, &[]);
    loop {
        let (bytes, fds) = match fd_passing::receive(&zygote.control) {
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
        match zygote.fork(&order, fork) {
            Ok(Fork::Child) => return Ok(Some(become_sandbox(zygote, order))),
            Ok(Fork::Parent { .. }) => {}
            Err(error) => tell(
                &order.lifeline,
                &Lifeline::Failed {
                    reason: error.to_string(),
                },
                None,
            ),
        }
    }
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

fn tell(lifeline: &OwnedFd, word: &Lifeline, handle: Option<&PidFd>) {
    let handle: Vec<BorrowedFd<'_>> = handle.map(AsFd::as_fd).into_iter().collect();
    // A host that no longer listens has given the sandbox up.
    let _ = fd_passing::send(lifeline, &word.encode(), &handle);
}

fn announce(lifeline: &OwnedFd, child: i32) -> io::Result<()> {
    let handle = PidFd::open(child)?;
    tell(lifeline, &Lifeline::Started { pid: child }, Some(&handle));
    Ok(())
}

impl Zygote {
    /// Forks the init process; on its side the answer is `Child`.
    fn fork(&self, order: &Order, fork: &Bound<'_, PyAny>) -> PyResult<Fork> {
        let threads = process::thread_count()?;
        if threads != 1 {
            return Err(io::Error::other(format!("the zygote has {threads} threads")).into());
        }
        let privileged = order.spawn.confinement == Confinement::Privileged;
        if privileged {
            namespace::enter(New::PidForChildren)?;
        }
        let child: PyResult<i32> = fork.call0().and_then(|child| child.extract());
        if let Ok(0) = child {
            process::reap_children_automatically(false);
            if order.spawn.confinement == Confinement::UserNamespace {
                stand_between(order);
            }
            return Ok(Fork::Child);
        }
        if privileged {
            self.home.come_back()?;
        }
        let child = child?;
        if order.spawn.confinement != Confinement::UserNamespace {
            announce(&order.lifeline, child)?;
        }
        Ok(Fork::Parent { child })
    }
}

/// Returns in the init process only; the process between waits for its end.
fn stand_between(order: &Order) {
    let result = (|| {
        let outer = OuterUser::current();
        process::die_with_parent()?;
        namespace::enter(New::UserAndAll)?;
        namespace::map_sandbox_user(outer)?;
        match process::fork_single_threaded()? {
            Fork::Child => Ok(()),
            Fork::Parent { child } => {
                announce(&order.lifeline, child)?;
                process::close_all_but(&order.lifeline)?;
                process::wait_any()?;
                process::exit_now(0)
            }
        }
    })();
    if let Err(error) = result {
        fail(&order.lifeline, &error);
    }
}

fn fail(lifeline: &OwnedFd, error: &io::Error) -> ! {
    tell(
        lifeline,
        &Lifeline::Failed {
            reason: error.to_string(),
        },
        None,
    );
    process::exit_now(1)
}

/// Runs in the init process: returns in the function's process only.
fn become_sandbox(zygote: Zygote, order: Order) -> Session {
    let Order {
        spawn,
        channel,
        output,
        lifeline,
        doors,
    } = order;
    let Zygote {
        control,
        home,
        root,
        prefixes,
    } = zygote;
    drop((control, home));
    let made = confine::confine(&spawn, &root, &prefixes, doors)
        .and_then(|()| process::redirect_standard(&output, 1))
        .and_then(|()| process::redirect_standard(&output, 2))
        .and_then(|()| process::fork_single_threaded());
    drop(output);
    match made {
        Ok(Fork::Parent { child }) => {
            drop(channel);
            watch(&lifeline, child)
        }
        Ok(Fork::Child) => {
            drop(lifeline);
            match enter_function(channel) {
                Ok(session) => session,
                // The init process reports the end.
                Err(_) => process::exit_now(1),
            }
        }
        Err(error) => fail(&lifeline, &error),
    }
}

fn enter_function(channel: OwnedFd) -> io::Result<Session> {
    confine::relax_function_process()?;
    let channel = process::move_descriptor(channel, CHANNEL_FD)?;
    process::close_all_but(&channel)?;
    Ok(Session::new(channel))
}

/// The life of pid 1: reap, until the function's process has ended.
fn watch(lifeline: &OwnedFd, function: i32) -> ! {
    let _ = process::close_all_but(lifeline);
    // Not to hold the output pipe open.
    if let Ok(null) = std::fs::File::open("/dev/null") {
        for standard in [1, 2] {
            let _ = process::redirect_standard(&null, standard);
        }
    }
    loop {
        match process::wait_any() {
            Ok(Some((ended, wait_status))) if ended == function => {
                tell(lifeline, &Lifeline::Exited { wait_status }, None);
                process::exit_now(0)
            }
            Ok(Some(_)) => {}
            Ok(None) | Err(_) => process::exit_now(1),
        }
    }
}
