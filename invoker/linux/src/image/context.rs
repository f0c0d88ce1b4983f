//! Leaving a stack, and coming back to it, perhaps in another process.
//!
//! ```text
//! leave ──▶ entry, on another stack ──▶ leave returns          the process that was imaged
//!                                  resume ──▶ leave returns    a process whose memory was replaced by the image
//! ```
//! In each process `leave` returns once, as any function does, so that the compiler's view of it stays true. What a callee must preserve is
//! kept on the stack that is left: six registers and the two control words of floating point.

use std::arch::naked_asm;

/// Runs on another stack.
pub(super) type Entry<T> = unsafe extern "C" fn(*mut T);

/// Runs `entry(argument)` on the stack that ends at `stack_end`. Where the present stack was left is at `left_at` before `entry` begins.
///
/// # Safety
/// `stack_end` ends memory that is large enough for a stack, aligned to 16 bytes, and not in use. `argument` is what `entry` takes, and
/// `left_at` may be written.
pub(super) unsafe fn leave<T>(
    entry: Entry<T>,
    argument: *mut T,
    stack_end: u64,
    left_at: *mut u64,
) {
    // SAFETY: by this function's own contract; an `Entry<T>` takes a thin pointer whatever `T` is, as the erased one does.
    unsafe {
        let entry: Entry<u8> = std::mem::transmute(entry);
        switch(argument.cast(), stack_end, left_at, entry);
    }
}

#[unsafe(naked)]
unsafe extern "C" fn switch(
    argument: *mut u8,
    stack_end: u64,
    left_at: *mut u64,
    entry: Entry<u8>,
) {
    naked_asm!(
        "push rbp",
        "push rbx",
        "push r12",
        "push r13",
        "push r14",
        "push r15",
        "sub rsp, 8",
        "stmxcsr [rsp]",
        "fnstcw [rsp + 4]",
        "mov [rdx], rsp",
        "mov r12, rsp",
        "mov rsp, rsi",
        "call rcx",
        "mov rsp, r12",
        "jmp {come_back}",
        come_back = sym come_back,
    )
}

/// Unmaps the memory that the present stack lies in, and returns from the `leave` that left the stack at `left_at`.
///
/// # Safety
/// The memory at `left_at` and above is what it was when `leave` noted it, whether in this process or in the one that was imaged, and the
/// code that called `leave` is mapped where it was. Nothing in `area_bytes` from `area` on is used any more.
#[unsafe(naked)]
pub(super) unsafe extern "C" fn resume(left_at: u64, area: u64, area_bytes: u64) -> ! {
    naked_asm!(
        "mov rsp, rdi",
        "mov rdi, rsi",
        "mov rsi, rdx",
        "mov eax, {munmap}",
        "syscall",
        "jmp {come_back}",
        munmap = const libc::SYS_munmap,
        come_back = sym come_back,
    )
}

#[unsafe(naked)]
unsafe extern "C" fn come_back() {
    naked_asm!(
        "ldmxcsr [rsp]",
        "fldcw [rsp + 4]",
        "add rsp, 8",
        "pop r15",
        "pop r14",
        "pop r13",
        "pop r12",
        "pop rbx",
        "pop rbp",
        "ret",
    )
}

#[cfg(test)]
mod tests {
    use super::super::area::Area;
    use super::*;

    struct Visit {
        stack: u64,
        left_at: u64,
        area: (u64, u64),
        resumes: bool,
    }

    unsafe extern "C" fn visit(visit: *mut Visit) {
        // SAFETY: the tests pass a pointer to a live value that nothing else uses meanwhile.
        let visit = unsafe { &mut *visit };
        visit.stack = &raw const visit as u64;
        if visit.resumes {
            let (start, end) = visit.area;
            // SAFETY: `left_at` was noted by the `leave` that is still on the stack, which is as it was.
            unsafe { resume(visit.left_at, start, end - start) };
        }
    }

    fn go(resumes: bool) -> bool {
        let area = Area::map(None, 1).expect("memory");
        let mut there = Visit {
            stack: 0,
            left_at: 0,
            area: area.range(),
            resumes,
        };
        let at = &raw mut there;
        // SAFETY: the area's stack is unused, and both pointers are to `there`.
        unsafe { leave(visit, at, area.stack_end(), &raw mut (*at).left_at) };
        let (start, end) = there.area;
        (start..end).contains(&there.stack)
    }

    #[test]
    fn entry_runs_on_the_other_stack_and_comes_back() {
        let kept = std::hint::black_box(1.5_f64);
        assert!(go(false));
        assert!(go(true));
        assert!((kept * 2.0 - 3.0).abs() < f64::EPSILON);
    }
}
