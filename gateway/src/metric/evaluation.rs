//! Metric math worked out: an expression over the results of other queries. Pure.
//!
//! A value is a number, a series, or an array of series. Operators work point by point, on points that both sides have;
//! points that are no finite number (a division by zero) are left out, as CloudWatch leaves them out.

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};

pub use super::arithmetic::Series;
use super::arithmetic::{Filling, apply, filled, fold, fold_by_time, join, rate};
use super::expression::{Expression, Function, Operator};

/// Points that all the expressions of one request make at most, steps between included.
const MAX_POINTS: usize = 4_000_000;
/// What a series costs besides its points.
const SERIES_COST: usize = 16;

/// The result of a query, or of a part of an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A number.
    Scalar(f64),
    /// A series.
    Series(Series),
    /// An array of series.
    Array(Vec<Series>),
}

/// Why an expression has no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvaluationError {
    /// It names a query that is not there.
    #[error("There is no metric or expression with the id '{0}'")]
    UnknownId(String),
    /// It needs its own result.
    #[error("The expression refers to itself")]
    Circular,
    /// A function or an operator was given what it does not take.
    #[error("Unsupported operand type(s) for {0}")]
    Operand(String),
    /// More than [`MAX_POINTS`].
    #[error("The expressions of the request make too many datapoints")]
    TooLarge,
}

/// The order in which expressions can be worked out: each behind those that it names. `known` are the ids of other queries.
///
/// # Errors
/// The index of an expression that names nothing, or itself.
pub fn order(
    expressions: &[(&str, &Expression)],
    known: impl Fn(&str) -> bool,
) -> Result<Vec<usize>, (usize, EvaluationError)> {
    let by_id: HashMap<_, _> = expressions
        .iter()
        .enumerate()
        .map(|(at, (id, _))| (*id, at))
        .collect();
    let mut waiting_for = vec![0; expressions.len()];
    let mut needed_by = vec![Vec::new(); expressions.len()];
    for (at, (_, expression)) in expressions.iter().enumerate() {
        let mut unknown = None;
        expression.references(&mut |id| match by_id.get(id) {
            Some(needed) => {
                waiting_for[at] += 1;
                needed_by[*needed].push(at);
            }
            None if known(id) => {}
            None => unknown = Some(id.to_owned()),
        });
        if let Some(id) = unknown {
            return Err((at, EvaluationError::UnknownId(id)));
        }
    }
    let mut order: Vec<usize> = (0..expressions.len())
        .filter(|at| waiting_for[*at] == 0)
        .collect();
    let mut done = 0;
    while let Some(at) = order.get(done).copied() {
        done += 1;
        for next in &needed_by[at] {
            waiting_for[*next] -= 1;
            if waiting_for[*next] == 0 {
                order.push(*next);
            }
        }
    }
    match waiting_for.iter().position(|waiting| *waiting > 0) {
        Some(at) => Err((at, EvaluationError::Circular)),
        None => Ok(order),
    }
}

/// Works out the expressions of one request.
pub struct Evaluator {
    /// Results so far, by id.
    results: HashMap<String, Value>,
    /// Ids of the queries that are metrics, in their order.
    metrics: Vec<String>,
    from_s: i64,
    to_s: i64,
    left: Cell<usize>,
}

type Evaluated = Result<Value, EvaluationError>;

impl Evaluator {
    /// An evaluator of a request for `from_s..to_s`.
    pub fn new(from_s: i64, to_s: i64) -> Self {
        Self {
            results: HashMap::new(),
            metrics: Vec::new(),
            from_s,
            to_s,
            left: Cell::new(MAX_POINTS),
        }
    }

    /// Adds the result of a query that is a metric.
    pub fn add_metric(&mut self, id: &str, series: Series) {
        self.metrics.push(id.to_owned());
        self.results.insert(id.to_owned(), Value::Series(series));
    }

    /// Works out an expression, whose result further ones may name by `id`. Those that it names must be there already.
    ///
    /// # Errors
    /// It has no value.
    pub fn add_expression(
        &mut self,
        id: &str,
        expression: &Expression,
    ) -> Result<(), EvaluationError> {
        let value = self.evaluate(expression)?;
        self.results.insert(id.to_owned(), value);
        Ok(())
    }

    /// Takes a result out.
    pub fn take(&mut self, id: &str) -> Option<Value> {
        self.results.remove(id)
    }

