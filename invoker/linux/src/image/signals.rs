//! What a process does about signals: its mask, its dispositions, its alternate stack.
//!
//! Dispositions are carried as the kernel keeps them, so by its own call: libc's hides the two signals that it uses itself.

use std::io;

/// Signals on Linux, 1 to this.
const SIGNALS: usize = 64;
/// Bytes of a set of them.
const SET_BYTES: usize = SIGNALS / 8;
/// The kernel's `struct sigaction` in words: handler, flags, restorer, mask.
const ACTION_WORDS: usize = 4;

/// The signals that were blocked before all were.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mask(u64);

impl Mask {
    /// Blocks all signals.
    ///
    /// # Errors
    /// The kernel refuses, which it never should.
    pub(super) fn block_all() -> io::Result<Self> {
        exchange(u64::MAX).map(Self)
    }

    /// Blocks these signals and no other.
    ///
    /// # Errors
    /// The kernel refuses, which it never should.
    pub(super) fn restore(self) -> io::Result<()> {
        exchange(self.0).map(|_| ())
    }
}

fn exchange(mask: u64) -> io::Result<u64> {
    let mut before = 0;
    // SAFETY: the kernel reads and writes sets of SET_BYTES, to which both pointers point.
    let result = unsafe {
        libc::syscall(
            libc::SYS_rt_sigprocmask,
            libc::SIG_SETMASK,
            &raw const mask,
            &raw mut before,
            SET_BYTES,
        )
    };
    if result < 0 {
        Err(io::Error::last_os_error())
    } else {
        Ok(before)
    }
}

/// What happens when a signal comes.
#[derive(Debug)]
pub(super) struct Dispositions {
    actions: [[u64; ACTION_WORDS]; SIGNALS],
    stack: libc::stack_t,
}

impl Dispositions {
    /// # Errors
    /// The kernel refuses, which it never should.
    pub(super) fn capture() -> io::Result<Self> {
        let mut actions = [[0; ACTION_WORDS]; SIGNALS];
        for (signal, action) in (1..).zip(&mut actions) {
            change_action(signal, None, action)?;
        }
        let mut stack = libc::stack_t {
            ss_sp: std::ptr::null_mut(),
            ss_flags: 0,
            ss_size: 0,
        };
        // SAFETY: with no new stack given, the kernel only writes the present one.
        if unsafe { libc::sigaltstack(std::ptr::null(), &raw mut stack) } < 0 {
            return Err(io::Error::last_os_error());
        }
        Ok(Self { actions, stack })
    }

    /// Sets them, in the process that they were captured in or in one that its image was restored in.
    ///
    /// # Errors
    /// The kernel refuses, which it never should.
    pub(super) fn apply(&self) -> io::Result<()> {
        for (signal, action) in (1..).zip(&self.actions) {
            let fixed = [libc::SIGKILL, libc::SIGSTOP].contains(&signal);
            let mut present = [0; ACTION_WORDS];
            change_action(signal, None, &mut present)?;
            if !fixed && present != *action {
                change_action(signal, Some(action), &mut present)?;
            }
        }
        // SAFETY: the stack was in force when this value was captured, and the memory is what it was then.
        if unsafe { libc::sigaltstack(&raw const self.stack, std::ptr::null_mut()) } < 0 {
            return Err(io::Error::last_os_error());
        }
        Ok(())
    }
}

fn change_action(
    signal: i32,
    to: Option<&[u64; ACTION_WORDS]>,
    before: &mut [u64; ACTION_WORDS],
) -> io::Result<()> {
    let to = to.map_or(std::ptr::null(), |action| action.as_ptr());
    // SAFETY: both pointers are null or to the kernel's `sigaction`, four words. A handler that is set was set before, by code that lies
    // where it lay.
    let result = unsafe {
        libc::syscall(
            libc::SYS_rt_sigaction,
            signal,
            to,
            before.as_mut_ptr(),
            SET_BYTES,
        )
    };
    if result < 0 {
        Err(io::Error::last_os_error())
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mask_comes_back() {
        let before = Mask::block_all().expect("block");
        let blocked = Mask::block_all().expect("block");
        before.restore().expect("restore");
        // The kernel never blocks KILL and STOP.
        assert!(blocked.0.count_ones() as usize >= SIGNALS - 2);
        assert_eq!(Mask::block_all().expect("block"), before);
        before.restore().expect("restore");
    }

    #[test]
    fn dispositions_are_captured_whole() {
        let captured = Dispositions::capture().expect("capture");
        captured.apply().expect("apply");
        let again = Dispositions::capture().expect("capture");
        assert_eq!(captured.actions, again.actions);
    }
}
