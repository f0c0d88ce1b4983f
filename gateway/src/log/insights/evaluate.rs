//! An expression's value for a row. Never fails: what makes no sense is null.

use std::cmp::Ordering;

use super::row::Row;
use super::syntax::{Comparison, Expression, Operator};
use super::value::Value;

/// What an expression may look at.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) row: &'a Row,
    /// The results of the aggregates of the `stats` command that is being finished.
    pub(super) aggregates: &'a [Value],
    pub(super) now_ms: i64,
}

impl Expression {
    pub(super) fn evaluate(&self, context: Context<'_>) -> Value {
        match self {
            Self::Literal(value) => value.clone(),
            Self::Field(name) => context.row.get(name),
            Self::Column(name, value) => match context.row.computed(name) {
                Some(found) => found.clone(),
                None => value.evaluate(context),
            },
            Self::Aggregate(index) => context.aggregates.get(*index).cloned().unwrap_or_default(),
            Self::Or(terms) => {
                Value::Bool(terms.iter().any(|term| term.evaluate(context).is_true()))
            }
            Self::And(terms) => {
                Value::Bool(terms.iter().all(|term| term.evaluate(context).is_true()))
            }
            Self::Not(term) => Value::Bool(!term.evaluate(context).is_true()),
            Self::Compare(comparison, left, right) => {
                let (left, right) = (left.evaluate(context), right.evaluate(context));
                Value::Bool(comparison.holds(&left, &right))
            }
            Self::In(value, choices) => {
                let value = value.evaluate(context);
                let mut choices = choices.iter();
                Value::Bool(choices.any(|choice| value.equals(&choice.evaluate(context))))
            }
            Self::Like(value, matcher) => {
                let value = value.evaluate(context);
                Value::Bool(!value.is_null() && matcher.matches(&value.show()))
            }
            Self::Arithmetic(operator, left, right) => {
                let numbers = (
                    left.evaluate(context).number(),
                    right.evaluate(context).number(),
                );
                match numbers {
                    (Some(left), Some(right)) => Value::of(operator.compute(left, right)),
                    _ => Value::Null,
                }
            }
            Self::Call(function, arguments) => {
                let arguments: Vec<Value> = arguments
                    .iter()
                    .map(|argument| argument.evaluate(context))
                    .collect();
                function.call(&arguments, context.now_ms)
            }
            Self::Rounded { time, period, up } => {
                let time_ms = time.evaluate(context).time_ms();
                time_ms.map_or(Value::Null, |time_ms| {
                    Value::Time(match up {
                        true => period.ceil(time_ms),
                        false => period.floor(time_ms),
                    })
                })
            }
        }
    }
}

impl Comparison {
    fn holds(self, left: &Value, right: &Value) -> bool {
        let ordered = |wanted: fn(Ordering) -> bool| left.order(right).is_some_and(wanted);
        match self {
            Self::Equal => left.equals(right),
            // A field that is not there is unlike anything.
            Self::NotEqual => !left.equals(right),
            Self::Less => ordered(Ordering::is_lt),
            Self::LessOrEqual => ordered(Ordering::is_le),
            Self::Greater => ordered(Ordering::is_gt),
            Self::GreaterOrEqual => ordered(Ordering::is_ge),
        }
    }
}

impl Operator {
    fn compute(self, left: f64, right: f64) -> f64 {
        match self {
            Self::Add => left + right,
            Self::Subtract => left - right,
            Self::Multiply => left * right,
            Self::Divide => left / right,
            Self::Remainder => left % right,
            Self::Power => left.powf(right),
        }
    }
}
