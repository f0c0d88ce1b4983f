//! The host's side of one sandbox process: its channel, its output, its lifeline, and what is left to clean up.
//!
//! One task owns it; [`Process::converse`] is the only place that waits, on all of them and the clock at once. Output is complete when an
//! answer is returned: whatever was written before the answer is in the pipe by then, and that much is read (`FIONREAD`).

use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use invoker_linux::{children, fd_passing, image, pipe};
use invoker_wire::{
    Datagram, Decoder, FromSandbox, Lifeline, MAX_FROM_SANDBOX_BYTES, Provided, ToSandbox,
};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::time::{Instant, Sleep, sleep_until, timeout, timeout_at};

use super::LibraryProvider;
use super::blank::MakeError;
use super::readiness::{watch_reading, watch_writing};
use super::remains::Remains;
use super::zygote::{Parent, Zygote};
use crate::network::Lease;
use crate::output::Output;
use crate::{ExitStatus, OutputLine, OutputSink, PythonVersion};

/// How long a sandbox may take to read what it asked for.
const ANSWER_LIMIT: Duration = Duration::from_secs(10);
/// How long a library may take to come.
const PROVIDE_LIMIT: Duration = Duration::from_secs(120);
/// Output kept from between two calls, bytes; beyond it the writer waits.
const MAX_IDLE_BYTES: usize = 1024 * 1024;
const READ_BYTES: usize = 64 * 1024;
const SIGKILL: i32 = 9;

/// What came next.
#[derive(Debug)]
pub(super) enum Turn {
    /// The sandbox said this (never `Need`).
    Said(FromSandbox),
    /// Its process ended.
    Ended(ExitStatus),
    /// The deadline passed, and it was killed.
    TimedOut,
}

/// Where libraries come from.
#[derive(Clone)]
pub(super) struct Libraries {
    pub(super) provider: Option<Arc<dyn LibraryProvider>>,
    pub(super) runtime: PythonVersion,
}

/// Takes what nobody's sandbox writes: nothing.
struct Silence;

impl OutputSink for Silence {
    fn started(&self, _: &str, _: bool) {}
    fn line(&self, _: OutputLine) {}
    fn dropped(&self, _: u64, _: u64) {}
}

/// A sandbox's process.
pub(super) struct Process {
    /// Watched for reading only: a socket that is watched for writing wakes its task whenever the other side has read.
    channel: AsyncFd<UnixStream>,
    channel_open: bool,
    decoder: Decoder,
    output_pipe: AsyncFd<OwnedFd>,
    output: Output,
    idle_output: Vec<u8>,
    lifeline: AsyncFd<OwnedFd>,
    ended: Option<ExitStatus>,
    /// The end of the present call's time. One for all calls: a timer that is only moved on costs next to nothing.
    alarm: Pin<Box<Sleep>>,
    remains: Remains,
    /// Keeps the zygote.
    zygote: Arc<Zygote>,
    /// Once it is a function's.
    parent: Option<Parent>,
    /// Given back when the processes are gone.
    network: Option<Lease>,
    image_room: Option<u64>,
    written_image: Option<File>,
    working_set: Option<Vec<u8>>,
}

impl Process {
    pub(super) fn new(
        channel: UnixStream,
        output_pipe: AsyncFd<OwnedFd>,
        lifeline: AsyncFd<OwnedFd>,
        remains: Remains,
        zygote: Arc<Zygote>,
        limit_bytes: u64,
    ) -> io::Result<Self> {
        Ok(Self {
            channel: watch_reading(channel)?,
            channel_open: true,
            decoder: Decoder::new(MAX_FROM_SANDBOX_BYTES),
            output_pipe,
            output: Output::new(limit_bytes),
            idle_output: Vec::new(),
            lifeline,
            ended: None,
            alarm: Box::pin(sleep_until(Instant::now())),
            remains,
            zygote,
            parent: None,
            network: None,
            image_room: None,
            written_image: None,
            working_set: None,
        })
    }

    /// Waits until it is made and parked.
    ///
    /// # Errors
    /// Why it could not be made; it is killed then.
    pub(super) async fn parked(&mut self, limit: Duration) -> Result<(), MakeError> {
        let error = match self.listen(Instant::now() + limit, &Silence).await {
            Turn::Said(FromSandbox::Parked) => return Ok(()),
            Turn::Said(FromSandbox::Unbound { reason }) => MakeError::Refused(reason),
            Turn::Said(_) | Turn::Ended(_) => MakeError::Lost,
            Turn::TimedOut => MakeError::Refused("the sandbox is not made in time".to_owned()),
        };
        self.remains.kill_and_wait().await;
        Err(error)
    }

    /// Whether a parked one has ended meanwhile.
    pub(super) fn has_ended(&self) -> bool {
        let word = fd_passing::receive(self.lifeline.get_ref());
        !word.is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
    }