    fn evaluate(&self, expression: &Expression) -> Evaluated {
        match expression {
            Expression::Number(number) => Ok(Value::Scalar(*number)),
            Expression::Id(id) => match self.results.get(id) {
                Some(value) => self.paid(value.clone()),
                None => Err(EvaluationError::UnknownId(id.clone())),
            },
            Expression::Negated(inner) => {
                let inner = self.evaluate(inner)?;
                self.map(inner, |value| -value)
            }
            Expression::Binary(operator, left, right) => {
                let (left, right) = (self.evaluate(left)?, self.evaluate(right)?);
                self.combine(*operator, left, right)
            }
            Expression::Array(parts) => {
                let mut array = Vec::new();
                for part in parts {
                    match self.evaluate(part)? {
                        Value::Series(series) => array.push(series),
                        Value::Array(series) => array.extend(series),
                        Value::Scalar(_) => return Err(operand("an array")),
                    }
                }
                Ok(Value::Array(array))
            }
            Expression::Call(function, arguments) => self.call(*function, arguments),
            Expression::Keyword(word) => Err(EvaluationError::UnknownId(word.clone())),
            Expression::Text(_) => Err(operand("text")),
        }
    }

    fn call(&self, function: Function, arguments: &[Expression]) -> Evaluated {
        match (function, arguments) {
            (Function::Metrics, []) => self.metrics_with(""),
            (Function::Metrics, [Expression::Text(part)]) => self.metrics_with(part),
            (Function::Fill, [series, Expression::Keyword(how)]) => {
                let how = match how.as_str() {
                    "REPEAT" => Filling::Repeat,
                    "LINEAR" => Filling::Linear,
                    _ => return Err(operand("FILL")),
                };
                self.fill(self.evaluate(series)?, how)
            }
            (Function::Fill, [series, with]) => match self.evaluate(with)? {
                Value::Scalar(number) => self.fill(self.evaluate(series)?, Filling::Number(number)),
                _ => Err(operand("FILL")),
            },
            (Function::If, [condition, then]) => {
                self.choose(self.evaluate(condition)?, self.evaluate(then)?, None)
            }
            (Function::If, [condition, then, otherwise]) => self.choose(
                self.evaluate(condition)?,
                self.evaluate(then)?,
                Some(self.evaluate(otherwise)?),
            ),
            (_, [argument]) => {
                let argument = self.evaluate(argument)?;
                match function {
                    Function::Sum | Function::Avg | Function::Min | Function::Max => {
                        self.reduce(function, argument)
                    }
                    Function::Rate => match argument {
                        Value::Scalar(_) => Err(operand("RATE")),
                        argument => self.each(argument, rate),
                    },
                    Function::Period => match argument {
                        Value::Series(series) => Ok(Value::Scalar(series.period_s as f64)),
                        _ => Err(operand("PERIOD")),
                    },
                    Function::Abs => self.map(argument, f64::abs),
                    Function::Ceil => self.map(argument, f64::ceil),
                    Function::Floor => self.map(argument, f64::floor),
                    Function::Fill | Function::If | Function::Metrics => {
                        Err(operand(&format!("{function:?}").to_uppercase()))
                    }
                }
            }
            _ => Err(operand(&format!("{function:?}").to_uppercase())),
        }
    }

    /// Of a series: one number. Of an array: a series of all times that any of them has.
    fn reduce(&self, function: Function, value: Value) -> Evaluated {
        self.paid(match value {
            Value::Scalar(number) => Value::Scalar(number),
            Value::Series(series) => Value::Scalar(fold(function, series.points.values())),
            Value::Array(array) => Value::Series(fold_by_time(function, &array)),
        })
    }

    fn metrics_with(&self, part: &str) -> Evaluated {
        let wanted = self.metrics.iter().filter(|id| id.contains(part));
        let series = wanted.filter_map(|id| match self.results.get(id) {
            Some(Value::Series(series)) => Some(series.clone()),
            _ => None,
        });
        self.paid(Value::Array(series.collect()))
    }

    fn combine(&self, operator: Operator, left: Value, right: Value) -> Evaluated {
        let apply = |left: f64, right: f64| apply(operator, left, right);
        match (left, right) {
            (Value::Scalar(left), Value::Scalar(right)) => Ok(Value::Scalar(apply(left, right))),
            (left, Value::Scalar(right)) => self.map(left, |left| apply(left, right)),
            (Value::Scalar(left), right) => self.map(right, |right| apply(left, right)),
            (left, Value::Series(right)) => self.each(left, |left| join(left, &right, apply)),
            (Value::Series(left), Value::Array(right)) => self.each(Value::Array(right), |right| {
                join(right, &left, |right, left| apply(left, right))
            }),
            (Value::Array(_), Value::Array(_)) => Err(operand("two arrays")),
        }
    }

