//! Patterns of terms: `a b` (both), `"a b"` (as it stands), `?a ?b` (one of them), `-a` (not), `%a|b%` (a regular expression).

use super::PatternError;
use super::regex::Expression;
use super::scanner::Scanner;

/// Characters that make a term one to be quoted.
const TO_BE_QUOTED: &str = "\"%(){}[]";

#[derive(Clone, Debug)]
enum Term {
    Text(String),
    Regex(Expression),
}

impl Term {
    fn is_in(&self, message: &str) -> bool {
        match self {
            Self::Text(text) => message.contains(text.as_str()),
            Self::Regex(expression) => expression.matches(message),
        }
    }
}

/// What a text must, may and must not hold.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    included: Vec<Term>,
    optional: Vec<Term>,
    excluded: Vec<Term>,
}

impl Terms {
    pub(super) fn parse(text: &str) -> Result<Self, PatternError> {
        let mut terms = Self::default();
        let mut scanner = Scanner::new(text);
        while !scanner.is_at_end() {
            let kind = if scanner.eat("?") {
                &mut terms.optional
            } else if scanner.eat("-") {
                &mut terms.excluded
            } else {
                &mut terms.included
            };
            if let Some(text) = scanner.quoted('"')? {
                // Blank quotes stand for everything.
                if !text.trim().is_empty() {
                    kind.push(Term::Text(text));
                }
            } else if let Some(expression) = scanner.regex()? {
                kind.push(Term::Regex(expression));
            } else {
                kind.push(Term::Text(bare(&mut scanner)?));
            }
        }
        // With other terms beside them, AWS ignores the optional ones.
        if !terms.included.is_empty() || !terms.excluded.is_empty() {
            terms.optional.clear();
        }
        Ok(terms)
    }

    pub(super) fn matches(&self, message: &str) -> bool {
        let is_in = |term: &Term| term.is_in(message);
        self.included.iter().all(is_in)
            && !self.excluded.iter().any(is_in)
            && (self.optional.is_empty() || self.optional.iter().any(is_in))
    }
}

fn bare(scanner: &mut Scanner<'_>) -> Result<String, PatternError> {
    let term = scanner.take_until(char::is_whitespace).to_owned();
    if term.is_empty() || term == "?" || term.contains(|found| TO_BE_QUOTED.contains(found)) {
        return Err(PatternError::Term { term });
    }
    Ok(term)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, message: &str) -> bool {
        Terms::parse(pattern).unwrap().matches(message)
    }

    #[test]
    fn every_term_counts() {
        assert!(matches("ERROR ARGUMENTS", "[ERROR 419] MISSING ARGUMENTS"));
        assert!(!matches("ERROR ARGUMENTS", "[ERROR 400] BAD REQUEST"));
        assert!(matches("\"BAD REQUEST\"", "[ERROR 400] BAD REQUEST"));
        assert!(!matches("error", "ERROR"));
    }

    #[test]
    fn one_optional_term_is_enough_and_none_counts_beside_others() {
        assert!(matches("?WARN ?INFO", "INFO x") && !matches("?WARN ?INFO", "ERROR"));
        assert!(matches(
            "?ERROR ?ARGUMENTS REQUEST",
            "[INFO] REQUEST FAILED"
        ));
        assert!(matches("?\"a b\" ?%c+%", "xccx"));
    }

    #[test]
    fn excluded_terms_must_not_be_there() {
        assert!(matches("ERROR -disk", "ERROR net") && !matches("ERROR -disk", "ERROR disk"));
        assert!(matches("-ERROR", "fine") && !matches("-%E+%", "ERROR"));
    }

    #[test]
    fn terms_that_must_be_quoted_are_named() {
        let refused = |pattern| Terms::parse(pattern).unwrap_err().to_string();
        assert_eq!(refused("a b{c"), "Invalid character(s) in term 'b{c'");
        assert_eq!(refused("a -"), "Invalid character(s) in term ''");
        assert_eq!(refused("\"a"), "Invalid filter pattern");
    }
}
