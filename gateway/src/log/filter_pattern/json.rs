//! Patterns of JSON documents: `{ ($.level = "ERROR") && ($.tags[0] != %a+% || $.done IS TRUE) }`.
//!
//! A condition on a member that is not there does not hold, but for NOT EXISTS; neither does a comparison with an object, an
//! array or null.

use serde_json::Value;

use super::PatternError;
use super::expression::Joined;
use super::scanner::Scanner;
use super::value::Comparison;

/// How many regular expressions a pattern may hold.
pub(super) const MOST_REGEXES: usize = 2;
/// How many wildcard selectors a pattern may hold.
const MOST_WILDCARDS: usize = 3;

/// One step from a value to one within it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Member(String),
    Element(usize),
    Every,
}

#[derive(Clone, Debug)]
enum Test {
    Compared(Comparison),
    Null,
    Bool(bool),
    Missing,
}

#[derive(Clone, Debug)]
struct Condition {
    selector: Vec<Step>,
    test: Test,
}

/// What a document must be like.
#[derive(Clone, Debug)]
pub struct JsonPattern {
    conditions: Joined<Condition>,
}

impl JsonPattern {
    /// Reads what stands between the braces.
    pub(super) fn parse(text: &str) -> Result<Self, PatternError> {
        let mut scanner = Scanner::new(text);
        let (mut regexes, mut wildcards) = (MOST_REGEXES, MOST_WILDCARDS);
        let conditions = Joined::parse(&mut scanner, &mut |scanner| {
            let selector = parse_selector(scanner)?;
            let every = selector.iter().filter(|step| **step == Step::Every).count();
            if every > 1 {
                return Err(PatternError::Invalid);
            }
            wildcards = wildcards.checked_sub(every).ok_or(PatternError::Invalid)?;
            let test = parse_test(scanner, &mut regexes)?;
            Ok(Condition { selector, test })
        })?;
        match scanner.is_at_end() {
            true => Ok(Self { conditions }),
            false => Err(PatternError::Invalid),
        }
    }

    pub(super) fn matches(&self, message: &str) -> bool {
        if !message.trim_start().starts_with(['{', '[']) {
            return false;
        }
        // The parser bounds how deep values lie in each other.
        match serde_json::from_str(message) {
            Ok(document) => self.conditions.holds(&|one| one.holds(&document)),
            Err(_) => false,
        }
    }
}

impl Condition {
    fn holds(&self, document: &Value) -> bool {
        let selected = select(document, &self.selector);
        match &self.test {
            Test::Missing => selected.is_empty(),
            Test::Null => selected.iter().any(|value| value.is_null()),
            Test::Bool(wanted) => selected
                .iter()
                .any(|value| value.as_bool() == Some(*wanted)),
            Test::Compared(comparison) => selected.iter().any(|value| match value {
                Value::String(text) => comparison.holds(text, None),
                Value::Number(number) => comparison.holds(&number.to_string(), number.as_f64()),
                Value::Bool(value) => comparison.holds(if *value { "true" } else { "false" }, None),
                Value::Null | Value::Array(_) | Value::Object(_) => false,
            }),
        }
    }
}

/// The values to which a selector leads.
fn select<'v>(document: &'v Value, selector: &[Step]) -> Vec<&'v Value> {
    let mut selected = vec![document];
    for step in selector {
        selected = match step {
            Step::Member(name) => selected
                .into_iter()
                .filter_map(|value| value.as_object()?.get(name))
                .collect(),
            Step::Element(index) => selected
                .into_iter()
                .filter_map(|value| value.as_array()?.get(*index))
                .collect(),
            Step::Every => selected.into_iter().flat_map(within).collect(),
        };
    }
    selected
}

fn within(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(elements) => elements.iter().collect(),
        Value::Object(members) => members.values().collect(),
        _ => Vec::new(),
    }
}

fn parse_selector(scanner: &mut Scanner<'_>) -> Result<Vec<Step>, PatternError> {
    scanner.skip_space();
    if !scanner.eat("$") {
        return Err(PatternError::Invalid);
    }
    let mut selector = Vec::new();
    loop {
        let is_dotted = scanner.eat(".");
        if scanner.eat("[") {
            selector.push(parse_bracket(scanner)?);
        } else if is_dotted {
            let ends = |end: char| end.is_whitespace() || ".[](){}=!<>&|\"',".contains(end);
            match scanner.take_until(ends) {
                "" => return Err(PatternError::Invalid),
                "*" => selector.push(Step::Every),
                name => selector.push(Step::Member(name.to_owned())),
            }
        } else if selector.is_empty() {
            return Err(PatternError::Invalid);
        } else {
            return Ok(selector);
        }
    }
}

