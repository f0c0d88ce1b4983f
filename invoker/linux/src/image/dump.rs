//! Writing the image: runs on a stack of its own, and touches nothing that it writes.
//!
//! It allocates nothing, so the list of pages cannot change under it: all that it needs lies in the area beside its stack, which is left out
//! of the image. <https://docs.kernel.org/admin-guide/mm/pagemap.html>

use std::ffi::CStr;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};

use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;

use super::descriptors::stamp_of;
use super::layout::{
    Checksum, FILE_BYTES, FileRow, Header, MAX_FILES, MAX_IMAGE_BYTES, MAX_PATH_BYTES, MAX_REGIONS,
    MAX_RUNS, NO_FILE, PAGE_BYTES, REGION_BYTES, RUN_BYTES, Region,
};
use super::mapped_file::{self, read_all};
use super::maps::{Mapping, mappings};
use super::pages::{ENTRY_BYTES, Gatherer, own_pages};
use super::region::{Backing, advice_of, classify, is_carried};

/// The longest `smaps` that is read; about a kilobyte for each mapping.
const SMAPS_BYTES: usize = 16 << 20;
/// So many pages are looked up at once.
const LOOKUP_PAGES: usize = 8192;
const LOOKUP_BYTES: usize = LOOKUP_PAGES * ENTRY_BYTES;
/// The longest path of a mapped file.
const LONGEST_PATH_BYTES: usize = 4096;
/// Memory that cannot be read directly is copied in parts of this size.
const COPY_BYTES: usize = 64 * 1024;
/// Below the stack pointer, what a function may use without moving it.
const RED_ZONE_BYTES: u64 = 128;

/// What the dump needs beside its stack.
pub(super) const DATA_BYTES: usize = 2 * SMAPS_BYTES
    + LOOKUP_BYTES
    + LONGEST_PATH_BYTES
    + COPY_BYTES
    + MAX_REGIONS * REGION_BYTES
    + MAX_RUNS * RUN_BYTES
    + MAX_FILES * FILE_BYTES
    + MAX_PATH_BYTES;

/// Why there is no image.
#[derive(Clone, Copy, Debug)]
pub(super) struct Failure {
    pub(super) step: &'static str,
    pub(super) errno: Errno,
}

type Result<T> = std::result::Result<T, Failure>;

fn step<T>(step: &'static str, result: rustix::io::Result<T>) -> Result<T> {
    result.map_err(|errno| Failure { step, errno })
}

/// What to write, and where.
pub(super) struct Task<'area> {
    pub(super) target: RawFd,
    pub(super) stack_pointer: u64,
    pub(super) program_break: u64,
    pub(super) thread_id_address: u64,
    /// What to leave out.
    pub(super) area: (u64, u64),
    /// [`DATA_BYTES`], all zero.
    pub(super) data: &'area mut [u8],
}

/// A table that grows within its bound.
struct Table<'area> {
    bytes: &'area mut [u8],
    used: usize,
}

impl Table<'_> {
    fn push(&mut self, row: &[u8]) -> Result<()> {
        let place = self.bytes.get_mut(self.used..self.used + row.len());
        let place = step("hold the tables", place.ok_or(Errno::TOOBIG))?;
        place.copy_from_slice(row);
        self.used += row.len();
        Ok(())
    }

    fn rows(&self) -> &[u8] {
        &self.bytes[..self.used]
    }
}

/// Takes the first bytes off what is left of the area.
fn carve<'area>(rest: &mut &'area mut [u8], bytes: usize) -> &'area mut [u8] {
    let (part, after) = std::mem::take(rest).split_at_mut(bytes);
    *rest = after;
    part
}

struct Dump<'area> {
    target: BorrowedFd<'area>,
    pagemap: OwnedFd,
    stack_pointer: u64,
    gatherer: Gatherer,
    /// For the text of `maps`.
    text: &'area mut [u8],
    lookup: &'area mut [u8],
    path: &'area mut [u8],
    copy: &'area mut [u8],
    regions: Table<'area>,
    runs: Table<'area>,
    files: Table<'area>,
    paths: Table<'area>,
}

