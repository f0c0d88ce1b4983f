//! Descriptors that a task can wait for.

use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::net::UnixStream;

use invoker_linux::pidfd::PidFd;
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// Types that own the descriptor that they name, for as long as they live.
pub(super) trait OwnsDescriptor: AsRawFd {}
impl OwnsDescriptor for OwnedFd {}
impl OwnsDescriptor for PidFd {}
impl OwnsDescriptor for UnixStream {}

/// Registers a descriptor with the runtime of the caller, for reading and writing.
pub(super) fn watch<T: OwnsDescriptor>(descriptor: T) -> io::Result<AsyncFd<T>> {
    register(descriptor, Interest::READABLE | Interest::WRITABLE)
}

/// The same, for reading only.
pub(super) fn watch_reading<T: OwnsDescriptor>(descriptor: T) -> io::Result<AsyncFd<T>> {
    register(descriptor, Interest::READABLE)
}

/// The same, for writing only.
pub(super) fn watch_writing<T: OwnsDescriptor>(descriptor: T) -> io::Result<AsyncFd<T>> {
    register(descriptor, Interest::WRITABLE)
}

#[expect(unsafe_code, reason = "tokio has no safe constructor for these types")]
fn register<T: OwnsDescriptor>(descriptor: T, interest: Interest) -> io::Result<AsyncFd<T>> {
    // SAFETY: by `OwnsDescriptor`, the descriptor stays open and the same until the `AsyncFd` drops its owner.
    Ok(unsafe { AsyncFd::register_with_interest(descriptor, interest) }?)
}
