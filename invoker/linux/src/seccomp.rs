//! The system calls that no function may make: <https://man7.org/linux/man-pages/man2/seccomp.2.html>.
//!
//! A list of the forbidden, one instruction each: installing costs about 2 µs an instruction. Everything else is allowed; the
//! namespaces and the missing capabilities carry the weight, this closes the kernel's rarely used doors. `EPERM` is the answer, but
//! `ENOSYS` for `clone3`, whose flags a filter cannot see, so that libc falls back to `clone`.

use std::io;

use libc::{
    BPF_ABS, BPF_JEQ, BPF_JMP, BPF_JSET, BPF_K, BPF_LD, BPF_RET, BPF_W, c_long, sock_filter,
};

#[cfg(target_arch = "x86_64")]
const AUDIT_ARCH: u32 = 0xc000_003e;
#[cfg(target_arch = "aarch64")]
const AUDIT_ARCH: u32 = 0xc000_00b7;

/// Offsets in `struct seccomp_data`.
const SYSCALL_NUMBER: u32 = 0;
const ARCHITECTURE: u32 = 4;
const FIRST_ARGUMENT: u32 = 16;

/// Set in the number of an x32 system call, which would slip past the comparison.
#[cfg(target_arch = "x86_64")]
const X32_BIT: u32 = 0x4000_0000;

const FORBIDDEN: &[c_long] = &[
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_move_mount,
    libc::SYS_mount_setattr,
    libc::SYS_open_tree,
    libc::SYS_fsopen,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fspick,
    libc::SYS_setns,
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_process_madvise,
    libc::SYS_pidfd_getfd,
    libc::SYS_kcmp,
    libc::SYS_kexec_load,
    libc::SYS_kexec_file_load,
    libc::SYS_reboot,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_keyctl,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_open_by_handle_at,
    libc::SYS_name_to_handle_at,
    libc::SYS_fanotify_init,
    libc::SYS_acct,
    libc::SYS_quotactl,
    libc::SYS_syslog,
    libc::SYS_settimeofday,
    libc::SYS_clock_settime,
    libc::SYS_clock_adjtime,
    libc::SYS_sethostname,
    libc::SYS_setdomainname,
    libc::SYS_vhangup,
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_iopl,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_ioperm,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_modify_ldt,
];

fn statement(code: u32, value: u32) -> sock_filter {
    sock_filter {
        code: narrow(code),
        jt: 0,
        jf: 0,
        k: value,
    }
}

fn jump(code: u32, value: u32, if_true: u8, if_false: u8) -> sock_filter {
    sock_filter {
        code: narrow(BPF_JMP | code | BPF_K),
        jt: if_true,
        jf: if_false,
        k: value,
    }
}

fn narrow(code: u32) -> u16 {
    u16::try_from(code).expect("BPF codes fit 16 bits")
}

fn number(syscall: c_long) -> u32 {
    u32::try_from(syscall).expect("system call numbers are small")
}

/// The program. Its last four instructions are: allow, refuse with EPERM, refuse with ENOSYS, kill.
fn program() -> Vec<sock_filter> {
    let load = BPF_LD | BPF_W | BPF_ABS;
    let refuse = |errno: i32| libc::SECCOMP_RET_ERRNO | errno.cast_unsigned();
    let mut program = vec![
        statement(load, ARCHITECTURE),
        jump(BPF_JEQ, AUDIT_ARCH, 1, 0),
        statement(BPF_RET | BPF_K, libc::SECCOMP_RET_KILL_PROCESS),
        statement(load, SYSCALL_NUMBER),
    ];
    #[cfg(target_arch = "x86_64")]
    program.extend([
        jump(BPF_JSET, X32_BIT, 0, 1),
        statement(BPF_RET | BPF_K, refuse(libc::ENOSYS)),
    ]);
    program.extend([
        jump(BPF_JEQ, number(libc::SYS_clone3), 0, 1),
        statement(BPF_RET | BPF_K, refuse(libc::ENOSYS)),
        // A new user namespace would give the capabilities back.
        jump(BPF_JEQ, number(libc::SYS_clone), 1, 0),
        jump(BPF_JEQ, number(libc::SYS_unshare), 0, 4),
        statement(load, FIRST_ARGUMENT),
        jump(BPF_JSET, libc::CLONE_NEWUSER.cast_unsigned(), 0, 1),
        statement(BPF_RET | BPF_K, refuse(libc::EPERM)),
        statement(BPF_RET | BPF_K, libc::SECCOMP_RET_ALLOW),
    ]);
    for (index, syscall) in FORBIDDEN.iter().enumerate() {
        let to_the_end = u8::try_from(FORBIDDEN.len() - index).expect("fewer than 255 are listed");
        program.push(jump(BPF_JEQ, number(*syscall), to_the_end, 0));
    }
    program.push(statement(BPF_RET | BPF_K, libc::SECCOMP_RET_ALLOW));
    program.push(statement(BPF_RET | BPF_K, refuse(libc::EPERM)));
    program
}

