//! What the host, the zygotes and the sandboxes say to each other; no I/O.
//!
//! Two channels: each sandbox has a byte stream of [`Frame`]s (`frame`, `message`), and a *lifeline* of single datagrams on which
//! its birth and its end are told (`lifeline`). A zygote is only ever told to [`Spawn`]. `restriction` names what a sandbox is shut in by.
//!
//! Invariant: bytes from a sandbox are hostile. Decoding them never panics and never buffers more than the bound it was given.

mod frame;
mod lifeline;
mod message;
mod restriction;

pub use frame::{Decoder, Frame, FrameError};
pub use lifeline::{Confinement, Datagram, Lifeline, Setup, Spawn};
pub use message::{
    Attachments, FromSandbox, ImageOutcome, Init, InvokeHeader, Kind, MAX_ANSWER_BYTES,
    MAX_FROM_SANDBOX_BYTES, MAX_SENT_WORKING_SET_BYTES, MAX_TO_SANDBOX_BYTES, MessageError,
    Provided, ToSandbox,
};
pub use restriction::{RestrictionName, Without};
