//! A query's text → tokens, one at a time, so that the parser can say where a regular expression may begin.

use super::QueryError;
use super::period::Period;

/// One token.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    End,
    /// Punctuation or an operator.
    Symbol(&'static str),
    Number(f64),
    /// A number with a unit of time: `5m`.
    Period(Period),
    /// A quoted text.
    Text(String),
    /// A keyword, a function, or a field.
    Word(String),
    /// A field in backticks.
    Name(String),
}

/// The longer symbols first: each is tried in turn.
const SYMBOLS: [&str; 19] = [
    "!=", "<=", ">=", "=~", "|", ",", "(", ")", "[", "]", "=", "<", ">", "+", "-", "*", "/", "%",
    "^",
];

/// Where a token stands, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Reads tokens.
pub(super) struct Scanner<'a> {
    text: &'a str,
    position: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, position: 0 }
    }

    /// What stands between two places.
    pub(super) fn slice(&self, span: Span) -> &'a str {
        &self.text[span.start..span.end]
    }

    /// An error about what stands at `span`.
    pub(super) fn error(&self, span: Span, message: impl Into<String>) -> QueryError {
        let before = &self.text[..span.start];
        let start = before.chars().count();
        QueryError {
            message: message.into(),
            line: before.matches('\n').count() + 1,
            start,
            end: start + self.slice(span).chars().count(),
        }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.position..]
    }

    fn skip_space_and_comments(&mut self) {
        loop {
            let rest = self.rest();
            let text = rest.trim_start();
            self.position += rest.len() - text.len();
            if !text.starts_with('#') {
                return;
            }
            self.position += text.find('\n').unwrap_or(text.len());
        }
    }

    /// The next token and its place.
    pub(super) fn next(&mut self) -> Result<(Token, Span), QueryError> {
        self.skip_space_and_comments();
        let start = self.position;
        let token = match self.rest().chars().next() {
            None => Token::End,
            Some(quote @ ('"' | '\'' | '`')) => {
                let text = self.quoted(quote)?;
                match quote {
                    '`' => Token::Name(text),
                    _ => Token::Text(text),
                }
            }
            Some(first) if first.is_ascii_digit() => self.number()?,
            Some(first) if is_word(first) && first != '.' => self.word()?,
            Some(first) => match SYMBOLS
                .iter()
                .find(|symbol| self.rest().starts_with(**symbol))
            {
                Some(symbol) => {
                    self.position += symbol.len();
                    Token::Symbol(symbol)
                }
                None => {
                    self.position += first.len_utf8();
                    return Err(self.unexpected(start));
                }
            },
        };
        let end = self.position;
        Ok((token, Span { start, end }))
    }

    /// Reads a regular expression that begins at `start`, where the token `/` was found.
    pub(super) fn regex(&mut self, start: usize) -> Result<(String, Span), QueryError> {
        self.position = start;
        let text = self.quoted('/')?;
        let end = self.position;
        Ok((text, Span { start, end }))
    }

    fn unexpected(&self, start: usize) -> QueryError {
        let end = self.position;
        let span = Span { start, end };
        self.error(
            span,
            format!("unexpected symbol found {}", self.slice(span)),
        )
    }

    /// What stands between two quotes; a backslash takes the meaning from a quote, and stays before anything else.
    fn quoted(&mut self, quote: char) -> Result<String, QueryError> {
        let start = self.position;
        let mut text = String::new();
        let mut characters = self.rest().char_indices().skip(1);
        while let Some((at, character)) = characters.next() {
            match character {
                character if character == quote => {
                    self.position = start + at + quote.len_utf8();
                    return Ok(text);
                }
                '\\' => match characters.next() {
                    Some((_, next)) if next == quote => text.push(next),
                    // In a text two backslashes are one; in a regular expression they keep their meaning.
                    Some((_, '\\')) if quote != '/' => text.push('\\'),
                    Some((_, next)) => text.extend(['\\', next]),
                    None => break,
                },
                character => text.push(character),
            }
        }
        self.position = self.text.len();
        let end = self.position;
        Err(self.error(Span { start, end }, format!("closing {quote} not found")))
    }

    fn number(&mut self) -> Result<Token, QueryError> {
        let start = self.position;
        let rest = self.rest();
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let mut length = digits(rest);
        if rest[length..].starts_with('.') {
            let fraction = digits(&rest[length + 1..]);
            length += if fraction > 0 { fraction + 1 } else { 0 };
        }
        if let Some(exponent) = rest[length..].strip_prefix(['e', 'E']) {
            let sign = usize::from(exponent.starts_with(['+', '-']));
            let count = digits(&exponent[sign..]);
            length += if count > 0 { 1 + sign + count } else { 0 };
        }
        let unit_bytes = rest[length..]
            .find(|end: char| !is_word(end))
            .unwrap_or(rest.len() - length);
        let (number, unit) = (&rest[..length], &rest[length..length + unit_bytes]);
        self.position += length + unit_bytes;
        let token = match unit {
            "" => number.parse().ok().map(Token::Number),
            unit => Period::parse(number, unit).map(Token::Period),
        };
        token.ok_or_else(|| self.unexpected(start))
    }

    fn word(&mut self) -> Result<Token, QueryError> {
        let mut word = String::new();
        loop {
            let rest = self.rest();
            let length = rest.find(|end: char| !is_word(end)).unwrap_or(rest.len());
            word.push_str(&rest[..length]);
            self.position += length;
            let behind = &rest[length..];
            if behind.starts_with('`') && word.ends_with('.') {
                // A part of a path: json.`a.b`.
                word.push_str(&self.quoted('`')?);
            } else if let Some(index) =
                list_index(behind).filter(|_| !word.eq_ignore_ascii_case("in"))
            {
                // An item of a list, which is a part of the path too.
                word.push('.');
                word.push_str(index);
                self.position += index.len() + 2;
            } else {
                return Ok(Token::Word(word));
            }
        }
    }
}

