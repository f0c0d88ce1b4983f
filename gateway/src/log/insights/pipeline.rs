//! A query at work: events go in, rows come out, within a budget of memory.
//!
//! `filter`, `fields`, `parse`, `dedup` and `limit` let rows through or not; `sort` and `stats` collect them, and hand on what
//! they made of them at the end. Without a `sort` or a `stats`, events are sorted newest first, as AWS answers them.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::sync::Arc;

use super::MAX_ROWS;
use super::aggregate::Aggregation;
use super::evaluate::Context;
use super::extract::Extraction;
use super::row::{Row, Source};
use super::syntax::{Column, Command, Expression, Query, SortKey};
use super::value::Value;

/// What a query may hold in memory.
const BUDGET_BYTES: usize = 64 << 20;

/// The largest result.
const RESULT_BYTES: usize = 128 << 20;
/// What a column of a result costs beside its text.
const COLUMN_BYTES: usize = 48;

/// A query that would need more memory than it may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the query needs more memory than it may have")]
pub struct Exhausted;

/// A row of a result: columns and what they show, without those that have no value.
pub type ResultRow = Vec<(Arc<str>, String)>;

/// A query at work.
#[derive(Debug)]
pub struct Pipeline {
    stages: Vec<Stage>,
    shown: Vec<Arc<str>>,
    /// Rows are events, and point at them.
    shows_events: bool,
    now_ms: i64,
    matched: u64,
    budget_bytes: usize,
    /// What its result may still grow by.
    result_bytes: usize,
}

#[derive(Debug)]
enum Stage {
    Filter(Expression),
    Set(Vec<Column>),
    Extract(Extraction),
    Dedup(Vec<Expression>, HashSet<Vec<String>>),
    Limit(usize),
    Sort(Sorting),
    Stats(Aggregation),
}

#[derive(Debug)]
struct Sorting {
    keys: Vec<SortKey>,
    /// As many rows are wanted.
    keep: usize,
    /// Nothing behind it looks for further rows, so that less than all that are wanted is right too.
    may_cut: bool,
    rows: Vec<(Vec<Value>, usize, Row)>,
    taken: usize,
}

impl Pipeline {
    /// Prepares a query that answers at most `limit` rows unless it says otherwise.
    pub fn new(query: Query, limit: usize, now_ms: i64) -> Self {
        let (shown, shows_events) = shown(&query);
        let mut commands = query.commands;
        if !commands
            .iter()
            .any(|command| matches!(command, Command::Limit(_)))
        {
            commands.push(Command::Limit(limit.min(MAX_ROWS)));
        }
        let is_ordered = commands
            .iter()
            .take_while(|command| !matches!(command, Command::Dedup(_) | Command::Limit(_)))
            .any(|command| matches!(command, Command::Sort(_) | Command::Stats(_)));
        if !is_ordered {
            let ends = |command: &Command| matches!(command, Command::Dedup(_) | Command::Limit(_));
            let place = commands.iter().position(ends).unwrap_or(commands.len());
            let newest_first = SortKey {
                value: Expression::Field("@timestamp".into()),
                descending: true,
            };
            commands.insert(place, Command::Sort(vec![newest_first]));
        }
        let mut pipeline = Self {
            stages: Vec::new(),
            shown,
            shows_events,
            now_ms,
            matched: 0,
            budget_bytes: BUDGET_BYTES,
            result_bytes: RESULT_BYTES,
        };
        for (index, command) in commands.iter().enumerate() {
            pipeline
                .stages
                .extend(stage(command, &commands[index + 1..]));
        }
        pipeline
    }

    /// How many events the filters let through.
    pub fn matched(&self) -> u64 {
        self.matched
    }

    /// Takes an event.
    ///
    /// # Errors
    /// See [`Exhausted`].
    pub fn push(&mut self, source: Source) -> Result<(), Exhausted> {
        // Every query collects its events somewhere: nothing comes out yet.
        self.advance(Row::of(source), 0, &mut Vec::new())
    }

    /// What the query answers, once all events are in.
    ///
    /// # Errors
    /// See [`Exhausted`].
    pub fn finish(mut self) -> Result<Vec<ResultRow>, Exhausted> {
        let mut out = Vec::new();
        for index in 0..self.stages.len() {
            let rows = self.stages[index].finish(self.now_ms);
            // What was collected is handed on row by row, and counted anew where it is collected again.
            if self.stages[index].collects() {
                self.budget_bytes = BUDGET_BYTES;
            }
            for row in rows {
                self.advance(row, index + 1, &mut out)?;
            }
        }
        Ok(out)
    }