    /// It becomes a function's, on this network.
    pub(super) fn adopt(&mut self, network: Option<Lease>) {
        self.parent = Some(Parent::new(self.zygote.clone()));
        self.network = network;
    }

    /// The namespace of its network, when that is its own.
    pub(super) fn network(&self) -> Option<BorrowedFd<'_>> {
        self.network.as_ref().map(Lease::namespace)
    }

    /// Stops everything in it, or lets it go on.
    pub(super) fn set_paused(&mut self, paused: bool) {
        self.remains.set_frozen(paused);
    }

    pub(super) fn ended(&self) -> Option<ExitStatus> {
        self.ended
    }

    pub(super) fn remains(&self) -> &Remains {
        &self.remains
    }

    /// Says something and hears the answer; until then passes output on and brings libraries.
    pub(super) async fn converse(
        &mut self,
        message: &ToSandbox<'_>,
        fds: &[BorrowedFd<'_>],
        limit: Duration,
        sink: &dyn OutputSink,
        libraries: &Libraries,
    ) -> Turn {
        let mut deadline = Instant::now() + limit;
        let idle_output = std::mem::take(&mut self.idle_output);
        self.output.take(&idle_output, sink);
        // A sandbox that does not take it is seen below: it has ended, or its time is over.
        let _ = timeout_at(deadline, self.say(&message.encode(), fds)).await;
        let turn = loop {
            match self.listen(deadline, sink).await {
                Turn::Said(FromSandbox::Need { module }) => {
                    let begun = Instant::now();
                    self.provide(&module, libraries).await;
                    deadline += begun.elapsed();
                }
                Turn::Said(FromSandbox::Imaging { bytes }) => self.give_image_file(bytes).await,
                Turn::Said(FromSandbox::WorkingSet(bytes)) => self.working_set = Some(bytes),
                turn => break turn,
            }
        };
        if !matches!(turn, Turn::Said(_)) {
            self.remains.kill_and_wait().await;
        }
        self.read_waiting_output(sink);
        self.output.end_call(sink);
        turn
    }

    /// Lets the sandbox write an image, where there is memory for it.
    async fn give_image_file(&mut self, bytes: u64) {
        // Whoever asks unasked, or again, is code of the function that writes to its channel by itself.
        let room = self.image_room.take();
        let file = room.and_then(|room| image::create(bytes.min(room)).ok());
        let fds: Vec<_> = file.iter().map(AsFd::as_fd).collect();
        let message = ToSandbox::Imaged.encode();
        // One that does not take it ends, or its time does.
        let _ = timeout(ANSWER_LIMIT, self.say(&message, &fds)).await;
        if file.is_some() {
            self.written_image = file;
        }
    }

    /// Lets the sandbox write one image, for which so many bytes are made room at most; what is more counts as its own memory.
    pub(super) fn allow_image(&mut self, room_bytes: u64) {
        self.image_room = Some(room_bytes);
    }

    /// The file to which the sandbox may have written its image; it may write none from now on.
    pub(super) fn take_written_image(&mut self) -> Option<File> {
        self.image_room = None;
        self.written_image.take()
    }

    /// What its first call wrote to, once, if it was asked to tell.
    pub(super) fn take_working_set(&mut self) -> Option<Vec<u8>> {
        self.working_set.take()
    }

    pub(super) fn zygote(&self) -> &Arc<Zygote> {
        &self.zygote
    }

    async fn provide(&mut self, module: &str, libraries: &Libraries) {
        let begun = Instant::now();
        let brought = match &libraries.provider {
            Some(provider) if provider.modules().contains(&module) => {
                timeout(PROVIDE_LIMIT, provider.provide(libraries.runtime, module))
                    .await
                    .unwrap_or_else(|_| {
                        Err(format!(
                            "bringing {module} took longer than {} s",
                            PROVIDE_LIMIT.as_secs()
                        ))
                    })
            }
            _ => Err(format!("No module named '{module}'")),
        };
        let paused_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let answer = Provided {
            error: brought.err(),
            paused_ms,
        };
        let message = ToSandbox::Provided(&answer).encode();
        let _ = timeout(ANSWER_LIMIT, self.say(&message, &[])).await;
    }

    async fn say(&self, mut bytes: &[u8], fds: &[BorrowedFd<'_>]) -> io::Result<()> {
        let mut socket = self.channel.get_ref();
        if !fds.is_empty() {
            // The first that the sandbox is told: there is room for all of it.
            return fd_passing::send(socket, bytes, fds);
        }
        match socket.write(bytes) {
            Ok(count) if count == bytes.len() => return Ok(()),
            Ok(count) => bytes = &bytes[count..],
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
        // Larger than the socket's buffer.
        let writer = watch_writing(socket.try_clone()?)?;
        while !bytes.is_empty() {
            let write = |mut socket: &UnixStream| socket.write(bytes);
            let count = writer.async_io(Interest::WRITABLE, write).await?;
            bytes = &bytes[count..];
        }
        Ok(())
    }

    async fn listen(&mut self, deadline: Instant, sink: &dyn OutputSink) -> Turn {
        self.alarm.as_mut().reset(deadline);
        let mut output_open = true;
        loop {
            if let Some(turn) = self.next_message() {
                return turn;
            }
            let decoder = &mut self.decoder;
            tokio::select! {
                biased;
                read = self.channel.async_io(Interest::READABLE, |socket| read(socket, decoder)), if self.channel_open => {
                    self.channel_open = read.is_ok_and(|count| count > 0);
                }
                status = end_of(&self.lifeline) => {
                    self.ended = Some(status);
                    // It may have answered just before.
                    while self.channel_open && matches!(read(self.channel.get_ref(), &mut self.decoder), Ok(1..)) {}
                    return self.next_message().unwrap_or(Turn::Ended(status));
                }
                bytes = written(&self.output_pipe), if output_open => {
                    // Once every writer closed it, answers and the end still come.
                    output_open = !bytes.is_empty();
                    self.output.take(&bytes, sink);
                }
                () = self.alarm.as_mut() => {
                    self.ended = Some(ExitStatus::Signal(SIGKILL));
                    return Turn::TimedOut;
                }
            }
        }
    }

    fn next_message(&mut self) -> Option<Turn> {
        let message = match self.decoder.next_frame() {
            Ok(None) => return None,
            Ok(Some(frame)) => FromSandbox::decode(frame).map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        Some(match message {
            Ok(message) => Turn::Said(message),
            Err(error) => {
                tracing::debug!(%error, "a function wrote to its sandbox's channel; ending it");
                self.ended = Some(ExitStatus::Signal(SIGKILL));
                Turn::Ended(ExitStatus::Signal(SIGKILL))
            }
        })
    }

    fn read_waiting_output(&mut self, sink: &dyn OutputSink) {
        let mut left = pipe::waiting_bytes(self.output_pipe.get_ref()).unwrap_or(0);
        if left == 0 {
            return;
        }
        let mut buffer = vec![0; READ_BYTES];
        while left > 0 {
            let wanted = left.min(READ_BYTES);
            match pipe::read(self.output_pipe.get_ref(), &mut buffer[..wanted]) {
                Ok(count) if count > 0 => {
                    self.output.take(&buffer[..count], sink);
                    left -= count;
                }
                _ => return,
            }
        }
    }

    /// Waits until an idle sandbox ends; keeps what it writes for the next call. Cancel-safe.
    pub(super) async fn idle_end(&mut self) -> ExitStatus {
        let mut listening = true;
        loop {
            if let Some(status) = self.ended {
                return status;
            }
            tokio::select! {
                status = end_of(&self.lifeline) => self.ended = Some(status),
                bytes = written(&self.output_pipe), if listening && self.idle_output.len() < MAX_IDLE_BYTES => {
                    listening = !bytes.is_empty();
                    self.idle_output.extend_from_slice(&bytes);
                }
            }
        }
    }

    /// Kills what is left and gives everything back.
    pub(super) async fn destroy(mut self) {
        self.remains.clear().await;
    }
}

/// Reads what is there into the decoder; 0 at the end.
fn read(mut socket: &UnixStream, decoder: &mut Decoder) -> io::Result<usize> {
    let count = socket.read(decoder.space())?;
    decoder.advance(count);
    Ok(count)
}

/// What the sandbox wrote, once it has; empty when nobody can write any more. Cancel-safe.
async fn written(output: &AsyncFd<OwnedFd>) -> Vec<u8> {
    let read = |fd: &OwnedFd| {
        let mut buffer = vec![0; pipe::waiting_bytes(fd)?.clamp(1, READ_BYTES)];
        let count = pipe::read(fd, &mut buffer)?;
        buffer.truncate(count);
        Ok(buffer)
    };
    output
        .async_io(Interest::READABLE, read)
        .await
        .unwrap_or_default()
}

/// The end of the function's process, as its init process tells it. Cancel-safe.
async fn end_of(lifeline: &AsyncFd<OwnedFd>) -> ExitStatus {
    let word = lifeline
        .async_io(Interest::READABLE, |fd| fd_passing::receive(fd))
        .await;
    match word
        .ok()
        .and_then(|(bytes, _)| Lifeline::decode(&bytes).ok())
    {
        Some(Lifeline::Exited { wait_status }) => match children::decode_wait_status(wait_status) {
            Ok(code) => ExitStatus::Code(code),
            Err(signal) => ExitStatus::Signal(signal),
        },
        Some(Lifeline::Failed { reason }) => {
            tracing::warn!(%reason, "a sandbox could not be confined");
            ExitStatus::Code(1)
        }
        // Killed before it could tell.
        _ => ExitStatus::Signal(SIGKILL),
    }
}
