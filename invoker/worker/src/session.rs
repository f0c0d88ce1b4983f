//! The sandbox's end of its channel, and with its first order the last steps of confinement.
//!
//! Only one thread reads at a time: whoever asks for a library takes the reading side before it asks, so that the answer is its own.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use invoker_linux::image::{self, Checkpoint};
use invoker_linux::{fd_passing, process};
use invoker_wire::{
    Attachments, Decoder, Frame, FromSandbox, ImageOutcome, Kind, MAX_ANSWER_BYTES,
    MAX_TO_SANDBOX_BYTES,
};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::confine::Unbound;
use crate::fork_hooks;

/// Where a function keeps files that a restored process would miss.
const SCRATCH: &str = "/tmp";

/// The channel to the host.
#[pyclass(frozen)]
pub struct Session {
    stream: UnixStream,
    ahead: bool,
    /// Until the process is a function's. It may have failed to come so far.
    unbound: Mutex<Option<io::Result<Unbound>>>,
    /// What became of its image.
    image: Mutex<ImageOutcome>,
    learns: AtomicBool,
    /// Why it imports its module although there is an image.
    refusal: Mutex<Option<String>>,
    reading: Mutex<Decoder>,
    writing: Mutex<()>,
}

/// Kind, header and payload of a frame.
type Parts<'py> = (u8, Bound<'py, PyBytes>, Bound<'py, PyBytes>);

impl Session {
    pub(crate) fn new(channel: OwnedFd, unbound: io::Result<Unbound>, ahead: bool) -> Self {
        Self {
            stream: channel.into(),
            ahead,
            unbound: Mutex::new(Some(unbound)),
            image: Mutex::default(),
            learns: AtomicBool::new(false),
            refusal: Mutex::default(),
            reading: Mutex::new(Decoder::new(MAX_TO_SANDBOX_BYTES)),
            writing: Mutex::new(()),
        }
    }

    fn next(&self, decoder: &mut Decoder) -> io::Result<Option<Frame>> {
        loop {
            if let Some(frame) = decoder.next_frame().map_err(io::Error::other)? {
                return Ok(Some(frame));
            }
            match (&self.stream).read(decoder.space()) {
                Ok(0) => return Ok(None),
                Ok(count) => decoder.advance(count),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn write(&self, py: Python<'_>, bytes: &[u8]) -> PyResult<()> {
        py.detach(|| {
            let _turn = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
            (&self.stream).write_all(bytes)
        })?;
        Ok(())
    }

    /// An answer, unless it is too large to be one.
    fn answer(&self, py: Python<'_>, kind: Kind, bytes: &[u8]) -> PyResult<()> {
        if bytes.len() > MAX_ANSWER_BYTES {
            let bytes = bytes.len() as u64;
            return self.write(py, &FromSandbox::TooLarge { bytes }.encode());
        }
        self.write(py, &Frame::encode(kind as u8, &[], bytes))
    }
}

impl Session {
    /// Waits for the first order and takes the last steps that it asks for; `None` when the host is gone.
    fn become_bound(&self, unbound: Unbound) -> io::Result<Option<Vec<u8>>> {
        let mut decoder = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        // What is attached comes with the first bytes.
        let (bytes, trees) = fd_passing::receive(&self.stream)?;
        decoder.extend(&bytes);
        if bytes.is_empty() {
            return Ok(None);
        }
        let Some(frame) = self.next(&mut decoder)? else {
            return Ok(None);
        };
        if frame.kind != Kind::Bind as u8 {
            return Err(io::Error::other("the first order is not to bind"));
        }
        let attachments: Attachments = serde_json::from_slice(&frame.header)?;
        let mut trees = trees;
        let image = match attachments.image {
            true => trees.pop(),
            false => None,
        };
        unbound.bind(&attachments, &trees)?;
        if let Some(image) = image {
            // A blank must have nothing else open.
            drop(trees);
            let error = image::restore(
                &image.into(),
                &[self.stream.as_raw_fd()],
                &attachments.working_set,
            );
            let refusal = format!("its image could not be restored: {error}");
            *lock(&self.refusal) = Some(refusal);
        }
        Ok(Some(frame.payload))
    }

    /// Writes an image of this process, if the host has a file for it; goes on behind that line in every process that is restored from it.
    fn write_image(&self, py: Python<'_>) -> io::Result<ImageOutcome> {
        let bytes = FromSandbox::Imaging {
            bytes: process::present_memory_of(std::process::id()).unwrap_or(0),
        };
        (&self.stream).write_all(&bytes.encode())?;
        let (answer, fds) = fd_passing::receive(&self.stream)?;
        if answer.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let Some(target) = fds.into_iter().next() else {
            return Ok(ImageOutcome::None);
        };
        let target = File::from(target);
        let keep = [self.stream.as_raw_fd()];
        let passed =
            fork_hooks::around_copy(py, || image::checkpoint(&target, &keep, Path::new(SCRATCH)));
        drop(target);
        match passed? {
            Checkpoint::Taken => Ok(ImageOutcome::Taken),
            Checkpoint::Unfit(why) => Ok(ImageOutcome::Unfit(why.to_string())),
            Checkpoint::Restored => {
                (&self.stream).write_all(&FromSandbox::Restored.encode())?;
                Ok(ImageOutcome::Restored)
            }
        }
    }

    /// Tells why this process can be nobody's, and ends it.
    fn give_up(&self, error: &io::Error) -> ! {
        let reason = error.to_string();
        let _ = (&self.stream).write_all(&FromSandbox::Unbound { reason }.encode());
        process::exit_now(1)
    }
}

#[pymethods]
impl Session {
    /// Whether nobody waits for this sandbox yet.
    #[getter]
    fn ahead(&self) -> bool {
        self.ahead
    }

    /// Parks the process until it becomes a function's: answers the JSON that says whose. Never returns when that cannot be.
    fn bind<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let unbound = self
            .unbound
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let unbound = match unbound {
            Some(Ok(unbound)) => unbound,
            Some(Err(error)) => self.give_up(&error),
            None => return Err(io::Error::other("it is bound already").into()),
        };
        self.write(py, &FromSandbox::Parked.encode())?;
        match py.detach(|| self.become_bound(unbound)) {
            Ok(Some(init)) => Ok(PyBytes::new(py, &init)),
            Ok(None) => process::exit_now(0),
            Err(error) => self.give_up(&error),
        }
    }

    /// Waits for the host's next order; `None` when the host is gone.
    fn receive<'py>(&self, py: Python<'py>) -> PyResult<Option<Parts<'py>>> {
        let frame = py.detach(|| {
            let mut decoder = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
            self.next(&mut decoder)
        })?;
        Ok(frame.map(|frame| {
            (
                frame.kind,
                PyBytes::new(py, &frame.header),
                PyBytes::new(py, &frame.payload),
            )
        }))
    }

