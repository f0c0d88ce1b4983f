//! The frame codec of the sandbox channel.
//!
//! ```text
//! u32 LE  bytes that follow
//! u8      kind
//! u32 LE  header bytes
//! header  JSON, may be empty
//! payload the rest, raw
//! ```

/// Bytes in front of the header: length, kind, header length.
const PREFIX_BYTES: usize = 9;

/// One message on the wire, uninterpreted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// What it is; see [`Kind`](crate::Kind).
    pub kind: u8,
    /// JSON.
    pub header: Vec<u8>,
    /// Raw bytes.
    pub payload: Vec<u8>,
}

/// Why bytes are not a frame.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// The frame announces more than the reader takes.
    #[error("a frame of {announced} bytes, at most {allowed} are allowed")]
    TooLarge {
        /// What it announces.
        announced: usize,
        /// The reader's bound.
        allowed: usize,
    },
    /// The inner lengths contradict the outer one.
    #[error("the frame's lengths contradict each other")]
    Malformed,
}

impl Frame {
    /// Puts a frame together in one buffer, for one write.
    ///
    /// # Panics
    /// When header and payload together reach 4 GiB; callers bound both far below.
    pub fn encode(kind: u8, header: &[u8], payload: &[u8]) -> Vec<u8> {
        let rest = PREFIX_BYTES - 4 + header.len() + payload.len();
        let rest = u32::try_from(rest).expect("callers bound frames far below 4 GiB");
        let header_bytes = u32::try_from(header.len()).expect("shorter than the whole frame");
        let mut out = Vec::with_capacity(PREFIX_BYTES + header.len() + payload.len());
        out.extend_from_slice(&rest.to_le_bytes());
        out.push(kind);
        out.extend_from_slice(&header_bytes.to_le_bytes());
        out.extend_from_slice(header);
        out.extend_from_slice(payload);
        out
    }
}

/// Bytes asked of the kernel at once, unless a frame's rest is known to be longer.
const READ_BYTES: usize = 16 * 1024;
/// An empty buffer larger than this is given back.
const KEPT_BYTES: usize = 256 * 1024;

/// Turns a byte stream, in pieces of any size, into frames.
///
/// Read into [`Decoder::space`], tell how much came with [`Decoder::advance`], and take what is whole with [`Decoder::next_frame`].
#[derive(Debug)]
pub struct Decoder {
    /// Zeroed once; `start..end` is what was read and not yet taken.
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    max_bytes: usize,
}

impl Decoder {
    /// A decoder that refuses frames of more than `max_bytes`.
    pub fn new(max_bytes: usize) -> Self {
        Self {
            buffer: Vec::new(),
            start: 0,
            end: 0,
            max_bytes,
        }
    }

    /// Where to read to; never empty, and large enough for the rest of the frame that has begun.
    pub fn space(&mut self) -> &mut [u8] {
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
            if self.buffer.len() > KEPT_BYTES {
                self.buffer = Vec::new();
            }
        }
        let pending = &self.buffer[self.start..self.end];
        // A length beyond the bound is refused by `next_frame`; nothing is made ready for it.
        let missing = read_u32(pending, 0)
            .filter(|rest| *rest <= self.max_bytes)
            .map_or(0, |rest| (4 + rest).saturating_sub(pending.len()));
        let wanted = missing.max(READ_BYTES);
        if self.buffer.len() - self.end < wanted {
            self.buffer.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
            if self.buffer.len() - self.end < wanted {
                self.buffer.resize(self.end + wanted, 0);
            }
        }
        &mut self.buffer[self.end..]
    }

    /// The first `count` bytes of the space were read.
    ///
    /// # Panics
    /// There was no such space.
    pub fn advance(&mut self, count: usize) {
        assert!(
            count <= self.buffer.len() - self.end,
            "no more than the space"
        );
        self.end += count;
    }

    /// The next whole frame, or `None` until more bytes came.
    ///
    /// # Errors
    /// The stream is broken for good: the lengths are wrong or beyond the bound.
    pub fn next_frame(&mut self) -> Result<Option<Frame>, FrameError> {
        let pending = &self.buffer[self.start..self.end];
        let Some(rest) = read_u32(pending, 0) else {
            return Ok(None);
        };
        if rest > self.max_bytes {
            return Err(FrameError::TooLarge {
                announced: rest,
                allowed: self.max_bytes,
            });
        }
        if rest < PREFIX_BYTES - 4 {
            return Err(FrameError::Malformed);
        }
        if pending.len() < 4 + rest {
            return Ok(None);
        }
        let frame = &pending[4..4 + rest];
        let header_bytes = read_u32(frame, 1).ok_or(FrameError::Malformed)?;
        let body = &frame[PREFIX_BYTES - 4..];
        if header_bytes > body.len() {
            return Err(FrameError::Malformed);
        }
        let (header, payload) = body.split_at(header_bytes);
        let decoded = Frame {
            kind: frame[0],
            header: header.to_vec(),
            payload: payload.to_vec(),
        };
        self.start += 4 + rest;
        Ok(Some(decoded))
    }
}

impl Decoder {
    /// Takes bytes that were read elsewhere.
    pub fn extend(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let space = self.space();
            let count = space.len().min(bytes.len());
            space[..count].copy_from_slice(&bytes[..count]);
            self.advance(count);
            bytes = &bytes[count..];
        }
    }
}

fn read_u32(bytes: &[u8], at: usize) -> Option<usize> {
    let four = bytes.get(at..at + 4)?;
    Some(u32::from_le_bytes(four.try_into().ok()?) as usize)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn frames_survive_any_cutting(
            frames in prop::collection::vec((any::<u8>(), prop::collection::vec(any::<u8>(), 0..40), prop::collection::vec(any::<u8>(), 0..200)), 0..6),
            piece in 1usize..50,
        ) {
            let stream: Vec<u8> = frames.iter().flat_map(|(kind, header, payload)| Frame::encode(*kind, header, payload)).collect();
            let mut decoder = Decoder::new(1024);
            let mut seen = Vec::new();
            for bytes in stream.chunks(piece) {
                decoder.extend(bytes);
                while let Some(frame) = decoder.next_frame().expect("well formed") {
                    seen.push((frame.kind, frame.header, frame.payload));
                }
            }
            prop_assert_eq!(seen, frames);
        }

        #[test]
        fn hostile_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let mut decoder = Decoder::new(128);
            decoder.extend(&bytes);
            while let Ok(Some(_)) = decoder.next_frame() {}
        }
    }

    #[test]
    fn large_frames_do_not_stay_in_memory() {
        let mut decoder = Decoder::new(1 << 20);
        decoder.extend(&Frame::encode(1, b"{}", &vec![7; 1 << 19]));
        assert_eq!(decoder.next_frame().map(|frame| frame.is_some()), Ok(true));
        assert_eq!(decoder.space().len(), READ_BYTES);
    }

    #[test]
    fn a_frame_beyond_the_bound_is_refused_before_it_is_buffered() {
        let mut decoder = Decoder::new(16);
        decoder.extend(&u32::to_le_bytes(17));
        assert_eq!(
            decoder.next_frame(),
            Err(FrameError::TooLarge {
                announced: 17,
                allowed: 16
            })
        );
    }
}
