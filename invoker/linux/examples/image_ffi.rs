//! Images for a test that is written in Python: three C functions, to be called through `ctypes`.
//!
//! The worker extension calls the crate directly; this stands in for it where only the images are to be tested.
#![expect(unsafe_code, reason = "a C function has no mangled name")]
#![cfg(target_arch = "x86_64")]

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::mem::ManuallyDrop;
use std::os::fd::{FromRawFd, RawFd};
use std::path::Path;

use invoker_linux::image::{self, Checkpoint};

/// 0 in the process that is imaged, 1 where it is restored, -1 when there is no image; the reason goes to standard error.
#[unsafe(no_mangle)]
pub extern "C" fn image_checkpoint(target: RawFd) -> i32 {
    match image::checkpoint(&borrow(target), &[], Path::new("/nowhere")) {
        Ok(Checkpoint::Taken) => 0,
        Ok(Checkpoint::Restored) => 1,
        Ok(Checkpoint::Unfit(why)) => tell(&why.to_string()),
        Err(error) => tell(&error.to_string()),
    }
}

/// Returns -1 when the process could not become the image's; the reason goes to standard error. `working_set` is an open file, or -1.
#[unsafe(no_mangle)]
pub extern "C" fn image_restore(image: RawFd, working_set: RawFd) -> i32 {
    let mut bytes = Vec::new();
    if working_set >= 0 {
        // SAFETY: the caller hands it over.
        let mut file = unsafe { File::from_raw_fd(working_set) };
        if let Err(error) = file
            .seek(SeekFrom::Start(0))
            .and_then(|_| file.read_to_end(&mut bytes))
        {
            return tell(&error.to_string());
        }
    }
    tell(&image::restore(&borrow(image), &[], &bytes).to_string())
}

/// Writes the present working set to a file; its bytes, or -1.
#[unsafe(no_mangle)]
pub extern "C" fn image_working_set(target: RawFd) -> i32 {
    let written = image::working_set()
        .and_then(|bytes| borrow(target).write_all(&bytes).map(|()| bytes.len()));
    match written {
        Ok(bytes) => i32::try_from(bytes).unwrap_or(i32::MAX),
        Err(error) => tell(&error.to_string()),
    }
}

fn borrow(number: RawFd) -> ManuallyDrop<File> {
    // SAFETY: the caller keeps it open during the call, and it is not closed here.
    ManuallyDrop::new(unsafe { File::from_raw_fd(number) })
}

fn tell(reason: &str) -> i32 {
    let _ = writeln!(io::stderr(), "{reason}");
    -1
}