    /// Sends a row through the stages from `start` on, until one lets it not pass or collects it.
    fn advance(
        &mut self,
        mut row: Row,
        start: usize,
        out: &mut Vec<ResultRow>,
    ) -> Result<(), Exhausted> {
        for index in start..self.stages.len() {
            if self.stages[index].collects() {
                if start == 0 {
                    self.matched += 1;
                }
                let stage = &mut self.stages[index];
                return stage.collect(row, self.now_ms, &mut self.budget_bytes);
            }
            let stage = &mut self.stages[index];
            if !stage.passes(&mut row, self.now_ms, &mut self.budget_bytes)? {
                return Ok(());
            }
        }
        let shown = self.show(&row);
        let texts = shown.iter().map(|(_, text)| COLUMN_BYTES + text.len());
        charge(&mut self.result_bytes, texts.sum())?;
        out.push(shown);
        Ok(())
    }

    fn show(&self, row: &Row) -> ResultRow {
        let pointer = Arc::from("@ptr");
        let names = self
            .shown
            .iter()
            .chain(self.shows_events.then_some(&pointer));
        names
            .filter_map(|name| {
                let value = row.get(name);
                (!value.is_null()).then(|| (Arc::clone(name), value.show().into_owned()))
            })
            .collect()
    }
}

/// The columns of a query's result, and whether its rows are events.
fn shown(query: &Query) -> (Vec<Arc<str>>, bool) {
    let mut shown: Vec<Arc<str>> = Vec::new();
    let mut shows_events = true;
    let mut is_said = false;
    let add = |shown: &mut Vec<Arc<str>>, name: &Arc<str>| {
        if !shown.contains(name) {
            shown.push(Arc::clone(name));
        }
    };
    for command in &query.commands {
        match command {
            Command::Fields(columns) => {
                is_said = true;
                columns
                    .iter()
                    .for_each(|column| add(&mut shown, &column.name));
            }
            Command::Display(columns) => {
                is_said = true;
                shown.clear();
                columns
                    .iter()
                    .for_each(|column| add(&mut shown, &column.name));
            }
            Command::Stats(stats) => {
                (is_said, shows_events) = (true, false);
                shown.clear();
                let columns = stats.by.iter().chain(&stats.columns);
                columns.for_each(|column| add(&mut shown, &column.name));
            }
            Command::Parse(extraction) => {
                extraction
                    .fields
                    .iter()
                    .for_each(|name| add(&mut shown, name));
            }
            _ => {}
        }
    }
    if !is_said {
        let always = ["@timestamp", "@message"].map(Arc::from);
        shown.retain(|name| !always.contains(name));
        shown.splice(0..0, always);
    }
    // It is told in any case.
    shown.retain(|name| !shows_events || &**name != "@ptr");
    (shown, shows_events)
}

/// The stage of a command, or none where it changes only what is shown.
fn stage(command: &Command, behind: &[Command]) -> Option<Stage> {
    Some(match command {
        Command::Filter(condition) => Stage::Filter(condition.clone()),
        Command::Fields(columns) | Command::Display(columns) => {
            let is_new = |column: &&Column| match &column.value {
                Expression::Field(name) => *name != column.name,
                _ => true,
            };
            let columns: Vec<Column> = columns.iter().filter(is_new).cloned().collect();
            if columns.is_empty() {
                return None;
            }
            Stage::Set(columns)
        }
        Command::Parse(extraction) => Stage::Extract(extraction.clone()),
        Command::Stats(stats) => Stage::Stats(Aggregation::new(stats.clone())),
        Command::Sort(keys) => {
            let changes = |command: &&Command| {
                matches!(
                    command,
                    Command::Fields(_) | Command::Display(_) | Command::Parse(_)
                )
            };
            let limit = match behind.iter().find(|command| !changes(command)) {
                Some(Command::Limit(limit)) => Some(*limit),
                _ => None,
            };
            let looks = |command: &Command| {
                matches!(
                    command,
                    Command::Filter(_) | Command::Stats(_) | Command::Dedup(_) | Command::Sort(_)
                )
            };
            Stage::Sort(Sorting {
                keys: keys.clone(),
                keep: limit.unwrap_or(usize::MAX),
                may_cut: !behind.iter().any(looks),
                rows: Vec::new(),
                taken: 0,
            })
        }
        Command::Dedup(fields) => Stage::Dedup(fields.clone(), HashSet::new()),
        Command::Limit(limit) => Stage::Limit(*limit),
    })
}

fn charge(budget_bytes: &mut usize, bytes: usize) -> Result<(), Exhausted> {
    *budget_bytes = budget_bytes.checked_sub(bytes).ok_or(Exhausted)?;
    Ok(())
}

impl Stage {
    fn collects(&self) -> bool {
        matches!(self, Self::Sort(_) | Self::Stats(_))
    }

