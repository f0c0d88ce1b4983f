//! The kernel facilities that sandboxes are made of: one file each, a safe signature, `OwnedFd` instead of integers.
//!
//! Invariant: this is the only crate of the workspace that contains `unsafe`, and each block says why it is sound.
#![expect(
    unsafe_code,
    reason = "fork, clone, images, seccomp, close_range and mount_setattr have no safe wrapper elsewhere"
)]

pub mod borrowed_fork;
pub mod cgroup;
pub mod children;
pub mod credentials;
pub mod fd_passing;
#[cfg_attr(not(target_arch = "x86_64"), path = "image_elsewhere.rs")]
pub mod image;
pub mod landlock;
pub mod mount;
pub mod namespace;
pub mod net;
pub mod pidfd;
pub mod pipe;
pub mod priority;
pub mod process;
pub mod rlimit;
pub mod seccomp;
