//! Periods of time (`5m`, `1h`, `1mo`), and times cut down to them.
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Stats.html>

use time::{Date, Month, OffsetDateTime};

/// A day.
const DAY_MS: i64 = 86_400_000;
/// The first Monday before the epoch lies so far behind it.
const MONDAY_MS: i64 = 3 * DAY_MS;
/// The longest period: a century, in milliseconds or in months.
const MOST_MS: i64 = 36_525 * DAY_MS;
const MOST_MONTHS: i64 = 1_200;

/// A period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Period {
    /// Of a fixed length.
    Fixed {
        length_ms: i64,
        /// A time at which one begins.
        origin_ms: i64,
    },
    /// Of whole months.
    Months(i64),
}

impl Period {
    /// Reads a count and a unit.
    pub(super) fn parse(count: &str, unit: &str) -> Option<Self> {
        let count: i64 = count.parse().ok().filter(|count| *count > 0)?;
        let unit = unit.to_ascii_lowercase();
        let singular = match unit.strip_suffix('s') {
            Some(singular) if singular.len() > 1 && singular != "m" => singular,
            _ => &unit,
        };
        let unit_ms = match singular {
            "ms" | "msec" | "millisecond" => 1,
            "s" | "sec" | "second" => 1_000,
            "m" | "min" | "minute" => 60_000,
            "h" | "hr" | "hour" => 3_600_000,
            "d" | "day" => DAY_MS,
            "w" | "week" => 7 * DAY_MS,
            _ => {
                let months = match singular {
                    "mo" | "mon" | "month" => 1,
                    "q" | "qtr" | "quarter" => 3,
                    "y" | "yr" | "year" => 12,
                    _ => return None,
                };
                let months = count
                    .checked_mul(months)
                    .filter(|months| *months <= MOST_MONTHS);
                return months.map(Self::Months);
            }
        };
        let length_ms = count
            .checked_mul(unit_ms)
            .filter(|length| *length <= MOST_MS)?;
        let origin_ms = if singular.starts_with('w') {
            -MONDAY_MS
        } else {
            0
        };
        Some(Self::Fixed {
            length_ms,
            origin_ms,
        })
    }

    /// The start of the period that holds a time; a time outside of the calendar stays as it is.
    pub(super) fn floor(self, time_ms: i64) -> i64 {
        match self {
            Self::Fixed {
                length_ms,
                origin_ms,
            } => {
                let within = time_ms.saturating_sub(origin_ms).rem_euclid(length_ms);
                time_ms.saturating_sub(within)
            }
            Self::Months(count) => month_of(time_ms)
                .and_then(|month| start_of_month(month - month.rem_euclid(count)))
                .unwrap_or(time_ms),
        }
    }

    /// The start of the next period, or the time itself where it is the start of one.
    pub(super) fn ceil(self, time_ms: i64) -> i64 {
        let floor = self.floor(time_ms);
        if floor == time_ms {
            return time_ms;
        }
        match self {
            Self::Fixed { length_ms, .. } => floor.saturating_add(length_ms),
            Self::Months(count) => month_of(floor)
                .and_then(|month| start_of_month(month + count))
                .unwrap_or(time_ms),
        }
    }
}

/// The months since the year 0.
fn month_of(time_ms: i64) -> Option<i64> {
    let time = OffsetDateTime::from_unix_timestamp(time_ms.div_euclid(1_000)).ok()?;
    Some(i64::from(time.year()) * 12 + i64::from(u8::from(time.month())) - 1)
}

fn start_of_month(month: i64) -> Option<i64> {
    let year = i32::try_from(month.div_euclid(12)).ok()?;
    let of_year = Month::try_from(u8::try_from(month.rem_euclid(12)).ok()? + 1).ok()?;
    let date = Date::from_calendar_date(year, of_year, 1).ok()?;
    Some(date.midnight().assume_utc().unix_timestamp() * 1_000)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::datetime;

    use super::*;

    fn ms(time: OffsetDateTime) -> i64 {
        time.unix_timestamp() * 1_000
    }

    #[test]
    fn times_are_cut_down_to_their_period() {
        let time = ms(datetime!(2024-05-15 13:47:12 UTC));
        let floor = |count, unit| Period::parse(count, unit).unwrap().floor(time);
        assert_eq!(floor("5", "m"), ms(datetime!(2024-05-15 13:45 UTC)));
        assert_eq!(floor("1", "hrs"), ms(datetime!(2024-05-15 13:00 UTC)));
        assert_eq!(floor("1", "d"), ms(datetime!(2024-05-15 0:00 UTC)));
        assert_eq!(floor("1", "week"), ms(datetime!(2024-05-13 0:00 UTC)));
        assert_eq!(floor("1", "mo"), ms(datetime!(2024-05-01 0:00 UTC)));
        assert_eq!(floor("1", "qtr"), ms(datetime!(2024-04-01 0:00 UTC)));
        assert_eq!(floor("2", "years"), ms(datetime!(2024-01-01 0:00 UTC)));
        assert_eq!(floor("1", "ms"), time);
        let month = Period::parse("1", "month").unwrap();
        assert_eq!(month.ceil(time), ms(datetime!(2024-06-01 0:00 UTC)));
    }

    #[test]
    fn only_units_are_units() {
        for (count, unit) in [
            ("0", "m"),
            ("1", "x"),
            ("1.5", "h"),
            ("9999999999", "y"),
            ("99999999999999", "d"),
        ] {
            assert_eq!(Period::parse(count, unit), None, "{count}{unit}");
        }
        assert_eq!(Period::parse("1", "ms"), Period::parse("1", "millisecond"));
    }

    proptest! {
        #[test]
        fn a_time_lies_between_its_floor_and_its_ceiling(
            time: i64, count in 1..40_u32, unit in prop::sample::select(vec!["ms", "s", "m", "h", "d", "w", "mo", "q", "y"]),
        ) {
            let period = Period::parse(&count.to_string(), unit).unwrap();
            let floor = period.floor(time);
            prop_assert!(floor <= time && time <= period.ceil(time));
            prop_assert!(floor == i64::MIN || floor == time || period.floor(floor) == floor);
        }
    }
}
