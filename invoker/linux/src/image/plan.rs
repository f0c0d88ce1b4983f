//! How one process's memory becomes another's: the calls to make, in order.
//!
//! Pure, and tested against a model of an address space. What both processes map alike and never write stays as it is: the code of libraries
//! above all, in which the restoration itself runs. Each page is replaced at most once, from its content here to its content in the image,
//! with nothing in between: tables that calls go through are the same on both sides.

use std::io;

use super::layout::{NO_FILE, Region, Run};
use super::maps::Mapping;
use super::region::{ADVICE, Backing, NO_RESERVE, protection};
use super::tables::Tables;

/// The end of the addresses that a process has, unless it asks for more.
const HIGHEST: u64 = 0x7fff_ffff_f000;

/// Where a new mapping's bytes come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Anonymous {
        flags: i32,
    },
    /// A file, by its row.
    File {
        file: u32,
        offset: u64,
        flags: i32,
    },
    /// The image; what is written stays private.
    Image {
        offset: u64,
    },
}

/// One call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Moves the end of the heap down to an address, if it lies higher.
    ShrinkHeap {
        to: u64,
    },
    /// Moves the end of the heap up to an address, if it lies lower.
    GrowHeap {
        to: u64,
    },
    Unmap {
        start: u64,
        end: u64,
    },
    Map {
        start: u64,
        end: u64,
        protection: i32,
        source: Source,
    },
    Advise {
        start: u64,
        end: u64,
        advice: i32,
    },
    /// Has pages copied before they are written to, if it can be.
    Bring {
        start: u64,
        end: u64,
    },
    /// Overwrites memory with pages of the image, where the mapping must stay: on the stack.
    Copy {
        start: u64,
        end: u64,
        offset: u64,
    },
}

/// What to do.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) steps: Vec<Step>,
    /// Addresses that stay as they are.
    pub(super) kept: Vec<(u64, u64)>,
}