    /// Offers the host an image of this process: answers whether this is another process that was restored from it.
    fn image(&self, py: Python<'_>) -> bool {
        let outcome = match self.write_image(py) {
            Ok(outcome) => outcome,
            Err(error) => ImageOutcome::Unfit(error.to_string()),
        };
        let is_restored = outcome == ImageOutcome::Restored;
        *lock(&self.image) = outcome;
        is_restored
    }

    /// The module is imported.
    fn ready(&self, py: Python<'_>, init_us: u64) -> PyResult<()> {
        let image = match lock(&self.refusal).take() {
            Some(refusal) => ImageOutcome::Unfit(refusal),
            None => std::mem::take(&mut *lock(&self.image)),
        };
        self.write(py, &FromSandbox::Ready { init_us, image }.encode())
    }

    /// It cannot be imported.
    fn init_failed(&self, py: Python<'_>, document: &[u8]) -> PyResult<()> {
        self.answer(py, Kind::InitFailed, document)
    }

    /// The next result is that of the first call after a restoration, and the host wants to know what it wrote to.
    fn learn(&self) {
        self.learns.store(true, Ordering::Relaxed);
    }

    /// The handler returned.
    fn result(&self, py: Python<'_>, answer: &[u8]) -> PyResult<()> {
        if self.learns.swap(false, Ordering::Relaxed)
            && let Ok(written) = image::working_set()
        {
            self.write(py, &FromSandbox::WorkingSet(written).encode())?;
        }
        self.answer(py, Kind::Result, answer)
    }

    /// The handler raised.
    fn error(&self, py: Python<'_>, document: &[u8]) -> PyResult<()> {
        self.answer(py, Kind::Error, document)
    }

    /// Asks the host for a library and waits; the answer's header.
    fn need<'py>(&self, py: Python<'py>, module: String) -> PyResult<Option<Bound<'py, PyBytes>>> {
        let bytes = FromSandbox::Need { module }.encode();
        let frame = py.detach(|| {
            let mut decoder = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
            {
                let _turn = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
                (&self.stream).write_all(&bytes)?;
            }
            self.next(&mut decoder)
        })?;
        Ok(frame.map(|frame| PyBytes::new(py, &frame.header)))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
