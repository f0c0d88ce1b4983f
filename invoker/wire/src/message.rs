//! The messages of the sandbox channel, typed.
//!
//! ```text
//! host → sandbox   Bind · Invoke · Provided · Imaged · Renew
//! sandbox → host   Parked, then per Bind: Unbound | Restored | Need* Imaging? (Ready | InitFailed),
//!                  then per Invoke: Need* WorkingSet? (Result | Error | TooLarge)
//! ```
//! `Imaging` is answered by `Imaged`, with a file to write an image to or without one; `Restored`, from a sandbox that became what the image shows,
//! by `Renew`, and then goes on as after `Imaged`: whose memory it has does not know the words that were said to the sandbox it is in.
//!
//! Up to `Bind` a sandbox is nobody's: made, shut in but for the last steps, and run through once without any function.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Frame;

/// The largest answer of a handler, bytes: <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>, as the service counts it.
pub const MAX_ANSWER_BYTES: usize = 6_291_556;
/// The largest working set that travels with an order to bind, bytes: as JSON it must fit a datagram.
pub const MAX_SENT_WORKING_SET_BYTES: usize = 12 * 1024;
/// The largest frame taken from a sandbox.
pub const MAX_FROM_SANDBOX_BYTES: usize = MAX_ANSWER_BYTES + 4096;
/// The largest frame that a sandbox takes from the host.
pub const MAX_TO_SANDBOX_BYTES: usize = 64 << 20;

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// Become this function's: attach its folders, take the last steps of confinement, import its module.
    Bind = 1,
    /// Run the handler.
    Invoke = 2,
    /// The library that was needed is there, or cannot be had.
    Provided = 3,
    /// Where to write the image; a file comes along, or none.
    Imaged = 4,
    /// What a restored process needs to know of its own sandbox.
    Renew = 5,
    /// The module is imported.
    Ready = 16,
    /// It could not be imported.
    InitFailed = 17,
    /// What the handler returned.
    Result = 18,
    /// What it raised.
    Error = 19,
    /// It returned more than fits.
    TooLarge = 20,
    /// It imports a library that the host can bring.
    Need = 21,
    /// Made, and nobody's.
    Parked = 22,
    /// It could not be bound.
    Unbound = 23,
    /// Its module is imported, which took so long that an image is worth its memory.
    Imaging = 24,
    /// It became what the image shows.
    Restored = 25,
    /// What of the image its first call wrote to.
    WorkingSet = 26,
}

/// Header of [`Kind::Bind`]; the payload is an [`Init`]. With the frame's first byte travel the descriptors: the network's namespace,
/// where there is one, one for each folder, and the image, where there is one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachments {
    /// Whether a network namespace comes along, to be entered.
    pub network: bool,
    /// Where each of the detached mounts that come along is attached.
    pub folders: Vec<String>,
    /// Whether an image comes along, to be restored instead of importing the module.
    pub image: bool,
    /// What of it is written to by a first call, as another sandbox learned; at most [`MAX_SENT_WORKING_SET_BYTES`].
    pub working_set: Vec<u8>,
    /// Size of `/tmp`, MiB.
    pub tmp_mib: u32,
}

/// What became of an image, as [`Kind::Ready`] tells.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ImageOutcome {
    /// There was none to speak of.
    #[default]
    None,
    /// It is written.
    Taken,
    /// This sandbox goes on from it.
    Restored,
    /// There is none of this function, and why.
    Unfit(String),
}

/// Payload of [`Kind::Bind`] and of [`Kind::Renew`], JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Init {
    /// `module.function`.
    pub handler: String,
    /// The whole environment.
    pub environment: BTreeMap<String, String>,
    /// Put in front of the standard library on `sys.path`.
    pub path_before: Vec<String>,
    /// Put behind it.
    pub path_after: Vec<String>,
    /// Top-level modules that the host can bring.
    pub providable: Vec<String>,
    /// Whether `logging` records are JSON objects.
    pub json_logs: bool,
    /// Whether an image of it would be of use.
    pub imaged: bool,
    /// Whether it would be of use to know what a first call writes to.
    pub learns: bool,
}

/// Header of [`Kind::Invoke`]; the payload is the event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvokeHeader {
    /// Unique id of the call.
    pub request_id: String,
    /// The name by which the function was called.
    pub invoked_function: String,
    /// Wall clock time at which the sandbox is killed, ms since 1970.
    pub deadline_ms: u64,
    /// Trace header.
    pub trace_id: Option<String>,
    /// JSON of the client context.
    pub client_context: Option<String>,
    /// JSON of the identity.
    pub identity: Option<String>,
    /// The tenant.
    pub tenant_id: Option<String>,
}

