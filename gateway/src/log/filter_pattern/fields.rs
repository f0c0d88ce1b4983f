//! Patterns of space-delimited fields: `[ip, ..., request = *.html*, status = 404 || status = 410, bytes > 1000]`.
//!
//! A line's fields are its words; what stands in brackets or double quotes is one. Without an ellipsis the last field of the
//! pattern takes all the words that are left.

use super::PatternError;
use super::expression::Joined;
use super::json::MOST_REGEXES;
use super::scanner::Scanner;
use super::value::{Comparison, number};

/// What one field must be like; `None`: anything.
type Field = Option<Joined<Comparison>>;

/// What the fields of a line must be like.
#[derive(Clone, Debug)]
pub struct Fields {
    /// Those at the start of the line.
    head: Vec<Field>,
    /// With an ellipsis: those at its end.
    tail: Option<Vec<Field>>,
}

impl Fields {
    /// Reads what stands between the brackets.
    pub(super) fn parse(text: &str) -> Result<Self, PatternError> {
        let mut fields = Self {
            head: Vec::new(),
            tail: None,
        };
        let mut scanner = Scanner::new(text);
        let mut regexes = MOST_REGEXES;
        loop {
            scanner.skip_space();
            if scanner.eat("...") {
                if fields.tail.replace(Vec::new()).is_some() {
                    return Err(PatternError::Invalid);
                }
            } else {
                let field = parse_field(&mut scanner, &mut regexes)?;
                fields.tail.as_mut().unwrap_or(&mut fields.head).push(field);
            }
            if scanner.is_at_end() {
                return Ok(fields);
            }
            if !scanner.eat(",") {
                return Err(PatternError::Invalid);
            }
        }
    }

    pub(super) fn matches(&self, message: &str) -> bool {
        let found = split(message);
        match &self.tail {
            None => {
                let Some((last, head)) = self.head.split_last() else {
                    return false;
                };
                let Some(start) = found.get(head.len()) else {
                    return false;
                };
                let is_last = found.len() == self.head.len();
                let rest = if is_last {
                    start.text
                } else {
                    message[start.at..].trim_end()
                };
                are_like(head, &found) && is_like(last, rest)
            }
            Some(tail) => {
                let Some(behind) = found.len().checked_sub(tail.len()) else {
                    return false;
                };
                behind >= self.head.len()
                    && are_like(&self.head, &found)
                    && are_like(tail, &found[behind..])
            }
        }
    }
}

fn are_like(fields: &[Field], found: &[Word<'_>]) -> bool {
    let mut pairs = fields.iter().zip(found);
    pairs.all(|(field, word)| is_like(field, word.text))
}

fn is_like(field: &Field, text: &str) -> bool {
    match field {
        None => true,
        Some(joined) => joined.holds(&|comparison| comparison.holds(text, number(text))),
    }
}

/// Reads a name alone, or conditions on one name.
fn parse_field(scanner: &mut Scanner<'_>, regexes: &mut usize) -> Result<Field, PatternError> {
    let mut ahead = *scanner;
    if !parse_name(&mut ahead).is_empty() {
        ahead.skip_space();
        if ahead.is_at_end() || ahead.starts_with(",") {
            *scanner = ahead;
            return Ok(None);
        }
    }
    let mut named: Option<String> = None;
    let joined = Joined::parse(scanner, &mut |scanner| {
        scanner.skip_space();
        let name = parse_name(scanner);
        if name.is_empty() || named.as_ref().is_some_and(|named| named != name) {
            return Err(PatternError::Invalid);
        }
        named = Some(name.to_owned());
        Comparison::parse(scanner, regexes)
    })?;
    Ok(Some(joined))
}

fn parse_name<'a>(scanner: &mut Scanner<'a>) -> &'a str {
    scanner.take_until(|end| !end.is_alphanumeric() && !"_-$@.:/".contains(end))
}

/// A word of a line.
struct Word<'m> {
    /// Where it starts, its bracket or quote included.
    at: usize,
    /// Without its brackets or quotes.
    text: &'m str,
}

fn split(message: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut at = 0;
    loop {
        let rest = &message[at..];
        let rest_start = at + (rest.len() - rest.trim_start().len());
        let rest = rest.trim_start();
        let Some(first) = rest.chars().next() else {
            return words;
        };
        let closing = match first {
            '[' => Some(']'),
            '"' => Some('"'),
            _ => None,
        };
        let enclosed = closing.and_then(|closing| rest[1..].find(closing));
        let (text, end) = match enclosed {
            Some(length) => (&rest[1..=length], length + 2),
            None => {
                let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
                (&rest[..end], end)
            }
        };
        words.push(Word {
            at: rest_start,
            text,
        });
        at = rest_start + end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCESS: &str =
        r#"127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534"#;

    fn matches(pattern: &str, message: &str) -> bool {
        Fields::parse(pattern).unwrap().matches(message)
    }

    #[test]
    fn brackets_and_quotes_hold_one_field() {
        let texts: Vec<&str> = split(ACCESS).iter().map(|word| word.text).collect();
        assert_eq!(texts.len(), 7);
        assert_eq!(
            texts[3..5],
            ["10/Oct/2000:13:25:15 -0700", "GET /index.html HTTP/1.0"]
        );
        assert_eq!(split("[a b").len(), 2);
        assert_eq!(split("[] \"\" ☃").len(), 3);
    }

    #[test]
    fn awss_examples_match() {
        for pattern in [
            r"ip=%127\.0\.0\.[1-9]%, user, username, timestamp, request =*.html*, status_code = 4*, bytes",
            "..., request =*.html*, status_code = 4*, bytes",
            "ip, user, username, timestamp, request =*.html*, status_code = 404 || status_code = 410, bytes",
            "ip, ..., bytes > 1000",
            "ip, user = Prod, ...",
        ] {
            assert!(matches(pattern, ACCESS), "{pattern}");
        }
        assert!(!matches("..., status_code = 5*, bytes", ACCESS));
        assert!(!matches("a, b, c, d, e, f, g, h", ACCESS));
        assert!(!matches("..., a, b, c, d, e, f, g, h", ACCESS));
    }

    #[test]
    fn the_last_field_takes_the_rest() {
        let line = "ERROR 09/25/2014 12:00:02 Failed to process request";
        assert!(matches("w1=ERROR, w2", line));
        assert!(matches("w1=ERROR || w1=WARNING, w2", line));
        assert!(!matches("w1!=ERROR && w1!=WARNING, w2", line));
        assert!(matches("a, b, c, rest = \"Failed to *\"", line));
        assert!(!matches("w1=ERROR", line) && matches("w1=ERROR*", line));
    }

    #[test]
    fn what_does_not_follow_the_syntax_is_refused() {
        for pattern in [
            "",
            ",",
            "a,",
            "a b",
            "..., ...",
            "a = 1 && b = 2",
            "a =",
            "= 1",
            "a, b = 4 c",
            "a > x",
        ] {
            assert!(Fields::parse(pattern).is_err(), "{pattern}");
        }
    }
}
