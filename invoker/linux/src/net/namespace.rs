//! Network namespaces: made and entered by threads that then end, so that no other thread of the server changes its own.
//! <https://man7.org/linux/man-pages/man7/network_namespaces.7.html>
//!
//! A namespace lives as long as a descriptor, a process or a socket holds it; the kernel clears its links away in the background.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::thread;

use rustix::thread::{LinkNameSpaceType, UnshareFlags, move_into_link_name_space, unshare_unsafe};

use super::route::RouteSocket;

/// The namespace of the thread that reads it (`/proc/self` would be the process's first thread).
const PRESENT: &str = "/proc/thread-self/ns/net";

/// One network namespace.
#[derive(Debug)]
pub struct NetworkNamespace(OwnedFd);

impl NetworkNamespace {
    /// The namespace of this thread.
    ///
    /// # Errors
    /// `/proc` is not there.
    pub fn present() -> io::Result<Self> {
        Ok(Self(File::open(PRESENT)?.into()))
    }

    /// Makes one with its loopback up, and runs `work` within it.
    ///
    /// # Errors
    /// Not privileged, too many namespaces, or what `work` says.
    pub fn create<T: Send>(work: impl FnOnce() -> io::Result<T> + Send) -> io::Result<(Self, T)> {
        in_thread(|| {
            leave_for_new()?;
            let namespace = Self::present()?;
            RouteSocket::open()?.raise_loopback()?;
            Ok((namespace, work()?))
        })
    }
}

impl AsFd for NetworkNamespace {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

/// Runs `work` within a namespace, in a thread of its own. Sockets that it opens stay in the namespace.
///
/// # Errors
/// Not privileged, or what `work` says.
pub fn within<T: Send>(
    namespace: impl AsFd,
    work: impl FnOnce() -> io::Result<T> + Send,
) -> io::Result<T> {
    let namespace = namespace.as_fd();
    in_thread(|| {
        enter(namespace)?;
        work()
    })
}

/// Moves this thread into the namespace.
///
/// # Errors
/// Not privileged, or it is no network namespace.
pub fn enter(namespace: BorrowedFd<'_>) -> io::Result<()> {
    Ok(move_into_link_name_space(
        namespace,
        Some(LinkNameSpaceType::Network),
    )?)
}

/// Moves this thread into a new namespace, whose loopback is down.
///
/// # Errors
/// Not privileged, or too many namespaces.
pub fn leave_for_new() -> io::Result<()> {
    // SAFETY: the flag does not unshare the file descriptor table (CLONE_FILES), which is what makes `unshare` unsafe.
    Ok(unsafe { unshare_unsafe(UnshareFlags::NEWNET) }?)
}

fn in_thread<T: Send>(work: impl FnOnce() -> io::Result<T> + Send) -> io::Result<T> {
    thread::scope(|scope| {
        let worker = thread::Builder::new()
            .name("network-namespace".to_owned())
            .spawn_scoped(scope, work)?;
        worker
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn a_new_namespace_has_a_loopback_and_a_port_space_of_its_own() {
        let (first, one) =
            NetworkNamespace::create(|| TcpListener::bind("127.0.0.1:7")).expect("root");
        let (_second, two) =
            NetworkNamespace::create(|| TcpListener::bind("127.0.0.1:7")).expect("root");
        within(&first, || std::net::TcpStream::connect("127.0.0.1:7")).expect("its own listener");
        one.set_nonblocking(true).expect("set");
        two.set_nonblocking(true).expect("set");
        one.accept().expect("the connection is here");
        assert!(two.accept().is_err(), "and not there");
    }

    #[test]
    fn the_caller_stays_where_it_is() {
        let before = std::fs::read_link(PRESENT).expect("proc");
        let (_namespace, within) =
            NetworkNamespace::create(|| std::fs::read_link(PRESENT)).expect("root");
        assert_eq!(std::fs::read_link(PRESENT).expect("proc"), before);
        assert_ne!(within, before);
    }
}
