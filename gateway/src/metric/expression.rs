//! Metric math as text: what an expression says, as a tree. Pure; `evaluation` works it out.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html>
//! ```text
//! or      = and (("OR" | "||") and)*                  sum   = product (("+" | "-") product)*
//! and     = compare (("AND" | "&&") compare)*         product = unary (("*" | "/") unary)*
//! compare = sum (("<" | "<=" | ">" | ">=" | "==" | "!=") sum)?
//! unary   = "-" unary | power                         power = atom ("^" unary)?
//! atom    = number | id | FUNCTION "(" or,* ")" | "[" or,* "]" | "(" or ")" | KEYWORD | "'text'" | "\"text\""
//! ```
//! Ids begin with a lowercase letter, functions and keywords with an uppercase one, as CloudWatch demands of ids.

use std::iter::Peekable;

pub use super::lexer::is_id;
use super::lexer::{Token, tokens};

/// Deepest nesting of parentheses, brackets and signs.
const MAX_DEPTH: usize = 32;
/// Most operators: a chain of them is a deep tree, too.
const MAX_OPERATORS: usize = 256;

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    /// A number.
    Number(f64),
    /// The result of another query.
    Id(String),
    /// `-x`.
    Negated(Box<Expression>),
    /// `x + y` and its like.
    Binary(Operator, Box<Expression>, Box<Expression>),
    /// `NAME(x, y)`.
    Call(Function, Vec<Expression>),
    /// `[x, y]`.
    Array(Vec<Expression>),
    /// `REPEAT`, `LINEAR`.
    Keyword(String),
    /// `"text"`.
    Text(String),
}

/// What stands between two expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Operator {
    Or,
    And,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
    Plus,
    Minus,
    Times,
    Over,
    Power,
}

/// The functions that are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are AWS's")]
pub enum Function {
    Sum,
    Avg,
    Min,
    Max,
    Rate,
    Fill,
    Metrics,
    Period,
    Abs,
    Ceil,
    Floor,
    If,
}

impl Function {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "SUM" => Self::Sum,
            "AVG" => Self::Avg,
            "MIN" => Self::Min,
            "MAX" => Self::Max,
            "RATE" => Self::Rate,
            "FILL" => Self::Fill,
            "METRICS" => Self::Metrics,
            "PERIOD" => Self::Period,
            "ABS" => Self::Abs,
            "CEIL" => Self::Ceil,
            "FLOOR" => Self::Floor,
            "IF" => Self::If,
            _ => return None,
        })
    }
}

/// Why a text is no expression.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// CloudWatch's words.
    #[error("Invalid syntax")]
    Syntax,
    /// No such function, or one that hearth does not know.
    #[error("Function '{0}' not found")]
    UnknownFunction(String),
    /// Nested deeper than [`MAX_DEPTH`], or more than [`MAX_OPERATORS`].
    #[error("The expression is too complex")]
    TooComplex,
}

impl Expression {
    /// Reads an expression.
    ///
    /// # Errors
    /// It is none.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let mut parser = Parser {
            tokens: tokens(text)?.into_iter().peekable(),
            depth: 0,
            operators: 0,
        };
        let expression = parser.or()?;
        match parser.tokens.next() {
            None => Ok(expression),
            Some(_) => Err(ParseError::Syntax),
        }
    }

    /// Hands on every id that it names.
    pub fn references<'a>(&'a self, each: &mut dyn FnMut(&'a str)) {
        match self {
            Self::Number(_) | Self::Keyword(_) | Self::Text(_) => {}
            Self::Id(id) => each(id),
            Self::Negated(inner) => inner.references(each),
            Self::Binary(_, left, right) => {
                left.references(each);
                right.references(each);
            }
            Self::Call(_, parts) | Self::Array(parts) => {
                for part in parts {
                    part.references(each);
                }
            }
        }
    }
}

struct Parser {
    tokens: Peekable<std::vec::IntoIter<Token>>,
    depth: usize,
    operators: usize,
}

