//! What waits to be written: bounded, so that a disk that cannot follow costs records and never a call.

use super::draft::Draft;

/// Drafts at most.
const DRAFTS: usize = 10_000;
/// What they take in memory at most, bytes.
const BYTES: usize = 64 << 20;

/// Drafts that are not in the store yet, oldest first.
#[derive(Default)]
pub(super) struct Buffer {
    drafts: Vec<Draft>,
    size_bytes: usize,
    dropped: u64,
}

impl Buffer {
    /// Takes a draft, or counts it as dropped where there is no room.
    pub(super) fn push(&mut self, draft: Draft) {
        let size_bytes = draft.size_bytes();
        if self.drafts.len() >= DRAFTS || self.size_bytes + size_bytes > BYTES {
            self.dropped += 1;
            return;
        }
        self.size_bytes += size_bytes;
        self.drafts.push(draft);
    }

    /// Whether there is nothing to write and nothing to tell.
    pub(super) fn is_empty(&self) -> bool {
        self.drafts.is_empty() && self.dropped == 0
    }

    /// Empties the buffer; answers what it held and how many drafts were dropped since the last time.
    pub(super) fn take(&mut self) -> (Vec<Draft>, u64) {
        let taken = std::mem::take(self);
        (taken.drafts, taken.dropped)
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::super::draft::Fault;
    use super::super::testing::draft;
    use super::*;

    #[test]
    fn a_full_buffer_drops_and_counts() {
        let mut buffer = Buffer::default();
        assert!(buffer.is_empty());
        for number in 0..DRAFTS + 3 {
            buffer.push(draft(number as u128, 0));
        }
        let (drafts, dropped) = buffer.take();
        assert_eq!((drafts.len(), dropped), (DRAFTS, 3));
        assert!(buffer.is_empty());
    }

    #[test]
    fn texts_count() {
        let mut buffer = Buffer::default();
        for number in 0..3 {
            let mut large = draft(number, 0);
            large.fault = Some(Fault::Document(Bytes::from(vec![0; BYTES / 2 - 10_000])));
            buffer.push(large);
        }
        buffer.push(draft(9, 0));
        let (drafts, dropped) = buffer.take();
        assert_eq!((drafts.len(), dropped), (3, 1));
    }
}