/// Reads what follows an opening bracket of a selector, the closing one included.
fn parse_bracket(scanner: &mut Scanner<'_>) -> Result<Step, PatternError> {
    scanner.skip_space();
    let step = if scanner.eat("*") {
        Step::Every
    } else if let Some(name) = scanner.quoted('\'')? {
        Step::Member(name)
    } else if let Some(name) = scanner.quoted('"')? {
        Step::Member(name)
    } else {
        let digits = scanner.take_until(|end| !end.is_ascii_digit());
        Step::Element(digits.parse().map_err(|_| PatternError::Invalid)?)
    };
    scanner.skip_space();
    match scanner.eat("]") {
        true => Ok(step),
        false => Err(PatternError::Invalid),
    }
}

fn parse_test(scanner: &mut Scanner<'_>, regexes: &mut usize) -> Result<Test, PatternError> {
    scanner.skip_space();
    if scanner.eat_word("IS") {
        scanner.skip_space();
        let tests = [
            ("NULL", Test::Null),
            ("TRUE", Test::Bool(true)),
            ("FALSE", Test::Bool(false)),
        ];
        let mut tests = tests.into_iter();
        let found = tests.find(|(word, _)| scanner.eat_word(word));
        return found.map(|(_, test)| test).ok_or(PatternError::Invalid);
    }
    if scanner.eat_word("NOT") {
        scanner.skip_space();
        return match scanner.eat_word("EXISTS") {
            true => Ok(Test::Missing),
            false => Err(PatternError::Invalid),
        };
    }
    Ok(Test::Compared(Comparison::parse(scanner, regexes)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRAIL: &str = r#"{"eventType":"UpdateTrail","sourceIPAddress":"111.111.111.111","arrayKey":["value","another value"],
        "objectList":[{"name":"a","id":1},{"name":"b","id":2}],"SomeObject":null,"cluster.name":"c"}"#;
    const USERS: &str = r#"{"user":{"id":1,"email":"John.Stiles@example.com"},
        "users":[{"id":2,"email":"John.Doe@example.com"},{"id":3,"email":"Jane.Doe@example.com"}],
        "actions":["GET","PUT","DELETE"],"coordinates":[[0,1,2],[4,5,6],[7,8,9]]}"#;

    fn matches(pattern: &str, message: &str) -> bool {
        JsonPattern::parse(pattern).unwrap().matches(message)
    }

    #[test]
    fn awss_examples_match() {
        for pattern in [
            r#" $.eventType = "UpdateTrail" "#,
            " $.sourceIPAddress != 123.123.* ",
            r#" $.arrayKey[0] = "value" "#,
            " $.eventType = %Trail% ",
            " $.arrayKey[*] = %val.{2}% ",
            r" $.* = %111\.111\.111\.1[0-9]{1,2}% ",
            " $.['cluster.name'] = \"c\" ",
            " $.SomeObject IS NULL ",
            " $.SomeOtherObject NOT EXISTS ",
            "$.objectList[1].id>=2&&$.objectList[*].name=b",
        ] {
            assert!(matches(pattern, TRAIL), "{pattern}");
        }
    }

    #[test]
    fn awss_compound_examples() {
        let all = r#"($.user.id = 1) && ($.users[0].email = "John.Doe@example.com")"#;
        let any = r#"$.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = "nonmatch" && $.actions[2] = "nonmatch""#;
        let not_all = r#"($.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = "nonmatch") && $.actions[2] = "nonmatch""#;
        let not_any = r#"($.user.id = 2 && $.users[0].email = "nonmatch") || $.actions[2] = "GET""#;
        assert!(matches(all, USERS) && matches(any, USERS));
        assert!(!matches(not_all, USERS) && !matches(not_any, USERS));
    }

    #[test]
    fn what_is_not_there_compares_with_nothing() {
        assert!(!matches("$.nobody != 1", TRAIL) && !matches("$.arrayKey != 1", TRAIL));
        assert!(!matches("$.SomeObject NOT EXISTS", TRAIL));
        assert!(!matches("$.a = 1", "a = 1") && !matches("$.a = 1", r#"{"a":1"#));
    }

    #[test]
    fn what_does_not_follow_the_syntax_is_refused() {
        for pattern in [
            "",
            "$",
            "$.",
            "$.a",
            "$.a =",
            "a = 1",
            "$.a = 1 $.b = 2",
            "$.a IS",
            "$.a NOT",
            "$.a[x] = 1",
            "$.a[1 = 1",
            "$.*[*] = 1",
            "$.a > b",
            "$.a = %a% && $.b = %b% && $.c = %c%",
            "$.a EXISTS",
            "$.* = 1 || $.a[*] = 1 || $.b[*] = 1 || $.c[*] = 1",
        ] {
            assert!(JsonPattern::parse(pattern).is_err(), "{pattern}");
        }
    }
}
