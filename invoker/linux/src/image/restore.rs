//! Becoming the process that an image shows.
//!
//! ```text
//! read tables ─▶ plan ─▶ open files ─▶ (no way back) ─▶ replace memory ─▶ return from the checkpoint that made the image
//!      └──────────┴──────────┴─▶ an error, and nothing has happened
//! ```
//! Memory is replaced from a stack that lies outside of all that is replaced; the steps and the numbers of the files lie beside it.

use std::convert::Infallible;
use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, OwnedFd, RawFd};
use std::os::unix::fs::FileExt;

use super::area::Area;
use super::context;
use super::descriptors::{duplicate_as, open_mapped, open_numbers};
use super::layout::{MAX_FILES, MAX_REGIONS, MAX_RUNS};
use super::maps::{Mapping, mappings};
use super::plan::{Plan, Source, Step, free_place, plan};
use super::region::ADVICE;
use super::replace::{Replacement, replace};
use super::signals::Mask;
use super::tables::Tables;
use super::thread::{self, Sequences};
use super::working_set::{self, MAX_STRETCHES};
use crate::process::ThreadList;

/// The most steps: the heap's end is moved; each region is unmapped around, made and advised upon; each run splits one; then pages are brought.
const MOST_STEPS: usize = 6 + MAX_REGIONS * (2 + ADVICE.len()) + MAX_RUNS * 2 + MAX_STRETCHES;
const AREA_BYTES: usize = MOST_STEPS * size_of::<Step>()
    + MAX_FILES * size_of::<RawFd>()
    + size_of::<Replacement>()
    + 3 * Area::ALIGNMENT;

/// Replaces this process's memory by the image's and goes on behind the checkpoint that made it, as `exec` goes on in another program: it
/// returns only if it cannot, and then nothing has changed. The process must be a blank of the same zygote as the one that was imaged, with
/// one thread, and with nothing open but the standard descriptors, `keep` and `image`. Once memory is being replaced, a failure ends it with
/// [`super::LOST_EXIT_CODE`].
///
/// `working_set` is what [`super::working_set()`] answered in an earlier process of this image, or nothing.
pub fn restore(image: &File, keep: &[RawFd], working_set: &[u8]) -> io::Error {
    match go(image, keep, working_set) {
        Ok(never) => match never {},
        Err(error) => error,
    }
}

fn go(image: &File, keep: &[RawFd], working_set: &[u8]) -> io::Result<Infallible> {
    check_alone(image, keep)?;
    let tables = Tables::read(|offset, buffer| image.read_exact_at(buffer, offset))?;
    let address = thread::id_address()?;
    if address != tables.header.thread_id_address {
        return Err(io::Error::other("the image is of another zygote's process"));
    }
    let text = std::fs::read("/proc/self/maps")?;
    let current: Vec<Mapping<'_>> = mappings(&text).collect();
    let place = free_place(
        &current,
        &tables.regions,
        Area::bytes_with(AREA_BYTES) as u64,
    )
    .ok_or_else(|| io::Error::other("no addresses are free"))?;
    let mut area = Area::map(Some(place), AREA_BYTES)?;
    let mut plan = plan(&current, &tables, area.range())?;
    check_code_stays(&plan)?;
    let placed = place_image(image, keep, &tables)?;
    let files = open_files(&plan.steps, &tables)?;
    let numbers: Vec<RawFd> = files
        .iter()
        .map(|file| file.as_ref().map_or(-1, AsRawFd::as_raw_fd))
        .collect();
    let needed = working_set::decode(working_set);
    plan.steps
        .extend(needed.map(|(start, end)| Step::Bring { start, end }));
    let (start, end) = area.range();
    let replacement = Replacement {
        resume_at: tables.header.stack_pointer,
        area: start,
        area_bytes: end - start,
        image: placed
            .as_ref()
            .map_or(image.as_raw_fd(), AsRawFd::as_raw_fd),
        former_image: placed.as_ref().map(|_| image.as_raw_fd()),
        steps: area.hold(&plan.steps)?,
        files: area.hold(&numbers)?,
    };
    depart(&mut area, replacement)
}

fn check_alone(image: &File, keep: &[RawFd]) -> io::Result<()> {
    ThreadList::open()?.only_thread()?;
    let expected =
        |number: RawFd| number <= 2 || number == image.as_raw_fd() || keep.contains(&number);
    match open_numbers()?
        .into_iter()
        .find(|number| !expected(*number))
    {
        Some(number) => Err(io::Error::other(format!("descriptor {number} is open"))),
        None => Ok(()),
    }
}

/// The code that replaces memory must be among what stays.
fn check_code_stays(plan: &Plan) -> io::Result<()> {
    let code = replace as *const () as u64;
    if plan
        .kept
        .iter()
        .any(|(start, end)| (*start..*end).contains(&code))
    {
        Ok(())
    } else {
        Err(io::Error::other("the image is of a process of other code"))
    }
}

/// Opens the image under the number that its own process knew it by; `None` when it has that already.
fn place_image(image: &File, keep: &[RawFd], tables: &Tables) -> io::Result<Option<OwnedFd>> {
    let number = RawFd::try_from(tables.header.descriptor).map_err(io::Error::other)?;
    if number <= 2 || keep.contains(&number) {
        return Err(io::Error::other(
            "the image's own number means another file here",
        ));
    }
    if number == image.as_raw_fd() {
        return Ok(None);
    }
    duplicate_as(image, number, true).map(Some)
}

/// Opens the files that the steps map, and no others.
fn open_files(steps: &[Step], tables: &Tables) -> io::Result<Vec<Option<File>>> {
    let mut files: Vec<Option<File>> = tables.files.iter().map(|_| None).collect();
    for step in steps {
        if let Step::Map {
            source: Source::File { file, .. },
            ..
        } = step
        {
            let row = *file as usize;
            if files[row].is_none() {
                let (stamp, path) = &tables.files[row];
                files[row] = Some(open_mapped(path, *stamp)?);
            }
        }
    }
    Ok(files)
}

fn depart(area: &mut Area, replacement: Replacement) -> io::Result<Infallible> {
    let work = area.hold(&[replacement])?;
    let mask = Mask::block_all()?;
    // What the image's process registered is registered there again.
    if let Err(error) = Sequences::pause() {
        mask.restore()?;
        return Err(error);
    }
    let mut left_at = 0;
    // SAFETY: the area's stack is unused and aligned, and `work` is a `Replacement` in the area. It was planned for this process, which has
    // one thread and takes no signal.
    unsafe {
        context::leave(
            replace,
            work.cast::<Replacement>().cast_mut(),
            area.stack_end(),
            &raw mut left_at,
        );
    }
    unreachable!("the replacement ends the process or goes on in another's memory")
}
