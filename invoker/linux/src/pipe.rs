//! The pipe that carries a sandbox's output, and sockets in pairs.

use std::io;
use std::os::fd::{AsFd, OwnedFd};

use rustix::fs::OFlags;
use rustix::net::{AddressFamily, SocketFlags, SocketType, socketpair};
use rustix::pipe::{PipeFlags, pipe_with};

/// A pipe: the end to read never blocks, the end to write does.
///
/// # Errors
/// No file descriptors are left.
pub fn output_pipe() -> io::Result<(OwnedFd, OwnedFd)> {
    let (read, write) = pipe_with(PipeFlags::CLOEXEC)?;
    set_nonblocking(&read)?;
    Ok((read, write))
}

/// Two sockets that exchange whole datagrams and tell when the other is closed; both block.
///
/// # Errors
/// No file descriptors are left.
pub fn datagram_pair() -> io::Result<(OwnedFd, OwnedFd)> {
    Ok(socketpair(
        AddressFamily::UNIX,
        SocketType::SEQPACKET,
        SocketFlags::CLOEXEC,
        None,
    )?)
}

/// Makes reads and writes return at once.
///
/// # Errors
/// Not a descriptor that can.
pub fn set_nonblocking(fd: impl AsFd) -> io::Result<()> {
    let flags = rustix::fs::fcntl_getfl(&fd)?;
    Ok(rustix::fs::fcntl_setfl(&fd, flags | OFlags::NONBLOCK)?)
}

/// How many bytes wait in the pipe now.
///
/// # Errors
/// Not a pipe.
pub fn waiting_bytes(fd: impl AsFd) -> io::Result<usize> {
    Ok(usize::try_from(rustix::io::ioctl_fionread(fd)?).unwrap_or(0))
}

/// Reads what is there; 0 at the end.
///
/// # Errors
/// `WouldBlock` when nothing is there.
pub fn read(fd: impl AsFd, buffer: &mut [u8]) -> io::Result<usize> {
    Ok(rustix::io::read(fd, buffer)?)
}
