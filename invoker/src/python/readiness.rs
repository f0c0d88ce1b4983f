//! Descriptors that a task can wait for.

use std::io;
use std::os::fd::{AsRawFd, OwnedFd};

use invoker_linux::pidfd::PidFd;
use tokio::io::unix::AsyncFd;

/// Types that own the descriptor that they name, for as long as they live.
pub(super) trait OwnsDescriptor: AsRawFd {}
impl OwnsDescriptor for OwnedFd {}
impl OwnsDescriptor for PidFd {}

/// Registers a descriptor with the runtime of the caller.
#[expect(
    unsafe_code,
    reason = "tokio has no safe constructor for descriptors of other types than its own"
)]
pub(super) fn watch<T: OwnsDescriptor>(descriptor: T) -> io::Result<AsyncFd<T>> {
    // SAFETY: by `OwnsDescriptor`, the descriptor stays open and the same until the `AsyncFd` drops its owner.
    Ok(unsafe { AsyncFd::register(descriptor) }?)
}
