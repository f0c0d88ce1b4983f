//! Lists of groups and streams, page by page.
//!
//! A page holds at most `limit` entries in memory, whatever the order and however many there are.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::document::{decode, find};
use super::group::DOCUMENT_PREFIX;
use super::{GroupClass, GroupDocument, GroupKey, LogError, Logs, StreamDocument};

/// As many documents are read at once.
const STEP: usize = 200;

/// A group, found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its name.
    pub key: GroupKey,
    /// What is known of it.
    pub document: GroupDocument,
}

/// Which groups to list, in the order of their names.
#[derive(Clone, Copy, Debug)]
pub struct GroupListing<'a> {
    /// Twelve digits.
    pub account: &'a str,
    /// Such as `us-east-1`.
    pub region: &'a str,
    /// What their names start with.
    pub prefix: &'a str,
    /// What their names hold.
    pub part: &'a str,
    /// Of this class alone.
    pub class: Option<GroupClass>,
    /// Start behind this name.
    pub after: Option<&'a str>,
    /// At most this many.
    pub limit: usize,
}

/// A stream, found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stream {
    /// Its name in its group.
    pub name: String,
    /// What is known of it.
    pub document: StreamDocument,
}

/// The order of streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamOrder {
    /// By name.
    Name,
    /// By their newest event, then by name.
    LastEvent,
}

impl StreamOrder {
    /// Where a stream lies in this order, among all streams of its group.
    pub fn place(self, stream: &Stream) -> (i64, String) {
        let time_ms = match self {
            Self::Name => 0,
            Self::LastEvent => stream.document.last_event_ms.unwrap_or(0),
        };
        (time_ms, stream.name.clone())
    }
}

/// Which streams of a group to list.
#[derive(Clone, Debug)]
pub struct StreamListing<'a> {
    /// What their names start with.
    pub prefix: &'a str,
    /// In this order.
    pub order: StreamOrder,
    /// The other way round.
    pub descending: bool,
    /// Start behind this place ([`StreamOrder::place`]) in the direction of reading.
    pub after: Option<(i64, String)>,
    /// At most this many.
    pub limit: usize,
}

impl Logs {
    /// A group.
    ///
    /// # Errors
    /// The store's own.
    pub async fn group(self: &Arc<Self>, key: &GroupKey) -> Result<Option<Group>, LogError> {
        self.flush().await;
        let found = find(&self.store, &key.document_key()).await?;
        Ok(found.map(|document| Group {
            key: key.clone(),
            document,
        }))
    }

    /// The groups of an account in a region, and whether there are more.
    ///
    /// # Errors
    /// The store's own.
    pub async fn groups(
        self: &Arc<Self>,
        listing: GroupListing<'_>,
    ) -> Result<(Vec<Group>, bool), LogError> {
        self.flush().await;
        let all = format!("{DOCUMENT_PREFIX}{}/{}/", listing.account, listing.region);
        let prefix = format!("{all}{}", listing.prefix);
        let mut after = listing.after.map(|name| format!("{all}{name}"));
        let mut groups = Vec::new();
        loop {
            let documents = &self.store.documents;
            let step = documents.scan(&prefix, after.as_deref(), STEP).await?;
            let Some(last) = step.last() else {
                return Ok((groups, false));
            };
            after = Some(last.key.clone());
            for found in step {
                let document: GroupDocument = decode(&found)?;
                let Some(key) = GroupKey::of_document_key(&found.key) else {
                    continue;
                };
                if key.name.contains(listing.part)
                    && listing.class.is_none_or(|class| class == document.class)
                {
                    if groups.len() == listing.limit {
                        return Ok((groups, true));
                    }
                    groups.push(Group { key, document });
                }
            }
        }
    }

    /// The streams of a group, and whether there are more.
    ///
    /// # Errors
    /// No such group, or the store's own.
    pub async fn streams(
        self: &Arc<Self>,
        group: &GroupKey,
        listing: StreamListing<'_>,
    ) -> Result<(Vec<Stream>, bool), LogError> {
        self.flush().await;
        let group = self.find_group(group).await?;
        let all = group.stream_prefix();
        let prefix = format!("{all}{}", listing.prefix);
        let in_key_order = listing.order == StreamOrder::Name && !listing.descending;
        let mut after = match &listing.after {
            Some((_, name)) if in_key_order => Some(format!("{all}{name}")),
            _ => None,
        };
        let mut page = BTreeMap::new();
        loop {
            let documents = &self.store.documents;
            let step = documents.scan(&prefix, after.as_deref(), STEP).await?;
            let Some(last) = step.last() else { break };
            after = Some(last.key.clone());
            for found in step {
                let stream = Stream {
                    name: found.key[all.len()..].to_owned(),
                    document: decode(&found)?,
                };
                keep(&mut page, &listing, stream);
            }
            if in_key_order && page.len() > listing.limit {
                break;
            }
        }
        let more = page.len() > listing.limit;
        let streams = page.into_values();
        let streams = match listing.descending {
            true => streams.rev().take(listing.limit).collect(),
            false => streams.take(listing.limit).collect(),
        };
        Ok((streams, more))
    }
}

/// Keeps a stream that lies behind the listing's start, and of all that were kept the first `limit` and one more.
fn keep(page: &mut BTreeMap<(i64, String), Stream>, listing: &StreamListing<'_>, stream: Stream) {
    let place = listing.order.place(&stream);
    let is_behind = match &listing.after {
        None => true,
        Some(after) if listing.descending => place < *after,
        Some(after) => place > *after,
    };
    if is_behind {
        page.insert(place, stream);
        if page.len() > listing.limit + 1 {
            match listing.descending {
                true => page.pop_first(),
                false => page.pop_last(),
            };
        }
    }
}
