//! The system calls that no function may make: <https://man7.org/linux/man-pages/man2/seccomp.2.html>.
//!
//! Lists of the forbidden, one instruction each: installing costs about 2 µs an instruction, so what can be forbidden before a sandbox
//! has a function is forbidden then ([`Stage::Prepared`]), and only what its last steps need is forbidden after them ([`Stage::Bound`]).
//! Everything else is allowed; the namespaces and the missing capabilities carry the weight, this closes the kernel's rarely used doors.
//! `EPERM` is the answer, but `ENOSYS` for `clone3`, whose flags a filter cannot see, so that libc falls back to `clone`, and
//! `EAFNOSUPPORT` for sockets of families that functions have no use for.

use std::io;

use libc::{
    BPF_ABS, BPF_ALU, BPF_AND, BPF_JEQ, BPF_JMP, BPF_JSET, BPF_K, BPF_LD, BPF_RET, BPF_W, c_long,
    sock_filter,
};

#[cfg(target_arch = "x86_64")]
const AUDIT_ARCH: u32 = 0xc000_003e;
#[cfg(target_arch = "aarch64")]
const AUDIT_ARCH: u32 = 0xc000_00b7;

/// Offsets in `struct seccomp_data`.
const SYSCALL_NUMBER: u32 = 0;
const ARCHITECTURE: u32 = 4;
const FIRST_ARGUMENT: u32 = 16;
const SECOND_ARGUMENT: u32 = 24;
/// The part of a socket's type that is no flag (`SOCK_TYPE_MASK` in the kernel).
const SOCKET_TYPE_MASK: u32 = 0xf;

/// Set in the number of an x32 system call, which would slip past the comparison.
#[cfg(target_arch = "x86_64")]
const X32_BIT: u32 = 0x4000_0000;

/// When a list comes into force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The sandbox is made, and nobody's.
    Prepared,
    /// It is a function's: nothing remains to be attached or entered.
    Bound,
}

