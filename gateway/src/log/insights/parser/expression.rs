//! Expressions, by descent: `or`, `and`, `not`, comparison, sum, product, power, sign, value.

use std::sync::Arc;

use super::super::QueryError;
use super::super::extract::{self, Matcher};
use super::super::function::Function;
use super::super::scanner::{Span, Token};
use super::super::syntax::{Aggregate, AggregateKind, Comparison, Expression, Operator};
use super::super::value::Value;
use super::Parser;

/// How deep expressions may nest.
const MAX_DEPTH: usize = 32;
/// Parts of all expressions of a query.
const MAX_PARTS: usize = 1_000;

/// Words that are no fields where a value is expected.
const RESERVED: [&str; 9] = ["and", "or", "not", "like", "in", "as", "by", "asc", "desc"];

const COMPARISONS: [(&str, Comparison); 6] = [
    ("=", Comparison::Equal),
    ("!=", Comparison::NotEqual),
    ("<", Comparison::Less),
    ("<=", Comparison::LessOrEqual),
    (">", Comparison::Greater),
    (">=", Comparison::GreaterOrEqual),
];
const SUMS: [(&str, Operator); 2] = [("+", Operator::Add), ("-", Operator::Subtract)];
const PRODUCTS: [(&str, Operator); 3] = [
    ("*", Operator::Multiply),
    ("/", Operator::Divide),
    ("%", Operator::Remainder),
];
const POWERS: [(&str, Operator); 1] = [("^", Operator::Power)];