    fn choose(&self, condition: Value, then: Value, otherwise: Option<Value>) -> Evaluated {
        let condition = match condition {
            Value::Scalar(condition) if condition != 0.0 => return Ok(then),
            Value::Scalar(_) => return otherwise.ok_or_else(|| operand("IF")),
            Value::Series(condition) => condition,
            Value::Array(_) => return Err(operand("IF")),
        };
        let at = |value: &Value, time: &i64| match value {
            Value::Scalar(number) => Ok(Some(*number)),
            Value::Series(series) => Ok(series.points.get(time).copied()),
            Value::Array(_) => Err(operand("IF")),
        };
        let mut chosen = Series {
            points: BTreeMap::new(),
            ..condition
        };
        for (time, holds) in condition.points {
            let value = match (holds != 0.0, &otherwise) {
                (true, _) => at(&then, &time)?,
                (false, Some(otherwise)) => at(otherwise, &time)?,
                (false, None) => None,
            };
            chosen.points.extend(value.map(|value| (time, value)));
        }
        self.paid(Value::Series(chosen))
    }

    fn fill(&self, value: Value, how: Filling) -> Evaluated {
        let (from_s, to_s) = (self.from_s, self.to_s);
        if let Value::Series(series) = &value {
            self.pay_for_grid(series)?;
        }
        if let Value::Array(array) = &value {
            for series in array {
                self.pay_for_grid(series)?;
            }
        }
        match value {
            Value::Scalar(_) => Err(operand("FILL")),
            value => self.each(value, |series| filled(series, how, from_s, to_s)),
        }
    }

    fn map(&self, value: Value, change: impl Fn(f64) -> f64) -> Evaluated {
        match value {
            Value::Scalar(number) => Ok(Value::Scalar(change(number))),
            value => self.each(value, |mut series| {
                for point in series.points.values_mut() {
                    *point = change(*point);
                }
                series.points.retain(|_, point| point.is_finite());
                series
            }),
        }
    }

    fn each(&self, value: Value, change: impl Fn(Series) -> Series) -> Evaluated {
        self.paid(match value {
            Value::Scalar(number) => Value::Scalar(number),
            Value::Series(series) => Value::Series(change(series)),
            Value::Array(array) => Value::Array(array.into_iter().map(change).collect()),
        })
    }

    fn pay_for_grid(&self, series: &Series) -> Result<(), EvaluationError> {
        let points = (self.to_s - self.from_s) / series.period_s.max(1);
        self.pay(usize::try_from(points).unwrap_or(0))
    }

    fn paid(&self, value: Value) -> Evaluated {
        let cost = match &value {
            Value::Scalar(_) => 0,
            Value::Series(series) => series.points.len() + SERIES_COST,
            Value::Array(array) => array
                .iter()
                .map(|series| series.points.len() + SERIES_COST)
                .sum(),
        };
        self.pay(cost).map(|()| value)
    }

    fn pay(&self, points: usize) -> Result<(), EvaluationError> {
        let left = self.left.get().checked_sub(points);
        self.left.set(left.ok_or(EvaluationError::TooLarge)?);
        Ok(())
    }
}