type Parsed = Result<Expression, ParseError>;

impl Parser {
    fn or(&mut self) -> Parsed {
        self.chain(Self::and, &[Operator::Or])
    }

    fn and(&mut self) -> Parsed {
        self.chain(Self::compare, &[Operator::And])
    }

    fn compare(&mut self) -> Parsed {
        let left = self.sum()?;
        let operators = [
            Operator::Less,
            Operator::LessOrEqual,
            Operator::Greater,
            Operator::GreaterOrEqual,
            Operator::Equal,
            Operator::NotEqual,
        ];
        match self.operator(&operators) {
            None => Ok(left),
            Some(operator) => {
                let right = self.sum()?;
                Ok(Expression::Binary(operator, left.into(), right.into()))
            }
        }
    }

    fn sum(&mut self) -> Parsed {
        self.chain(Self::product, &[Operator::Plus, Operator::Minus])
    }

    fn product(&mut self) -> Parsed {
        self.chain(Self::unary, &[Operator::Times, Operator::Over])
    }

    fn unary(&mut self) -> Parsed {
        if self.operator(&[Operator::Minus]).is_some() {
            let inner = self.deeper(Self::unary)?;
            return Ok(Expression::Negated(inner.into()));
        }
        let base = self.atom()?;
        match self.operator(&[Operator::Power]) {
            None => Ok(base),
            Some(operator) => {
                let exponent = self.deeper(Self::unary)?;
                Ok(Expression::Binary(operator, base.into(), exponent.into()))
            }
        }
    }

    fn atom(&mut self) -> Parsed {
        match self.tokens.next().ok_or(ParseError::Syntax)? {
            Token::Number(number) => Ok(Expression::Number(number)),
            Token::Text(text) => Ok(Expression::Text(text)),
            Token::Mark('(') => {
                let inner = self.deeper(Self::or)?;
                match self.tokens.next() {
                    Some(Token::Mark(')')) => Ok(inner),
                    _ => Err(ParseError::Syntax),
                }
            }
            Token::Mark('[') => self.list(']').map(Expression::Array),
            Token::Word(word) => {
                let call = Token::Mark('(');
                if self.tokens.next_if_eq(&call).is_some() {
                    let function = Function::named(&word);
                    let function = function.ok_or(ParseError::UnknownFunction(word))?;
                    return Ok(Expression::Call(function, self.list(')')?));
                }
                match is_id(&word) {
                    true => Ok(Expression::Id(word)),
                    false => Ok(Expression::Keyword(word)),
                }
            }
            Token::Operator(_) | Token::Mark(_) => Err(ParseError::Syntax),
        }
    }

    /// Expressions with commas between them, up to a closing mark.
    fn list(&mut self, close: char) -> Result<Vec<Expression>, ParseError> {
        let close = Token::Mark(close);
        let mut parts = Vec::new();
        if self.tokens.next_if_eq(&close).is_some() {
            return Ok(parts);
        }
        loop {
            parts.push(self.deeper(Self::or)?);
            match self.tokens.next() {
                Some(Token::Mark(',')) => {}
                Some(token) if token == close => return Ok(parts),
                _ => return Err(ParseError::Syntax),
            }
        }
    }

    /// Operands with operators of one rank between them, from left to right.
    fn chain(&mut self, operand: fn(&mut Self) -> Parsed, operators: &[Operator]) -> Parsed {
        let mut left = operand(self)?;
        while let Some(operator) = self.operator(operators) {
            self.operators += 1;
            if self.operators > MAX_OPERATORS {
                return Err(ParseError::TooComplex);
            }
            let right = operand(self)?;
            left = Expression::Binary(operator, left.into(), right.into());
        }
        Ok(left)
    }

    fn operator(&mut self, wanted: &[Operator]) -> Option<Operator> {
        let token = self.tokens.next_if(
            |token| matches!(token, Token::Operator(operator) if wanted.contains(operator)),
        )?;
        match token {
            Token::Operator(operator) => Some(operator),
            _ => None,
        }
    }

