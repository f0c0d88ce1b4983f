//! Replacing a process's memory under its own feet.
//!
//! While it runs, the stack that the process had, its heap and libc's variables are one process's or the other's, page by page. So it uses
//! nothing but its own code, which stays, and the area: system calls are made directly, and a failure ends the process.

use std::arch::asm;
use std::os::fd::RawFd;

use super::checkpoint::LOST_EXIT_CODE;
use super::context;
use super::plan::{Source, Step};

/// All that is needed, in the area that stays.
#[derive(Clone, Copy, Debug)]
pub(super) struct Replacement {
    /// Where the imaged process left its stack.
    pub(super) resume_at: u64,
    /// The area that this runs in, first address and length.
    pub(super) area: u64,
    pub(super) area_bytes: u64,
    pub(super) image: RawFd,
    /// The number that the image had here, if it shall have another from now on.
    pub(super) former_image: Option<RawFd>,
    pub(super) steps: *const [Step],
    /// The mapped files by their rows; -1 where none is needed.
    pub(super) files: *const [RawFd],
}

/// Takes all steps and goes on in the imaged process.
///
/// # Safety
/// The process has one thread and all signals blocked. The steps were planned for its present mappings; they, the numbers and the work lie in
/// the area, and so does the present stack.
pub(super) unsafe extern "C" fn replace(work: *mut Replacement) {
    // SAFETY: by this function's contract they are in the area, which no step touches.
    let (work, steps, files) = unsafe {
        let work = work.read();
        (work, &*work.steps, &*work.files)
    };
    for step in steps {
        // SAFETY: the plan replaces all of this process's memory but the area and the code that runs here. No value of the old memory is used
        // again, as after `exec`.
        if unsafe { take(step, work.image, files) }.is_none() {
            exit(LOST_EXIT_CODE);
        }
    }
    for file in files.iter().filter(|file| **file >= 0) {
        close(*file);
    }
    if let Some(former) = work.former_image {
        close(former);
    }
    // SAFETY: memory is the imaged process's, all of it, so the stack at `resume_at` is as `leave` left it.
    unsafe { context::resume(work.resume_at, work.area, work.area_bytes) }
}

/// # Safety
/// Nothing that the step replaces is used again.
unsafe fn take(step: &Step, image: RawFd, files: &[RawFd]) -> Option<()> {
    match *step {
        Step::ShrinkHeap { to } if heap_end(0) <= to => Some(()),
        Step::GrowHeap { to } if heap_end(0) >= to => Some(()),
        Step::ShrinkHeap { to } | Step::GrowHeap { to } => (heap_end(to) == to).then_some(()),
        Step::Unmap { start, end } => {
            // SAFETY: by this function's contract.
            let result = unsafe { call(libc::SYS_munmap, [start, end - start, 0, 0, 0, 0]) };
            (result == 0).then_some(())
        }
        Step::Advise { start, end, advice } => {
            let advice = u64::from(advice.unsigned_abs());
            // SAFETY: the advices of a plan change no content.
            let result = unsafe { call(libc::SYS_madvise, [start, end - start, advice, 0, 0, 0]) };
            (result == 0).then_some(())
        }
        Step::Bring { start, end } => {
            let advice = u64::from(libc::MADV_POPULATE_WRITE.unsigned_abs());
            // SAFETY: it changes no content. It is as well if the kernel cannot.
            unsafe { call(libc::SYS_madvise, [start, end - start, advice, 0, 0, 0]) };
            Some(())
        }
        Step::Map {
            start,
            end,
            protection,
            source,
        } => {
            let (flags, file, offset) = match source {
                Source::Anonymous { flags } => (flags | libc::MAP_ANONYMOUS, -1, 0),
                Source::File {
                    file,
                    offset,
                    flags,
                } => (flags, *files.get(file as usize)?, offset),
                Source::Image { offset } => (libc::MAP_PRIVATE, image, offset),
            };
            let arguments = [
                start,
                end - start,
                word(protection),
                word(flags | libc::MAP_FIXED),
                word(file),
                offset,
            ];
            // SAFETY: by this function's contract.
            let at = unsafe { call(libc::SYS_mmap, arguments) };
            (at.cast_unsigned() == start).then_some(())
        }
        Step::Copy { start, end, offset } => {
            let mut at = start;
            while at < end {
                let from = offset + (at - start);
                let arguments = [word(image), at, end - at, from, 0, 0];
                // SAFETY: by this function's contract.
                let bytes = unsafe { call(libc::SYS_pread64, arguments) };
                at += u64::try_from(bytes).ok().filter(|bytes| *bytes > 0)?;
            }
            Some(())
        }
    }
}

/// Moves the end of the heap, if it can be there; where it is then.
fn heap_end(to: u64) -> u64 {
    // SAFETY: the heap is the old process's, of which nothing is used again.
    unsafe { call(libc::SYS_brk, [to, 0, 0, 0, 0, 0]) }.cast_unsigned()
}

fn word(number: i32) -> u64 {
    i64::from(number).cast_unsigned()
}

fn close(file: RawFd) {
    // SAFETY: the file was opened for this restoration, and its owner is in the memory that is gone.
    unsafe { call(libc::SYS_close, [word(file), 0, 0, 0, 0, 0]) };
}

fn exit(code: i32) -> ! {
    loop {
        // SAFETY: it ends the process.
        unsafe { call(libc::SYS_exit_group, [word(code), 0, 0, 0, 0, 0]) };
    }
}

/// A system call without libc.
///
/// # Safety
/// That of the call.
unsafe fn call(number: libc::c_long, arguments: [u64; 6]) -> i64 {
    let [first, second, third, fourth, fifth, sixth] = arguments;
    let result: i64;
    // SAFETY: the registers are those of the kernel's convention; it overwrites rcx and r11.
    unsafe {
        asm!(
            "syscall",
            inlateout("rax") number => result,
            in("rdi") first,
            in("rsi") second,
            in("rdx") third,
            in("r10") fourth,
            in("r8") fifth,
            in("r9") sixth,
            lateout("rcx") _,
            lateout("r11") _,
            options(nostack)
        );
    }
    result
}
