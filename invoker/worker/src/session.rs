//! The sandbox's end of its channel.
//!
//! Only one thread reads at a time: whoever asks for a library takes the reading side before it asks, so that the answer is its own.

use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::sync::{Mutex, PoisonError};

use invoker_wire::{Decoder, Frame, FromSandbox, MAX_ANSWER_BYTES, MAX_TO_SANDBOX_BYTES};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

/// Bytes asked of the kernel at once.
const READ_BYTES: usize = 64 * 1024;

/// The channel to the host.
#[pyclass(frozen)]
pub struct Session {
    stream: UnixStream,
    reading: Mutex<Decoder>,
    writing: Mutex<()>,
}

/// Kind, header and payload of a frame.
type Parts<'py> = (u8, Bound<'py, PyBytes>, Bound<'py, PyBytes>);

impl Session {
    pub(crate) fn new(channel: OwnedFd) -> Self {
        Self {
            stream: channel.into(),
            reading: Mutex::new(Decoder::new(MAX_TO_SANDBOX_BYTES)),
            writing: Mutex::new(()),
        }
    }

    fn next(&self, decoder: &mut Decoder) -> io::Result<Option<Frame>> {
        let mut buffer = vec![0; READ_BYTES];
        loop {
            if let Some(frame) = decoder.next_frame().map_err(io::Error::other)? {
                return Ok(Some(frame));
            }
            match (&self.stream).read(&mut buffer) {
                Ok(0) => return Ok(None),
                Ok(count) => decoder.extend(&buffer[..count]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn send(&self, py: Python<'_>, message: &FromSandbox) -> PyResult<()> {
        let bytes = message.encode();
        py.detach(|| {
            let _turn = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
            (&self.stream).write_all(&bytes)
        })?;
        Ok(())
    }

    /// An answer, unless it is too large to be one.
    fn answer(
        &self,
        py: Python<'_>,
        bytes: &[u8],
        message: fn(Vec<u8>) -> FromSandbox,
    ) -> PyResult<()> {
        if bytes.len() > MAX_ANSWER_BYTES {
            return self.send(
                py,
                &FromSandbox::TooLarge {
                    bytes: bytes.len() as u64,
                },
            );
        }
        self.send(py, &message(bytes.to_vec()))
    }
}

#[pymethods]
impl Session {
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

    /// The module is imported.
    fn ready(&self, py: Python<'_>, init_us: u64) -> PyResult<()> {
        self.send(py, &FromSandbox::Ready { init_us })
    }

    /// It cannot be imported.
    fn init_failed(&self, py: Python<'_>, document: &[u8]) -> PyResult<()> {
        self.answer(py, document, FromSandbox::InitFailed)
    }

    /// The handler returned.
    fn result(&self, py: Python<'_>, answer: &[u8]) -> PyResult<()> {
        self.answer(py, answer, FromSandbox::Result)
    }

    /// The handler raised.
    fn error(&self, py: Python<'_>, document: &[u8]) -> PyResult<()> {
        self.answer(py, document, FromSandbox::Error)
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
