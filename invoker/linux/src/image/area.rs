//! Memory of one's own while the rest of the process is read or replaced: a stack and a place for data, which no image contains.
//!
//! ```text
//! start        + PAGE        + STACK_BYTES              end
//! │ no access  │ ◀── stack   │ data                       │
//! ```
//! Dropping it unmaps it. In a restored process the addresses of the area that the dump ran in mean nothing, so the drop there is without
//! effect: nothing can have been mapped in between.

use std::io;
use std::ptr::{self, NonNull};

use super::layout::PAGE_BYTES;

/// Enough for the dump and the restoration, which call a handful of small functions, in unoptimised builds too.
const STACK_BYTES: usize = 256 * 1024;
const GUARD_BYTES: usize = PAGE_BYTES as usize;

/// Memory that belongs to nobody else.
#[derive(Debug)]
pub(super) struct Area {
    start: NonNull<u8>,
    bytes: usize,
    held_bytes: usize,
}

impl Area {
    /// What is held begins at multiples of this.
    pub(super) const ALIGNMENT: usize = 64;

    /// How many bytes of addresses an area with so much data takes.
    pub(super) fn bytes_with(data_bytes: usize) -> usize {
        GUARD_BYTES + STACK_BYTES + data_bytes.next_multiple_of(GUARD_BYTES)
    }

    /// Maps one, at `address` or where the kernel likes. The data is zero.
    ///
    /// # Errors
    /// There is no memory, or something lies at `address`.
    pub(super) fn map(address: Option<u64>, data_bytes: usize) -> io::Result<Self> {
        let bytes = Self::bytes_with(data_bytes);
        let fixed = address.map_or(0, |_| libc::MAP_FIXED_NOREPLACE);
        // SAFETY: a new anonymous mapping, which with MAP_FIXED_NOREPLACE never takes the place of another.
        let start = unsafe {
            libc::mmap(
                ptr::without_provenance_mut(address.map_or(0, |at| at as usize)),
                bytes,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE | fixed,
                -1,
                0,
            )
        };
        if start == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        let start = NonNull::new(start.cast()).ok_or(io::ErrorKind::OutOfMemory)?;
        let area = Self {
            start,
            bytes,
            held_bytes: 0,
        };
        // SAFETY: the first page of the mapping made above, which nothing refers to yet.
        if unsafe { libc::mprotect(start.as_ptr().cast(), GUARD_BYTES, libc::PROT_NONE) } < 0 {
            return Err(io::Error::last_os_error());
        }
        Ok(area)
    }

    /// First address and first address after it.
    pub(super) fn range(&self) -> (u64, u64) {
        let start = self.start.as_ptr() as u64;
        (start, start + self.bytes as u64)
    }

    /// Where the stack begins, aligned for a call.
    pub(super) fn stack_end(&self) -> u64 {
        self.range().0 + (GUARD_BYTES + STACK_BYTES) as u64
    }

    /// The data, from a multiple of a page on.
    pub(super) fn data(&mut self) -> &mut [u8] {
        let before = GUARD_BYTES + STACK_BYTES;
        // SAFETY: these bytes are mapped, readable, writable and initialised (zero) as long as `self` lives, and are reached through this
        // borrow only: the stack lies below them.
        unsafe {
            std::slice::from_raw_parts_mut(self.start.as_ptr().add(before), self.bytes - before)
        }
    }

    /// Copies values into the data, behind those that it holds already. They stay as long as the area is mapped.
    ///
    /// # Errors
    /// The data is full.
    pub(super) fn hold<T: Copy>(&mut self, values: &[T]) -> io::Result<*const [T]> {
        const { assert!(align_of::<T>() <= Self::ALIGNMENT) };
        let at = self.held_bytes;
        let end = at + size_of_val(values);
        let place = self.data().get_mut(at..end);
        let place = place.ok_or(io::ErrorKind::OutOfMemory)?.as_mut_ptr().cast();
        self.held_bytes = end.next_multiple_of(Self::ALIGNMENT);
        // SAFETY: the place is as large as the values, aligned for them, nobody else's, and apart from them.
        unsafe { ptr::copy_nonoverlapping(values.as_ptr(), place, values.len()) };
        Ok(ptr::slice_from_raw_parts(place, values.len()))
    }
}

impl Drop for Area {
    fn drop(&mut self) {
        // SAFETY: the mapping is this value's own and every borrow of it has ended. In a restored process nothing lies there.
        unsafe { libc::munmap(self.start.as_ptr().cast(), self.bytes) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_is_zero_and_writable() {
        let mut area = Area::map(None, 10_000).expect("memory");
        assert!(area.data().len() >= 10_000);
        assert!(area.data().iter().all(|byte| *byte == 0));
        area.data().fill(1);
        assert_eq!(area.data().as_ptr() as u64, area.stack_end());
        assert!(area.stack_end().is_multiple_of(16));
    }

    #[test]
    fn values_are_held_side_by_side() {
        let mut area = Area::map(None, 200).expect("memory");
        let bytes = area.hold(&[1_u8, 2, 3]).expect("room");
        let words = area.hold(&[4_u64, 5]).expect("room");
        // SAFETY: the area is still mapped, and nothing writes to it.
        let held = unsafe { ((*bytes).to_vec(), (*words).to_vec()) };
        assert_eq!(held, (vec![1, 2, 3], vec![4, 5]));
        assert!(area.hold(&[0_u8; 5000]).is_err());
    }

    #[test]
    fn it_never_takes_anothers_place() {
        let area = Area::map(None, 1).expect("memory");
        assert!(Area::map(Some(area.range().0), 1).is_err());
    }
}