/// Forbidden from the first on.
const FORBIDDEN_PREPARED: &[c_long] = &[
    libc::SYS_chroot,
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

/// What binding needs, forbidden after it.
const FORBIDDEN_BOUND: &[c_long] = &[
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_move_mount,
    libc::SYS_mount_setattr,
    libc::SYS_open_tree,
    libc::SYS_fsopen,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fspick,
    libc::SYS_setns,
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

const LOAD: u32 = BPF_LD | BPF_W | BPF_ABS;

fn answer(verdict: u32) -> sock_filter {
    statement(BPF_RET | BPF_K, verdict)
}

fn refuse(errno: i32) -> sock_filter {
    answer(libc::SECCOMP_RET_ERRNO | errno.cast_unsigned())
}

/// The program of a stage: its special cases, then one comparison for each that is forbidden, then "allow" and "refuse".
fn program(stage: Stage) -> Vec<sock_filter> {
    let mut program = vec![
        statement(LOAD, ARCHITECTURE),
        jump(BPF_JEQ, AUDIT_ARCH, 1, 0),
        answer(libc::SECCOMP_RET_KILL_PROCESS),
        statement(LOAD, SYSCALL_NUMBER),
    ];
    #[cfg(target_arch = "x86_64")]
    program.extend([jump(BPF_JSET, X32_BIT, 0, 1), refuse(libc::ENOSYS)]);
    let forbidden = match stage {
        Stage::Prepared => {
            program.extend(special_cases());
            FORBIDDEN_PREPARED
        }
        Stage::Bound => FORBIDDEN_BOUND,
    };
    for (index, syscall) in forbidden.iter().enumerate() {
        let to_the_end = u8::try_from(forbidden.len() - index).expect("fewer than 255 are listed");
        program.push(jump(BPF_JEQ, number(*syscall), to_the_end, 0));
    }
    program.push(answer(libc::SECCOMP_RET_ALLOW));
    program.push(refuse(libc::EPERM));
    program
}

/// What is decided by an argument.
fn special_cases() -> Vec<sock_filter> {
    let mut cases = vec![
        jump(BPF_JEQ, number(libc::SYS_clone3), 0, 1),
        refuse(libc::ENOSYS),
        // A new user namespace would give the capabilities back.
        jump(BPF_JEQ, number(libc::SYS_clone), 1, 0),
        jump(BPF_JEQ, number(libc::SYS_unshare), 0, 4),
        statement(LOAD, FIRST_ARGUMENT),
        jump(BPF_JSET, libc::CLONE_NEWUSER.cast_unsigned(), 0, 1),
        refuse(libc::EPERM),
        answer(libc::SECCOMP_RET_ALLOW),
    ];
    // Netlink sockets are "raw" by type, and harmless.
    let sockets = vec![
        statement(LOAD, FIRST_ARGUMENT),
        jump(BPF_JEQ, libc::AF_UNIX.cast_unsigned(), 7, 0),
        jump(BPF_JEQ, libc::AF_NETLINK.cast_unsigned(), 6, 0),
        jump(BPF_JEQ, libc::AF_INET.cast_unsigned(), 2, 0),
        jump(BPF_JEQ, libc::AF_INET6.cast_unsigned(), 1, 0),
        refuse(libc::EAFNOSUPPORT),
        statement(LOAD, SECOND_ARGUMENT),
        statement(BPF_ALU | BPF_AND | BPF_K, SOCKET_TYPE_MASK),
        jump(BPF_JEQ, libc::SOCK_RAW.cast_unsigned(), 1, 0),
        answer(libc::SECCOMP_RET_ALLOW),
        refuse(libc::EPERM),
    ];
    let past_sockets = u8::try_from(sockets.len()).expect("a handful");
    cases.push(jump(BPF_JEQ, number(libc::SYS_socket), 0, past_sockets));
    cases.extend(sockets);
    cases
}

/// Forbids a stage's list to this process and its descendants, for good. `no_new_privs` must be set, or the process be privileged.
///
/// # Errors
/// A kernel without seccomp filters.
pub fn forbid(stage: Stage) -> io::Result<()> {
    let mut program = program(stage);
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

    fn verdict(stage: Stage, syscall: c_long, first_argument: u32) -> u32 {
        verdict_of_two(stage, syscall, [first_argument, 0])
    }

    /// Runs a program as the kernel would, for a system call with these arguments.
    fn verdict_of_two(stage: Stage, syscall: c_long, arguments: [u32; 2]) -> u32 {
        let program = program(stage);
        let (mut at, mut accumulator) = (0, 0);
        loop {
            let step = program[at];
            at += 1;
            let code = u32::from(step.code);
            if code == LOAD {
                accumulator = match step.k {
                    SYSCALL_NUMBER => number(syscall),
                    ARCHITECTURE => AUDIT_ARCH,
                    FIRST_ARGUMENT => arguments[0],
                    _ => arguments[1],
                };
            } else if code == BPF_ALU | BPF_AND | BPF_K {
                accumulator &= step.k;
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

    const REFUSED: u32 = libc::SECCOMP_RET_ERRNO | libc::EPERM.cast_unsigned();

    #[test]
    fn each_stage_refuses_exactly_what_it_lists() {
        let (prepared, bound) = (Stage::Prepared, Stage::Bound);
        for (stage, other, forbidden) in [
            (prepared, bound, FORBIDDEN_PREPARED),
            (bound, prepared, FORBIDDEN_BOUND),
        ] {
            for syscall in forbidden {
                assert_eq!(verdict(stage, *syscall, 0), REFUSED, "{syscall}");
                let elsewhere = verdict(other, *syscall, 0);
                assert_eq!(elsewhere, libc::SECCOMP_RET_ALLOW, "{syscall} twice");
            }
            for syscall in [libc::SYS_read, libc::SYS_openat, libc::SYS_execve] {
                let verdict = verdict(stage, syscall, u32::MAX);
                assert_eq!(verdict, libc::SECCOMP_RET_ALLOW, "{syscall}");
            }
        }
    }

    #[test]
    fn no_new_user_namespace() {
        let prepared = |syscall, argument| verdict(Stage::Prepared, syscall, argument);
        let user = libc::CLONE_NEWUSER.cast_unsigned();
        assert_eq!(prepared(libc::SYS_clone, user), REFUSED);
        assert_eq!(prepared(libc::SYS_unshare, user), REFUSED);
        let plain_fork = 0x0120_0011;
        assert_eq!(
            prepared(libc::SYS_clone, plain_fork),
            libc::SECCOMP_RET_ALLOW
        );
        assert_eq!(
            prepared(libc::SYS_clone3, 0),
            libc::SECCOMP_RET_ERRNO | libc::ENOSYS.cast_unsigned()
        );
    }

    #[test]
    fn only_sockets_that_a_function_has_use_for() {
        let socket = |family: libc::c_int, kind: libc::c_int| {
            let arguments = [family.cast_unsigned(), kind.cast_unsigned()];
            verdict_of_two(Stage::Prepared, libc::SYS_socket, arguments)
        };
        let stream = libc::SOCK_STREAM | libc::SOCK_CLOEXEC | libc::SOCK_NONBLOCK;
        let raw = libc::SOCK_RAW | libc::SOCK_CLOEXEC;
        for family in [
            libc::AF_UNIX,
            libc::AF_INET,
            libc::AF_INET6,
            libc::AF_NETLINK,
        ] {
            assert_eq!(socket(family, stream), libc::SECCOMP_RET_ALLOW, "{family}");
        }
        assert_eq!(socket(libc::AF_NETLINK, raw), libc::SECCOMP_RET_ALLOW);
        assert_eq!(socket(libc::AF_INET, raw), REFUSED);
        assert_eq!(socket(libc::AF_INET6, raw), REFUSED);
        let unsupported = libc::SECCOMP_RET_ERRNO | libc::EAFNOSUPPORT.cast_unsigned();
        for other in [libc::AF_PACKET, libc::AF_ALG, libc::AF_VSOCK, -1] {
            assert_eq!(socket(other, stream), unsupported, "{other}");
        }
    }
}