/// Header of [`Kind::Provided`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provided {
    /// Why the library cannot be had.
    pub error: Option<String>,
    /// By how much the deadline moved, ms.
    pub paused_ms: u64,
}

/// What the host tells a sandbox.
#[derive(Clone, Debug)]
pub enum ToSandbox<'a> {
    /// Become this function's.
    Bind(&'a Attachments, &'a Init),
    /// Run the handler on this event.
    Invoke(&'a InvokeHeader, &'a [u8]),
    /// Answers [`FromSandbox::Need`].
    Provided(&'a Provided),
    /// Answers [`FromSandbox::Imaging`].
    Imaged,
    /// Answers [`FromSandbox::Restored`].
    Renew(&'a Init),
}

impl ToSandbox<'_> {
    /// The bytes to write.
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::Bind(attachments, init) => {
                Frame::encode(Kind::Bind as u8, &json(attachments), &json(init))
            }
            Self::Invoke(header, event) => Frame::encode(Kind::Invoke as u8, &json(header), event),
            Self::Provided(provided) => Frame::encode(Kind::Provided as u8, &json(provided), &[]),
            Self::Imaged => Frame::encode(Kind::Imaged as u8, &[], &[]),
            Self::Renew(init) => Frame::encode(Kind::Renew as u8, &[], &json(init)),
        }
    }
}

/// What a sandbox tells the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FromSandbox {
    /// The module is imported.
    Ready {
        /// How long that took, µs.
        init_us: u64,
        /// What became of its image.
        image: ImageOutcome,
    },
    /// The module could not be imported: the error document.
    InitFailed(Vec<u8>),
    /// What the handler returned.
    Result(Vec<u8>),
    /// What it raised: the error document.
    Error(Vec<u8>),
    /// Its answer is larger than [`MAX_ANSWER_BYTES`].
    TooLarge {
        /// Size of the answer.
        bytes: u64,
    },
    /// It imports a library that the host can bring.
    Need {
        /// The top-level module.
        module: String,
    },
    /// Made, and nobody's.
    Parked,
    /// It could not be bound, and ends.
    Unbound {
        /// Which step failed and why.
        reason: String,
    },
    /// It could write an image of itself.
    Imaging {
        /// What its memory takes about, bytes.
        bytes: u64,
    },
    /// It became what the image shows.
    Restored,
    /// What of the image its first call wrote to.
    WorkingSet(Vec<u8>),
}

