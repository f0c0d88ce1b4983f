//! Which pages of a mapping are the process's own, and how they are gathered into runs.
//!
//! A run is one `mmap` for whoever restores, so small gaps are taken along. All of a process's own pages go into an image, those that it
//! still shares with its zygote too: whether a page is shared cannot be told reliably, and the zygote changes while it lives.
//! <https://docs.kernel.org/admin-guide/mm/pagemap.html>

use super::layout::{PAGE_BYTES, Run};

const IN_MEMORY: u64 = 1 << 63;
const SWAPPED: u64 = 1 << 62;
const OF_A_FILE: u64 = 1 << 61;

/// Bytes of one entry of `pagemap`.
pub(super) const ENTRY_BYTES: usize = 8;

/// The widest gap between two pages of one run, bytes.
const MAX_GAP_BYTES: u64 = 16 * PAGE_BYTES;

/// Whether the page is in memory, or swapped, and no file's.
fn is_own(entry: u64) -> bool {
    entry & (IN_MEMORY | SWAPPED) != 0 && entry & OF_A_FILE == 0
}

/// The longest stretches of own pages in this part of `pagemap`, whose first entry is about the page at `address`: start and end.
pub(super) fn own_pages(entries: &[u8], address: u64) -> impl Iterator<Item = (u64, u64)> {
    let entry = |bytes: &[u8]| bytes.try_into().map_or(0, u64::from_le_bytes);
    let mut pages = entries
        .chunks_exact(ENTRY_BYTES)
        .map(move |bytes| is_own(entry(bytes)))
        .peekable();
    let mut at = address;
    std::iter::from_fn(move || {
        while pages.next_if(|own| *own).is_none() {
            pages.next()?;
            at += PAGE_BYTES;
        }
        let start = at;
        at += PAGE_BYTES;
        while pages.next_if(|own| *own).is_some() {
            at += PAGE_BYTES;
        }
        Some((start, at))
    })
}

/// Gathers stretches of pages, in order of address, into runs.
#[derive(Debug)]
pub(super) struct Gatherer {
    open: Option<Run>,
    next_offset: u64,
}

/// What to do about a stretch.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Gathered {
    /// The run that ended before it, if one did.
    pub(super) ended: Option<Run>,
    /// The gap that joins it to the run before; its end is the stretch's start.
    pub(super) gap_bytes: u64,
    /// Where in the image the stretch goes.
    pub(super) offset: u64,
}

impl Gatherer {
    /// The first run goes to `offset` in the image.
    pub(super) fn new(offset: u64) -> Self {
        Self {
            open: None,
            next_offset: offset,
        }
    }

    /// Takes the next stretch.
    pub(super) fn take(&mut self, start: u64, end: u64) -> Gathered {
        if let Some(run) = &mut self.open
            && start - run.end <= MAX_GAP_BYTES
        {
            let gap_bytes = start - run.end;
            let offset = run.offset + (start - run.start);
            run.end = end;
            self.next_offset = offset + (end - start);
            return Gathered {
                ended: None,
                gap_bytes,
                offset,
            };
        }
        let offset = self.next_offset;
        self.next_offset += end - start;
        Gathered {
            ended: self.open.replace(Run { start, end, offset }),
            gap_bytes: 0,
            offset,
        }
    }

    /// Ends the present run, for a run never leaves its mapping.
    pub(super) fn end(&mut self) -> Option<Run> {
        self.open.take()
    }

    /// Where the image's pages end.
    pub(super) fn end_offset(&self) -> u64 {
        self.next_offset
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn entries(pages: &[u64]) -> Vec<u8> {
        pages.iter().flat_map(|entry| entry.to_le_bytes()).collect()
    }

    #[test]
    fn a_page_is_own_in_memory_or_swapped_but_not_of_a_file() {
        let pages = [
            0,
            IN_MEMORY,
            SWAPPED,
            IN_MEMORY | OF_A_FILE,
            SWAPPED | OF_A_FILE,
            IN_MEMORY | 1 << 56,
        ];
        let own: Vec<_> = own_pages(&entries(&pages), 0x10_000).collect();
        assert_eq!(own, [(0x11_000, 0x13_000), (0x15_000, 0x16_000)]);
    }

    proptest! {
        #[test]
        fn runs_hold_every_page_once(pages in proptest::collection::vec(prop::bool::weighted(0.3), 0..400)) {
            let bits: Vec<u64> = pages.iter().map(|own| if *own { IN_MEMORY } else { 0 }).collect();
            let mut gatherer = Gatherer::new(PAGE_BYTES);
            let (mut runs, mut written) = (Vec::new(), Vec::new());
            for (start, end) in own_pages(&entries(&bits), 0) {
                let gathered = gatherer.take(start, end);
                runs.extend(gathered.ended);
                written.push((start, end, gathered.offset));
            }
            runs.extend(gatherer.end());
            for (page, own) in pages.iter().enumerate() {
                let address = page as u64 * PAGE_BYTES;
                let covering = written.iter().filter(|(start, end, _)| (*start..*end).contains(&address)).count();
                prop_assert_eq!(covering, usize::from(*own));
            }
            for (start, end, offset) in written {
                let run = runs.iter().find(|run| (run.start..run.end).contains(&start)).expect("in a run");
                prop_assert!(end <= run.end);
                prop_assert_eq!(offset - run.offset, start - run.start);
            }
            let mut offset = PAGE_BYTES;
            for pair in runs.windows(2) {
                prop_assert!(pair[1].start - pair[0].end > MAX_GAP_BYTES);
            }
            for run in &runs {
                prop_assert_eq!(run.offset, offset);
                offset += run.end - run.start;
            }
            prop_assert_eq!(gatherer.end_offset(), offset);
        }
    }
}
