//! Metric math as words: numbers, names, texts, operators and marks. Pure; `expression` puts them together.

use std::iter::Peekable;
use std::str::CharIndices;

use super::expression::{Operator, ParseError};

/// Whether `text` can be the id of a query.
pub fn is_id(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase()) && text.chars().all(is_word)
}

fn is_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

/// A word of an expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Number(f64),
    Word(String),
    Text(String),
    Operator(Operator),
    /// `( ) [ ] ,`
    Mark(char),
}

/// The words of an expression.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, ParseError> {
    let mut tokens = Vec::new();
    let mut letters = text.char_indices().peekable();
    while let Some((start, letter)) = letters.next() {
        let token = match letter {
            letter if letter.is_whitespace() => continue,
            '(' | ')' | '[' | ']' | ',' => Token::Mark(letter),
            '+' => Token::Operator(Operator::Plus),
            '-' => Token::Operator(Operator::Minus),
            '*' => Token::Operator(Operator::Times),
            '/' => Token::Operator(Operator::Over),
            '^' => Token::Operator(Operator::Power),
            '<' | '>' | '=' | '!' | '&' | '|' => Token::Operator(comparison(letter, &mut letters)?),
            '"' | '\'' => quoted(text, start, letter, &mut letters)?,
            '0'..='9' | '.' => number(text, start, &mut letters)?,
            letter if letter.is_ascii_alphabetic() => {
                let mut end = start + 1;
                while let Some((at, _)) = letters.next_if(|(_, next)| is_word(*next)) {
                    end = at + 1;
                }
                match &text[start..end] {
                    "AND" => Token::Operator(Operator::And),
                    "OR" => Token::Operator(Operator::Or),
                    word => Token::Word(word.to_owned()),
                }
            }
            _ => return Err(ParseError::Syntax),
        };
        tokens.push(token);
    }
    Ok(tokens)
}

fn comparison(
    first: char,
    letters: &mut Peekable<CharIndices<'_>>,
) -> Result<Operator, ParseError> {
    let mut followed_by = |wanted| letters.next_if(|(_, next)| *next == wanted).is_some();
    match first {
        '<' if followed_by('=') => Ok(Operator::LessOrEqual),
        '<' => Ok(Operator::Less),
        '>' if followed_by('=') => Ok(Operator::GreaterOrEqual),
        '>' => Ok(Operator::Greater),
        '=' if followed_by('=') => Ok(Operator::Equal),
        '!' if followed_by('=') => Ok(Operator::NotEqual),
        '&' if followed_by('&') => Ok(Operator::And),
        '|' if followed_by('|') => Ok(Operator::Or),
        _ => Err(ParseError::Syntax),
    }
}

fn quoted(
    text: &str,
    start: usize,
    quote: char,
    letters: &mut Peekable<CharIndices<'_>>,
) -> Result<Token, ParseError> {
    let end = letters.find(|(_, next)| *next == quote);
    let (end, _) = end.ok_or(ParseError::Syntax)?;
    Ok(Token::Text(text[start + 1..end].to_owned()))
}

fn number(
    text: &str,
    start: usize,
    letters: &mut Peekable<CharIndices<'_>>,
) -> Result<Token, ParseError> {
    let mut end = start + 1;
    let mut after_exponent = false;
    let belongs = |next: char, after_exponent: bool| {
        is_word(next) || next == '.' || (after_exponent && (next == '-' || next == '+'))
    };
    while let Some((at, next)) = letters.next_if(|(_, next)| belongs(*next, after_exponent)) {
        after_exponent = next == 'e' || next == 'E';
        end = at + 1;
    }
    let number: f64 = text[start..end].parse().map_err(|_| ParseError::Syntax)?;
    match number.is_finite() {
        true => Ok(Token::Number(number)),
        false => Err(ParseError::Syntax),
    }
}
