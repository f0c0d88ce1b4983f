//! Tokens → a query: the commands. Their expressions are in `expression`.
//!
//! Keywords and functions are read in any case. A query is bounded: its text by the caller, its nesting and its parts here.

mod expression;

use std::sync::Arc;

use super::extract::Extraction;
use super::scanner::{Scanner, Span, Token};
use super::syntax::{Aggregate, Column, Command, Expression, Query, SortKey, Stats};
use super::{MAX_ROWS, QueryError};

/// Commands of AWS's that hearth does not have.
const UNSUPPORTED: [&str; 10] = [
    "pattern",
    "diff",
    "anomaly",
    "unmask",
    "unnest",
    "lookup",
    "join",
    "filterindex",
    "source",
    "addtotals",
];
/// The fields that `parse` may make, all together.
const MAX_FIELDS: usize = 200;

impl Query {
    /// Reads a query.
    ///
    /// # Errors
    /// Why it is none, and where.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        let mut parser = Parser::new(text)?;
        let mut commands = Vec::new();
        loop {
            // A pipe at the start is taken, as the console's samples have it.
            if parser.eat_symbol("|")? {
                continue;
            }
            if parser.token == Token::End {
                break;
            }
            commands.push(parser.command()?);
            if parser.token != Token::End && !parser.is_symbol("|") {
                return Err(parser.unexpected());
            }
        }
        Ok(Self { commands })
    }
}