/// Why a frame is no message of a sandbox.
#[derive(Debug, thiserror::Error)]
pub enum MessageError {
    /// No such kind, or one that only the host sends.
    #[error("unexpected frame kind {0}")]
    Kind(u8),
    /// The header is not what the kind says.
    #[error("frame header: {0}")]
    Header(#[from] serde_json::Error),
}

#[derive(Serialize, Deserialize)]
struct ReadyHeader {
    init_us: u64,
    image: ImageOutcome,
}
#[derive(Serialize, Deserialize)]
struct ImagingHeader {
    bytes: u64,
}
#[derive(Serialize, Deserialize)]
struct TooLargeHeader {
    bytes: u64,
}
#[derive(Serialize, Deserialize)]
struct NeedHeader {
    module: String,
}
#[derive(Serialize, Deserialize)]
struct UnboundHeader {
    reason: String,
}

impl FromSandbox {
    /// The bytes to write.
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::Ready { init_us, image } => Frame::encode(
                Kind::Ready as u8,
                &json(&ReadyHeader {
                    init_us: *init_us,
                    image: image.clone(),
                }),
                &[],
            ),
            Self::Imaging { bytes } => Frame::encode(
                Kind::Imaging as u8,
                &json(&ImagingHeader { bytes: *bytes }),
                &[],
            ),
            Self::Restored => Frame::encode(Kind::Restored as u8, &[], &[]),
            Self::WorkingSet(bytes) => Frame::encode(Kind::WorkingSet as u8, &[], bytes),
            Self::InitFailed(document) => Frame::encode(Kind::InitFailed as u8, &[], document),
            Self::Result(answer) => Frame::encode(Kind::Result as u8, &[], answer),
            Self::Error(document) => Frame::encode(Kind::Error as u8, &[], document),
            Self::TooLarge { bytes } => Frame::encode(
                Kind::TooLarge as u8,
                &json(&TooLargeHeader { bytes: *bytes }),
                &[],
            ),
            Self::Need { module } => Frame::encode(
                Kind::Need as u8,
                &json(&NeedHeader {
                    module: module.clone(),
                }),
                &[],
            ),
            Self::Parked => Frame::encode(Kind::Parked as u8, &[], &[]),
            Self::Unbound { reason } => Frame::encode(
                Kind::Unbound as u8,
                &json(&UnboundHeader {
                    reason: reason.clone(),
                }),
                &[],
            ),
        }
    }

    /// Reads a frame.
    ///
    /// # Errors
    /// The frame is not one that a sandbox sends.
    pub fn decode(frame: Frame) -> Result<Self, MessageError> {
        let header = frame.header.as_slice();
        Ok(match frame.kind {
            kind if kind == Kind::Ready as u8 => {
                let ReadyHeader { init_us, image } = serde_json::from_slice(header)?;
                Self::Ready { init_us, image }
            }
            kind if kind == Kind::Imaging as u8 => Self::Imaging {
                bytes: serde_json::from_slice::<ImagingHeader>(header)?.bytes,
            },
            kind if kind == Kind::Restored as u8 => Self::Restored,
            kind if kind == Kind::WorkingSet as u8 => Self::WorkingSet(frame.payload),
            kind if kind == Kind::InitFailed as u8 => Self::InitFailed(frame.payload),
            kind if kind == Kind::Result as u8 => Self::Result(frame.payload),
            kind if kind == Kind::Error as u8 => Self::Error(frame.payload),
            kind if kind == Kind::TooLarge as u8 => Self::TooLarge {
                bytes: serde_json::from_slice::<TooLargeHeader>(header)?.bytes,
            },
            kind if kind == Kind::Need as u8 => Self::Need {
                module: serde_json::from_slice::<NeedHeader>(header)?.module,
            },
            kind if kind == Kind::Parked as u8 => Self::Parked,
            kind if kind == Kind::Unbound as u8 => Self::Unbound {
                reason: serde_json::from_slice::<UnboundHeader>(header)?.reason,
            },
            kind => return Err(MessageError::Kind(kind)),
        })
    }
}

fn json<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).expect("plain data with text keys always becomes JSON")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Decoder;

    fn outcome() -> impl Strategy<Value = ImageOutcome> {
        prop_oneof![
            Just(ImageOutcome::None),
            Just(ImageOutcome::Taken),
            Just(ImageOutcome::Restored),
            ".{0,20}".prop_map(ImageOutcome::Unfit),
        ]
    }

    fn message() -> impl Strategy<Value = FromSandbox> {
        let bytes = || prop::collection::vec(any::<u8>(), 0..100);
        prop_oneof![
            (any::<u64>(), outcome())
                .prop_map(|(init_us, image)| FromSandbox::Ready { init_us, image }),
            any::<u64>().prop_map(|bytes| FromSandbox::Imaging { bytes }),
            Just(FromSandbox::Restored),
            bytes().prop_map(FromSandbox::WorkingSet),
            bytes().prop_map(FromSandbox::InitFailed),
            bytes().prop_map(FromSandbox::Result),
            bytes().prop_map(FromSandbox::Error),
            any::<u64>().prop_map(|bytes| FromSandbox::TooLarge { bytes }),
            ".{0,20}".prop_map(|module| FromSandbox::Need { module }),
            Just(FromSandbox::Parked),
            ".{0,20}".prop_map(|reason| FromSandbox::Unbound { reason }),
        ]
    }

    proptest! {
        #[test]
        fn every_message_survives_the_wire(message in message()) {
            let mut decoder = Decoder::new(MAX_FROM_SANDBOX_BYTES);
            decoder.extend(&message.encode());
            let frame = decoder.next_frame().expect("well formed").expect("whole");
            prop_assert_eq!(FromSandbox::decode(frame).expect("known"), message);
        }

        #[test]
        fn hostile_frames_never_panic(kind in any::<u8>(), header in prop::collection::vec(any::<u8>(), 0..40)) {
            let _ = FromSandbox::decode(Frame { kind, header, payload: Vec::new() });
        }
    }

    #[test]
    fn a_sandbox_cannot_speak_for_the_host() {
        let frame = Frame {
            kind: Kind::Invoke as u8,
            header: Vec::new(),
            payload: Vec::new(),
        };
        assert!(matches!(
            FromSandbox::decode(frame),
            Err(MessageError::Kind(2))
        ));
    }
}
