//! A netlink socket: messages go out together, and their acknowledgements are read back.
//! <https://man7.org/linux/man-pages/man7/netlink.7.html>
//!
//! The kernel works while it is sent to: when `send` is back, the answer waits. So nothing here blocks; no answer is an error.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::{Mutex, PoisonError};

use rustix::net::{
    AddressFamily, Protocol, RecvFlags, SendFlags, SocketFlags, SocketType, recv, send, socket_with,
};

use super::message::{ACKNOWLEDGE, DUMP, Reply, Request, replies, u32_at};

/// Room for one answer: the kernel fills at most half of it.
const ANSWER_BYTES: usize = 64 * 1024;
/// The most entries that a dump may have; a host with more routes than this is no host for functions.
const MOST_DUMPED: usize = 100_000;
/// `NLMSG_ERROR`: an acknowledgement, good or bad.
const ACKNOWLEDGEMENT: u16 = 2;
/// `NLMSG_DONE`: the end of a dump.
const DONE: u16 = 3;

/// One socket; callers take turns.
#[derive(Debug)]
pub(super) struct Netlink {
    socket: Mutex<Channel>,
}

#[derive(Debug)]
struct Channel {
    socket: OwnedFd,
    sequence: u32,
}

impl Netlink {
    /// Opens one in the namespace of this thread; no protocol means rtnetlink, whose number is 0.
    pub(super) fn open(protocol: Option<Protocol>) -> io::Result<Self> {
        let socket = socket_with(
            AddressFamily::NETLINK,
            SocketType::RAW,
            SocketFlags::CLOEXEC | SocketFlags::NONBLOCK,
            protocol,
        )?;
        let channel = Channel {
            socket,
            sequence: 0,
        };
        Ok(Self {
            socket: Mutex::new(channel),
        })
    }

    /// Has the kernel carry out each message; the first refusal is the error. What went before it stays done.
    pub(super) fn carry_out(&self, requests: &[Request]) -> io::Result<()> {
        self.locked().exchange(requests, |_| true)
    }

    /// Has the kernel carry out what lies between the first and the last message, whole or not at all: these two are the
    /// brackets of a transaction, and are not acknowledged.
    pub(super) fn transact(&self, requests: &[Request]) -> io::Result<()> {
        let last = requests.len().saturating_sub(2);
        self.locked().exchange(requests, |at| at == last)
    }

    /// Everything of one kind; `read` is given the body of each entry.
    pub(super) fn dump<T>(
        &self,
        request: &Request,
        read: impl Fn(&[u8]) -> Option<T>,
    ) -> io::Result<Vec<T>> {
        self.locked().dump(request, read)
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, Channel> {
        // A panic elsewhere leaves a channel at most with answers unread, which their sequence tells apart.
        self.socket.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Channel {
    fn exchange(
        &mut self,
        requests: &[Request],
        acknowledged: impl Fn(usize) -> bool,
    ) -> io::Result<()> {
        let mut bytes = Vec::new();
        let first = self.sequence.wrapping_add(1);
        let mut awaited = 0_usize;
        for (at, request) in requests.iter().enumerate() {
            self.sequence = self.sequence.wrapping_add(1);
            let mut request = request.clone();
            if acknowledged(at) {
                request.flags |= ACKNOWLEDGE;
                awaited += 1;
            }
            request.encode(self.sequence, &mut bytes);
        }
        send(self.socket.as_fd(), &bytes, SendFlags::empty())?;
        let count = u32::try_from(requests.len()).unwrap_or(u32::MAX);
        let mut refusal = None;
        while let Some(answer) = self.answer()? {
            for reply in replies(&answer) {
                let ours = reply.sequence.wrapping_sub(first) < count;
                if !ours || reply.kind != ACKNOWLEDGEMENT {
                    continue;
                }
                awaited = awaited.saturating_sub(1);
                if let Err(error) = verdict(reply) {
                    refusal.get_or_insert(error);
                }
            }
        }
        match (refusal, awaited) {
            (Some(error), _) => Err(error),
            (None, 0) => Ok(()),
            (None, _) => Err(io::Error::other("the kernel did not answer")),
        }
    }

    fn dump<T>(
        &mut self,
        request: &Request,
        read: impl Fn(&[u8]) -> Option<T>,
    ) -> io::Result<Vec<T>> {
        self.sequence = self.sequence.wrapping_add(1);
        let mut request = request.clone();
        request.flags |= DUMP;
        let mut bytes = Vec::new();
        request.encode(self.sequence, &mut bytes);
        send(self.socket.as_fd(), &bytes, SendFlags::empty())?;
        let mut found = Vec::new();
        while let Some(answer) = self.answer()? {
            for reply in replies(&answer).filter(|reply| reply.sequence == self.sequence) {
                match reply.kind {
                    DONE => return Ok(found),
                    ACKNOWLEDGEMENT => verdict(reply)?,
                    _ => found.extend(read(reply.body)),
                }
            }
            if found.len() > MOST_DUMPED {
                return Err(io::Error::other("more entries than can be looked through"));
            }
        }
        Err(io::Error::other("the kernel did not end its list"))
    }

    /// What waits to be read, if anything does.
    fn answer(&self) -> io::Result<Option<Vec<u8>>> {
        let mut bytes = vec![0; ANSWER_BYTES];
        // The true length is told, also of what there is no room for.
        let flags = RecvFlags::DONTWAIT | RecvFlags::TRUNC;
        match recv(self.socket.as_fd(), &mut bytes, flags) {
            Ok((_, length)) if length > ANSWER_BYTES => {
                Err(io::Error::other("an answer longer than there is room for"))
            }
            Ok((_, length)) => {
                bytes.truncate(length);
                Ok(Some(bytes))
            }
            Err(rustix::io::Errno::AGAIN) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

/// An acknowledgement carries a negative error number, or 0.
fn verdict(reply: Reply<'_>) -> io::Result<()> {
    match u32_at(reply.body, 0).map(u32::cast_signed) {
        Some(0) => Ok(()),
        Some(number) => Err(io::Error::from_raw_os_error(number.saturating_neg())),
        None => Err(io::Error::other("an acknowledgement cut short")),
    }
}