fn operand(of: &str) -> EvaluationError {
    EvaluationError::Operand(of.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NAN: f64 = f64::NAN;

    /// Metrics a: 1, 2, –, 4 and b: 10, 20, 30, 40.
    fn evaluator() -> Evaluator {
        let mut evaluator = Evaluator::new(0, 240);
        for (id, values) in [("a", [1.0, 2.0, NAN, 4.0]), ("b", [10.0, 20.0, 30.0, 40.0])] {
            let points = values
                .iter()
                .enumerate()
                .filter(|(_, value)| value.is_finite());
            let series = Series {
                label: id.to_owned(),
                period_s: 60,
                points: points.map(|(at, value)| (at as i64 * 60, *value)).collect(),
            };
            evaluator.add_metric(id, series);
        }
        evaluator
    }

    fn evaluate(text: &str) -> Evaluated {
        evaluator().evaluate(&Expression::parse(text).expect(text))
    }

    #[track_caller]
    fn assert_is(text: &str, expected: &[f64]) {
        match evaluate(text).expect(text) {
            Value::Series(series) => {
                let found: Vec<f64> = series.points.into_values().collect();
                assert_eq!(found, expected, "{text}");
            }
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn expressions_are_worked_out() {
        assert_is("b * 2", &[20.0, 40.0, 60.0, 80.0]);
        assert_is("(b + 10) / 10 - 1", &[1.0, 2.0, 3.0, 4.0]);
        assert_is("a + b", &[11.0, 22.0, 44.0]);
        assert_is("-a ^ 2", &[-1.0, -4.0, -16.0]);
        assert_is("FILL(a, 0) + b", &[11.0, 22.0, 30.0, 44.0]);
        assert_is("FILL(a, REPEAT)", &[1.0, 2.0, 2.0, 4.0]);
        assert_is("FILL(a, LINEAR)", &[1.0, 2.0, 3.0, 4.0]);
        assert_is("SUM([FILL(a, 0), b])", &[11.0, 22.0, 30.0, 44.0]);
        assert_is("SUM(METRICS())", &[11.0, 22.0, 30.0, 44.0]);
        assert_is("MAX(METRICS('a') * 3)", &[3.0, 6.0, 12.0]);
        assert_is("AVG([a, b])", &[5.5, 11.0, 30.0, 22.0]);
        assert_is("b / SUM(b)", &[0.1, 0.2, 0.3, 0.4]);
        assert_is("RATE(b)", &[10.0 / 60.0; 3]);
        assert_is("b / PERIOD(b) * 60", &[10.0, 20.0, 30.0, 40.0]);
        assert_is("CEIL(a / 3) + FLOOR(ABS(-a) / 3)", &[1.0, 1.0, 3.0]);
        assert_is("IF(b > 20, b, 0)", &[0.0, 0.0, 30.0, 40.0]);
        assert_is("IF(a >= 2 AND b < 40, a)", &[2.0]);
        assert_is("b / (a - 1)", &[20.0, 40.0 / 3.0]);
        assert_is("FILL(RATE(a), 7) * 0", &[0.0; 4]);
    }

    #[test]
    fn what_has_no_value_is_refused() {
        let unknown = |id: &str| Err(EvaluationError::UnknownId(id.to_owned()));
        assert_eq!(evaluate("nobody * 2"), unknown("nobody"));
        assert_eq!(evaluate("REPEAT"), unknown("REPEAT"));
        for text in [
            "[a] + [b]",
            "SUM()",
            "SUM(a, b)",
            "FILL(a)",
            "FILL(a, b)",
            "RATE(1)",
            "METRICS(a)",
            "[1, a]",
            "IF([a], 1, 2)",
            "PERIOD(1)",
            "'text'",
            "FILL(1, 2)",
            "IF(0, a)",
        ] {
            assert!(
                matches!(evaluate(text), Err(EvaluationError::Operand(_))),
                "{text}"
            );
        }
    }

    #[test]
    fn expressions_that_name_each_other_are_put_in_order() {
        let parse = |text: &str| Expression::parse(text).expect(text);
        let (c, d, e) = (parse("d + e"), parse("a"), parse("d * 2"));
        let all = [("c", &c), ("d", &d), ("e", &e)];
        assert_eq!(order(&all, |id| id == "a"), Ok(vec![1, 2, 0]));
        let unknown = EvaluationError::UnknownId("a".to_owned());
        assert_eq!(order(&all, |_| false), Err((1, unknown)));
        let (x, y) = (parse("y"), parse("x + a"));
        let circle = [("x", &x), ("y", &y)];
        assert_eq!(
            order(&circle, |_| true),
            Err((0, EvaluationError::Circular))
        );
    }

    #[test]
    fn the_points_of_a_request_are_bounded() {
        let mut evaluator = Evaluator::new(0, 100_000_000);
        evaluator.add_metric(
            "a",
            Series {
                period_s: 1,
                ..Series::default()
            },
        );
        let expression = Expression::parse("FILL(a, 0)").expect("valid");
        assert_eq!(
            evaluator.evaluate(&expression),
            Err(EvaluationError::TooLarge)
        );
    }

    proptest! {
        #[test]
        fn no_expression_makes_it_panic(parts in prop::collection::vec(prop::sample::select(vec![
            "a", "b", "1", "0", "+", "-", "*", "/", "^", "(", ")", "[", "]", ",", "<", "SUM(", "RATE(", "FILL(", "IF(", "METRICS()",
            "REPEAT"]), 0..12)) {
            if let Ok(expression) = Expression::parse(&parts.concat()) {
                let _ = evaluator().evaluate(&expression);
            }
        }
    }
}
