//! The bytes of an image: a header, the pages, then the tables that say where they belong.
//!
//! ```text
//! 0        PAGE_BYTES                tables_offset
//! │ header │ pages, each on its own  │ regions │ runs │ files │ paths │
//! ```
//! Numbers are little-endian and of fixed width. Whoever reads has the tables checked first: counts within their bounds, a checksum that
//! fits, addresses in order (`tables.rs`). The bytes were written inside a sandbox, so only a sandbox of the same function may read them.

use std::io;

use super::maps::Rights;
use super::region::Backing;

/// The size of a page, bytes.
pub(super) const PAGE_BYTES: u64 = 4096;

/// The most mappings of a process that is imaged.
pub(super) const MAX_REGIONS: usize = 8192;
/// The most runs of pages in an image.
pub(super) const MAX_RUNS: usize = 32_768;
/// The most files that are mapped.
pub(super) const MAX_FILES: usize = 1024;
/// The most bytes that their paths have together.
pub(super) const MAX_PATH_BYTES: usize = 256 * 1024;
/// The largest image, bytes.
pub(super) const MAX_IMAGE_BYTES: u64 = 4 << 30;

pub(super) const REGION_BYTES: usize = 48;
pub(super) const RUN_BYTES: usize = 24;
pub(super) const FILE_BYTES: usize = 48;
pub(super) const HEADER_BYTES: usize = 12 * 8;

/// In place of a file's row: the file has no name that leads to it here, as when it was mapped before the root was changed. Only what stays
/// can be of such a file, and what the image holds whole.
pub(super) const NO_FILE: u32 = u32::MAX;

/// `hearthim` as a number.
const MAGIC: u64 = u64::from_le_bytes(*b"hearthim");
const VERSION: u64 = 1;

/// What the process as a whole needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Header {
    /// Where the stack was when it was left.
    pub(super) stack_pointer: u64,
    /// The end of the heap that grows by itself.
    pub(super) program_break: u64,
    /// Where libc keeps the thread's id; the same in all processes of one family.
    pub(super) thread_id_address: u64,
    /// The number under which the process knows the image.
    pub(super) descriptor: u64,
    pub(super) region_count: u64,
    pub(super) run_count: u64,
    pub(super) file_count: u64,
    pub(super) path_bytes: u64,
    pub(super) tables_offset: u64,
    pub(super) tables_checksum: u64,
}

/// A mapping to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) rights: Rights,
    pub(super) backing: Backing,
    /// As [`super::region::advice_of`] gives it.
    pub(super) advice: u8,
    /// Which file; [`NO_FILE`] when none is mapped, or none that can be opened.
    pub(super) file: u32,
    /// The mapping's place in its file, and the file as `maps` names it.
    pub(super) offset: u64,
    pub(super) device: u64,
    pub(super) inode: u64,
}

/// Pages whose content the image holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) start: u64,
    pub(super) end: u64,
    /// Where in the image, bytes.
    pub(super) offset: u64,
}

/// A file as `stat` describes it: another description is another file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Stamp {
    pub(super) device: u64,
    pub(super) inode: u64,
    pub(super) size_bytes: u64,
    pub(super) modified_s: u64,
    pub(super) modified_ns: u64,
}

/// A mapped file; its path lies in the table of paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FileRow {
    pub(super) stamp: Stamp,
    pub(super) path_start: u32,
    pub(super) path_bytes: u32,
}

impl Header {
    pub(super) fn encode(&self) -> [u8; HEADER_BYTES] {
        let mut bytes = [0; HEADER_BYTES];
        let words = [
            MAGIC,
            VERSION,
            self.stack_pointer,
            self.program_break,
            self.thread_id_address,
            self.descriptor,
            self.region_count,
            self.run_count,
            self.file_count,
            self.path_bytes,
            self.tables_offset,
            self.tables_checksum,
        ];
        for (place, word) in bytes.chunks_exact_mut(8).zip(words) {
            place.copy_from_slice(&word.to_le_bytes());
        }
        bytes
    }

    pub(super) fn decode(bytes: &[u8; HEADER_BYTES]) -> io::Result<Self> {
        let word = |index: usize| word_at(bytes, index * 8);
        if word(0) != MAGIC || word(1) != VERSION {
            return Err(broken("is none, or of another version"));
        }
        let header = Self {
            stack_pointer: word(2),
            program_break: word(3),
            thread_id_address: word(4),
            descriptor: word(5),
            region_count: word(6),
            run_count: word(7),
            file_count: word(8),
            path_bytes: word(9),
            tables_offset: word(10),
            tables_checksum: word(11),
        };
        let within = |count: u64, most: usize| count <= most as u64;
        if within(header.region_count, MAX_REGIONS)
            && within(header.run_count, MAX_RUNS)
            && within(header.file_count, MAX_FILES)
            && within(header.path_bytes, MAX_PATH_BYTES)
            && header.tables_offset <= MAX_IMAGE_BYTES
            && header.tables_offset >= PAGE_BYTES
        {
            Ok(header)
        } else {
            Err(broken("is larger than images may be"))
        }
    }

