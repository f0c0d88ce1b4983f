//! The bytes of netlink: a header, a fixed part, then attributes that nest.
//! <https://docs.kernel.org/userspace-api/netlink/intro.html>
//!
//! Lengths and the header are in the host's byte order; nf_tables wants its numbers in the network's, rtnetlink in the host's:
//! the caller says which. Everything is padded to four bytes. What the kernel answers is read without trust in its lengths.

/// A header's length in bytes: length, kind, flags, sequence, port.
const HEADER_BYTES: usize = 16;
/// An attribute's header: length and kind.
const ATTRIBUTE_HEADER_BYTES: usize = 4;
const ALIGNMENT_BYTES: usize = 4;
/// In an attribute's kind: its value is attributes.
const NESTED: u16 = 1 << 15;
/// The bits of an attribute's kind that are no flags.
const KIND: u16 = (1 << 14) - 1;

/// `NLM_F_REQUEST`.
const REQUEST: u16 = 0x1;
/// `NLM_F_ACK`: answer also when all is well.
pub(super) const ACKNOWLEDGE: u16 = 0x4;
/// `NLM_F_ROOT | NLM_F_MATCH`: all there are.
pub(super) const DUMP: u16 = 0x300;
/// `NLM_F_EXCL`: fail when it is there.
pub(super) const EXCLUSIVE: u16 = 0x200;
/// `NLM_F_CREATE`: make it.
pub(super) const CREATE: u16 = 0x400;
/// `NLM_F_APPEND`: at the end of the list.
pub(super) const APPEND: u16 = 0x800;

/// Attributes in the making.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Attributes(Vec<u8>);

impl Attributes {
    pub(super) fn bytes(self, kind: u16, value: &[u8]) -> Self {
        self.attribute(kind, value)
    }

    /// A number in the host's byte order.
    pub(super) fn number(self, kind: u16, value: u32) -> Self {
        self.attribute(kind, &value.to_ne_bytes())
    }

    /// A number in the network's byte order.
    pub(super) fn network_number(self, kind: u16, value: u32) -> Self {
        self.attribute(kind, &value.to_be_bytes())
    }

    /// Text, closed by a zero.
    pub(super) fn text(self, kind: u16, value: &str) -> Self {
        let mut bytes = value.as_bytes().to_vec();
        bytes.push(0);
        self.attribute(kind, &bytes)
    }

    /// Attributes within an attribute.
    pub(super) fn nested(self, kind: u16, inner: &Self) -> Self {
        self.attribute(kind | NESTED, &inner.0)
    }

    /// Attributes within an attribute, after a fixed part.
    pub(super) fn nested_after(self, kind: u16, fixed: &[u8], inner: &Self) -> Self {
        let mut bytes = fixed.to_vec();
        pad(&mut bytes);
        bytes.extend_from_slice(&inner.0);
        self.attribute(kind | NESTED, &bytes)
    }

    fn attribute(mut self, kind: u16, value: &[u8]) -> Self {
        let length = u16::try_from(ATTRIBUTE_HEADER_BYTES + value.len())
            .expect("no caller makes an attribute of 64 KiB");
        self.0.extend_from_slice(&length.to_ne_bytes());
        self.0.extend_from_slice(&kind.to_ne_bytes());
        self.0.extend_from_slice(value);
        pad(&mut self.0);
        self
    }
}

/// One message to the kernel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) kind: u16,
    pub(super) flags: u16,
    /// The fixed part of this kind of message.
    pub(super) fixed: Vec<u8>,
    pub(super) attributes: Attributes,
}

impl Request {
    /// Writes the message behind others.
    pub(super) fn encode(&self, sequence: u32, into: &mut Vec<u8>) {
        let mut body = self.fixed.clone();
        pad(&mut body);
        body.extend_from_slice(&self.attributes.0);
        let length =
            u32::try_from(HEADER_BYTES + body.len()).expect("no caller makes a message of 4 GiB");
        into.extend_from_slice(&length.to_ne_bytes());
        into.extend_from_slice(&self.kind.to_ne_bytes());
        into.extend_from_slice(&(self.flags | REQUEST).to_ne_bytes());
        into.extend_from_slice(&sequence.to_ne_bytes());
        into.extend_from_slice(&0_u32.to_ne_bytes());
        into.extend_from_slice(&body);
    }
}