/// The digits of `[12]` at the start.
fn list_index(text: &str) -> Option<&str> {
    let (index, _) = text.strip_prefix('[')?.split_once(']')?;
    let is_index = !index.is_empty() && index.bytes().all(|byte| byte.is_ascii_digit());
    is_index.then_some(index)
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || "@_.$".contains(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<Token> {
        let mut scanner = Scanner::new(text);
        let mut tokens = Vec::new();
        loop {
            match scanner.next().unwrap().0 {
                Token::End => return tokens,
                token => tokens.push(token),
            }
        }
    }

    #[test]
    fn a_query_falls_into_tokens() {
        let word = |text: &str| Token::Word(text.to_owned());
        assert_eq!(
            tokens("fields @a, b.c[0].d # comment\n| x>=1.5e2"),
            [
                word("fields"),
                word("@a"),
                Token::Symbol(","),
                word("b.c.0.d"),
                Token::Symbol("|"),
                word("x"),
                Token::Symbol(">="),
                Token::Number(150.0),
            ]
        );
        assert_eq!(
            tokens(r#"`a-b` json.`c.d` 'it''s' "a\"b\\d\d""#),
            [
                Token::Name("a-b".into()),
                word("json.c.d"),
                Token::Text("it".into()),
                Token::Text("s".into()),
                Token::Text(r#"a"b\d\d"#.into()),
            ]
        );
        assert_eq!(tokens("in[1]").len(), 4);
        assert!(matches!(tokens("5m")[..], [Token::Period(_)]));
    }

    #[test]
    fn an_error_has_its_place() {
        let mut scanner = Scanner::new("é\n  ~");
        assert_eq!(scanner.next().unwrap().0, Token::Word("é".into()));
        let error = scanner.next().unwrap_err();
        assert_eq!((error.line, error.start, error.end), (2, 4, 5));
        assert_eq!(
            error.to_string(),
            "unexpected symbol found ~ at line 2 and position 4"
        );
        assert!(Scanner::new("'open").next().is_err());
        assert!(Scanner::new("12xy").next().is_err());
    }
}
