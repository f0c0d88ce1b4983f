//! What `/proc/self/status` says of this process: <https://man7.org/linux/man-pages/man5/proc_pid_status.5.html>.

use std::io;

/// The lines that images care about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Status {
    pub(super) threads: u64,
    /// A signal waits to be delivered.
    pub(super) signal_pending: bool,
    /// System call filters, its own and those it was born with.
    pub(super) filters: u64,
    /// Rights that new files do not get.
    pub(super) umask: u32,
    /// The processor checks returns against a second stack.
    pub(super) shadow_stack: bool,
}

impl Status {
    /// # Errors
    /// `/proc` is not there.
    pub(super) fn read() -> io::Result<Self> {
        Ok(Self::parse(&std::fs::read_to_string("/proc/self/status")?))
    }

    fn parse(text: &str) -> Self {
        let mut status = Self::default();
        for (name, value) in text.lines().filter_map(|line| line.split_once(':')) {
            let value = value.trim();
            match name {
                "Threads" => status.threads = value.parse().unwrap_or(0),
                "SigPnd" | "ShdPnd" => {
                    status.signal_pending |= value.bytes().any(|digit| digit != b'0');
                }
                "Seccomp_filters" => status.filters = value.parse().unwrap_or(0),
                "Umask" => status.umask = u32::from_str_radix(value, 8).unwrap_or(0),
                "x86_Thread_features" => status.shadow_stack = value.contains("shstk"),
                _ => {}
            }
        }
        status
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read() {
        let text = "Name:\tx\nUmask:\t0022\nThreads:\t3\nSigPnd:\t0000000000000000\n\
                    ShdPnd:\t0000000000000200\nSeccomp_filters:\t2\nx86_Thread_features:\twrss shstk \n";
        let expected = Status {
            threads: 3,
            signal_pending: true,
            filters: 2,
            umask: 0o22,
            shadow_stack: true,
        };
        assert_eq!(Status::parse(text), expected);
    }

    #[test]
    fn this_process_has_threads() {
        assert!(Status::read().expect("proc").threads > 0);
    }
}
