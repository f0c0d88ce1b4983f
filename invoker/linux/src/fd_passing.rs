//! Datagrams with file descriptors: <https://man7.org/linux/man-pages/man7/unix.7.html> (`SCM_RIGHTS`).

use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, recvmsg, sendmsg,
};

/// The most descriptors in one datagram.
pub const MAX_FDS: usize = 16;
/// The most bytes in one datagram.
pub const MAX_DATAGRAM_BYTES: usize = 64 * 1024;

/// Sends one datagram, or bytes at once on a stream.
///
/// # Errors
/// The other side is gone, or (on a socket that does not block) does not take it all now.
pub fn send(socket: impl AsFd, bytes: &[u8], fds: &[BorrowedFd<'_>]) -> io::Result<()> {
    if fds.len() > MAX_FDS || bytes.len() > MAX_DATAGRAM_BYTES {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MAX_FDS))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    if !fds.is_empty() {
        let fits = control.push(SendAncillaryMessage::ScmRights(fds));
        debug_assert!(fits, "the space is for MAX_FDS");
    }
    let sent = sendmsg(
        socket,
        &[IoSlice::new(bytes)],
        &mut control,
        SendFlags::NOSIGNAL,
    )?;
    match sent == bytes.len() {
        true => Ok(()),
        false => Err(io::ErrorKind::WriteZero.into()),
    }
}

/// The same as [`receive`], for a socket that blocks: waits at most for `limit`.
///
/// # Errors
/// `TimedOut`, or as for [`receive`].
pub fn receive_within(socket: impl AsFd, limit: Duration) -> io::Result<(Vec<u8>, Vec<OwnedFd>)> {
    let limit = Timespec {
        tv_sec: i64::try_from(limit.as_secs()).unwrap_or(i64::MAX),
        tv_nsec: limit.subsec_nanos().into(),
    };
    match poll(&mut [PollFd::new(&socket, PollFlags::IN)], Some(&limit))? {
        0 => Err(io::ErrorKind::TimedOut.into()),
        _ => receive(socket),
    }
}

/// Receives one datagram; empty at the end of file. The descriptors are close-on-exec.
///
/// # Errors
/// Nothing is there on a socket that does not block, or the kernel refuses.
pub fn receive(socket: impl AsFd) -> io::Result<(Vec<u8>, Vec<OwnedFd>)> {
    let mut bytes = vec![0; MAX_DATAGRAM_BYTES];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MAX_FDS))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let received = loop {
        match recvmsg(
            &socket,
            &mut [IoSliceMut::new(&mut bytes)],
            &mut control,
            RecvFlags::CMSG_CLOEXEC,
        ) {
            Err(rustix::io::Errno::INTR) => {}
            other => break other?,
        }
    };
    bytes.truncate(received.bytes);
    let mut fds = Vec::new();
    for message in control.drain() {
        if let RecvAncillaryMessage::ScmRights(passed) = message {
            fds.extend(passed);
        }
    }
    Ok((bytes, fds))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipe::{datagram_pair, output_pipe};

    #[test]
    fn a_descriptor_arrives_open() {
        let (left, right) = datagram_pair().expect("pair");
        let (read, write) = output_pipe().expect("pipe");
        send(&left, b"here", &[write.as_fd()]).expect("send");
        drop(write);
        let (bytes, fds) = receive(&right).expect("receive");
        assert_eq!((bytes.as_slice(), fds.len()), (b"here".as_slice(), 1));
        rustix::io::write(&fds[0], b"abc").expect("write");
        assert_eq!(crate::pipe::waiting_bytes(&read).expect("count"), 3);
        drop(left);
        assert!(receive(&right).expect("end of file").0.is_empty());
    }
}
