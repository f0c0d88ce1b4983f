//! The tables of an image as whoever restores it reads them: whole, or not at all.
//!
//! Invariant: in a `Tables` the mappings and the runs are in order and do not overlap, every number of a page is a multiple of a page, and
//! every reference has a target. What is planned from it may rely on that.

use std::io;

use super::layout::{
    Checksum, FILE_BYTES, FileRow, HEADER_BYTES, Header, NO_FILE, PAGE_BYTES, REGION_BYTES,
    RUN_BYTES, Region, Run, Stamp, broken,
};

/// The tables of an image, checked.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tables {
    pub(super) header: Header,
    pub(super) regions: Vec<Region>,
    pub(super) runs: Vec<Run>,
    pub(super) files: Vec<(Stamp, Vec<u8>)>,
}

impl Tables {
    /// Reads them by `read_at(offset, buffer)`, which fills the buffer.
    pub(super) fn read(
        mut read_at: impl FnMut(u64, &mut [u8]) -> io::Result<()>,
    ) -> io::Result<Self> {
        let mut head = [0; HEADER_BYTES];
        read_at(0, &mut head)?;
        let header = Header::decode(&head)?;
        let mut bytes = vec![0; header.tables_bytes()];
        read_at(header.tables_offset, &mut bytes)?;
        let mut sum = Checksum::default();
        sum.add(&bytes);
        if sum.0 != header.tables_checksum {
            return Err(broken("is damaged"));
        }
        let mut rest = bytes.as_slice();
        let regions: Vec<Region> = rows(&mut rest, header.region_count, REGION_BYTES)
            .map(Region::decode)
            .collect::<io::Result<_>>()?;
        let runs: Vec<Run> = rows(&mut rest, header.run_count, RUN_BYTES)
            .map(Run::decode)
            .collect();
        let files: Vec<FileRow> = rows(&mut rest, header.file_count, FILE_BYTES)
            .map(FileRow::decode)
            .collect();
        let files = files
            .into_iter()
            .map(|row| {
                let start = row.path_start as usize;
                let path = rest.get(start..start + row.path_bytes as usize)?;
                Some((row.stamp, path.to_vec()))
            })
            .collect::<Option<Vec<_>>>()
            .ok_or_else(|| broken("has a path outside its table"))?;
        let tables = Self {
            header,
            regions,
            runs,
            files,
        };
        tables.check()?;
        Ok(tables)
    }

    /// Order and bounds, on which whoever plans the restoration relies.
    fn check(&self) -> io::Result<()> {
        let whole = |number: u64| number.is_multiple_of(PAGE_BYTES);
        let mut last = 0;
        for region in &self.regions {
            let known = region.file == NO_FILE
                || usize::try_from(region.file).is_ok_and(|file| file < self.files.len());
            if region.start < last
                || region.end <= region.start
                || !whole(region.start | region.end | region.offset)
                || !known
            {
                return Err(broken("has mappings that overlap"));
            }
            last = region.end;
        }
        last = 0;
        for run in &self.runs {
            let bytes = run.end.saturating_sub(run.start);
            if run.start < last
                || bytes == 0
                || !whole(run.start | run.end | run.offset)
                || run.offset > self.header.tables_offset
                || bytes > self.header.tables_offset - run.offset
            {
                return Err(broken("has pages that overlap"));
            }
            last = run.end;
        }
        Ok(())
    }
}