/// One message of the kernel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reply<'a> {
    pub(super) kind: u16,
    pub(super) sequence: u32,
    /// What follows the header.
    pub(super) body: &'a [u8],
}

/// The messages in what was received; ends at the first whose length cannot be.
pub(super) fn replies(mut bytes: &[u8]) -> impl Iterator<Item = Reply<'_>> {
    std::iter::from_fn(move || {
        let length = usize::try_from(u32_at(bytes, 0)?).ok()?;
        let body = bytes.get(HEADER_BYTES..length)?;
        let reply = Reply {
            kind: u16_at(bytes, 4)?,
            sequence: u32_at(bytes, 8)?,
            body,
        };
        bytes = bytes.get(padded(length)..).unwrap_or_default();
        Some(reply)
    })
}

/// The attributes in a message or an attribute, as kind and value; ends at the first whose length cannot be.
pub(super) fn attributes(mut bytes: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    std::iter::from_fn(move || {
        let length = usize::from(u16_at(bytes, 0)?);
        let kind = u16_at(bytes, 2)? & KIND;
        let value = bytes.get(ATTRIBUTE_HEADER_BYTES..length)?;
        bytes = bytes.get(padded(length)..).unwrap_or_default();
        Some((kind, value))
    })
}

/// A number of the host's byte order in a message.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let field = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_ne_bytes(field.try_into().ok()?))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let field = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_ne_bytes(field.try_into().ok()?))
}

fn padded(length: usize) -> usize {
    length.next_multiple_of(ALIGNMENT_BYTES)
}

fn pad(bytes: &mut Vec<u8>) {
    bytes.resize(padded(bytes.len()), 0);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    #[cfg(target_endian = "little")]
    fn a_message_is_laid_out_as_the_kernel_wants_it() {
        let request = Request {
            kind: 16,
            flags: ACKNOWLEDGE,
            fixed: vec![9; 4],
            attributes: Attributes::default()
                .text(3, "lo")
                .nested(18, &Attributes::default().network_number(1, 7)),
        };
        let mut bytes = Vec::new();
        request.encode(2, &mut bytes);
        let golden: &[u8] = &[
            40, 0, 0, 0, 16, 0, 5, 0, 2, 0, 0, 0, 0, 0, 0, 0, // header
            9, 9, 9, 9, // fixed part
            7, 0, 3, 0, b'l', b'o', 0, 0, // text
            12, 0, 18, 0x80, 8, 0, 1, 0, 0, 0, 0, 7, // nested
        ];
        assert_eq!(bytes, golden);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            kind in any::<u16>(), sequence in any::<u32>(), fixed in proptest::collection::vec(any::<u8>(), 0..20),
            values in proptest::collection::vec((0..KIND, proptest::collection::vec(any::<u8>(), 0..50)), 0..8),
        ) {
            let attributes_written = values.iter()
                .fold(Attributes::default(), |all, (kind, value)| all.bytes(*kind, value));
            let request = Request { kind, flags: 0, fixed: fixed.clone(), attributes: attributes_written };
            let mut bytes = Vec::new();
            request.encode(sequence, &mut bytes);
            request.encode(sequence.wrapping_add(1), &mut bytes);
            let read: Vec<_> = replies(&bytes).collect();
            prop_assert_eq!(read.len(), 2);
            prop_assert_eq!((read[0].kind, read[0].sequence), (kind, sequence));
            prop_assert_eq!(&read[0].body[..fixed.len()], &fixed[..]);
            let found: Vec<_> = attributes(&read[1].body[padded(fixed.len())..])
                .map(|(kind, value)| (kind, value.to_vec()))
                .collect();
            prop_assert_eq!(found, values);
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            for reply in replies(&bytes) {
                let _ = attributes(reply.body).count();
            }
        }
    }
}
