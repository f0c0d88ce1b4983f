//! A value while a query runs: how it compares, and how it is shown.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use time::OffsetDateTime;
use time::macros::format_description;

/// Computed numbers are shown with as many decimals at most, as AWS does.
const DECIMALS: f64 = 10_000.0;
/// Beyond this a float has no decimals, and is no exact integer either.
const MOST_INTEGER: f64 = 1e15;

/// A value.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Value {
    /// The field is not there.
    #[default]
    Null,
    Bool(bool),
    Number(f64),
    /// Milliseconds since the epoch.
    Time(i64),
    /// Also a number that was found in an event, which keeps its digits.
    Text(Arc<str>),
}

impl Value {
    pub(super) fn text(text: &str) -> Self {
        Self::Text(Arc::from(text))
    }

    pub(super) fn is_null(&self) -> bool {
        *self == Self::Null
    }

    /// A finite number, or nothing.
    pub(super) fn of(number: f64) -> Self {
        if number.is_finite() {
            Self::Number(number)
        } else {
            Self::Null
        }
    }

    /// Its number, where it is one.
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Self::Null => None,
            Self::Bool(is_so) => Some(f64::from(u8::from(*is_so))),
            Self::Number(number) => Some(*number),
            Self::Time(time_ms) => Some(*time_ms as f64),
            Self::Text(text) => number_in(text),
        }
    }

    /// Milliseconds since the epoch, where it can be a time.
    pub(super) fn time_ms(&self) -> Option<i64> {
        match self {
            Self::Time(time_ms) => Some(*time_ms),
            _ => self.number().map(|number| number as i64),
        }
    }

    /// Whether a filter lets it pass.
    pub(super) fn is_true(&self) -> bool {
        match self {
            Self::Null => false,
            Self::Bool(is_so) => *is_so,
            Self::Text(text) => {
                !text.is_empty() && &**text != "0" && !text.eq_ignore_ascii_case("false")
            }
            _ => self.number().is_some_and(|number| number != 0.0),
        }
    }

    /// As it is shown; nothing for null.
    pub(super) fn show(&self) -> Cow<'_, str> {
        match self {
            Self::Null => Cow::Borrowed(""),
            Self::Bool(true) => Cow::Borrowed("1"),
            Self::Bool(false) => Cow::Borrowed("0"),
            Self::Number(number) => Cow::Owned(show_number(*number)),
            Self::Time(time_ms) => Cow::Owned(show_time(*time_ms)),
            Self::Text(text) => Cow::Borrowed(text),
        }
    }

    /// Whether the two are equal: texts as texts, anything else as numbers where both are. Nothing equals null.
    pub(super) fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, _) | (_, Self::Null) => false,
            (Self::Text(text), Self::Text(other)) => text == other,
            (Self::Bool(is_so), Self::Text(text)) | (Self::Text(text), Self::Bool(is_so)) => {
                let [full, short] = if *is_so {
                    ["true", "1"]
                } else {
                    ["false", "0"]
                };
                text.eq_ignore_ascii_case(full) || &**text == short
            }
            _ => match (self.number(), other.number()) {
                (Some(number), Some(other)) => number == other,
                _ => self.show() == other.show(),
            },
        }
    }

    /// The order of two values: as numbers where both are, else as texts; `None` with null.
    pub(super) fn order(&self, other: &Self) -> Option<Ordering> {
        if self.is_null() || other.is_null() {
            return None;
        }
        match (self.number(), other.number()) {
            (Some(number), Some(other)) => number.partial_cmp(&other),
            _ => Some(self.show().cmp(&other.show())),
        }
    }

    /// What it takes in memory beside its own size.
    pub(super) fn heap_bytes(&self) -> usize {
        match self {
            Self::Text(text) => text.len() + 16,
            _ => 0,
        }
    }
}

/// The number that a text is. What a float's parser takes beyond digits (`inf`, `nan`) is none.
fn number_in(text: &str) -> Option<f64> {
    let text = text.trim();
    let first = text.trim_start_matches(['+', '-']).bytes().next()?;
    if !first.is_ascii_digit() && first != b'.' {
        return None;
    }
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

fn show_number(number: f64) -> String {
    let rounded = (number * DECIMALS).round() / DECIMALS;
    if number.abs() >= MOST_INTEGER || !rounded.is_finite() {
        return format!("{number}");
    }
    // Not `-0`.
    format!("{}", rounded + 0.0)
}

/// `2024-05-15 13:47:12.000`
fn show_time(time_ms: i64) -> String {
    let format =
        format_description!("[year]-[month]-[day] [hour]:[minute]:[second].[subsecond digits:3]");
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(time_ms) * 1_000_000)
        .ok()
        .and_then(|time| time.format(format).ok())
        .unwrap_or_else(|| time_ms.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_shown_as_aws_shows_them() {
        let shown = |value: Value| value.show().into_owned();
        assert_eq!(shown(Value::Number(3.0)), "3");
        assert_eq!(shown(Value::Number(122.070_312_5)), "122.0703");
        assert_eq!(shown(Value::Number(-0.000_001)), "0");
        assert_eq!(shown(Value::Number(1e16)), "10000000000000000");
        assert_eq!(shown(Value::text("0.123456789")), "0.123456789");
        assert_eq!(
            shown(Value::Time(1_715_780_832_007)),
            "2024-05-15 13:47:12.007"
        );
        assert_eq!(shown(Value::Time(i64::MAX)), i64::MAX.to_string());
        assert_eq!(shown(Value::Bool(true)), "1");
    }

    #[test]
    fn numbers_compare_as_numbers_and_texts_as_texts() {
        let text = Value::text;
        assert!(Value::Number(200.0).equals(&text("200")) && text("200").equals(&text("200")));
        assert!(!text("1.0").equals(&text("1")) && Value::Number(1.0).equals(&text("1.0")));
        assert!(
            Value::Bool(true).equals(&text("true"))
                && Value::Bool(true).equals(&Value::Number(1.0))
        );
        assert_eq!(text("9").order(&text("10")), Some(Ordering::Less));
        assert_eq!(text("9a").order(&text("10a")), Some(Ordering::Greater));
        assert_eq!(Value::Null.order(&text("a")), None);
        assert!(!Value::Null.equals(&Value::Null));
        for word in ["inf", "nan", "", "-", "1x", "infinity"] {
            assert_eq!(text(word).number(), None, "{word}");
        }
    }
}