/// Writes the image of the calling process.
///
/// # Safety
/// The process has one thread, which is here, and `task.target` is open for writing.
pub(super) unsafe fn write(task: Task<'_>) -> Result<()> {
    let mut rest = task.data;
    let text = carve(&mut rest, SMAPS_BYTES);
    let table = |bytes| Table { bytes, used: 0 };
    // SAFETY: by this function's contract it is open, and nobody else can close it meanwhile.
    let target = unsafe { BorrowedFd::borrow_raw(task.target) };
    let mut dump = Dump {
        target,
        pagemap: open(c"/proc/self/pagemap")?,
        stack_pointer: task.stack_pointer,
        gatherer: Gatherer::new(PAGE_BYTES),
        text: carve(&mut rest, SMAPS_BYTES),
        lookup: carve(&mut rest, LOOKUP_BYTES),
        path: carve(&mut rest, LONGEST_PATH_BYTES),
        copy: carve(&mut rest, COPY_BYTES),
        regions: table(carve(&mut rest, MAX_REGIONS * REGION_BYTES)),
        runs: table(carve(&mut rest, MAX_RUNS * RUN_BYTES)),
        files: table(carve(&mut rest, MAX_FILES * FILE_BYTES)),
        paths: table(carve(&mut rest, MAX_PATH_BYTES)),
    };
    let smaps = open(c"/proc/self/smaps")?;
    let bytes = step("read the mappings", read_all(&smaps, text))?;
    for mapping in mappings(&text[..bytes]) {
        let (left_out, end) = task.area;
        let before = (mapping.start, mapping.end.min(left_out));
        let after = (mapping.start.max(end), mapping.end);
        for (start, end) in [before, after] {
            if start < end && !mapping.is_outside() {
                dump.add(&mapping, start, end)?;
            }
        }
    }
    dump.finish(&Header {
        stack_pointer: task.stack_pointer,
        program_break: task.program_break,
        thread_id_address: task.thread_id_address,
        descriptor: task.target.unsigned_abs().into(),
        ..Header::default()
    })
}

fn open(path: &CStr) -> Result<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC;
    step("open /proc", rustix::fs::open(path, flags, Mode::empty()))
}