/// Forbids them to this process and its descendants, for good. `no_new_privs` must be set.
///
/// # Errors
/// A kernel without seccomp filters.
pub fn forbid() -> io::Result<()> {
    let mut program = program();
    let filter = libc::sock_fprog {
        len: u16::try_from(program.len()).expect("a short program"),
        filter: program.as_mut_ptr(),
    };
    // SAFETY: `filter` points to `len` instructions that live through the call; the kernel copies and verifies them.
    let result = unsafe {
        libc::syscall(
            libc::SYS_seccomp,
            libc::SECCOMP_SET_MODE_FILTER,
            0,
            &raw const filter,
        )
    };
    if result < 0 {
        Err(io::Error::last_os_error())
    } else {
        Ok(())
    }
}

/// Whether the kernel has seccomp filters.
pub fn available() -> bool {
    std::fs::read_to_string("/proc/sys/kernel/seccomp/actions_avail")
        .is_ok_and(|text| text.contains("errno"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs the program as the kernel would, for a system call with `first_argument`.
    fn verdict(syscall: c_long, first_argument: u32) -> u32 {
        let program = program();
        let (mut at, mut accumulator) = (0, 0);
        loop {
            let step = program[at];
            at += 1;
            let code = u32::from(step.code);
            if code == BPF_LD | BPF_W | BPF_ABS {
                accumulator = match step.k {
                    SYSCALL_NUMBER => number(syscall),
                    ARCHITECTURE => AUDIT_ARCH,
                    _ => first_argument,
                };
            } else if code == BPF_RET | BPF_K {
                return step.k;
            } else {
                let holds = if code & 0xf0 == BPF_JEQ {
                    accumulator == step.k
                } else {
                    accumulator & step.k != 0
                };
                at += usize::from(if holds { step.jt } else { step.jf });
            }
        }
    }

    #[test]
    fn refuses_exactly_the_listed() {
        let refused = libc::SECCOMP_RET_ERRNO | libc::EPERM.cast_unsigned();
        for syscall in FORBIDDEN {
            assert_eq!(verdict(*syscall, 0), refused, "{syscall}");
        }
        for syscall in [
            libc::SYS_read,
            libc::SYS_openat,
            libc::SYS_execve,
            libc::SYS_socket,
        ] {
            assert_eq!(
                verdict(syscall, u32::MAX),
                libc::SECCOMP_RET_ALLOW,
                "{syscall}"
            );
        }
    }

    #[test]
    fn no_new_user_namespace() {
        let refused = libc::SECCOMP_RET_ERRNO | libc::EPERM.cast_unsigned();
        let user = libc::CLONE_NEWUSER.cast_unsigned();
        assert_eq!(verdict(libc::SYS_clone, user), refused);
        assert_eq!(verdict(libc::SYS_unshare, user), refused);
        assert_eq!(
            verdict(libc::SYS_clone, 0x0120_0011),
            libc::SECCOMP_RET_ALLOW
        );
        assert_eq!(
            verdict(libc::SYS_clone3, 0),
            libc::SECCOMP_RET_ERRNO | libc::ENOSYS.cast_unsigned()
        );
    }
}
