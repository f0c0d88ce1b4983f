//! What the kernel and libc agreed upon for the main thread: where its id is kept, and its restartable sequences.
//!
//! All processes forked from one zygote have these at the same addresses. The id differs between them, and libc keeps a copy in memory; the
//! kernel's notes in the area of restartable sequences belong to the process, not to the image.
//! <https://man7.org/linux/man-pages/man2/PR_GET_TID_ADDRESS.2const.html>

use std::io;
use std::ptr;

/// libc's signature of restartable sequences.
const SIGNATURE: u32 = 0x5305_3053;
const UNREGISTER: i32 = 1;
/// What libcs register: the structure's first version, or what the kernel asks for.
const FIRST_VERSION_BYTES: u64 = 32;
const AT_RSEQ_FEATURE_SIZE: u64 = 27;
const AT_RSEQ_ALIGN: u64 = 28;

/// Where libc keeps the id of the main thread: the kernel is told at fork.
///
/// # Errors
/// The kernel does not tell, or what lies there is no such id.
pub(super) fn id_address() -> io::Result<u64> {
    let mut address: u64 = 0;
    // SAFETY: the kernel writes one pointer, to which the argument points.
    if unsafe { libc::prctl(libc::PR_GET_TID_ADDRESS, &raw mut address) } < 0 {
        return Err(io::Error::last_os_error());
    }
    let place = ptr::with_exposed_provenance::<i32>(usize::try_from(address).unwrap_or(0));
    // SAFETY: fork gave the kernel this address for the kernel to write a thread's id to, so it is mapped and aligned as one.
    let known = !place.is_null() && unsafe { place.read_volatile() } == own_id();
    if known {
        Ok(address)
    } else {
        Err(io::Error::other(
            "libc does not keep the thread's id where the kernel says",
        ))
    }
}

/// Writes this process's id where the image brought the id of another. `address` is what [`id_address`] gave before.
pub(super) fn correct_id(address: u64) {
    let place = ptr::with_exposed_provenance_mut::<i32>(usize::try_from(address).unwrap_or(0));
    // SAFETY: by this function's contract libc keeps the id there, and reads it only by calls of this very thread.
    unsafe { place.write_volatile(own_id()) };
}

fn own_id() -> i32 {
    rustix::thread::gettid().as_raw_nonzero().get()
}

/// An area of restartable sequences that the kernel does not know at present.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sequences {
    address: u64,
    bytes: u64,
}

impl Sequences {
    /// Has the kernel leave the area alone; `None` when it does already: libc uses none, or the process was forked by a visitor
    /// (`borrowed_fork`), which has none.
    ///
    /// # Errors
    /// It was registered in a way that is not known here.
    pub(super) fn pause() -> io::Result<Option<Self>> {
        let Some(address) = sequences_address() else {
            return Ok(None);
        };
        // SAFETY: getauxval only reads what the kernel gave at start.
        let (feature, align) = unsafe {
            (
                libc::getauxval(AT_RSEQ_FEATURE_SIZE),
                libc::getauxval(AT_RSEQ_ALIGN),
            )
        };
        let asked = feature.next_multiple_of(align.max(1));
        for bytes in [FIRST_VERSION_BYTES, asked.max(FIRST_VERSION_BYTES)] {
            let area = Self { address, bytes };
            if area.call(UNREGISTER).is_ok() {
                return Ok(Some(area));
            }
        }
        // Only where nothing is registered can something be.
        let first = Self {
            address,
            bytes: FIRST_VERSION_BYTES,
        };
        match first.call(0).and_then(|()| first.call(UNREGISTER)) {
            Ok(()) => Ok(None),
            Err(_) => Err(io::Error::other("restartable sequences of an unknown kind")),
        }
    }

    /// Has the kernel look after it again; it writes the present processor there at once.
    ///
    /// # Errors
    /// The kernel refuses, which it never should.
    pub(super) fn go_on(self) -> io::Result<()> {
        self.call(0)
    }

    fn call(self, flags: i32) -> io::Result<()> {
        // SAFETY: libc set this area aside for the kernel, as long as the thread lives.
        let result =
            unsafe { libc::syscall(libc::SYS_rseq, self.address, self.bytes, flags, SIGNATURE) };
        if result < 0 {
            Err(io::Error::last_os_error())
        } else {
            Ok(())
        }
    }
}

/// Where libc has its area, unless it is older than 2.35 or was told not to have one.
fn sequences_address() -> Option<u64> {
    // SAFETY: the names are C strings; both variables, if there, are constant once libc has started.
    let (offset, size) = unsafe {
        let offset = libc::dlsym(libc::RTLD_DEFAULT, c"__rseq_offset".as_ptr()).cast::<isize>();
        let size = libc::dlsym(libc::RTLD_DEFAULT, c"__rseq_size".as_ptr()).cast::<u32>();
        if offset.is_null() || size.is_null() {
            return None;
        }
        (offset.read(), size.read())
    };
    let thread: u64;
    // SAFETY: on x86-64 the first word of the thread's own segment is the segment's address; the instruction only reads it.
    unsafe {
        std::arch::asm!(
            "mov {}, fs:0",
            out(reg) thread,
            options(nostack, preserves_flags, readonly)
        );
    };
    (size > 0).then(|| thread.wrapping_add_signed(offset as i64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences_are_paused_and_go_on() {
        let first = Sequences::pause().expect("known");
        if let Some(area) = first {
            assert!(
                Sequences::pause().expect("known").is_none(),
                "paused already"
            );
            area.go_on().expect("register");
        }
    }
}
