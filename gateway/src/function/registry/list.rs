//! ListFunctions, ListVersionsByFunction, ListAliases: in order, by pages.
//!
//! A marker is the position of the first entry of the next page, so that entries which come or go between two pages shift nothing.

use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::Value;

use super::index::Entry;
use super::resolve::locate;
use super::update::whole;
use super::{Registry, key_of};
use crate::auth::Identity;
use crate::function::aggregate::Version;
use crate::function::limits::PAGE_ENTRIES;
use crate::function::qualifier::{Qualifier, label};
use crate::function::{FunctionError, describe};

/// Which page.
#[derive(Clone, Debug, Default)]
pub struct PageRequest {
    /// `NextMarker` of the page before; none for the first.
    pub marker: Option<String>,
    /// Entries at most; AWS gives no more than 50 whatever is asked for.
    pub max_items: Option<usize>,
}

/// A page.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// Its entries.
    pub items: Vec<Value>,
    /// The marker of the next page, if there is one.
    pub next_marker: Option<String>,
}

impl PageRequest {
    fn limit(&self) -> usize {
        self.max_items
            .unwrap_or(PAGE_ENTRIES)
            .clamp(1, PAGE_ENTRIES)
    }

    /// The position at which the page starts; empty for the first.
    fn start(&self) -> Result<String, FunctionError> {
        let Some(marker) = &self.marker else {
            return Ok(String::new());
        };
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(marker).ok();
        bytes
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .ok_or_else(|| FunctionError::Invalid("The provided marker is invalid.".to_owned()))
    }

    /// Takes a page off `entries`, which begin at the start and come with their positions.
    fn page(&self, mut entries: impl Iterator<Item = (String, Value)>) -> Page {
        let items = entries.by_ref().take(self.limit());
        let items = items.map(|(_, value)| value).collect();
        let next = entries.next();
        Page {
            items,
            next_marker: next.map(|(position, _)| BASE64_URL_SAFE_NO_PAD.encode(position)),
        }
    }
}

/// A function's versions from `from` on: `$LATEST`, then the numbers.
fn versions(entry: &Entry, from: Option<u64>) -> impl Iterator<Item = (Option<u64>, &Version)> {
    let latest = from.is_none().then_some((None, &entry.function.latest));
    let published = entry.function.published.range(from.unwrap_or(0)..);
    latest
        .into_iter()
        .chain(published.map(|(number, version)| (Some(*number), version)))
}

fn number_of(position: &str) -> Option<u64> {
    match Qualifier::parse(Some(position)) {
        Qualifier::Number(number) => Some(number),
        Qualifier::Latest | Qualifier::Alias(_) => None,
    }
}

impl Registry {
    /// The caller's functions by name: `$LATEST` of each, or every version.
    ///
    /// # Errors
    /// The marker is none of ours.
    pub fn list_functions(
        &self,
        identity: &Identity,
        all_versions: bool,
        request: &PageRequest,
    ) -> Result<Page, FunctionError> {
        let start = request.start()?;
        let (name, position) = start.split_once(':').unwrap_or((&start, ""));
        // Each has a version at least, so these are enough for a page and the marker behind it.
        let enough = request.limit() + 1;
        let entries: Vec<Arc<Entry>> =
            self.index
                .region(&identity.account, &identity.region, |region| {
                    let entries = region.into_iter().flat_map(|region| region.from(name));
                    entries.take(enough + 1).cloned().collect()
                });
        if !all_versions {
            let latest = entries.iter().map(|entry| {
                let function = &entry.function;
                let described = describe::listed(function, None, &function.latest, None);
                (function.key.name.clone(), described)
            });
            return Ok(request.page(latest));
        }
        let every = entries.iter().flat_map(|entry| {
            let function = &entry.function;
            let is_first = function.key.name == name;
            let from = is_first.then(|| number_of(position)).flatten();
            versions(entry, from).map(move |(number, version)| {
                let qualifier = label(number);
                let described = describe::listed(function, number, version, Some(&qualifier));
                (format!("{}:{qualifier}", function.key.name), described)
            })
        });
        Ok(request.page(every))
    }

    /// A function's versions.
    ///
    /// # Errors
    /// No such function, or the marker is none of ours.
    pub fn list_versions(
        &self,
        identity: &Identity,
        reference: &str,
        request: &PageRequest,
    ) -> Result<Page, FunctionError> {
        let name = whole(locate(identity, reference, None)?)?;
        let entry = self.stored(&key_of(identity, name))?;
        let from = number_of(&request.start()?);
        let described = versions(&entry, from).map(|(number, version)| {
            let qualifier = label(number);
            let described = describe::listed(&entry.function, number, version, Some(&qualifier));
            (qualifier, described)
        });
        Ok(request.page(described))
    }

    /// A function's aliases by name; only those of `version`, where one is given.
    ///
    /// # Errors
    /// No such function, or the marker is none of ours.
    pub fn list_aliases(
        &self,
        identity: &Identity,
        reference: &str,
        version: Option<&str>,
        request: &PageRequest,
    ) -> Result<Page, FunctionError> {
        let name = whole(locate(identity, reference, None)?)?;
        let entry = self.stored(&key_of(identity, name))?;
        let start = request.start()?;
        let aliases = entry.function.aliases.range(start..);
        let wanted = aliases
            .filter(|(_, alias)| version.is_none_or(|version| label(alias.version) == version));
        let described =
            wanted.map(|(name, alias)| (name.clone(), alias.describe(&entry.arn, name)));
        Ok(request.page(described))
    }
}
