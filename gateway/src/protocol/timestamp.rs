//! Timestamps: epoch seconds inside, ISO 8601 in XML and forms. <https://smithy.io/2.0/spec/protocol-traits.html#timestampformat-trait>

use serde_json::{Number, Value};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The epoch seconds of an ISO 8601 text, or of a number in text form.
pub(super) fn parse(text: &str) -> Option<Value> {
    if let Ok(seconds) = text.parse::<f64>() {
        return Number::from_f64(seconds).map(Value::Number);
    }
    let time = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    let millis = time.unix_timestamp_nanos() / 1_000_000;
    Number::from_f64(millis as f64 / 1_000.0).map(Value::Number)
}

/// ISO 8601 in UTC, with milliseconds where there are any; `None` beyond the years that it can write.
pub(super) fn iso8601(seconds: f64) -> Option<String> {
    let nanos = (seconds * 1_000.0).round() as i128 * 1_000_000;
    let time = OffsetDateTime::from_unix_timestamp_nanos(nanos).ok()?;
    time.format(&Rfc3339).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iso_texts_and_seconds_are_the_same_moment() {
        assert_eq!(
            parse("2023-11-14T22:13:20Z"),
            Some(Value::from(1_700_000_000.0))
        );
        assert_eq!(
            parse("2023-11-15T00:13:20.5+02:00"),
            Some(Value::from(1_700_000_000.5))
        );
        assert_eq!(parse("1700000000"), Some(Value::from(1_700_000_000.0)));
        assert_eq!(parse("yesterday"), None);
        assert_eq!(
            iso8601(1_700_000_000.0).as_deref(),
            Some("2023-11-14T22:13:20Z")
        );
        assert_eq!(
            iso8601(1_700_000_000.25).as_deref(),
            Some("2023-11-14T22:13:20.25Z")
        );
    }
}
