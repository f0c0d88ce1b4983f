//! The environment of one sandbox: the spec's own variables, and those with placeholders filled in. Pure.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::SandboxSpec;

const SECONDS_OF_A_DAY: u64 = 86_400;

/// The variables of the sandbox `id` that starts at `now`.
pub(super) fn environment(
    spec: &SandboxSpec,
    id: &str,
    now: SystemTime,
) -> BTreeMap<String, String> {
    let mut environment = spec.environment.clone();
    if !spec.templated.is_empty() {
        let (sandbox, date) = (id.replace('-', ""), date(now));
        environment.extend(spec.templated.iter().map(|(name, template)| {
            let value = template
                .replace("{sandbox}", &sandbox)
                .replace("{date}", &date);
            (name.clone(), value)
        }));
    }
    environment
}

/// The UTC day, `YYYY/MM/DD`, by Howard Hinnant's algorithm: <https://howardhinnant.github.io/date_algorithms.html#civil_from_days>.
fn date(now: SystemTime) -> String {
    let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    let days = since.as_secs() / SECONDS_OF_A_DAY + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    // Months counted from March.
    let month_index = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_index + 2) / 5 + 1;
    let month = if month_index < 10 {
        month_index + 3
    } else {
        month_index - 9
    };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    format!("{year:04}/{month:02}/{day:02}")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::PythonVersion;
    use crate::sandbox::conformance;

    #[test]
    fn days_are_named_as_in_the_calendar() {
        let day = |days: u64| date(UNIX_EPOCH + Duration::from_secs(days * SECONDS_OF_A_DAY));
        assert_eq!(day(0), "1970/01/01");
        assert_eq!(day(11_016), "2000/02/29");
        assert_eq!(day(11_017), "2000/03/01");
        assert_eq!(day(19_723), "2024/01/01");
        assert_eq!(day(20_453), "2025/12/31");
    }

    #[test]
    fn placeholders_are_filled_and_win() {
        let folder = tempfile::tempdir().expect("folder");
        let runtime = PythonVersion {
            major: 3,
            minor: 12,
        };
        let mut spec = conformance::spec(folder.path(), runtime, "");
        spec.environment.insert("STREAM".into(), "user's".into());
        let template = "{date}/[$LATEST]{sandbox}".to_owned();
        spec.templated.insert("STREAM".into(), template);
        let variables = environment(&spec, "ab-cd", UNIX_EPOCH);
        assert_eq!(variables["STREAM"], "1970/01/01/[$LATEST]abcd");
        assert_eq!(variables["COLOUR"], "red");
    }
}
