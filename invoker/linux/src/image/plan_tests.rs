//! Plans, carried out on a model of an address space: one entry a page.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::super::layout::{Header, PAGE_BYTES, Stamp};
use super::super::maps::Rights;
use super::*;

const AREA: (u64, u64) = (300 * PAGE_BYTES, 310 * PAGE_BYTES);

/// What a page holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Page {
    /// What the present process has; whose content must not be seen afterwards.
    Old,
    Zero,
    File(u64),
    Image(u64),
}

fn region(start: u64, end: u64, rights: u8, backing: Backing) -> Region {
    Region {
        start: start * PAGE_BYTES,
        end: end * PAGE_BYTES,
        rights: Rights(rights),
        backing,
        advice: 0,
        file: if backing == Backing::File { 0 } else { NO_FILE },
        offset: if backing == Backing::File {
            start * PAGE_BYTES
        } else {
            0
        },
        device: 1,
        inode: if backing == Backing::File { 7 } else { 0 },
    }
}

fn as_mapping(region: &Region) -> Mapping<'static> {
    Mapping {
        start: region.start,
        end: region.end,
        rights: region.rights,
        offset: region.offset,
        device: region.device,
        inode: region.inode,
        name: match region.backing {
            Backing::Kernel => b"[vdso]",
            Backing::Stack => b"[stack]",
            Backing::File => b"/lib",
            _ => b"",
        },
        anonymous_bytes: 0,
        protection_key: 0,
        flags: b"",
    }
}

/// The stack and the kernel's pages, which every process of a family has.
fn fixed(stack_start: u64) -> [Region; 2] {
    [
        region(stack_start, 390, 3, Backing::Stack),
        region(395, 398, 5, Backing::Kernel),
    ]
}

fn tables(mut regions: Vec<Region>, runs: Vec<Run>) -> Tables {
    regions.sort_by_key(|region| region.start);
    Tables {
        header: Header {
            program_break: 0,
            ..Header::default()
        },
        regions,
        runs,
        files: vec![(Stamp::default(), b"/lib".to_vec())],
    }
}

/// Lays out regions of 1 to 20 pages below the area, from pairs of a gap and a kind.
fn lay_out(pieces: &[(u64, u64, usize)]) -> Vec<Region> {
    let kinds = [
        (3, Backing::Anonymous),
        (5, Backing::File),
        (1, Backing::File),
        (3, Backing::File),
        (0, Backing::Anonymous),
    ];
    let (mut at, mut regions) = (1, Vec::new());
    for (gap, pages, kind) in pieces {
        let (start, end) = (at + gap, at + gap + pages);
        if end >= 300 {
            break;
        }
        let (rights, backing) = kinds[kind % kinds.len()];
        regions.push(region(start, end, rights, backing));
        at = end;
    }
    regions
}

