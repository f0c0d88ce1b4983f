//! All functions in memory: what every read and every invocation looks at.
//!
//! Invariant: an [`Entry`] is what the store holds, never more, never less; totals are those of the entries. Looking a function up
//! costs three hash lookups and an `Arc` clone, and allocates nothing.

use std::collections::{BTreeSet, HashMap};
use std::ops::Bound;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use super::super::aggregate::{Function, State, Version};
use super::super::shelf::Shelf;
use super::super::{FunctionKey, FunctionVersion};

/// A function as it is stored, with what runs of it.
pub(in crate::function) struct Entry {
    pub(super) function: Function,
    /// The revision of its document.
    pub(super) document: u64,
    /// Its unqualified ARN.
    pub(super) arn: String,
    pub(super) latest: Runnable,
    pub(super) published: HashMap<u64, Runnable>,
}

/// A version that takes invocations, or the state in which it does not.
pub(super) type Runnable = Result<Arc<FunctionVersion>, State>;

impl Entry {
    /// An entry for `function`; versions that run as in `before` are the same objects.
    pub(super) fn new(
        function: Function,
        document: u64,
        shelf: &Shelf,
        before: Option<&Self>,
    ) -> Self {
        let runnable = |number: Option<u64>, version: &Version| {
            if version.state != State::Active {
                return Err(version.state);
            }
            if let Some(Ok(same)) = before.and_then(|entry| entry.runnable(number))
                && same.revision == version.revision
                && same.network == function.network
            {
                return Ok(Arc::clone(same));
            }
            let code = shelf.folder_of(&version.code.blob);
            Ok(Arc::new(version.runnable(
                &function.key,
                number,
                code,
                function.network,
            )))
        };
        let previous = function
            .deploy
            .as_ref()
            .and_then(|deploy| deploy.previous.as_deref());
        let latest = runnable(None, previous.unwrap_or(&function.latest));
        let published = function
            .published
            .iter()
            .map(|(number, version)| (*number, runnable(Some(*number), version)))
            .collect();
        Self {
            arn: function.key.arn(),
            document,
            latest,
            published,
            function,
        }
    }

    /// What runs under this number; `$LATEST` without one.
    pub(super) fn runnable(&self, number: Option<u64>) -> Option<&Runnable> {
        match number {
            None => Some(&self.latest),
            Some(number) => self.published.get(&number),
        }
    }

    fn running(&self) -> impl Iterator<Item = &Arc<FunctionVersion>> {
        self.published
            .values()
            .chain([&self.latest])
            .filter_map(|runnable| runnable.as_ref().ok())
    }
}

/// The pools whose sandboxes must go when `after` takes the place of `before`.
pub(super) fn retired(before: &Entry, after: Option<&Entry>) -> Vec<String> {
    let goes_on = |version: &FunctionVersion| {
        let mut running = after.into_iter().flat_map(Entry::running);
        running.any(|other| other.runs_as(version))
    };
    let gone = before.running().filter(|version| !goes_on(version));
    gone.map(|version| version.pool_id()).collect()
}

/// Every function, by account, region and name.
#[derive(Default)]
pub(super) struct Index {
    accounts: RwLock<HashMap<String, HashMap<String, Region>>>,
}

/// The functions of an account in a region.
#[derive(Default)]
pub(super) struct Region {
    entries: HashMap<String, Arc<Entry>>,
    names: BTreeSet<String>,
    /// The sum of reserved concurrency.
    pub(super) total_reserved: u32,
    /// The sum of the sizes of packages, bytes.
    pub(super) code_bytes: u64,
}

impl Region {
    /// How many functions it has.
    pub(super) fn count(&self) -> usize {
        self.entries.len()
    }

    /// The functions from the name `from` on, in order.
    pub(super) fn from(&self, from: &str) -> impl Iterator<Item = &Arc<Entry>> {
        let bounds = (Bound::Included(from), Bound::Unbounded);
        let names = self.names.range::<str, _>(bounds);
        names.filter_map(|name| self.entries.get(name))
    }

    fn count_out(&mut self, function: &Function) {
        self.total_reserved -= function.reserved.unwrap_or(0);
        self.code_bytes -= function.code_bytes();
    }
}

impl Index {
    /// The function with this name.
    pub(super) fn get(&self, account: &str, region: &str, name: &str) -> Option<Arc<Entry>> {
        let accounts = self.read();
        let entry = accounts.get(account)?.get(region)?.entries.get(name)?;
        Some(Arc::clone(entry))
    }

    /// Looks at an account's functions in a region.
    pub(super) fn region<T>(
        &self,
        account: &str,
        region: &str,
        look: impl FnOnce(Option<&Region>) -> T,
    ) -> T {
        let accounts = self.read();
        look(
            accounts
                .get(account)
                .and_then(|regions| regions.get(region)),
        )
    }

    /// Puts an entry in, in the place of the one with the same key.
    pub(super) fn put(&self, entry: Arc<Entry>) {
        let mut accounts = self
            .accounts
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        let FunctionKey {
            account,
            region,
            name,
        } = &entry.function.key;
        let region = accounts
            .entry(account.clone())
            .or_default()
            .entry(region.clone())
            .or_default();
        region.total_reserved += entry.function.reserved.unwrap_or(0);
        region.code_bytes += entry.function.code_bytes();
        match region.entries.insert(name.clone(), Arc::clone(&entry)) {
            Some(before) => region.count_out(&before.function),
            None => {
                region.names.insert(name.clone());
            }
        }
    }

    /// Takes an entry out.
    pub(super) fn remove(&self, key: &FunctionKey) {
        let mut accounts = self
            .accounts
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        let Some(regions) = accounts.get_mut(&key.account) else {
            return;
        };
        let Some(region) = regions.get_mut(&key.region) else {
            return;
        };
        if let Some(entry) = region.entries.remove(&key.name) {
            region.count_out(&entry.function);
            region.names.remove(&key.name);
        }
        if region.entries.is_empty() {
            regions.remove(&key.region);
        }
        if regions.is_empty() {
            accounts.remove(&key.account);
        }
    }

    fn read(&self) -> RwLockReadGuard<'_, HashMap<String, HashMap<String, Region>>> {
        self.accounts.read().unwrap_or_else(PoisonError::into_inner)
    }
}
