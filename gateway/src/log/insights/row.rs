//! One row while a query runs: an event, or a group of a `stats` command, with what was computed for it.

use std::cell::OnceCell;
use std::sync::Arc;

use super::super::{EventPointer, GroupKey};
use super::discovery::Discovered;
use super::value::Value;

/// What a row costs beside its values.
const OVERHEAD_BYTES: usize = 160;

/// An event as a query sees it.
#[derive(Debug)]
pub struct Source {
    /// Its group.
    pub group: Arc<GroupKey>,
    /// The name of its stream.
    pub stream: Arc<str>,
    /// Its place in the journal.
    pub sequence: u64,
    /// Milliseconds since the epoch.
    pub time_ms: i64,
    /// When it came in, milliseconds since the epoch.
    pub ingested_ms: i64,
    /// Its text.
    pub message: Arc<str>,
    discovered: OnceCell<Discovered>,
}

impl Source {
    /// The event of a stream.
    pub fn new(group: Arc<GroupKey>, stream: Arc<str>, stored: super::super::StoredEvent) -> Self {
        Self {
            group,
            stream,
            sequence: stored.sequence,
            time_ms: stored.event.time_ms,
            ingested_ms: stored.ingested_ms,
            message: Arc::from(stored.event.message),
            discovered: OnceCell::new(),
        }
    }

    /// Every field that it has, as it is shown.
    pub fn fields(&self) -> Vec<(String, String)> {
        let always = [
            "@message",
            "@timestamp",
            "@ingestionTime",
            "@logStream",
            "@log",
            "@ptr",
        ];
        let found = self.discovered().names();
        let names = always.into_iter().map(str::to_owned).chain(found);
        names
            .map(|name| {
                let shown = self.get(&name).show().into_owned();
                (name, shown)
            })
            .collect()
    }

    fn discovered(&self) -> &Discovered {
        self.discovered
            .get_or_init(|| Discovered::of(&self.message))
    }

    fn get(&self, name: &str) -> Value {
        match name {
            "@message" => Value::Text(Arc::clone(&self.message)),
            "@timestamp" => Value::Time(self.time_ms),
            "@ingestionTime" => Value::Time(self.ingested_ms),
            "@logStream" => Value::Text(Arc::clone(&self.stream)),
            "@log" => Value::text(&format!("{}:{}", self.group.account, self.group.name)),
            "@ptr" => Value::text(&EventPointer::of(self).encode()),
            _ => self.discovered().get(name),
        }
    }
}

/// A row.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub(super) source: Option<Source>,
    computed: Vec<(Arc<str>, Value)>,
}

impl Row {
    pub(super) fn of(source: Source) -> Self {
        Self {
            source: Some(source),
            computed: Vec::new(),
        }
    }

    /// The value of a field: what was computed last, else what the event has.
    pub(super) fn get(&self, name: &str) -> Value {
        match (self.computed(name), &self.source) {
            (Some(value), _) => value.clone(),
            (None, Some(source)) => source.get(name),
            (None, None) => Value::Null,
        }
    }

    /// What the query computed under this name.
    pub(super) fn computed(&self, name: &str) -> Option<&Value> {
        let found = self.computed.iter().find(|(field, _)| &**field == name);
        found.map(|(_, value)| value)
    }

    pub(super) fn set(&mut self, name: &Arc<str>, value: Value) {
        match self.computed.iter_mut().find(|(field, _)| field == name) {
            Some((_, old)) => *old = value,
            None => self.computed.push((Arc::clone(name), value)),
        }
    }

    /// Lets go of what can be found again, before the row is kept.
    pub(super) fn shrink(&mut self) {
        if let Some(source) = &mut self.source {
            source.discovered.take();
        }
    }

    /// What it takes in memory.
    pub(super) fn size_bytes(&self) -> usize {
        let message_bytes = self
            .source
            .as_ref()
            .map_or(0, |source| source.message.len());
        let values = self.computed.iter();
        let computed_bytes: usize = values.map(|(_, value)| 48 + value.heap_bytes()).sum();
        OVERHEAD_BYTES + message_bytes + computed_bytes
    }
}