struct Parser<'a> {
    scanner: Scanner<'a>,
    token: Token,
    span: Span,
    /// The end of the token before.
    behind: usize,
    depth: usize,
    parts: usize,
    fields: usize,
    /// Those of the `stats` command that is being read.
    aggregates: Option<Vec<Aggregate>>,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str) -> Result<Self, QueryError> {
        let mut scanner = Scanner::new(text);
        let (token, span) = scanner.next()?;
        Ok(Self {
            scanner,
            token,
            span,
            behind: 0,
            depth: 0,
            parts: 0,
            fields: 0,
            aggregates: None,
        })
    }

    /// Goes on to the next token; answers the one that is left behind.
    fn advance(&mut self) -> Result<Token, QueryError> {
        let (next, span) = self.scanner.next()?;
        self.behind = self.span.end;
        self.span = span;
        Ok(std::mem::replace(&mut self.token, next))
    }

    fn unexpected(&self) -> QueryError {
        let message = match self.token {
            Token::End => "unexpected end of the query".to_owned(),
            _ => format!("unexpected symbol found {}", self.scanner.slice(self.span)),
        };
        self.scanner.error(self.span, message)
    }

    fn error_since(&self, start: usize, message: impl Into<String>) -> QueryError {
        let end = self.behind.max(start);
        self.scanner.error(Span { start, end }, message)
    }

    fn is_symbol(&self, wanted: &str) -> bool {
        matches!(self.token, Token::Symbol(symbol) if symbol == wanted)
    }

    fn is_word(&self, wanted: &str) -> bool {
        matches!(&self.token, Token::Word(word) if word.eq_ignore_ascii_case(wanted))
    }

    fn eat_symbol(&mut self, wanted: &str) -> Result<bool, QueryError> {
        let is_wanted = self.is_symbol(wanted);
        if is_wanted {
            self.advance()?;
        }
        Ok(is_wanted)
    }

    fn eat_word(&mut self, wanted: &str) -> Result<bool, QueryError> {
        let is_wanted = self.is_word(wanted);
        if is_wanted {
            self.advance()?;
        }
        Ok(is_wanted)
    }

    fn expect_symbol(&mut self, wanted: &str) -> Result<(), QueryError> {
        match self.eat_symbol(wanted)? {
            true => Ok(()),
            false => Err(self.unexpected()),
        }
    }

    fn command(&mut self) -> Result<Command, QueryError> {
        let (Token::Word(word), span) = (self.token.clone(), self.span) else {
            return Err(self.unexpected());
        };
        let command = word.to_ascii_lowercase();
        if UNSUPPORTED.contains(&command.as_str()) {
            let message = format!("hearth does not answer the command {command}");
            return Err(self.scanner.error(span, message));
        }
        let commands = [
            "fields", "display", "filter", "parse", "stats", "sort", "dedup", "limit", "head",
            "tail",
        ];
        if !commands.contains(&command.as_str()) {
            return Err(self.unexpected());
        }
        self.advance()?;
        Ok(match command.as_str() {
            "fields" => Command::Fields(self.columns()?),
            "display" => Command::Display(self.columns()?),
            "filter" => Command::Filter(self.expression()?),
            "parse" => Command::Parse(self.parse_command()?),
            "stats" => Command::Stats(self.stats()?),
            "sort" => Command::Sort(self.sort_keys()?),
            "dedup" => Command::Dedup(self.listed(Self::expression)?),
            _ => Command::Limit(self.limit()?),
        })
    }

    /// What stands between commas.
    fn listed<T>(
        &mut self,
        read: impl Fn(&mut Self) -> Result<T, QueryError>,
    ) -> Result<Vec<T>, QueryError> {
        let mut items = vec![read(self)?];
        while self.eat_symbol(",")? {
            items.push(read(self)?);
        }
        Ok(items)
    }

    fn columns(&mut self) -> Result<Vec<Column>, QueryError> {
        self.listed(Self::column)
    }

    fn column(&mut self) -> Result<Column, QueryError> {
        let mut column = self.named_expression()?;
        if self.eat_word("as")? {
            column.name = self.name()?;
        }
        Ok(column)
    }

    /// An expression under its own text, which where it is more than a field may also name an earlier column.
    fn named_expression(&mut self) -> Result<Column, QueryError> {
        let start = self.span.start;
        let value = self.expression()?;
        let end = self.behind;
        if let Expression::Field(name) = &value {
            let name = Arc::clone(name);
            return Ok(Column { name, value });
        }
        let name: Arc<str> = Arc::from(self.scanner.slice(Span { start, end }));
        let value = Expression::Column(Arc::clone(&name), Box::new(value));
        Ok(Column { name, value })
    }

    fn name(&mut self) -> Result<Arc<str>, QueryError> {
        match &self.token {
            Token::Word(name) | Token::Name(name) => {
                let name = Arc::from(name.as_str());
                self.advance()?;
                Ok(name)
            }
            _ => Err(self.unexpected()),
        }
    }

    /// `parse @message "glob" as a, b`, or a regular expression with or without `as`.
    fn parse_command(&mut self) -> Result<Extraction, QueryError> {
        let source = match self.token {
            Token::Word(_) | Token::Name(_) => Expression::Field(self.name()?),
            _ => return Err(self.unexpected()),
        };
        let start = self.span.start;
        let read = if self.is_symbol("/") {
            let text = self.regex()?;
            let names = match self.eat_word("as")? {
                true => self.listed(Self::name)?,
                false => Vec::new(),
            };
            Extraction::regex(source, &text, names)
        } else if let Token::Text(glob) = self.token.clone() {
            self.advance()?;
            if !self.eat_word("as")? {
                return Err(self.unexpected());
            }
            let names = self.listed(Self::name)?;
            Extraction::glob(source, &glob, names)
        } else {
            return Err(self.unexpected());
        };
        let extraction = read.map_err(|message| self.error_since(start, message))?;
        self.fields += extraction.fields.len();
        if self.fields > MAX_FIELDS {
            let message = format!("a query makes at most {MAX_FIELDS} fields");
            return Err(self.error_since(start, message));
        }
        Ok(extraction)
    }

    /// The regular expression that begins with this `/`.
    fn regex(&mut self) -> Result<String, QueryError> {
        let (text, span) = self.scanner.regex(self.span.start)?;
        self.span = span;
        self.advance()?;
        Ok(text)
    }

    fn stats(&mut self) -> Result<Stats, QueryError> {
        self.aggregates = Some(Vec::new());
        let start = self.span.start;
        let columns = self.columns();
        let aggregates = self.aggregates.take().unwrap_or_default();
        let columns = columns?;
        if aggregates.is_empty() {
            return Err(self.error_since(start, "stats needs an aggregate function"));
        }
        let by = match self.eat_word("by")? {
            true => self.columns()?,
            false => Vec::new(),
        };
        Ok(Stats {
            aggregates,
            columns,
            by,
        })
    }

    fn sort_keys(&mut self) -> Result<Vec<SortKey>, QueryError> {
        self.eat_word("by")?;
        self.listed(|parser| {
            let value = parser.named_expression()?.value;
            let descending = parser.eat_word("desc")?;
            if !descending {
                parser.eat_word("asc")?;
            }
            Ok(SortKey { value, descending })
        })
    }

    fn limit(&mut self) -> Result<usize, QueryError> {
        let most = MAX_ROWS as f64;
        match self.token {
            Token::Number(count) if count >= 1.0 && count <= most && count.fract() == 0.0 => {
                self.advance()?;
                Ok(count as usize)
            }
            Token::Number(_) => {
                let message = format!("a limit is from 1 to {MAX_ROWS}");
                Err(self.scanner.error(self.span, message))
            }
            _ => Err(self.unexpected()),
        }
    }
}
