//! Walks over a pattern's text, piece by piece.

use super::PatternError;
use super::regex::Expression;

/// What is left of a pattern's text.
#[derive(Clone, Copy)]
pub(super) struct Scanner<'a> {
    rest: &'a str,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    pub(super) fn skip_space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    /// Whether nothing but space is left.
    pub(super) fn is_at_end(&mut self) -> bool {
        self.skip_space();
        self.rest.is_empty()
    }

    pub(super) fn starts_with(&self, text: &str) -> bool {
        self.rest.starts_with(text)
    }

    /// Goes over `text` if it is next.
    pub(super) fn eat(&mut self, text: &str) -> bool {
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Goes over a word, whatever its case, if it is next and no longer word is.
    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        let Some((found, rest)) = self.rest.split_at_checked(word.len()) else {
            return false;
        };
        if !found.eq_ignore_ascii_case(word) || rest.starts_with(char::is_alphanumeric) {
            return false;
        }
        self.rest = rest;
        true
    }

    /// Takes the characters before the first that `ends`.
    pub(super) fn take_until(&mut self, ends: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(ends).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    /// Takes a text in `quote`s, in which a backslash takes the next character for itself; `None` when none is next.
    pub(super) fn quoted(&mut self, quote: char) -> Result<Option<String>, PatternError> {
        let Some(inner) = self.rest.strip_prefix(quote) else {
            return Ok(None);
        };
        let mut text = String::new();
        let mut characters = inner.char_indices();
        while let Some((at, character)) = characters.next() {
            if character == quote {
                self.rest = &inner[at + quote.len_utf8()..];
                return Ok(Some(text));
            }
            let character = match character {
                '\\' => characters.next().ok_or(PatternError::Invalid)?.1,
                character => character,
            };
            text.push(character);
        }
        Err(PatternError::Invalid)
    }

    /// Takes a regular expression in percent signs; `None` when none is next.
    pub(super) fn regex(&mut self) -> Result<Option<Expression>, PatternError> {
        let Some(inner) = self.rest.strip_prefix('%') else {
            return Ok(None);
        };
        let mut is_escaped = false;
        for (at, character) in inner.char_indices() {
            if character == '%' && !is_escaped {
                self.rest = &inner[at + 1..];
                return Expression::parse(&inner[..at]).map(Some);
            }
            is_escaped = character == '\\' && !is_escaped;
        }
        Err(PatternError::Invalid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_end_where_no_backslash_stands() {
        let mut scanner = Scanner::new(r#""a \"b\" \\" rest"#);
        assert_eq!(scanner.quoted('"').unwrap().as_deref(), Some(r#"a "b" \"#));
        assert!(scanner.starts_with(" rest"));
        assert!(Scanner::new(r#""a\"#).quoted('"').is_err());
        assert_eq!(Scanner::new("a").quoted('"'), Ok(None));
    }

    #[test]
    fn a_word_is_not_the_start_of_another() {
        assert!(!Scanner::new("ISLAND").eat_word("IS"));
        assert!(Scanner::new("is NULL").eat_word("IS"));
        assert!(!Scanner::new("☃").eat_word("IS"));
    }
}