/// Takes a table off the front.
fn rows<'bytes>(
    rest: &mut &'bytes [u8],
    count: u64,
    row_bytes: usize,
) -> impl Iterator<Item = &'bytes [u8]> + use<'bytes> {
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    let (table, after) = rest.split_at(count.saturating_mul(row_bytes).min(rest.len()));
    *rest = after;
    table.chunks_exact(row_bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::maps::Rights;
    use super::super::region::Backing;
    use super::*;

    fn image(regions: &[Region], runs: &[Run], paths: &[&str]) -> Vec<u8> {
        let mut tables = Vec::new();
        tables.extend(regions.iter().flat_map(Region::encode));
        tables.extend(runs.iter().flat_map(Run::encode));
        let mut at = 0;
        for path in paths {
            let row = FileRow {
                stamp: Stamp::default(),
                path_start: at,
                path_bytes: u32::try_from(path.len()).expect("short"),
            };
            at += row.path_bytes;
            tables.extend(row.encode());
        }
        tables.extend(paths.iter().flat_map(|path| path.bytes()));
        let mut sum = Checksum::default();
        sum.add(&tables);
        let header = Header {
            stack_pointer: 7,
            region_count: regions.len() as u64,
            run_count: runs.len() as u64,
            file_count: paths.len() as u64,
            path_bytes: at.into(),
            tables_offset: 16 * PAGE_BYTES,
            tables_checksum: sum.0,
            ..Header::default()
        };
        let mut image = vec![0; 16 * 4096];
        image[..HEADER_BYTES].copy_from_slice(&header.encode());
        image.extend(tables);
        image
    }

    fn read(image: &[u8]) -> io::Result<Tables> {
        Tables::read(|offset, buffer| {
            let start = usize::try_from(offset).expect("small").min(image.len());
            let part = image[start..].get(..buffer.len());
            buffer.copy_from_slice(part.ok_or(io::ErrorKind::UnexpectedEof)?);
            Ok(())
        })
    }

    fn region(start: u64, end: u64) -> Region {
        Region {
            start,
            end,
            rights: Rights(3),
            backing: Backing::File,
            advice: 5,
            file: 0,
            offset: 0x3000,
            device: 9,
            inode: 10,
        }
    }

    fn run(start: u64, end: u64) -> Run {
        Run {
            start,
            end,
            offset: PAGE_BYTES,
        }
    }

    #[test]
    fn what_was_written_is_read() {
        let regions = [region(0x1000, 0x3000), region(0x3000, 0x4000)];
        let runs = [run(0x1000, 0x2000), run(0x3000, 0x4000)];
        let tables = read(&image(&regions, &runs, &["/lib/odd", "/b"])).expect("whole");
        assert_eq!(tables.regions, regions);
        assert_eq!(tables.runs, runs);
        let paths: Vec<_> = tables.files.iter().map(|(_, path)| &path[..]).collect();
        assert_eq!(paths, [&b"/lib/odd"[..], b"/b"]);
        assert_eq!(tables.header.stack_pointer, 7);
    }

    #[test]
    fn tables_out_of_order_are_refused() {
        let whole = [region(0x1000, 0x3000)];
        let refused = [
            image(
                &[region(0x3000, 0x4000), region(0x1000, 0x2000)],
                &[],
                &["/"],
            ),
            image(&[region(0x1000, 0x1000)], &[], &["/"]),
            image(&[region(0x1001, 0x2000)], &[], &["/"]),
            image(&whole, &[], &[]),
            image(&whole, &[run(0x1000, 0x3000), run(0x2000, 0x4000)], &["/"]),
            image(&whole, &[run(0, 17 * PAGE_BYTES)], &["/"]),
        ];
        for (index, image) in refused.iter().enumerate() {
            assert!(read(image).is_err(), "{index}");
        }
    }

    proptest! {
        #[test]
        fn damage_is_found_and_never_panics(at in 0_usize..300, change in 1_u8..) {
            let mut bytes = image(&[region(0x1000, 0x3000)], &[run(0x1000, 0x2000)], &["/lib/a"]);
            let tables = 16 * 4096;
            let place = if at < HEADER_BYTES { at } else { tables + at - HEADER_BYTES };
            if let Some(byte) = bytes.get_mut(place) {
                *byte ^= change;
            }
            let read = read(&bytes);
            prop_assert!(place < HEADER_BYTES || place >= bytes.len() || read.is_err());
        }

        #[test]
        fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..5000)) {
            prop_assert!(read(&bytes).is_err());
        }
    }
}
