//! What a member or a field is compared with: `= "text*"`, `>= 404`, `!= %regex%`.

use super::PatternError;
use super::regex::Expression;
use super::scanner::Scanner;

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// The longer operators first: each is tried in turn.
const OPERATORS: [(&str, Operator); 6] = [
    ("!=", Operator::NotEqual),
    ("<=", Operator::LessOrEqual),
    (">=", Operator::GreaterOrEqual),
    ("=", Operator::Equal),
    ("<", Operator::Less),
    (">", Operator::Greater),
];

#[derive(Clone, Debug)]
enum Wanted {
    Text(Wildcard),
    /// A number, and how it was written.
    Number(f64, Wildcard),
    Regex(Expression),
}

/// An operator with what stands right of it.
#[derive(Clone, Debug)]
pub(super) struct Comparison {
    operator: Operator,
    wanted: Wanted,
}

impl Comparison {
    /// Reads an operator and a value. `regexes` counts down the expressions that the pattern may still hold.
    pub(super) fn parse(
        scanner: &mut Scanner<'_>,
        regexes: &mut usize,
    ) -> Result<Self, PatternError> {
        scanner.skip_space();
        let operator = OPERATORS
            .iter()
            .find(|(sign, _)| scanner.eat(sign))
            .map(|(_, operator)| *operator)
            .ok_or(PatternError::Invalid)?;
        scanner.skip_space();
        let wanted = if let Some(text) = scanner.quoted('"')? {
            Wanted::Text(Wildcard::new(&text))
        } else if let Some(expression) = scanner.regex()? {
            *regexes = regexes.checked_sub(1).ok_or(PatternError::Invalid)?;
            Wanted::Regex(expression)
        } else {
            let text =
                scanner.take_until(|end| end.is_whitespace() || "()[]{}&|,\"<>=!".contains(end));
            if text.is_empty() {
                return Err(PatternError::Invalid);
            }
            match number(text) {
                Some(number) => Wanted::Number(number, Wildcard::new(text)),
                None => Wanted::Text(Wildcard::new(text)),
            }
        };
        let is_ordering = !matches!(operator, Operator::Equal | Operator::NotEqual);
        if is_ordering && !matches!(wanted, Wanted::Number(..)) {
            return Err(PatternError::Invalid);
        }
        Ok(Self { operator, wanted })
    }

    /// Whether it holds for a value, as text and, where it is one, as a number.
    pub(super) fn holds(&self, text: &str, found: Option<f64>) -> bool {
        let compared = match (&self.wanted, found) {
            (Wanted::Number(wanted, _), Some(found)) => found.partial_cmp(wanted),
            _ => None,
        };
        match self.operator {
            Operator::Equal => self.is_wanted(text, found),
            Operator::NotEqual => !self.is_wanted(text, found),
            Operator::Less => compared.is_some_and(|order| order.is_lt()),
            Operator::LessOrEqual => compared.is_some_and(|order| order.is_le()),
            Operator::Greater => compared.is_some_and(|order| order.is_gt()),
            Operator::GreaterOrEqual => compared.is_some_and(|order| order.is_ge()),
        }
    }

    fn is_wanted(&self, text: &str, found: Option<f64>) -> bool {
        match &self.wanted {
            Wanted::Text(wildcard) => wildcard.matches(text),
            Wanted::Number(wanted, wildcard) => found == Some(*wanted) || wildcard.matches(text),
            Wanted::Regex(expression) => expression.matches(text),
        }
    }
}

/// A decimal number, with scientific notation; no names such as `inf`.
pub(super) fn number(text: &str) -> Option<f64> {
    let is_numeric = |character: char| character.is_ascii_digit() || "+-.eE".contains(character);
    if !text.chars().all(is_numeric) {
        return None;
    }
    text.parse().ok()
}

/// Text in which `*` stands for any text.
#[derive(Clone, Debug)]
struct Wildcard {
    /// The texts between the asterisks, at least one.
    pieces: Vec<String>,
}

impl Wildcard {
    fn new(text: &str) -> Self {
        Self {
            pieces: text.split('*').map(str::to_owned).collect(),
        }
    }

    /// Whether the whole of `text` is like this. Taking the first place for each piece leaves the most for those behind it.
    fn matches(&self, text: &str) -> bool {
        let [first, between @ .., last] = &self.pieces[..] else {
            return self.pieces[0] == text;
        };
        let Some(mut rest) = text
            .strip_prefix(first.as_str())
            .and_then(|rest| rest.strip_suffix(last.as_str()))
        else {
            return false;
        };
        for piece in between {
            let Some(at) = rest.find(piece.as_str()) else {
                return false;
            };
            rest = &rest[at + piece.len()..];
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asterisks_stand_for_any_text() {
        let matches = |pattern, text| Wildcard::new(pattern).matches(text);
        assert!(matches("b*", "bob") && !matches("b*", "abb"));
        assert!(matches("*.html*", "GET /index.html HTTP/1.0"));
        assert!(matches("a*b*c", "a-b-b-c") && !matches("a*b*c", "a-c"));
        assert!(!matches("ab*ba", "aba") && matches("ab*ba", "abba"));
        assert!(matches("*", "") && matches("**", "☃") && !matches("", "x"));
        assert!(matches("a*a", "aa") && !matches("a*a", "a"));
    }

    #[test]
    fn numbers_are_compared_as_numbers() {
        let holds = |comparison, text: &str| {
            Comparison::parse(&mut Scanner::new(comparison), &mut 2)
                .unwrap()
                .holds(text, number(text))
        };
        assert!(holds("= 1e+3", "1000") && holds("= 200", "200.0") && !holds("!= 1e-3", "0.001"));
        assert!(holds(">= 404", "404") && !holds("> 404", "404") && !holds("> 404", "x"));
        assert!(holds("= 4*", "404") && !holds("!= 4*", "404"));
        assert!(holds("!=%^4%", "504") && holds("= \"a b\"", "a b"));
    }

    #[test]
    fn an_order_wants_a_number() {
        for comparison in ["> abc", "<= \"4\"", "= ", "4", "> inf", "=%a"] {
            assert!(Comparison::parse(&mut Scanner::new(comparison), &mut 2).is_err());
        }
    }
}