/// Plans the way from `current` mappings to the image's. Nothing in `area` is touched.
///
/// # Errors
/// The process is of another family than the one that was imaged.
pub(super) fn plan(current: &[Mapping<'_>], tables: &Tables, area: (u64, u64)) -> io::Result<Plan> {
    let current: Vec<_> = current.iter().filter(|it| !it.is_outside()).collect();
    check_family(&current, tables)?;
    // The heap shrinks while it is still there, and grows when nothing is in its way.
    let to = tables.header.program_break;
    let mut steps = vec![Step::ShrinkHeap { to }];
    unmap_others(&current, tables, area, &mut steps);
    steps.push(Step::GrowHeap { to });
    let mut kept = Vec::new();
    let mut runs = tables.runs.as_slice();
    for region in &tables.regions {
        runs = &runs[runs.partition_point(|run| run.end <= region.start)..];
        let own = &runs[..runs.partition_point(|run| run.start < region.end)];
        if stays(region, own, &current) {
            kept.push((region.start, region.end));
        } else if lacks_file(region, own) {
            return Err(io::Error::other("a mapped file has no name here"));
        } else {
            make(region, own, &mut steps);
        }
    }
    Ok(Plan { steps, kept })
}

/// The kernel's own mappings and the stack have their place from exec on.
fn check_family(current: &[&Mapping<'_>], tables: &Tables) -> io::Result<()> {
    let here = current
        .iter()
        .filter(|mapping| mapping.is_kernel())
        .map(|mapping| (mapping.start, mapping.end));
    let there = tables
        .regions
        .iter()
        .filter(|region| region.backing == Backing::Kernel)
        .map(|region| (region.start, region.end));
    let stack_here = current.iter().find(|mapping| mapping.is_stack());
    let stack_there = tables
        .regions
        .iter()
        .find(|region| region.backing == Backing::Stack);
    let same_stack = match (stack_here, stack_there) {
        (Some(here), Some(there)) => here.end == there.end,
        _ => false,
    };
    if here.eq(there) && same_stack {
        Ok(())
    } else {
        Err(io::Error::other(
            "the image is of a process of another zygote",
        ))
    }
}

/// Unmaps all that lies between the image's regions, whether anything is known to be there or not: while a plan is made, memory for it is
/// mapped.
fn unmap_others(
    current: &[&Mapping<'_>],
    tables: &Tables,
    area: (u64, u64),
    steps: &mut Vec<Step>,
) {
    let stacks = current.iter().filter(|mapping| mapping.is_stack());
    let mut held: Vec<(u64, u64)> = tables
        .regions
        .iter()
        .map(|region| (region.start, region.end))
        .chain(stacks.map(|stack| (stack.start, stack.end)))
        .chain([area, (HIGHEST, HIGHEST)])
        .collect();
    held.sort_unstable();
    let mut start = 0;
    for (end, next) in held {
        if start < end {
            steps.push(Step::Unmap { start, end });
        }
        start = start.max(next);
    }
}

fn stays(region: &Region, own: &[Run], current: &[&Mapping<'_>]) -> bool {
    if region.backing == Backing::Kernel {
        return true;
    }
    if region.backing != Backing::File || region.rights.writable() || !own.is_empty() {
        return false;
    }
    let at = current.partition_point(|mapping| mapping.start < region.start);
    current.get(at).is_some_and(|mapping| {
        (mapping.start, mapping.end, mapping.rights) == (region.start, region.end, region.rights)
            && (mapping.device, mapping.inode, mapping.offset)
                == (region.device, region.inode, region.offset)
    })
}

/// Whether it needs a file that cannot be opened.
fn lacks_file(region: &Region, own: &[Run]) -> bool {
    let whole = matches!(own, [run] if (run.start, run.end) == (region.start, region.end));
    region.backing == Backing::File && region.file == NO_FILE && !whole
}

fn make(region: &Region, own: &[Run], steps: &mut Vec<Step>) {
    if region.backing == Backing::Stack {
        steps.extend(own.iter().map(|run| Step::Copy {
            start: run.start,
            end: run.end,
            offset: run.offset,
        }));
        return;
    }
    let map = |start, end, source| Step::Map {
        start,
        end,
        protection: protection(region.rights),
        source,
    };
    let mut at = region.start;
    for run in own {
        if at < run.start {
            steps.push(map(at, run.start, origin(region, at)));
        }
        let offset = run.offset;
        push_or_extend(steps, map(run.start, run.end, Source::Image { offset }));
        at = run.end;
    }
    if at < region.end {
        steps.push(map(at, region.end, origin(region, at)));
    }
    let given = ADVICE.iter().enumerate();
    for (_, (_, advice)) in given.filter(|(bit, _)| region.advice & 1 << bit != 0) {
        if region.backing != Backing::Droppable {
            steps.push(Step::Advise {
                start: region.start,
                end: region.end,
                advice: *advice,
            });
        }
    }
}

/// Joins what follows on from the step before, in memory and in the image: a library's variables that have a value and those that are zero.
fn push_or_extend(steps: &mut Vec<Step>, next: Step) {
    if let (
        Some(Step::Map {
            start: first,
            end: last,
            protection: before,
            source: Source::Image { offset: from },
        }),
        Step::Map {
            start,
            end,
            protection,
            source: Source::Image { offset },
        },
    ) = (steps.last_mut(), next)
        && (*last, *before, *from + (*last - *first)) == (start, protection, offset)
    {
        *last = end;
    } else {
        steps.push(next);
    }
}

/// What a region's bytes are from `at` on, where the process has not written.
fn origin(region: &Region, at: u64) -> Source {
    let sharing = if region.rights.shared() {
        libc::MAP_SHARED
    } else {
        libc::MAP_PRIVATE
    };
    let no_reserve = if region.advice & NO_RESERVE == 0 {
        0
    } else {
        libc::MAP_NORESERVE
    };
    match region.backing {
        Backing::File => Source::File {
            file: region.file,
            offset: region.offset + (at - region.start),
            flags: sharing | no_reserve,
        },
        Backing::Droppable => Source::Anonymous {
            flags: libc::MAP_DROPPABLE,
        },
        _ => Source::Anonymous {
            flags: libc::MAP_PRIVATE | no_reserve,
        },
    }
}

/// Addresses that neither the present process nor the image uses, `bytes` long, away from both.
pub(super) fn free_place(current: &[Mapping<'_>], regions: &[Region], bytes: u64) -> Option<u64> {
    /// Away from the null page, from the heap and from what the kernel maps at low addresses.
    const LOWEST: u64 = 1 << 32;
    /// Stacks and heaps may grow so far.
    const DISTANCE_BYTES: u64 = 64 << 20;
    let mut taken: Vec<(u64, u64)> = current
        .iter()
        .map(|mapping| (mapping.start, mapping.end))
        .chain(regions.iter().map(|region| (region.start, region.end)))
        .collect();
    taken.sort_unstable();
    let mut at = LOWEST;
    for (start, end) in taken {
        if end <= LOWEST {
            continue;
        }
        if start.saturating_sub(at) >= bytes + DISTANCE_BYTES {
            break;
        }
        at = at.max(end.saturating_add(DISTANCE_BYTES));
    }
    (at < HIGHEST - bytes).then_some(at)
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
