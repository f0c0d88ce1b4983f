//! Filter patterns: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html>.
//!
//! ```text
//! ""                                   everything
//! ERROR -disk · ?WARN ?INFO · "a b"    terms:  terms.rs
//! { $.level = "ERROR" && … }           JSON:   json.rs
//! [level = E*, ..., code > 400]        fields: fields.rs
//! ```
//! Parsed once, to a closed tree; matching is pure, never fails, and takes time linear in the event but for a backtracking
//! regular expression, which is cut short. Terms match inside of words too, and case counts.

mod expression;
mod fields;
mod json;
mod regex;
mod scanner;
mod terms;
mod value;

use fields::Fields;
use json::JsonPattern;
use terms::Terms;

/// Why a filter pattern is refused, in AWS's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// It does not follow the syntax, or exceeds one of its quotas.
    #[error("Invalid filter pattern")]
    Invalid,
    /// A bracket that opens the pattern does not close it.
    #[error("If a filter pattern starts with '{open}' it must end with '{close}'")]
    Unclosed {
        /// `{` or `[`.
        open: char,
        /// `}` or `]`.
        close: char,
    },
    /// A term that must be quoted.
    #[error("Invalid character(s) in term '{term}'")]
    Term {
        /// As it stands.
        term: String,
    },
}

/// What an event must be like.
#[derive(Clone, Debug, Default)]
pub enum FilterPattern {
    /// Anything.
    #[default]
    Everything,
    /// Text with, or without, these terms.
    Terms(Terms),
    /// A JSON document whose members are like this.
    Json(JsonPattern),
    /// A line of fields that are like this.
    Fields(Fields),
}

impl FilterPattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// See [`PatternError`].
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Self::Everything);
        }
        if let Some(inner) = bracketed(text, '{', '}')? {
            return Ok(Self::Json(JsonPattern::parse(inner)?));
        }
        if let Some(inner) = bracketed(text, '[', ']')? {
            return Ok(Self::Fields(Fields::parse(inner)?));
        }
        Ok(Self::Terms(Terms::parse(text)?))
    }

    /// Whether an event's message is as the pattern wants it; a line's end is not part of it.
    pub fn matches(&self, message: &str) -> bool {
        let message = message.trim_end_matches(['\n', '\r']);
        match self {
            Self::Everything => true,
            Self::Terms(terms) => terms.matches(message),
            Self::Json(pattern) => pattern.matches(message),
            Self::Fields(fields) => fields.matches(message),
        }
    }
}

/// What stands between the brackets that open and close `text`; `None` when no bracket opens it.
fn bracketed(text: &str, open: char, close: char) -> Result<Option<&str>, PatternError> {
    let Some(inner) = text.strip_prefix(open) else {
        return Ok(None);
    };
    match inner.strip_suffix(close) {
        Some(inner) => Ok(Some(inner)),
        None => Err(PatternError::Unclosed { open, close }),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn nothing_panics(pattern: String, message: String) {
            if let Ok(pattern) = FilterPattern::parse(&pattern) {
                pattern.matches(&message);
            }
        }

        #[test]
        fn nothing_that_looks_like_a_pattern_panics(
            words in prop::collection::vec(prop::sample::select(vec![
                "{", "}", "[", "]", "(", ")", "$", ".", "$.a", "$.*", "[*]", "[0]", "['a']", "=", "!=", "<", ">=", "&&", "||",
                "IS", "NULL", "TRUE", "NOT", "EXISTS", "\"a b\"", "\"", "%a+%", "%", "a", "*", "...", ",", "-", "?", "1e3", " ", "☃",
            ]), 0..16),
            opening in prop::sample::select(vec!["", "{", "["]),
            message in prop::sample::select(vec![r#"{"a":[1,"a b",null]}"#, "[a b] \"c d\" 12", "a ☃ a", ""]),
        ) {
            let closing = match opening { "{" => "}", "[" => "]", _ => "" };
            let pattern = format!("{opening}{}{closing}", words.concat());
            if let Ok(pattern) = FilterPattern::parse(&pattern) {
                pattern.matches(message);
            }
        }

        #[test]
        fn a_quoted_text_matches_where_it_stands(before: String, text in "[^\"\\\\\\s][^\"\\\\]*[^\"\\\\\\s]", behind in "[^\n\r]+") {
            let pattern = FilterPattern::parse(&format!("\"{text}\"")).unwrap();
            let message = format!("{before}{text}{behind}");
            prop_assert!(pattern.matches(&message));
        }
    }

    #[test]
    fn an_opened_bracket_must_close() {
        let message = FilterPattern::parse("{ $.level = ")
            .unwrap_err()
            .to_string();
        assert_eq!(
            message,
            "If a filter pattern starts with '{' it must end with '}'"
        );
        assert!(FilterPattern::parse("[a, b").is_err());
    }

    #[test]
    fn blank_patterns_match_everything() {
        for pattern in ["", "  ", "\" \"", "\"\""] {
            assert!(FilterPattern::parse(pattern).unwrap().matches("anything"));
        }
    }
}