fn carry_out(current: &[Mapping<'_>], plan: &Plan) -> BTreeMap<u64, (Page, i32)> {
    let mut pages = BTreeMap::new();
    let each = |start: u64, end: u64| (start..end).step_by(PAGE_BYTES as usize);
    for mapping in current {
        for page in each(mapping.start, mapping.end) {
            let clean = plan
                .kept
                .iter()
                .any(|(start, end)| (*start..*end).contains(&page));
            let content = if clean { Page::File(page) } else { Page::Old };
            pages.insert(page, (content, protection(mapping.rights)));
        }
    }
    for step in &plan.steps {
        match *step {
            Step::Unmap { start, end } => {
                assert!(end <= AREA.0 || start >= AREA.1, "the area stays");
                assert!(start < end);
                pages.retain(|page, _| !(start..end).contains(page));
            }
            Step::Map {
                start,
                end,
                protection,
                source,
            } => {
                assert!(end <= AREA.0 || start >= AREA.1, "the area stays");
                for page in each(start, end) {
                    let content = match source {
                        Source::Anonymous { .. } => Page::Zero,
                        Source::File { offset, .. } => Page::File(offset + page - start),
                        Source::Image { offset } => Page::Image(offset + page - start),
                    };
                    let before = pages.insert(page, (content, protection));
                    assert!(
                        matches!(before, None | Some((Page::Old, _))),
                        "a page is replaced once: {before:?}"
                    );
                }
            }
            Step::Copy { start, end, offset } => {
                for page in each(start, end) {
                    pages.insert(page, (Page::Image(offset + page - start), 3));
                }
            }
            Step::ShrinkHeap { .. } | Step::GrowHeap { .. } => {}
            Step::Advise { .. } | Step::Bring { .. } => {}
        }
    }
    pages
}

/// The steps behind those that make room.
fn made(plan: &Plan) -> Vec<Step> {
    let room = plan
        .steps
        .iter()
        .position(|step| matches!(step, Step::GrowHeap { .. }));
    plan.steps[room.expect("always") + 1..].to_vec()
}

fn expected(tables: &Tables) -> BTreeMap<u64, (Page, i32)> {
    let mut pages = BTreeMap::new();
    for region in &tables.regions {
        for page in (region.start..region.end).step_by(PAGE_BYTES as usize) {
            let run = tables
                .runs
                .iter()
                .find(|run| (run.start..run.end).contains(&page));
            let content = match (run, region.backing) {
                (Some(run), _) => Page::Image(run.offset + page - run.start),
                (None, Backing::File) => Page::File(region.offset + page - region.start),
                (None, Backing::Kernel) => Page::File(page),
                // Below what the image holds of the stack lies nothing that counts.
                (None, Backing::Stack) => Page::Old,
                (None, _) => Page::Zero,
            };
            pages.insert(page, (content, protection(region.rights)));
        }
    }
    pages
}

fn pieces() -> impl Strategy<Value = Vec<(u64, u64, usize)>> {
    proptest::collection::vec((0_u64..6, 1_u64..20, 0_usize..5), 0..30)
}

proptest! {
    #[test]
    fn the_plan_leads_to_the_image(
        here in pieces(),
        there in pieces(),
        shared in 0_usize..10,
        stack in 370_u64..389,
        dirty in proptest::collection::vec(any::<bool>(), 300),
    ) {
        // The first mappings are those of both, as the libraries of the zygote are.
        let mut here_pieces = there.clone();
        here_pieces.truncate(shared);
        here_pieces.extend(here);
        let mut current = lay_out(&here_pieces);
        current.extend(fixed(380));
        let mut regions = lay_out(&there);
        regions.extend(fixed(stack));
        let mut runs = Vec::new();
        let mut offset = PAGE_BYTES;
        for region in regions.iter().filter(|region| region.rights.0 == 3) {
            for page in (region.start..region.end).step_by(PAGE_BYTES as usize) {
                let index = (page / PAGE_BYTES) as usize;
                if dirty.get(index).copied().unwrap_or(index > 385) {
                    runs.push(Run { start: page, end: page + PAGE_BYTES, offset });
                    offset += PAGE_BYTES;
                }
            }
        }
        let tables = tables(regions, runs);
        let current: Vec<_> = current.iter().map(as_mapping).collect();
        let plan = plan(&current, &tables, AREA).expect("one family");
        let mut reached = carry_out(&current, &plan);
        let mut wanted = expected(&tables);
        // Below what the image holds of the stack, either may have more of it.
        let counts = |page: u64, content: &(Page, i32)| {
            content.0 != Page::Old || !(370 * PAGE_BYTES..390 * PAGE_BYTES).contains(&page)
        };
        reached.retain(|page, content| counts(*page, content));
        wanted.retain(|page, content| counts(*page, content));
        prop_assert_eq!(reached, wanted);
    }

    #[test]
    fn a_free_place_is_free(starts in proptest::collection::vec(0_u64..0x7ff, 0..40)) {
        let mapping = |start: &u64| {
            let start = start << 36;
            let mut mapping = as_mapping(&region(0, 1, 3, Backing::Anonymous));
            (mapping.start, mapping.end) = (start, start + (1 << 36));
            mapping
        };
        let current: Vec<_> = starts.iter().map(mapping).collect();
        if let Some(at) = free_place(&current, &[], PAGE_BYTES) {
            prop_assert!(current.iter().all(|it| at + PAGE_BYTES <= it.start || at >= it.end));
            prop_assert!(at + PAGE_BYTES < 0x7fff_ffff_f000);
        } else {
            prop_assert!(!starts.is_empty());
        }
    }
}

#[test]
fn another_family_is_refused() {
    let mut other = fixed(380);
    other[1].start += PAGE_BYTES;
    let current: Vec<_> = other.iter().map(as_mapping).collect();
    assert!(plan(&current, &tables(fixed(380).to_vec(), vec![]), AREA).is_err());
    let current = [as_mapping(&fixed(380)[1])];
    assert!(plan(&current, &tables(fixed(380).to_vec(), vec![]), AREA).is_err());
}

#[test]
fn code_that_both_map_stays() {
    let mut regions = vec![region(1, 5, 5, Backing::File)];
    regions.extend(fixed(380));
    let current: Vec<_> = regions.iter().map(as_mapping).collect();
    let plan = plan(&current, &tables(regions.clone(), vec![]), AREA).expect("one family");
    assert_eq!(made(&plan), []);
    assert_eq!(plan.kept.first(), Some(&(PAGE_BYTES, 5 * PAGE_BYTES)));
}

#[test]
fn a_file_without_a_name_stays_or_is_in_the_image_whole() {
    let mut code = region(1, 5, 5, Backing::File);
    code.file = NO_FILE;
    let mut data = region(5, 7, 3, Backing::File);
    data.file = NO_FILE;
    let run = |end: u64| Run {
        start: 5 * PAGE_BYTES,
        end: end * PAGE_BYTES,
        offset: PAGE_BYTES,
    };
    let mut regions = vec![code, data];
    regions.extend(fixed(380));
    let current: Vec<_> = regions.iter().map(as_mapping).collect();
    let planned = |current: &[Mapping<'_>], end| {
        plan(current, &tables(regions.clone(), vec![run(end)]), AREA)
    };
    assert_eq!(made(&planned(&current, 7).expect("whole")).len(), 1);
    assert!(planned(&current, 6).is_err());
    assert!(planned(&current[1..], 7).is_err());
}

#[test]
fn what_follows_on_is_mapped_in_one_step() {
    let (data, zeros) = (
        region(1, 3, 3, Backing::File),
        region(3, 5, 3, Backing::Anonymous),
    );
    let mut regions = vec![data, zeros];
    regions.extend(fixed(380));
    let current: Vec<_> = fixed(380).iter().map(as_mapping).collect();
    let run = |start: u64, end: u64, offset: u64| Run {
        start: start * PAGE_BYTES,
        end: end * PAGE_BYTES,
        offset: offset * PAGE_BYTES,
    };
    let steps = |runs| {
        let plan = plan(&current, &tables(regions.clone(), runs), AREA);
        made(&plan.expect("one family")).len()
    };
    assert_eq!(steps(vec![run(1, 3, 1), run(3, 5, 3)]), 1);
    assert_eq!(steps(vec![run(1, 3, 1), run(3, 5, 9)]), 2);
    assert_eq!(steps(vec![run(1, 3, 1), run(4, 5, 3)]), 3);
}

#[test]
fn the_heap_shrinks_before_and_grows_after_others_are_gone() {
    let current: Vec<_> = fixed(380).iter().map(as_mapping).collect();
    let mut tables = tables(fixed(380).to_vec(), vec![]);
    tables.header.program_break = 5;
    let steps = plan(&current, &tables, AREA).expect("one family").steps;
    assert_eq!(steps.first(), Some(&Step::ShrinkHeap { to: 5 }));
    assert_eq!(steps.last(), Some(&Step::GrowHeap { to: 5 }));
}

#[test]
fn advice_is_given_again() {
    let mut advised = region(1, 5, 3, Backing::Anonymous);
    advised.advice = 1 << 1 | NO_RESERVE;
    let mut regions = vec![advised];
    regions.extend(fixed(380));
    let current: Vec<_> = fixed(380).iter().map(as_mapping).collect();
    let plan = plan(&current, &tables(regions, vec![]), AREA).expect("one family");
    let (start, end) = (PAGE_BYTES, 5 * PAGE_BYTES);
    let flags = libc::MAP_PRIVATE | libc::MAP_NORESERVE;
    let source = Source::Anonymous { flags };
    let protection = libc::PROT_READ | libc::PROT_WRITE;
    assert_eq!(
        made(&plan),
        [
            Step::Map {
                start,
                end,
                protection,
                source
            },
            Step::Advise {
                start,
                end,
                advice: libc::MADV_WIPEONFORK
            },
        ]
    );
}