    fn passes(
        &mut self,
        row: &mut Row,
        now_ms: i64,
        budget_bytes: &mut usize,
    ) -> Result<bool, Exhausted> {
        let value = |expression: &Expression, row: &Row| {
            expression.evaluate(Context {
                row,
                aggregates: &[],
                now_ms,
            })
        };
        Ok(match self {
            Self::Filter(condition) => value(condition, row).is_true(),
            Self::Set(columns) => {
                for column in columns {
                    let found = value(&column.value, row);
                    row.set(&column.name, found);
                }
                true
            }
            Self::Extract(extraction) => {
                let text = value(&extraction.source, row);
                let found = extraction.extract(&text.show());
                for (name, value) in extraction.fields.iter().zip(found) {
                    row.set(name, value);
                }
                true
            }
            Self::Limit(left) => {
                let passes = *left > 0;
                *left = left.saturating_sub(1);
                passes
            }
            Self::Dedup(fields, seen) => {
                let values: Vec<Value> = fields.iter().map(|field| value(field, row)).collect();
                // Rows that lack a field are no duplicates.
                if values.iter().any(Value::is_null) {
                    return Ok(true);
                }
                let key: Vec<String> = values
                    .iter()
                    .map(|value| value.show().into_owned())
                    .collect();
                let key_bytes: usize = key.iter().map(|text| text.len() + 48).sum();
                let is_new = seen.insert(key);
                if is_new {
                    charge(budget_bytes, key_bytes)?;
                }
                is_new
            }
            Self::Sort(_) | Self::Stats(_) => true,
        })
    }

    fn collect(
        &mut self,
        mut row: Row,
        now_ms: i64,
        budget_bytes: &mut usize,
    ) -> Result<(), Exhausted> {
        match self {
            Self::Sort(sorting) => {
                let context = Context {
                    row: &row,
                    aggregates: &[],
                    now_ms,
                };
                let keys = sorting.keys.iter();
                let keys: Vec<Value> = keys.map(|key| key.value.evaluate(context)).collect();
                row.shrink();
                sorting.add(keys, row, budget_bytes)
            }
            Self::Stats(aggregation) => charge(budget_bytes, aggregation.add(&row, now_ms)),
            _ => Ok(()),
        }
    }

    /// The rows that were collected, in their order.
    fn finish(&mut self, now_ms: i64) -> Vec<Row> {
        match self {
            Self::Sort(sorting) => {
                sorting.cut(sorting.keep);
                let rows = std::mem::take(&mut sorting.rows);
                rows.into_iter().map(|(_, _, row)| row).collect()
            }
            Self::Stats(_) => {
                let Self::Stats(aggregation) = std::mem::replace(self, Self::Limit(usize::MAX))
                else {
                    return Vec::new();
                };
                aggregation.finish(now_ms)
            }
            _ => Vec::new(),
        }
    }
}

impl Sorting {
    fn add(
        &mut self,
        keys: Vec<Value>,
        row: Row,
        budget_bytes: &mut usize,
    ) -> Result<(), Exhausted> {
        let bytes = size_bytes(&keys, &row);
        self.rows.push((keys, self.taken, row));
        self.taken += 1;
        let is_over = bytes > *budget_bytes;
        *budget_bytes = budget_bytes.saturating_sub(bytes);
        if is_over || self.rows.len() >= self.keep.saturating_mul(2).max(1_024) {
            *budget_bytes += self.cut(self.keep);
            if is_over && *budget_bytes < BUDGET_BYTES / 4 {
                if !self.may_cut {
                    return Err(Exhausted);
                }
                // The least wanted half goes, and is not answered: the limit is as many rows as fit.
                self.keep = self.rows.len() / 2;
                *budget_bytes += self.cut(self.keep);
            }
        }
        Ok(())
    }

    /// Sorts, and lets go of what lies behind `keep`; answers how many bytes this gives back.
    fn cut(&mut self, keep: usize) -> usize {
        let keys = &self.keys;
        self.rows
            .sort_unstable_by(|(left, left_place, _), (right, right_place, _)| {
                let mut compared = left.iter().zip(right).zip(keys);
                let found = compared.find_map(|((left, right), key)| {
                    let order = order(left, right, key.descending);
                    order.is_ne().then_some(order)
                });
                let places = left_place.cmp(right_place);
                found.unwrap_or(match keys.first().is_some_and(|key| key.descending) {
                    // Of events of the same time, the one that was written last comes first.
                    true => places.reverse(),
                    false => places,
                })
            });
        let gone = self.rows.drain(keep.min(self.rows.len())..);
        gone.map(|(keys, _, row)| size_bytes(&keys, &row)).sum()
    }
}

/// The order of two keys; what is not there comes last in either direction.
fn order(left: &Value, right: &Value, descending: bool) -> Ordering {
    match (left.is_null(), right.is_null()) {
        (false, false) => {
            let order = total_order(left, right);
            if descending { order.reverse() } else { order }
        }
        (left_is_null, right_is_null) => left_is_null.cmp(&right_is_null),
    }
}

/// Numbers before texts, so that the order holds among more than two values.
fn total_order(left: &Value, right: &Value) -> Ordering {
    match (left.number(), right.number()) {
        (Some(left), Some(right)) => left.total_cmp(&right),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => left.show().cmp(&right.show()),
    }
}

fn size_bytes(keys: &[Value], row: &Row) -> usize {
    let keys_bytes: usize = keys.iter().map(|key| 24 + key.heap_bytes()).sum();
    keys_bytes + row.size_bytes()
}
