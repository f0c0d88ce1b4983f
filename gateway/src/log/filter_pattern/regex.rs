//! `%regular expressions%`: AWS's subset, checked character by character and handed on to an engine of linear time.
//!
//! There are no groups, so neither references nor looking around, and no possessive repetitions: nothing is left that would
//! have to backtrack.

use fancy_regex::{Regex, RegexBuilder};

use super::PatternError;

/// The largest compiled expression.
const COMPILED_BYTES: usize = 1 << 20;
/// How often an expression may backtrack in one event; beyond it does not match.
const BACKTRACKS: usize = 100_000;
/// The characters that stand for themselves, beside letters and digits.
const SYMBOLS: &str = " :_#=@/;,-";
/// The characters that mean something.
const OPERATORS: &str = "^$?[]{}|*+.";

/// A regular expression.
#[derive(Clone, Debug)]
pub(super) struct Expression {
    regex: Regex,
}

impl Expression {
    /// Reads an expression, without its percent signs.
    pub(super) fn parse(text: &str) -> Result<Self, PatternError> {
        let translated = translate(text).ok_or(PatternError::Invalid)?;
        let regex = RegexBuilder::new(&translated)
            .delegate_size_limit(COMPILED_BYTES)
            .delegate_dfa_size_limit(COMPILED_BYTES)
            .backtrack_limit(BACKTRACKS)
            .build()
            .map_err(|_| PatternError::Invalid)?;
        Ok(Self { regex })
    }

    /// Whether it matches anywhere in `text`.
    pub(super) fn matches(&self, text: &str) -> bool {
        self.regex.is_match(text).unwrap_or(false)
    }
}

/// The expression in the engine's words; `None` when it holds what AWS does not take.
fn translate(text: &str) -> Option<String> {
    let mut translated = String::with_capacity(text.len() + 16);
    let mut characters = text.chars().peekable();
    let mut in_class = false;
    let mut was_repetition = false;
    if text.is_empty() {
        return None;
    }
    while let Some(character) = characters.next() {
        let is_repetition = !in_class && "*+?{".contains(character);
        // Behind a repetition a `?` makes it lazy; anything else would nest it or make it possessive.
        if is_repetition && was_repetition && character != '?' {
            return None;
        }
        was_repetition = is_repetition;
        match character {
            '\\' => {
                let escaped = characters.next()?;
                let class = match escaped {
                    'd' => "0-9",
                    'w' => "a-zA-Z_0-9",
                    's' => " \\t\\n\\r",
                    _ => "",
                };
                if in_class && !class.is_empty() {
                    translated.push_str(class);
                } else {
                    translated.push_str(&escape(escaped, &mut characters)?);
                }
            }
            '{' if !in_class => {
                let mut repetition = String::new();
                loop {
                    match characters.next()? {
                        '}' => break,
                        ' ' => {}
                        digit if digit.is_ascii_digit() || digit == ',' => repetition.push(digit),
                        _ => return None,
                    }
                }
                let least = if repetition.starts_with(',') { "0" } else { "" };
                translated.push_str(&format!("{{{least}{repetition}}}"));
            }
            // A further opening bracket in a class is a character of it.
            '[' if in_class => translated.push_str("\\["),
            '[' => {
                in_class = true;
                translated.push('[');
                if characters.next_if_eq(&'^').is_some() {
                    translated.push('^');
                }
            }
            ']' if in_class => {
                in_class = false;
                translated.push(']');
            }
            '&' | '~' => return None,
            character if character.is_ascii_alphanumeric() => translated.push(character),
            character if SYMBOLS.contains(character) || OPERATORS.contains(character) => {
                translated.push(character);
            }
            _ => return None,
        }
    }
    Some(translated)
}

/// What a backslash makes of the next character.
fn escape(
    escaped: char,
    characters: &mut std::iter::Peekable<std::str::Chars<'_>>,
) -> Option<String> {
    Some(match escaped {
        'd' => "[0-9]".to_owned(),
        'D' => "[^0-9]".to_owned(),
        'w' => "[a-zA-Z_0-9]".to_owned(),
        'W' => "[^a-zA-Z_0-9]".to_owned(),
        's' => "[ \\t\\n\\r]".to_owned(),
        'S' => "[^ \\t\\n\\r]".to_owned(),
        't' | 'n' | 'r' => format!("\\{escaped}"),
        'x' => {
            let digits = [characters.next()?, characters.next()?];
            if !digits.iter().all(char::is_ascii_hexdigit) {
                return None;
            }
            format!("\\x{}{}", digits[0], digits[1])
        }
        symbol if symbol.is_ascii_punctuation() => format!("\\x{:02x}", u32::from(symbol)),
        ' ' => " ".to_owned(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(expression: &str, text: &str) -> bool {
        Expression::parse(expression).unwrap().matches(text)
    }

    #[test]
    fn awss_examples_match() {
        assert!(matches("AUTHORIZED", "[ERROR 401] UNAUTHORIZED REQUEST"));
        assert!(matches("^[hc]at", "cat on a mat") && !matches("^[hc]at", "a cat"));
        assert!(matches("[hc]at$", "a cat") && !matches("[hc]at$", "cats"));
        assert!(matches("colou?r", "color") && matches("colou?r", "colour"));
        assert!(matches("a{3, 5}", "aaaa") && !matches("^a{,2}$", "aaa"));
        let starts = "^starting|^initializing|^shutting down";
        assert!(matches(starts, "shutting down now") && !matches(starts, "skipping initializing"));
        assert!(matches(r"\[.\]", "[7]") && !matches(r"\[.\]", "[77]"));
        assert!(matches(r"10\.10\.0\.1", "at 10.10.0.1") && !matches(r"10\.10", "10010"));
        assert!(matches(r"^\d\D\s\S\w\W$", "1a bc!"));
        assert!(matches(r"\x3A\x28", "a:(") && matches(r"[\w.]+@[^\s]+", "a.b@c"));
    }

    #[test]
    fn what_aws_does_not_take_is_refused() {
        for expression in [
            "", "(a)", "a!", "ä", r"\1", r"\b", r"\", "[a", "a{", "a{x}", r"\xg0", "*a", "a&&b",
            r"\p", "a*+", "a{2}{3}",
        ] {
            assert!(Expression::parse(expression).is_err(), "{expression}");
        }
    }

    #[test]
    fn an_expression_has_a_largest_size() {
        assert!(Expression::parse("[a-z]{100000}").is_err());
    }

    #[test]
    fn many_repetitions_come_to_an_end() {
        let text = "a".repeat(50_000);
        assert!(!matches("a*a*a*a*a*a*a*b", &text));
        assert!(!matches("a*?a*?a*?b", &text) && !matches("[a-z]{90}[a-z]*?[0-9]$", &text));
    }
}