    fn deeper(&mut self, parse: fn(&mut Self) -> Parsed) -> Parsed {
        if self.depth >= MAX_DEPTH {
            return Err(ParseError::TooComplex);
        }
        self.depth += 1;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// An expression with all its parentheses.
    fn written(expression: &Expression) -> String {
        let list = |parts: &[Expression]| parts.iter().map(written).collect::<Vec<_>>().join(", ");
        match expression {
            Expression::Number(number) => number.to_string(),
            Expression::Id(word) | Expression::Keyword(word) => word.clone(),
            Expression::Text(text) => format!("'{text}'"),
            Expression::Negated(inner) => format!("(-{})", written(inner)),
            Expression::Binary(operator, left, right) => {
                format!("({} {operator:?} {})", written(left), written(right))
            }
            Expression::Call(function, parts) => format!("{function:?}({})", list(parts)),
            Expression::Array(parts) => format!("[{}]", list(parts)),
        }
    }

    #[track_caller]
    fn assert_reads(text: &str, expected: &str) {
        assert_eq!(written(&Expression::parse(text).expect(text)), expected);
    }

    #[test]
    fn operators_bind_as_in_mathematics() {
        assert_reads("1 + 2 * m1 ^ 2", "(1 Plus (2 Times (m1 Power 2)))");
        assert_reads("a - b - c", "((a Minus b) Minus c)");
        assert_reads("-a^2 / -(b)", "((-(a Power 2)) Over (-b))");
        assert_reads("2 ^ 3 ^ 2", "(2 Power (3 Power 2))");
        assert_reads(
            "a+b > 3 AND c<=1.5e-3 || d",
            "((((a Plus b) Greater 3) And (c LessOrEqual 0.0015)) Or d)",
        );
    }

    #[test]
    fn functions_and_arrays_are_read() {
        assert_reads("SUM([FILL(a, 0), b])", "Sum([Fill(a, 0), b])");
        assert_reads(
            "FILL(METRICS(\"err\"), REPEAT)",
            "Fill(Metrics('err'), REPEAT)",
        );
        assert_reads("IF(a > 1, b, 0)", "If((a Greater 1), b, 0)");
        let mut ids = Vec::new();
        let expression = Expression::parse("a + SUM([b, -c])").expect("valid");
        expression.references(&mut |id| ids.push(id));
        assert_eq!(ids, ["a", "b", "c"]);
    }

    #[test]
    fn what_is_no_expression_is_refused() {
        for text in [
            "", "1 +", "(1", "a b", "SUM(a", "[1,]", "1..2", "a = b", "a & b", "'open", "1e999",
            "é",
        ] {
            assert_eq!(Expression::parse(text), Err(ParseError::Syntax), "{text}");
        }
        let unknown = Err(ParseError::UnknownFunction(
            "ANOMALY_DETECTION_BAND".to_owned(),
        ));
        assert_eq!(Expression::parse("ANOMALY_DETECTION_BAND(a, 2)"), unknown);
        let deep = "(".repeat(2_000);
        assert_eq!(Expression::parse(&deep), Err(ParseError::TooComplex));
        assert_eq!(
            Expression::parse(&"-".repeat(2_000)),
            Err(ParseError::TooComplex)
        );
        assert_eq!(
            Expression::parse(&"a+".repeat(1_000)),
            Err(ParseError::TooComplex)
        );
    }

    proptest! {
        #[test]
        fn parsing_never_panics(text in "\\PC{0,200}") {
            let _ = Expression::parse(&text);
        }

        #[test]
        fn nor_does_a_mix_of_what_expressions_are_made_of(parts in prop::collection::vec(
            prop::sample::select(vec!["a", "1", "1.5e3", "+", "-", "*", "/", "^", "(", ")", "[", "]", ",", "<", "==", "SUM(", "FILL(",
                "REPEAT", "AND", "\"x\"", " "]), 0..60)) {
            let _ = Expression::parse(&parts.concat());
        }
    }
}