impl Dump<'_> {
    /// Notes a mapping, or the part of it from `start` to `end`, and writes its pages.
    fn add(&mut self, mapping: &Mapping<'_>, start: u64, end: u64) -> Result<()> {
        let backing = step(
            "make its memory again",
            classify(mapping).map_err(|_| Errno::NOTSUP),
        )?;
        let file = match backing {
            Backing::File => self.file(mapping)?,
            _ => NO_FILE,
        };
        let region = Region {
            start,
            end,
            rights: mapping.rights,
            backing,
            advice: advice_of(mapping),
            file,
            offset: mapping.offset,
            device: mapping.device,
            inode: mapping.inode,
        };
        self.regions.push(&region.encode())?;
        if backing == Backing::Stack {
            let used = (self.stack_pointer - RED_ZONE_BYTES) / PAGE_BYTES * PAGE_BYTES;
            let on_it = (start..end).contains(&used);
            self.take(&region, if on_it { used } else { start }, end)?;
        } else if backing == Backing::File && file == NO_FILE {
            // What may be written is not what it was in the other process, and what was written is not in the file.
            if mapping.rights.writable() || mapping.anonymous_bytes > 0 {
                self.take(&region, start, end)?;
            }
        } else if is_carried(mapping, backing) {
            self.add_own_pages(&region)?;
        }
        match self.gatherer.end() {
            Some(run) => self.runs.push(&run.encode()),
            None => Ok(()),
        }
    }

    fn add_own_pages(&mut self, region: &Region) -> Result<()> {
        let mut at = region.start;
        while at < region.end {
            let pages = ((region.end - at) / PAGE_BYTES).min(LOOKUP_PAGES as u64);
            let lookup = std::mem::take(&mut self.lookup);
            let entries = &mut lookup[..pages as usize * ENTRY_BYTES];
            let place = at / PAGE_BYTES * ENTRY_BYTES as u64;
            let read = step(
                "look pages up",
                rustix::io::pread(&self.pagemap, &mut *entries, place),
            )?;
            if read != entries.len() {
                return step("look pages up", Err(Errno::IO));
            }
            for (start, end) in own_pages(entries, at) {
                self.take(region, start, end)?;
            }
            self.lookup = lookup;
            at += pages * PAGE_BYTES;
        }
        Ok(())
    }

    /// Writes a stretch of pages. Within a run, a gap in a file is written as well, and one in zeros is a hole in the image.
    fn take(&mut self, region: &Region, start: u64, end: u64) -> Result<()> {
        let gathered = self.gatherer.take(start, end);
        if self.gatherer.end_offset() > MAX_IMAGE_BYTES {
            return step("keep the image small", Err(Errno::FBIG));
        }
        if let Some(run) = gathered.ended {
            self.runs.push(&run.encode())?;
        }
        let gap_bytes = match region.backing {
            Backing::File => gathered.gap_bytes,
            _ => 0,
        };
        let offset = gathered.offset - gap_bytes;
        if region.rights.readable() {
            self.write_memory(start - gap_bytes, end, offset)
        } else {
            self.copy_memory(start - gap_bytes, end, offset)
        }
    }

    fn write_memory(&self, start: u64, end: u64, offset: u64) -> Result<()> {
        let mut written = 0;
        while written < end - start {
            let from =
                std::ptr::with_exposed_provenance::<libc::c_void>((start + written) as usize);
            // SAFETY: the kernel only reads the memory, and answers EFAULT where it cannot. No reference to it is made here.
            let result = unsafe {
                libc::pwrite(
                    self.target.as_raw_fd(),
                    from,
                    (end - start - written) as usize,
                    (offset + written).cast_signed(),
                )
            };
            match u64::try_from(result) {
                Ok(0) => return step("write memory", Err(Errno::IO)),
                Ok(bytes) => written += bytes,
                Err(_) => {
                    let error = std::io::Error::last_os_error();
                    let errno = Errno::from_io_error(&error).unwrap_or(Errno::IO);
                    return step("write memory", Err(errno));
                }
            }
        }
        Ok(())
    }

    /// For memory that its process may not read, but has written before.
    fn copy_memory(&mut self, start: u64, end: u64, offset: u64) -> Result<()> {
        let memory = open(c"/proc/self/mem")?;
        let mut at = start;
        while at < end {
            let bytes = (end - at).min(COPY_BYTES as u64) as usize;
            let part = &mut self.copy[..bytes];
            let read = step(
                "read hidden memory",
                rustix::io::pread(&memory, &mut *part, at),
            )?;
            if read != bytes {
                return step("read hidden memory", Err(Errno::IO));
            }
            write_at(self.target, part, offset + (at - start))?;
            at += bytes as u64;
        }
        Ok(())
    }

    /// The row of a mapped file, which is added if it is new; [`NO_FILE`] if its name leads elsewhere.
    fn file(&mut self, mapping: &Mapping<'_>) -> Result<u32> {
        let name = mapping.name;
        let known = self.files.rows().chunks_exact(FILE_BYTES).rposition(|row| {
            let row = FileRow::decode(row);
            let start = row.path_start as usize;
            self.paths
                .rows()
                .get(start..start + row.path_bytes as usize)
                == Some(name)
        });
        let count = self.files.used / FILE_BYTES;
        let index = known.unwrap_or(count);
        if known.is_none() {
            let terminated = step(
                "hold a path",
                self.path.get_mut(..=name.len()).ok_or(Errno::NAMETOOLONG),
            )?;
            terminated[..name.len()].copy_from_slice(name);
            terminated[name.len()] = 0;
            let path = step(
                "hold a path",
                CStr::from_bytes_with_nul(terminated).map_err(|_| Errno::INVAL),
            )?;
            let Some(stat) = mapped_file::find(path, mapping, self.text) else {
                return Ok(NO_FILE);
            };
            let row = FileRow {
                stamp: stamp_of(&stat),
                path_start: self.paths.used as u32,
                path_bytes: name.len() as u32,
            };
            self.files.push(&row.encode())?;
            self.paths.push(name)?;
        }
        Ok(index as u32)
    }

    fn finish(self, header: &Header) -> Result<()> {
        let mut sum = Checksum::default();
        let tables_offset = self.gatherer.end_offset();
        let mut at = tables_offset;
        for table in [&self.regions, &self.runs, &self.files, &self.paths] {
            sum.add(table.rows());
            write_at(self.target, table.rows(), at)?;
            at += table.used as u64;
        }
        let header = Header {
            region_count: (self.regions.used / REGION_BYTES) as u64,
            run_count: (self.runs.used / RUN_BYTES) as u64,
            file_count: (self.files.used / FILE_BYTES) as u64,
            path_bytes: self.paths.used as u64,
            tables_offset,
            tables_checksum: sum.0,
            ..*header
        };
        write_at(self.target, &header.encode(), 0)?;
        step("cut the image", rustix::fs::ftruncate(self.target, at))
    }
}

fn write_at(target: impl AsFd, mut bytes: &[u8], mut offset: u64) -> Result<()> {
    while !bytes.is_empty() {
        let written = step("write", rustix::io::pwrite(&target, bytes, offset))?;
        if written == 0 {
            return step("write", Err(Errno::IO));
        }
        bytes = &bytes[written..];
        offset += written as u64;
    }
    Ok(())
}