impl Parser<'_> {
    pub(super) fn expression(&mut self) -> Result<Expression, QueryError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let message = "the expression is nested too deeply";
            return Err(self.scanner.error(self.span, message));
        }
        let mut terms = vec![self.conjunction()?];
        while self.eat_word("or")? {
            terms.push(self.conjunction()?);
        }
        self.depth -= 1;
        Ok(one_or(terms, Expression::Or))
    }

    fn conjunction(&mut self) -> Result<Expression, QueryError> {
        let mut terms = vec![self.negation()?];
        while self.eat_word("and")? {
            terms.push(self.negation()?);
        }
        Ok(one_or(terms, Expression::And))
    }

    fn negation(&mut self) -> Result<Expression, QueryError> {
        let mut is_negated = false;
        while self.eat_word("not")? {
            is_negated = !is_negated;
        }
        let term = self.comparison()?;
        Ok(match is_negated {
            true => Expression::Not(Box::new(term)),
            false => term,
        })
    }

    fn comparison(&mut self) -> Result<Expression, QueryError> {
        let left = self.chain(&SUMS)?;
        let is_negated = self.is_word("not");
        if is_negated {
            self.advance()?;
        }
        let term = if self.eat_word("like")? || self.eat_symbol("=~")? {
            Expression::Like(Box::new(left), self.matcher()?)
        } else if self.eat_word("in")? {
            self.expect_symbol("[")?;
            let choices = match self.is_symbol("]") {
                true => Vec::new(),
                false => self.listed(Self::expression)?,
            };
            self.expect_symbol("]")?;
            Expression::In(Box::new(left), choices)
        } else if is_negated {
            return Err(self.unexpected());
        } else if let Some(comparison) = self.symbol_of(&COMPARISONS) {
            self.advance()?;
            let right = self.chain(&SUMS)?;
            Expression::Compare(comparison, Box::new(left), Box::new(right))
        } else {
            return Ok(left);
        };
        Ok(match is_negated {
            true => Expression::Not(Box::new(term)),
            false => term,
        })
    }

    fn matcher(&mut self) -> Result<Matcher, QueryError> {
        let start = self.span.start;
        if self.is_symbol("/") {
            let text = self.regex()?;
            let regex = extract::regex(&text);
            return regex
                .map(Matcher::Regex)
                .map_err(|message| self.error_since(start, message));
        }
        match self.token.clone() {
            Token::Text(part) => {
                self.advance()?;
                Ok(Matcher::Part(part))
            }
            _ => Err(self.unexpected()),
        }
    }

    fn symbol_of<T: Copy>(&self, table: &[(&str, T)]) -> Option<T> {
        let found = table.iter().find(|(symbol, _)| self.is_symbol(symbol));
        found.map(|(_, value)| *value)
    }

    /// Operands of the next tighter operators, from left to right.
    fn chain(&mut self, operators: &[(&str, Operator)]) -> Result<Expression, QueryError> {
        let operand = |parser: &mut Self| match operators[0].1 {
            Operator::Add => parser.chain(&PRODUCTS),
            Operator::Multiply => parser.chain(&POWERS),
            _ => parser.signed(),
        };
        let mut left = operand(self)?;
        let mut links = 0;
        while let Some(operator) = self.symbol_of(operators) {
            // Each link nests the ones before it.
            links += 1;
            if links > MAX_DEPTH {
                let message = "the expression is too long";
                return Err(self.scanner.error(self.span, message));
            }
            self.advance()?;
            let right = operand(self)?;
            left = Expression::Arithmetic(operator, Box::new(left), Box::new(right));
        }
        Ok(left)
    }

    fn signed(&mut self) -> Result<Expression, QueryError> {
        let mut is_negative = false;
        while self.is_symbol("-") || self.is_symbol("+") {
            is_negative ^= self.is_symbol("-");
            self.advance()?;
        }
        let value = self.value()?;
        Ok(match (is_negative, value) {
            (false, value) => value,
            (true, Expression::Literal(Value::Number(number))) => {
                Expression::Literal(Value::Number(-number))
            }
            (true, value) => {
                let zero = Expression::Literal(Value::Number(0.0));
                Expression::Arithmetic(Operator::Subtract, Box::new(zero), Box::new(value))
            }
        })
    }

    fn value(&mut self) -> Result<Expression, QueryError> {
        self.parts += 1;
        if self.parts > MAX_PARTS {
            return Err(self.scanner.error(self.span, "the query is too complex"));
        }
        let start = self.span.start;
        match self.token.clone() {
            Token::Number(number) => {
                self.advance()?;
                Ok(Expression::Literal(Value::Number(number)))
            }
            Token::Text(text) => {
                self.advance()?;
                Ok(Expression::Literal(Value::text(&text)))
            }
            Token::Name(name) => {
                self.advance()?;
                Ok(Expression::Field(Arc::from(name)))
            }
            Token::Word(word) => {
                let is_reserved = RESERVED
                    .iter()
                    .any(|reserved| word.eq_ignore_ascii_case(reserved));
                if is_reserved {
                    return Err(self.unexpected());
                }
                self.advance()?;
                if self.is_symbol("(") {
                    return self.call(&word.to_ascii_lowercase(), start);
                }
                Ok(match word.to_ascii_lowercase().as_str() {
                    "true" => Expression::Literal(Value::Bool(true)),
                    "false" => Expression::Literal(Value::Bool(false)),
                    _ => Expression::Field(Arc::from(word)),
                })
            }
            Token::Symbol("(") => {
                self.advance()?;
                let inner = self.expression()?;
                self.expect_symbol(")")?;
                Ok(inner)
            }
            _ => Err(self.unexpected()),
        }
    }

    /// A call, from its opening bracket on.
    fn call(&mut self, name: &str, start: usize) -> Result<Expression, QueryError> {
        match name {
            "bin" => {
                self.expect_symbol("(")?;
                let time = Expression::Field(Arc::from("@timestamp"));
                return self.rounded(time, false);
            }
            "datefloor" | "dateceil" => {
                self.expect_symbol("(")?;
                let time = self.expression()?;
                self.expect_symbol(",")?;
                return self.rounded(time, name == "dateceil");
            }
            _ => {}
        }
        if is_aggregate(name) {
            return self.aggregate(name, start);
        }
        let Some((function, counts)) = Function::named(name) else {
            return Err(self.error_since(start, format!("unknown function {name}")));
        };
        self.expect_symbol("(")?;
        let arguments = match self.is_symbol(")") {
            true => Vec::new(),
            false => self.listed(Self::expression)?,
        };
        self.expect_symbol(")")?;
        if !counts.contains(&arguments.len()) {
            let message = format!("{name} does not take {} arguments", arguments.len());
            return Err(self.error_since(start, message));
        }
        Ok(Expression::Call(function, arguments))
    }

    /// `5m)`
    fn rounded(&mut self, time: Expression, up: bool) -> Result<Expression, QueryError> {
        let Token::Period(period) = self.token else {
            return Err(self.unexpected());
        };
        self.advance()?;
        self.expect_symbol(")")?;
        Ok(Expression::Rounded {
            time: Box::new(time),
            period,
            up,
        })
    }

    /// An aggregate of the `stats` command; behind that command, its column of the same text.
    fn aggregate(&mut self, name: &str, start: usize) -> Result<Expression, QueryError> {
        self.expect_symbol("(")?;
        // An aggregate holds no other.
        let outer = self.aggregates.take();
        let of = if self.is_symbol(")") || self.eat_symbol("*")? {
            None
        } else {
            Some(self.expression()?)
        };
        let percent = match name {
            "pct" => {
                self.expect_symbol(",")?;
                match self.token {
                    Token::Number(percent) if (0.0..=100.0).contains(&percent) => {
                        self.advance()?;
                        percent
                    }
                    _ => return Err(self.unexpected()),
                }
            }
            _ => 0.0,
        };
        self.expect_symbol(")")?;
        let end = self.behind;
        let kind =
            kind_of(name, percent).filter(|kind| of.is_some() || *kind == AggregateKind::Count);
        let Some(kind) = kind else {
            return Err(self.error_since(start, format!("{name} needs a field")));
        };
        let Some(mut aggregates) = outer else {
            let text = self.scanner.slice(Span { start, end });
            return Ok(Expression::Field(Arc::from(text)));
        };
        aggregates.push(Aggregate { kind, of });
        let index = aggregates.len() - 1;
        self.aggregates = Some(aggregates);
        Ok(Expression::Aggregate(index))
    }
}

fn one_or(mut terms: Vec<Expression>, many: fn(Vec<Expression>) -> Expression) -> Expression {
    match terms.len() {
        1 => terms.remove(0),
        _ => many(terms),
    }
}

fn is_aggregate(name: &str) -> bool {
    kind_of(name, 0.0).is_some()
}

fn kind_of(name: &str, percent: f64) -> Option<AggregateKind> {
    Some(match name {
        "count" => AggregateKind::Count,
        "count_distinct" => AggregateKind::CountDistinct,
        "sum" => AggregateKind::Sum,
        "avg" => AggregateKind::Average,
        "min" => AggregateKind::Least,
        "max" => AggregateKind::Greatest,
        "pct" => AggregateKind::Percentile(percent),
        "stddev" => AggregateKind::Deviation,
        "earliest" => AggregateKind::Earliest,
        "latest" => AggregateKind::Latest,
        "sortsfirst" => AggregateKind::SortsFirst,
        "sortslast" => AggregateKind::SortsLast,
        _ => return None,
    })
}
