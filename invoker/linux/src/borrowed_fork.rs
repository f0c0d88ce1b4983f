//! Forks a copy of this process that lives inside a sandbox: with the sandbox's namespaces and groups, as the child of its first process.
//!
//! ```text
//! zygote ──clone(VM, VFORK)──▶ visitor ── steps into the sandbox ──fork──▶ the copy
//!    waits for its end           └ ends at once; the copy's parent is now the first process of its pid namespace
//! ```
//! The visitor is born into the sandbox's pid namespace: only there is the orphan that it leaves given to that namespace's init.
//! The visitor borrows this process's memory instead of copying it, so memory is copied once, and what it does to its own credentials,
//! namespaces and groups does not touch this process. It runs on a stack of its own. The copy must go on where this process waits, on the
//! main stack: both come back through `swapcontext`, which returns once in each process, as `fork` does.

use std::io;
use std::mem::MaybeUninit;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

use libc::{c_int, c_void, ucontext_t};

use crate::children;
use crate::process::{Fork, OnlyThread};

/// The visitor makes a handful of system calls and runs libc's fork hooks.
const STACK_BYTES: usize = 256 * 1024;

/// What the zygote and its visitor tell each other, on the zygote's main stack.
struct Passage<'a> {
    step_in: &'a mut dyn FnMut() -> io::Result<()>,
    /// Where this process, and the copy, go on.
    here: ucontext_t,
    visitor_stack: *mut c_void,
    outcome: Outcome,
}

#[derive(Clone, Copy)]
enum Outcome {
    Undecided,
    Child,
    Parent(i32),
    /// The number of an error.
    Failed(i32),
}

/// The passage in use. There is one thread, which waits while it is used.
static PASSAGE: AtomicPtr<c_void> = AtomicPtr::new(ptr::null_mut());

/// Two stacks beside the main one, kept for the next fork.
#[derive(Debug)]
pub struct Stacks {
    aside: *mut c_void,
    visitor: *mut c_void,
}

impl Stacks {
    /// Reserves them.
    ///
    /// # Errors
    /// No address space is left.
    pub fn reserve() -> io::Result<Self> {
        Ok(Self {
            aside: stack()?,
            visitor: stack()?,
        })
    }
}

/// A mapping for the rest of this process's life: its lowest address.
fn stack() -> io::Result<*mut c_void> {
    // SAFETY: an anonymous mapping at an address of the kernel's choice touches no memory in use.
    let lowest = unsafe {
        libc::mmap(
            ptr::null_mut(),
            STACK_BYTES,
            libc::PROT_READ | libc::PROT_WRITE,
            libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_STACK,
            -1,
            0,
        )
    };
    if lowest == libc::MAP_FAILED {
        return Err(io::Error::last_os_error());
    }
    Ok(lowest)
}

/// Forks through a visitor that runs `step_in` first. The answer `Parent` has the copy's id as the visitor saw it.
///
/// `step_in` runs in another process that shares this one's memory: it must restrict itself to system calls, and leave no lock taken.
/// This process's `SIGCHLD` must be ignored, so that the visitor is reaped.
///
/// # Errors
/// `step_in` failed, or the kernel has no room for a process.
pub fn fork_inside(
    _proof: &OnlyThread,
    stacks: &Stacks,
    step_in: &mut dyn FnMut() -> io::Result<()>,
) -> io::Result<Fork> {
    let mut passage = Passage {
        step_in,
        // SAFETY: `ucontext_t` is plain data, for which zeros are valid; `swapcontext` below fills it in.
        here: unsafe { MaybeUninit::zeroed().assume_init() },
        visitor_stack: stacks.visitor,
        outcome: Outcome::Undecided,
    };
    let passage_address: *mut Passage<'_> = &raw mut passage;
    PASSAGE.store(passage_address.cast(), Ordering::SeqCst);
    let mut aside = MaybeUninit::<ucontext_t>::uninit();
    // SAFETY: `getcontext` fills `aside`, and is not returned to a second time: `makecontext` gives the context another entry. Its stack
    // is a mapping of STACK_BYTES that nothing else uses now. `swapcontext` saves this place in `passage.here` and goes to `send_visitor`,
    // which comes back here by `setcontext`, once in this process and once in the copy; `passage` is alive in both, as this function has
    // not returned in either.
    unsafe {
        if libc::getcontext(aside.as_mut_ptr()) != 0 {
            return Err(io::Error::last_os_error());
        }
        let aside = aside.assume_init_mut();
        aside.uc_stack.ss_sp = stacks.aside;
        aside.uc_stack.ss_size = STACK_BYTES;
        aside.uc_link = ptr::null_mut();
        libc::makecontext(aside, send_visitor, 0);
        if libc::swapcontext(&raw mut (*passage_address).here, aside) != 0 {
            return Err(io::Error::last_os_error());
        }
    }
    // SAFETY: `passage` is a local that is alive; others wrote to it through the address above, hence the volatile read.
    match unsafe { ptr::read_volatile(&raw const (*passage_address).outcome) } {
        Outcome::Child => Ok(Fork::Child),
        Outcome::Parent(child) => Ok(Fork::Parent { child }),
        Outcome::Failed(number) => Err(io::Error::from_raw_os_error(number)),
        Outcome::Undecided => Err(io::Error::other("the visitor ended before it forked")),
    }
}

/// In this process, on the stack aside: waits for the visitor, then goes back.
extern "C" fn send_visitor() {
    let passage: *mut Passage<'_> = PASSAGE.load(Ordering::SeqCst).cast();
    // SAFETY: `fork_inside` stored the address of its passage, which is alive, and waits. The visitor's stack is a mapping of STACK_BYTES in
    // use by nobody; it grows down from its end. With CLONE_VFORK this thread stands still until the visitor has ended, so only one of
    // the two uses the memory they share. `setcontext` never returns, and nothing on this stack needs to be dropped.
    unsafe {
        let stack_end = (*passage).visitor_stack.byte_add(STACK_BYTES);
        let flags = libc::CLONE_VM | libc::CLONE_VFORK | libc::SIGCHLD;
        if libc::clone(visit, stack_end, flags, passage.cast()) < 0 {
            (*passage).outcome = Outcome::Failed(last_error());
        }
        libc::setcontext(&raw const (*passage).here);
        // Only a broken context brings us here.
        libc::_exit(1)
    }
}

/// The visitor's life, and the beginning of the copy's.
extern "C" fn visit(passage: *mut c_void) -> c_int {
    let passage: *mut Passage<'_> = passage.cast();
    // Its memory is given back before its children are given to init: one that ended in between must wait to be reaped by init.
    children::reap_automatically(false);
    // SAFETY: the passage is alive and used by nobody else meanwhile, see above. There is one thread in the memory that `fork` copies, which
    // holds no lock. The copy leaves this stack for the main stack of its own copy of the memory, where `fork_inside` waits to return.
    unsafe {
        if let Err(error) = ((*passage).step_in)() {
            (*passage).outcome = Outcome::Failed(error.raw_os_error().unwrap_or(libc::EIO));
            libc::_exit(1);
        }
        match libc::fork() {
            -1 => (*passage).outcome = Outcome::Failed(last_error()),
            0 => {
                (*passage).outcome = Outcome::Child;
                libc::setcontext(&raw const (*passage).here);
            }
            child => (*passage).outcome = Outcome::Parent(child),
        }
        libc::_exit(0)
    }
}

fn last_error() -> i32 {
    io::Error::last_os_error()
        .raw_os_error()
        .unwrap_or(libc::EIO)
}
