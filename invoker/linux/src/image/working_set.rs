//! Which pages the first call in a restored process writes to, so that the next process has its own copies before it is called.
//!
//! A page that is mapped privately costs a fault or two when it is written to; the kernel copies a stretch of them in one call. Pages that are
//! only read are left alone: the kernel maps those around a fault anyway, and bringing them all was measured to cost more than it saves. It
//! is a hint: a page too many is memory, a page too few is a fault, an address that is not mapped is passed over.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use super::layout::PAGE_BYTES;
use super::maps::{Mapping, mappings};
use super::pages::{ENTRY_BYTES, own_pages};

/// The most stretches of pages in a working set.
pub(super) const MAX_STRETCHES: usize = 4096;
const STRETCH_BYTES: usize = 16;
/// The longest stretch, bytes: whoever writes more at once makes data, which may lie elsewhere the next time.
const LONGEST_BYTES: u64 = 256 * 1024;
/// The most that a working set brings, bytes.
const MAX_BROUGHT_BYTES: u64 = 16 << 20;
/// The longest working set, bytes.
pub const MAX_WORKING_SET_BYTES: usize = MAX_STRETCHES * STRETCH_BYTES;

/// So many pages are looked up at once.
const LOOKUP_PAGES: u64 = 8192;
/// The pages that this process has written to, for [`super::restore()`] of others. To be called in a restored process after its first call.
/// At most [`MAX_WORKING_SET_BYTES`].
///
/// # Errors
/// `/proc` is not there.
pub fn working_set() -> io::Result<Vec<u8>> {
    let pagemap = File::open("/proc/self/pagemap")?;
    let text = std::fs::read("/proc/self/smaps")?;
    let mut found = Vec::new();
    let counts = |mapping: &Mapping<'_>| {
        mapping.rights.writable() && mapping.anonymous_bytes > 0 && !mapping.is_stack()
    };
    for mapping in mappings(&text).filter(counts) {
        let mut at = mapping.start;
        while at < mapping.end {
            let pages = ((mapping.end - at) / PAGE_BYTES).min(LOOKUP_PAGES);
            let mut entries = vec![0; pages as usize * ENTRY_BYTES];
            pagemap.read_exact_at(&mut entries, at / PAGE_BYTES * ENTRY_BYTES as u64)?;
            found.extend(own_pages(&entries, at));
            at += pages * PAGE_BYTES;
        }
    }
    Ok(encode(within_bounds(found.into_iter())))
}

fn within_bounds(stretches: impl Iterator<Item = (u64, u64)>) -> impl Iterator<Item = (u64, u64)> {
    let mut left_bytes = MAX_BROUGHT_BYTES;
    stretches
        .filter(|(start, end)| {
            start < end && end - start <= LONGEST_BYTES && (start | end).is_multiple_of(PAGE_BYTES)
        })
        .take(MAX_STRETCHES)
        .take_while(move |(start, end)| {
            let brought = left_bytes.checked_sub(end - start);
            left_bytes = brought.unwrap_or(0);
            brought.is_some()
        })
}

fn encode(stretches: impl Iterator<Item = (u64, u64)>) -> Vec<u8> {
    let words = stretches.flat_map(|(start, end)| [start, end]);
    words.flat_map(u64::to_le_bytes).collect()
}

/// Reads a working set: starts and ends. What is no stretch of pages is left out, and what is too much.
pub(super) fn decode(bytes: &[u8]) -> impl Iterator<Item = (u64, u64)> {
    let word = |bytes: &[u8]| bytes.try_into().map_or(0, u64::from_le_bytes);
    let rows = bytes.chunks_exact(STRETCH_BYTES);
    within_bounds(rows.map(move |row| (word(&row[..8]), word(&row[8..]))))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn this_process_has_one() {
        let set = working_set().expect("proc");
        assert!((1..=MAX_WORKING_SET_BYTES).contains(&set.len()));
        assert_eq!(decode(&set).count(), set.len() / STRETCH_BYTES);
    }

    #[test]
    fn what_is_written_is_read() {
        let set = [(0x1000, 0x3000), (0x5000, 0x6000)];
        assert_eq!(decode(&encode(set.into_iter())).collect::<Vec<_>>(), set);
    }

    #[test]
    fn no_working_set_is_too_large() {
        let long = [(0x1000, 0x1000 + LONGEST_BYTES + PAGE_BYTES)];
        assert_eq!(within_bounds(long.into_iter()).count(), 0);
        let many = (1..2 * MAX_STRETCHES as u64).map(|n| (n << 13, (n << 13) + PAGE_BYTES));
        assert_eq!(within_bounds(many).count(), MAX_STRETCHES);
        let large = (1..1000).map(|n| (n << 20, (n << 20) + LONGEST_BYTES));
        let brought: u64 = within_bounds(large).map(|(start, end)| end - start).sum();
        assert_eq!(brought, MAX_BROUGHT_BYTES);
    }

    proptest! {
        #[test]
        fn any_bytes_are_stretches_or_nothing(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            for (start, end) in decode(&bytes) {
                prop_assert!(start < end);
            }
        }
    }
}
