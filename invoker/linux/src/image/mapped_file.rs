//! Whether a mapped file's name leads to it.
//!
//! A file may have been mapped before the root was changed or something was mounted over its folder. `maps` names its device as the kernel
//! knows it, `stat` as the file system likes: where they differ, the named file is mapped too, so that `maps` speaks of both. Allocates
//! nothing, for the dump.

use std::ffi::CStr;
use std::os::fd::{AsRawFd, OwnedFd};

use rustix::fs::{FileType, Mode, OFlags, Stat, fstat, major, minor};
use rustix::io::Errno;

use super::layout::PAGE_BYTES;
use super::maps::{Mapping, device, mappings};

/// What `stat` says of the file that is mapped, if `path` leads to it. `text` has room for all of `maps`.
pub(super) fn find(path: &CStr, mapping: &Mapping<'_>, text: &mut [u8]) -> Option<Stat> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK;
    let file = rustix::fs::open(path, flags, Mode::empty()).ok()?;
    let stat = fstat(&file).ok()?;
    let regular = FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile;
    let same = device(major(stat.st_dev).into(), minor(stat.st_dev).into()) == mapping.device
        && stat.st_ino == mapping.inode;
    (regular && (same || names_alike(&file, mapping, text)?)).then_some(stat)
}

/// Whether the kernel names both alike.
fn names_alike(file: &OwnedFd, mapping: &Mapping<'_>, text: &mut [u8]) -> Option<bool> {
    let page = Page::map(file)?;
    let maps = rustix::fs::open(c"/proc/self/maps", OFlags::CLOEXEC, Mode::empty()).ok()?;
    let bytes = read_all(&maps, text).ok()?;
    let named = mappings(&text[..bytes]).find(|it| (it.start..it.end).contains(&page.0))?;
    Some((named.device, named.inode) == (mapping.device, mapping.inode))
}

/// Reads to the end, which must come before that of the buffer.
pub(super) fn read_all(file: &OwnedFd, buffer: &mut [u8]) -> rustix::io::Result<usize> {
    let mut filled = 0;
    loop {
        let place = &mut buffer[filled..];
        if place.is_empty() {
            return Err(Errno::TOOBIG);
        }
        match rustix::io::read(file, place)? {
            0 => return Ok(filled),
            bytes => filled += bytes,
        }
    }
}

/// The first page of a file, mapped for as long as this lives; its address.
struct Page(u64);

impl Page {
    fn map(file: &OwnedFd) -> Option<Self> {
        // SAFETY: a new mapping, where the kernel likes, which is never read.
        let at = unsafe {
            let (anywhere, number) = (std::ptr::null_mut(), file.as_raw_fd());
            let bytes = PAGE_BYTES as usize;
            libc::mmap(
                anywhere,
                bytes,
                libc::PROT_NONE,
                libc::MAP_PRIVATE,
                number,
                0,
            )
        };
        (at != libc::MAP_FAILED).then_some(Self(at as u64))
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        let at = std::ptr::without_provenance_mut(self.0 as usize);
        // SAFETY: the mapping is this value's own, and nothing points into it.
        unsafe { libc::munmap(at, PAGE_BYTES as usize) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_to_its_file_and_to_no_other() {
        let maps = std::fs::read("/proc/self/maps").expect("proc");
        let code = find as *const () as u64;
        let mut own = mappings(&maps)
            .find(|it| (it.start..it.end).contains(&code))
            .expect("code is mapped");
        let path = std::ffi::CString::new(own.name).expect("a path");
        let mut text = vec![0; 1 << 20];
        assert!(find(&path, &own, &mut text).is_some());
        assert!(find(c"/etc/passwd", &own, &mut text).is_none());
        assert!(find(c"/nowhere", &own, &mut text).is_none());
        assert!(find(c"/dev/null", &own, &mut text).is_none());
        let file = rustix::fs::open(&*path, OFlags::CLOEXEC, Mode::empty()).expect("open");
        assert_eq!(names_alike(&file, &own, &mut text), Some(true));
        own.inode += 1;
        assert_eq!(names_alike(&file, &own, &mut text), Some(false));
    }
}