    pub(super) fn tables_bytes(&self) -> usize {
        let rows = |count: u64, bytes: usize| usize::try_from(count).unwrap_or(usize::MAX) * bytes;
        rows(self.region_count, REGION_BYTES)
            + rows(self.run_count, RUN_BYTES)
            + rows(self.file_count, FILE_BYTES)
            + rows(self.path_bytes, 1)
    }
}

impl Region {
    pub(super) fn encode(&self) -> [u8; REGION_BYTES] {
        let mut bytes = [0; REGION_BYTES];
        let backing = match self.backing {
            Backing::Anonymous => 0,
            Backing::Droppable => 1,
            Backing::File => 2,
            Backing::Stack => 3,
            Backing::Kernel => 4,
        };
        let [f0, f1, f2, f3] = self.file.to_le_bytes();
        let small = [f0, f1, f2, f3, self.rights.0, backing, self.advice, 0];
        let small = u64::from_le_bytes(small);
        let words = [
            self.start,
            self.end,
            self.offset,
            self.device,
            self.inode,
            small,
        ];
        for (place, word) in bytes.chunks_exact_mut(8).zip(words) {
            place.copy_from_slice(&word.to_le_bytes());
        }
        bytes
    }

    pub(super) fn decode(bytes: &[u8]) -> io::Result<Self> {
        let [f0, f1, f2, f3, rights, backing, advice, _] = word_at(bytes, 40).to_le_bytes();
        let backing = match backing {
            0 => Backing::Anonymous,
            1 => Backing::Droppable,
            2 => Backing::File,
            3 => Backing::Stack,
            4 => Backing::Kernel,
            _ => return Err(broken("has a mapping of an unknown kind")),
        };
        Ok(Self {
            start: word_at(bytes, 0),
            end: word_at(bytes, 8),
            rights: Rights(rights),
            backing,
            advice,
            file: u32::from_le_bytes([f0, f1, f2, f3]),
            offset: word_at(bytes, 16),
            device: word_at(bytes, 24),
            inode: word_at(bytes, 32),
        })
    }
}

impl Run {
    pub(super) fn encode(&self) -> [u8; RUN_BYTES] {
        let mut bytes = [0; RUN_BYTES];
        for (place, word) in bytes
            .chunks_exact_mut(8)
            .zip([self.start, self.end, self.offset])
        {
            place.copy_from_slice(&word.to_le_bytes());
        }
        bytes
    }

    pub(super) fn decode(bytes: &[u8]) -> Self {
        Self {
            start: word_at(bytes, 0),
            end: word_at(bytes, 8),
            offset: word_at(bytes, 16),
        }
    }
}

impl FileRow {
    pub(super) fn encode(&self) -> [u8; FILE_BYTES] {
        let mut bytes = [0; FILE_BYTES];
        let words = [
            self.stamp.device,
            self.stamp.inode,
            self.stamp.size_bytes,
            self.stamp.modified_s,
            self.stamp.modified_ns,
            u64::from(self.path_start) << 32 | u64::from(self.path_bytes),
        ];
        for (place, word) in bytes.chunks_exact_mut(8).zip(words) {
            place.copy_from_slice(&word.to_le_bytes());
        }
        bytes
    }

    pub(super) fn decode(bytes: &[u8]) -> Self {
        let [l0, l1, l2, l3, s0, s1, s2, s3] = word_at(bytes, 40).to_le_bytes();
        Self {
            stamp: Stamp {
                device: word_at(bytes, 0),
                inode: word_at(bytes, 8),
                size_bytes: word_at(bytes, 16),
                modified_s: word_at(bytes, 24),
                modified_ns: word_at(bytes, 32),
            },
            path_start: u32::from_le_bytes([s0, s1, s2, s3]),
            path_bytes: u32::from_le_bytes([l0, l1, l2, l3]),
        }
    }
}

/// A sum over the tables that tells damage apart from what was written (FNV-1a, eight bytes at a time); the parts of a text may be added
/// one by one when all but the last are whole words. No defence against forgery.
#[derive(Clone, Copy, Debug)]
pub(super) struct Checksum(pub(super) u64);

impl Default for Checksum {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Checksum {
    pub(super) fn add(&mut self, bytes: &[u8]) {
        let mut step = |word: u64| self.0 = (self.0 ^ word).wrapping_mul(0x0100_0000_01b3);
        let mut words = bytes.chunks_exact(8);
        for word in &mut words {
            step(word_at(word, 0));
        }
        words
            .remainder()
            .iter()
            .for_each(|byte| step((*byte).into()));
    }
}

fn word_at(bytes: &[u8], at: usize) -> u64 {
    let mut word = [0; 8];
    word.copy_from_slice(&bytes[at..at + 8]);
    u64::from_le_bytes(word)
}

pub(super) fn broken(how: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("the image {how}"))
}
