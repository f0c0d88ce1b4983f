//! The part behind a function's name: `$LATEST`, a version's number, or an alias. Pure.

/// The name of the version that changes.
pub const LATEST: &str = "$LATEST";

/// What a qualifier means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Qualifier<'a> {
    /// `$LATEST`, or none.
    Latest,
    /// A published version.
    Number(u64),
    /// An alias.
    Alias(&'a str),
}

impl<'a> Qualifier<'a> {
    /// What `text` means; a number too large to be one of a version means an alias that nobody can make.
    pub fn parse(text: Option<&'a str>) -> Self {
        match text {
            None | Some(LATEST) => Self::Latest,
            Some(text) => match text.parse() {
                Ok(number) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
                    Self::Number(number)
                }
                _ => Self::Alias(text),
            },
        }
    }
}

/// How a version is called: `$LATEST`, or its number.
pub fn label(number: Option<u64>) -> String {
    number.map_or_else(|| LATEST.to_owned(), |number| number.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_are_told_apart() {
        assert_eq!(Qualifier::parse(None), Qualifier::Latest);
        assert_eq!(Qualifier::parse(Some("$LATEST")), Qualifier::Latest);
        assert_eq!(Qualifier::parse(Some("12")), Qualifier::Number(12));
        assert_eq!(Qualifier::parse(Some("+12")), Qualifier::Alias("+12"));
        assert_eq!(Qualifier::parse(Some("v1")), Qualifier::Alias("v1"));
    }
}
