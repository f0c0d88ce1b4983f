//! The file that an image lies in: made and sealed by the host, written by the process that is imaged.
//!
//! Invariant: once sealed, its bytes never change again, so no process of a function can spoil another's memory. The host looks at
//! nothing in it but its length.

use std::fs::File;
use std::io;

use rustix::fs::{MemfdFlags, SealFlags, fallocate, fcntl_add_seals, memfd_create};

use super::layout::{MAX_IMAGE_BYTES, PAGE_BYTES};

/// An empty image in memory, with room for `room_bytes`: what is written beyond that counts as memory of the sandbox that writes, which may have
/// little left. The memory that its process uses is a good guess; what is not used is given back.
///
/// # Errors
/// There is not so much memory.
pub fn create(room_bytes: u64) -> io::Result<File> {
    let file = File::from(memfd_create(
        "image",
        MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING,
    )?);
    if room_bytes > 0 {
        let room_bytes = room_bytes.min(MAX_IMAGE_BYTES);
        fallocate(&file, rustix::fs::FallocateFlags::empty(), 0, room_bytes)?;
    }
    Ok(file)
}

/// Seals an image that was written, and opens it for reading only: this is what may be given to sandboxes.
///
/// # Errors
/// It is empty, or somebody has mapped it and could still write.
pub fn seal(image: &File) -> io::Result<File> {
    fcntl_add_seals(
        image,
        SealFlags::WRITE | SealFlags::GROW | SealFlags::SHRINK | SealFlags::SEAL,
    )?;
    if image.metadata()?.len() <= PAGE_BYTES {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let number = std::os::fd::AsRawFd::as_raw_fd(image);
    File::open(format!("/proc/self/fd/{number}"))
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};

    use super::*;

    #[test]
    fn a_sealed_image_is_only_read() {
        let mut image = create(1 << 20).expect("memfd");
        image.write_all(&[1; 5000]).expect("write");
        let mut sealed = seal(&image).expect("seal");
        assert!(image.write_all(b"more").is_err());
        assert!(image.set_len(0).is_err());
        assert!((&sealed).write_all(b"more").is_err());
        let mut first = [0; 1];
        sealed.read_exact(&mut first).expect("read");
        assert_eq!(first, [1]);
    }

    #[test]
    fn what_was_never_written_is_no_image() {
        assert!(seal(&create(0).expect("memfd")).is_err());
    }
}
