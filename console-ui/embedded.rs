//! The web console's files as they are in the binary: compressed, by path. Built by `build.rs`.

/// One file of the console.
#[derive(Clone, Copy, Debug)]
pub struct Asset {
    /// Below `/console/`, such as `assets/index-1a2b3c.js`. What is below `assets/` has its content's hash in its name.
    pub path: &'static str,
    /// The content, compressed (RFC 1952).
    pub gzip: &'static [u8],
}

/// The page that every route of the console starts from.
pub const INDEX: &str = "index.html";

/// Sorted by path. Without a fit Node at build time there is only [`INDEX`], which says how to get the console.
static ASSETS: &[Asset] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The file at `path`.
pub fn asset(path: &str) -> Option<&'static Asset> {
    let found = ASSETS.binary_search_by(|asset| asset.path.cmp(path));
    found.ok().map(|at| &ASSETS[at])
}

/// Every file.
pub fn assets() -> &'static [Asset] {
    ASSETS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_found_by_its_path() {
        for file in assets() {
            assert_eq!(asset(file.path).map(|found| found.path), Some(file.path));
        }
        assert!(asset(INDEX).is_some() && asset("index.htm").is_none());
    }
}
