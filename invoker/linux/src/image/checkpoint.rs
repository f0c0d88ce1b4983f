//! The moment at which a process is imaged: it goes on behind it, and so does every process that its image is restored in.
//!
//! ```text
//! checkpoint ─▶ examine ─▶ capture state ─▶ block signals ─▶ leave the stack ─▶ dump ─▶ come back: Taken
//!      image restored elsewhere:                                                     come back ─▶ apply state: Restored
//! ```
//! Which of the two it is stands in memory: the image is written while it says `Restored`, and only then it is set to `Taken`.

use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, RawFd};
use std::path::Path;

use super::area::Area;
use super::context;
use super::dump::{self, Failure};
use super::signals::Mask;
use super::state::ProcessState;
use super::thread::Sequences;
use super::unfit::{self, Unfit};
use crate::process;

/// The exit code of a process that was to be restored and was lost on the way: part of its memory was replaced already. Whoever waits for it
/// starts another in its place, without the image.
pub const LOST_EXIT_CODE: i32 = 119;

/// Which side of an image this is.
#[derive(Debug, PartialEq, Eq)]
pub enum Checkpoint {
    /// The image is written; this is the process that it shows.
    Taken,
    /// This is another process, in which the image was restored. All that must differ between processes is the caller's to renew: random
    /// number generators first.
    Restored,
    /// There is no image of this process, and why.
    Unfit(Unfit),
}

/// How the dump ended, and what it works on.
struct Passage {
    outcome: Outcome,
    left_at: u64,
    target: RawFd,
    program_break: u64,
    thread_id_address: u64,
    area: (u64, u64),
    data: *mut [u8],
}

#[derive(Clone, Copy)]
enum Outcome {
    Restored,
    Taken,
    Failed(Failure),
}

/// Writes the calling process's image to `target`, which [`super::create()`] made. `keep` are the descriptors that the host gives each
/// sandbox under the same number (0 to 2 are always such); `target` is another, if it stays open. `scratch` is the folder whose content a
/// restored process would miss.
///
/// It returns once in this process, and once in each process that calls [`super::restore()`] with the image, where `target` is the image.
///
/// # Errors
/// The image cannot be written; the process is as it was.
pub fn checkpoint(target: &File, keep: &[RawFd], scratch: &Path) -> io::Result<Checkpoint> {
    let mut kept = keep.to_vec();
    kept.push(target.as_raw_fd());
    let mut descriptors = match unfit::examine(&kept, scratch)? {
        Ok(descriptors) => descriptors,
        Err(unfit) => return Ok(Checkpoint::Unfit(unfit)),
    };
    // The image may be given to a restored process under another kind of file.
    descriptors.forget(target.as_raw_fd());
    let state = ProcessState::capture(descriptors)?;
    let mask = Mask::block_all()?;
    let outcome = cross(target.as_raw_fd(), &state);
    mask.restore()?;
    match outcome? {
        Outcome::Taken => Ok(Checkpoint::Taken),
        Outcome::Restored => Ok(Checkpoint::Restored),
        Outcome::Failed(Failure { step, errno }) => {
            let error = io::Error::from(errno);
            Err(io::Error::new(error.kind(), format!("{step}: {error}")))
        }
    }
}

/// Every process that comes back registers its restartable sequences anew, so that what the image says of them never counts. One whose
/// kernel cannot be told all that it must know ends: it is no longer what it was, and not yet the other.
fn cross(target: RawFd, state: &ProcessState) -> io::Result<Outcome> {
    let sequences = Sequences::pause()?;
    let outcome = pass(target, state.thread_id_address());
    let registered = sequences.map_or(Ok(()), Sequences::go_on);
    if matches!(outcome, Ok(Outcome::Restored)) {
        if registered.and_then(|()| state.apply()).is_err() {
            process::exit_now(LOST_EXIT_CODE);
        }
        return outcome;
    }
    registered?;
    outcome
}

fn pass(target: RawFd, thread_id_address: u64) -> io::Result<Outcome> {
    let mut area = Area::map(None, dump::DATA_BYTES)?;
    let stack_end = area.stack_end();
    let mut passage = Passage {
        outcome: Outcome::Restored,
        left_at: 0,
        target,
        program_break: program_break(),
        thread_id_address,
        area: area.range(),
        data: area.data(),
    };
    let there = &raw mut passage;
    // SAFETY: the area's stack is unused and aligned, `dump_and_note` takes a `Passage`, and `left_at` is one of its fields.
    unsafe {
        context::leave(dump_and_note, there, stack_end, &raw mut (*there).left_at);
        Ok((&raw const (*there).outcome).read_volatile())
    }
}

/// # Safety
/// The passage is [`pass`]'s, which waits.
unsafe extern "C" fn dump_and_note(passage: *mut Passage) {
    // SAFETY: `pass` hands over a pointer to its own `Passage` and waits. The target is open: `pass` was given its number by its owner. The
    // process has one thread, as was examined. The data belongs to the area, which outlives this call.
    unsafe {
        let result = dump::write(dump::Task {
            target: (*passage).target,
            stack_pointer: (*passage).left_at,
            program_break: (*passage).program_break,
            thread_id_address: (*passage).thread_id_address,
            area: (*passage).area,
            data: &mut *(*passage).data,
        });
        let outcome = match result {
            Ok(()) => Outcome::Taken,
            Err(failure) => Outcome::Failed(failure),
        };
        // The image says `Restored`; only this process learns otherwise.
        (&raw mut (*passage).outcome).write_volatile(outcome);
    }
}

/// Where the heap that grows by itself ends.
fn program_break() -> u64 {
    // SAFETY: an address that cannot be changes nothing; the kernel answers the present one.
    let end = unsafe { libc::syscall(libc::SYS_brk, 0) };
    end.cast_unsigned()
}
