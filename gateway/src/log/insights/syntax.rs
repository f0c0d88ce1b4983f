//! A query as it was understood: commands in their order, and expressions.

use std::sync::Arc;

use super::extract::{Extraction, Matcher};
use super::function::Function;
use super::period::Period;
use super::value::Value;

/// A query.
#[derive(Clone, Debug)]
pub struct Query {
    pub(super) commands: Vec<Command>,
}

/// What stands between two pipes.
#[derive(Clone, Debug)]
pub(super) enum Command {
    Fields(Vec<Column>),
    Display(Vec<Column>),
    Filter(Expression),
    Parse(Extraction),
    Stats(Stats),
    Sort(Vec<SortKey>),
    Dedup(Vec<Expression>),
    Limit(usize),
}

/// A value with the name under which it is shown: an alias, or its text in the query.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) name: Arc<str>,
    pub(super) value: Expression,
}

/// `stats … by …`
#[derive(Clone, Debug)]
pub(super) struct Stats {
    pub(super) aggregates: Vec<Aggregate>,
    /// They refer to the aggregates by [`Expression::Aggregate`].
    pub(super) columns: Vec<Column>,
    pub(super) by: Vec<Column>,
}

/// An aggregate function and its argument.
#[derive(Clone, Debug)]
pub(super) struct Aggregate {
    pub(super) kind: AggregateKind,
    /// `None`: every row.
    pub(super) of: Option<Expression>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum AggregateKind {
    Count,
    CountDistinct,
    Sum,
    Average,
    Least,
    Greatest,
    /// Of these percents, from 0 to 100.
    Percentile(f64),
    Deviation,
    Earliest,
    Latest,
    SortsFirst,
    SortsLast,
}

#[derive(Clone, Debug)]
pub(super) struct SortKey {
    pub(super) value: Expression,
    pub(super) descending: bool,
}

#[derive(Clone, Debug)]
pub(super) enum Expression {
    Literal(Value),
    Field(Arc<str>),
    /// A column that an earlier command made of the same text (`bin(5m)`), else what the text means.
    Column(Arc<str>, Box<Expression>),
    /// Of a `stats` command, by its index there.
    Aggregate(usize),
    Or(Vec<Expression>),
    And(Vec<Expression>),
    Not(Box<Expression>),
    Compare(Comparison, Box<Expression>, Box<Expression>),
    In(Box<Expression>, Vec<Expression>),
    Like(Box<Expression>, Matcher),
    Arithmetic(Operator, Box<Expression>, Box<Expression>),
    Call(Function, Vec<Expression>),
    /// A time cut down to a period, or brought up to its end.
    Rounded {
        time: Box<Expression>,
        period: Period,
        up: bool,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Power,
}
