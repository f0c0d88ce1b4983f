//! What looks into texts: `like`, and `parse` with a glob or a regular expression.
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Parse.html>

use std::sync::Arc;

use fancy_regex::{Regex, RegexBuilder};

use super::syntax::Expression;
use super::value::Value;

/// The largest compiled expression.
const COMPILED_BYTES: usize = 1 << 20;
/// How often an expression may backtrack in one text; beyond it does not match.
const BACKTRACKS: usize = 100_000;

/// What `like` looks for.
#[derive(Clone, Debug)]
pub(super) enum Matcher {
    Part(String),
    Regex(Regex),
}

impl Matcher {
    pub(super) fn matches(&self, text: &str) -> bool {
        match self {
            Self::Part(part) => text.contains(part.as_str()),
            Self::Regex(regex) => regex.is_match(text).unwrap_or(false),
        }
    }
}

/// Reads a regular expression.
///
/// # Errors
/// Why it is none.
pub(super) fn regex(text: &str) -> Result<Regex, String> {
    RegexBuilder::new(text)
        .delegate_size_limit(COMPILED_BYTES)
        .delegate_dfa_size_limit(COMPILED_BYTES)
        .backtrack_limit(BACKTRACKS)
        .build()
        .map_err(|error| format!("invalid regular expression: {error}"))
}

/// A `parse` command: where to look, how, and the fields that it makes.
#[derive(Clone, Debug)]
pub(super) struct Extraction {
    pub(super) source: Expression,
    pub(super) fields: Vec<Arc<str>>,
    how: How,
}

#[derive(Clone, Debug)]
enum How {
    /// The texts around the wildcards: one more than there are fields.
    Glob(Vec<String>),
    /// For each field the number of its group.
    Regex(Regex, Vec<usize>),
}

impl Extraction {
    /// `"[*] *" as level, text`
    ///
    /// # Errors
    /// There are not as many names as wildcards.
    pub(super) fn glob(
        source: Expression,
        glob: &str,
        names: Vec<Arc<str>>,
    ) -> Result<Self, String> {
        let literals: Vec<String> = glob.split('*').map(str::to_owned).collect();
        let wildcards = literals.len() - 1;
        if wildcards == 0 || wildcards != names.len() {
            return Err(format!(
                "the pattern has {wildcards} wildcards, but there are {} names",
                names.len()
            ));
        }
        Ok(Self {
            source,
            fields: names,
            how: How::Glob(literals),
        })
    }

    /// `/user=(?<user>\w+)/`, or groups without names and `as` with some.
    ///
    /// # Errors
    /// It is no regular expression, has no group, or not as many as there are names.
    pub(super) fn regex(
        source: Expression,
        text: &str,
        names: Vec<Arc<str>>,
    ) -> Result<Self, String> {
        let regex = regex(text)?;
        let named: Vec<(usize, Arc<str>)> = regex
            .capture_names()
            .enumerate()
            .filter_map(|(group, name)| Some((group, Arc::from(name?))))
            .collect();
        let (groups, fields) = if names.is_empty() {
            named.into_iter().unzip()
        } else {
            ((1..regex.captures_len()).collect::<Vec<_>>(), names)
        };
        if groups.is_empty() || groups.len() != fields.len() {
            return Err(format!(
                "the regular expression has {} groups, but there are {} names",
                groups.len(),
                fields.len()
            ));
        }
        Ok(Self {
            source,
            fields,
            how: How::Regex(regex, groups),
        })
    }

    /// The fields' values; all of them null where the text is not like the pattern.
    pub(super) fn extract(&self, text: &str) -> Vec<Value> {
        let found = match &self.how {
            How::Glob(literals) => between(literals, text),
            How::Regex(regex, groups) => {
                let captures = regex.captures(text).ok().flatten();
                captures.map(|captures| {
                    let group = |group: &usize| captures.get(*group);
                    let groups = groups.iter().map(group);
                    groups
                        .map(|found| found.map_or(Value::Null, |found| Value::text(found.as_str())))
                        .collect()
                })
            }
        };
        found.unwrap_or_else(|| vec![Value::Null; self.fields.len()])
    }
}

/// What stands between the literals, each found at the first place behind the one before it; an empty last one is the end.
fn between(literals: &[String], text: &str) -> Option<Vec<Value>> {
    let (first, others) = literals.split_first()?;
    let mut rest = &text[text.find(first.as_str())? + first.len()..];
    let mut values = Vec::with_capacity(others.len());
    for (index, literal) in others.iter().enumerate() {
        let is_last = index + 1 == others.len();
        let end = match literal.is_empty() && is_last {
            true => rest.len(),
            false => rest.find(literal.as_str())?,
        };
        values.push(Value::text(&rest[..end]));
        rest = &rest[end + literal.len()..];
    }
    Some(values)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn names(count: usize) -> Vec<Arc<str>> {
        (0..count)
            .map(|number| Arc::from(format!("f{number}")))
            .collect()
    }

    fn field() -> Expression {
        Expression::Field(Arc::from("@message"))
    }

    fn glob(pattern: &str, text: &str) -> Vec<String> {
        let extraction = Extraction::glob(field(), pattern, names(pattern.matches('*').count()));
        let values = extraction.unwrap().extract(text);
        values
            .iter()
            .map(|value| value.show().into_owned())
            .collect()
    }

    #[test]
    fn wildcards_take_what_stands_between() {
        let text = "25 May 2019 10:24:39,474 [ERROR] {foo=2, bar=data} The error was: DataIntegrityException";
        assert_eq!(glob("[*]", text), ["ERROR"]);
        assert_eq!(
            glob("[*] {foo=*, bar=*} The error was: *", text),
            ["ERROR", "2", "data", "DataIntegrityException"]
        );
        assert_eq!(glob("* *", "a b c"), ["a", "b c"]);
        assert_eq!(glob("user=*,", "nothing"), [""]);
        assert!(Extraction::glob(field(), "* *", names(1)).is_err());
        assert!(Extraction::glob(field(), "none", names(0)).is_err());
    }

    #[test]
    fn groups_become_fields() {
        let named =
            Extraction::regex(field(), r"user=(?<user>\w+) (?:id=(?<id>\d+))?", vec![]).unwrap();
        assert_eq!(named.fields[..], [Arc::from("user"), Arc::from("id")]);
        assert_eq!(
            named.extract("user=ada x"),
            [Value::text("ada"), Value::Null]
        );
        let unnamed = Extraction::regex(field(), r"(\w)=(\d)", names(2)).unwrap();
        assert_eq!(unnamed.extract("a=1"), [Value::text("a"), Value::text("1")]);
        for (text, count) in [("(", 1), ("a", 0), ("(a)", 2), ("(a)", 0)] {
            assert!(
                Extraction::regex(field(), text, names(count)).is_err(),
                "{text}"
            );
        }
    }

    proptest! {
        #[test]
        fn a_glob_gives_back_what_was_put_in(values in prop::collection::vec("[a-z ]{0,8}", 1..5)) {
            let count = values.len();
            let pattern = format!("<{}>", vec!["*"; count].join("|"));
            let text = format!("before <{}> behind", values.join("|"));
            prop_assert_eq!(glob(&pattern, &text), values);
        }
    }
}
