//! Shapes that several operations take.

use serde::{Deserialize, Serialize};

use super::error::invalid_value;
use crate::auth::Identity;
use crate::metric::{SeriesKey, Unit, is_dimension_text};
use crate::protocol::AwsError;

/// A dimension with its value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Dimension {
    pub(super) name: String,
    pub(super) value: String,
}

/// Dimensions sorted by name, as series have them. `member` is how a message calls them.
///
/// # Errors
/// A name is given twice, or has a letter that CloudWatch does not take.
pub(super) fn sorted(
    dimensions: Vec<Dimension>,
    member: &str,
) -> Result<Vec<(String, String)>, AwsError> {
    for (at, Dimension { name, value }) in dimensions.iter().enumerate() {
        let at = at + 1;
        if name.starts_with(':') || !is_dimension_text(name) {
            let message =
                format!("The value {name} for parameter {member}.member.{at}.Name is invalid.");
            return Err(invalid_value(message));
        }
        if !is_dimension_text(value) {
            let message =
                format!("The value {value} for parameter {member}.member.{at}.Value is invalid.");
            return Err(invalid_value(message));
        }
    }
    let pairs = dimensions.into_iter();
    let mut pairs: Vec<_> = pairs.map(|pair| (pair.name, pair.value)).collect();
    pairs.sort();
    if pairs.windows(2).any(|pair| pair[0].0 == pair[1].0) {
        let message = format!("The parameter {member} must not name a dimension twice.");
        return Err(invalid_value(message));
    }
    Ok(pairs)
}

/// The series of a caller.
pub(super) fn series_key(
    identity: &Identity,
    namespace: String,
    name: String,
    dimensions: Vec<(String, String)>,
) -> SeriesKey {
    SeriesKey {
        account: identity.account.clone(),
        region: identity.region.clone(),
        namespace,
        name,
        dimensions,
    }
}

/// The unit with this name; the model knows the same names.
pub(super) fn unit(name: Option<&str>, member: &str) -> Result<Option<Unit>, AwsError> {
    let Some(name) = name else {
        return Ok(None);
    };
    let unit = Unit::named(name).ok_or_else(|| {
        invalid_value(format!(
            "The value {name} for parameter {member} is invalid."
        ))
    })?;
    Ok(Some(unit))
}

/// Whether statistics can be had for this period: high resolution, or whole minutes.
pub(super) fn is_period(seconds: i64) -> bool {
    matches!(seconds, 1 | 5 | 10 | 30) || (seconds > 0 && seconds % 60 == 0)
}

/// A time range as CloudWatch rounds it: its start down to a whole minute, or to the period where that is shorter.
pub(super) fn rounded(start: f64, end: f64, period_s: i64) -> (i64, i64) {
    /// Seconds; beyond, a time is as good as this one, and sums with it cannot overflow.
    const FARTHEST: f64 = 1e12;
    let step = period_s.clamp(1, 60);
    let start = start.floor().clamp(-FARTHEST, FARTHEST) as i64;
    let end = end.ceil().clamp(-FARTHEST, FARTHEST) as i64;
    (start - start.rem_euclid(step), end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dimension(name: &str, value: &str) -> Dimension {
        Dimension {
            name: name.to_owned(),
            value: value.to_owned(),
        }
    }

    #[test]
    fn dimensions_are_sorted_and_held_against_the_rules() {
        let pairs = sorted(vec![dimension("b", "1"), dimension("a", "2")], "Dimensions");
        let pairs = pairs.expect("valid");
        assert_eq!(pairs[0].0, "a");
        for (wrong, words) in [
            (
                vec![dimension(":a", "1")],
                "The value :a for parameter D.member.1.Name is invalid.",
            ),
            (
                vec![dimension("a", " ")],
                "The value   for parameter D.member.1.Value is invalid.",
            ),
            (
                vec![dimension("a", "1"), dimension("a", "2")],
                "The parameter D must not name a dimension twice.",
            ),
        ] {
            let error = sorted(wrong, "D").expect_err(words);
            assert_eq!(error.message, words);
            assert_eq!(error.code, "InvalidParameterValueException");
        }
    }

    #[test]
    fn periods_and_ranges_are_cloudwatchs() {
        assert!([1, 5, 10, 30, 60, 3_600].into_iter().all(is_period));
        assert!(![0, -60, 7, 20, 90].into_iter().any(is_period));
        assert_eq!(rounded(125.9, 180.1, 300), (120, 181));
        assert_eq!(rounded(125.9, 180.0, 10), (120, 180));
        assert_eq!(rounded(125.9, 180.0, 1), (125, 180));
        let (from_s, to_s) = rounded(f64::MIN, f64::MAX, 60);
        assert!(from_s < 0 && to_s > 0);
    }
}
