//! Conditions joined by `&&`, `||` and parentheses; `&&` binds closer.

use super::PatternError;
use super::scanner::Scanner;

/// How deep parentheses may lie in each other.
const MOST_DEPTH: usize = 32;

/// Conditions, joined.
#[derive(Clone, Debug)]
pub(super) enum Joined<T> {
    /// One condition.
    One(T),
    /// Every one of them.
    All(Vec<Joined<T>>),
    /// One of them at least.
    Any(Vec<Joined<T>>),
}

/// Reads one condition.
pub(super) type ReadOne<'r, T> = &'r mut dyn FnMut(&mut Scanner<'_>) -> Result<T, PatternError>;

impl<T> Joined<T> {
    /// Reads joined conditions; stops where neither `&&` nor `||` follows.
    pub(super) fn parse(
        scanner: &mut Scanner<'_>,
        read_one: ReadOne<'_, T>,
    ) -> Result<Self, PatternError> {
        Self::parse_any(scanner, read_one, 0)
    }

    fn parse_any(
        scanner: &mut Scanner<'_>,
        read_one: ReadOne<'_, T>,
        depth: usize,
    ) -> Result<Self, PatternError> {
        if depth > MOST_DEPTH {
            return Err(PatternError::Invalid);
        }
        let mut joined = vec![Self::parse_all(scanner, read_one, depth)?];
        while eat(scanner, "||") {
            joined.push(Self::parse_all(scanner, read_one, depth)?);
        }
        Ok(match joined.len() {
            1 => joined.remove(0),
            _ => Self::Any(joined),
        })
    }

    fn parse_all(
        scanner: &mut Scanner<'_>,
        read_one: ReadOne<'_, T>,
        depth: usize,
    ) -> Result<Self, PatternError> {
        let mut joined = Vec::new();
        loop {
            joined.push(if eat(scanner, "(") {
                let inner = Self::parse_any(scanner, read_one, depth + 1)?;
                if !eat(scanner, ")") {
                    return Err(PatternError::Invalid);
                }
                inner
            } else {
                Self::One(read_one(scanner)?)
            });
            if !eat(scanner, "&&") {
                break;
            }
        }
        Ok(match joined.len() {
            1 => joined.remove(0),
            _ => Self::All(joined),
        })
    }

    /// Whether the whole holds where `holds` tells it of one.
    pub(super) fn holds(&self, holds: &impl Fn(&T) -> bool) -> bool {
        match self {
            Self::One(one) => holds(one),
            Self::All(joined) => joined.iter().all(|inner| inner.holds(holds)),
            Self::Any(joined) => joined.iter().any(|inner| inner.holds(holds)),
        }
    }
}

fn eat(scanner: &mut Scanner<'_>, sign: &str) -> bool {
    scanner.skip_space();
    scanner.eat(sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(text: &str) -> Result<bool, PatternError> {
        let mut scanner = Scanner::new(text);
        let joined = Joined::parse(&mut scanner, &mut |scanner| {
            scanner.skip_space();
            match (scanner.eat("t"), scanner.eat("f")) {
                (true, _) => Ok(true),
                (_, true) => Ok(false),
                _ => Err(PatternError::Invalid),
            }
        })?;
        assert!(scanner.is_at_end(), "{text}");
        Ok(joined.holds(&|one| *one))
    }

    #[test]
    fn and_binds_closer_than_or() {
        assert_eq!(holds("t || t && f"), Ok(true));
        assert_eq!(holds("(t || t) && f"), Ok(false));
        assert_eq!(holds("((t)&&(f))||t"), Ok(true));
    }

    #[test]
    fn parentheses_close_and_do_not_lie_too_deep() {
        assert!(holds("(t").is_err());
        assert!(holds("t && ").is_err());
        let deep = |depth| format!("{}t{}", "(".repeat(depth), ")".repeat(depth));
        assert_eq!(holds(&deep(MOST_DEPTH)), Ok(true));
        assert!(holds(&deep(MOST_DEPTH + 1)).is_err());
    }
}
