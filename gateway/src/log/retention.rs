//! How long a group keeps its events. Pure.

/// A day.
pub(super) const DAY_MS: i64 = 86_400_000;

/// The numbers of days that a policy may have:
/// <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html>.
pub const RETENTION_DAYS: [u32; 22] = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
];

/// The time from which on a group keeps its events.
pub(super) fn kept_from_ms(retention_days: Option<u32>, now_ms: i64) -> i64 {
    match retention_days {
        Some(days) => now_ms.saturating_sub(i64::from(days) * DAY_MS),
        None => i64::MIN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_without_a_policy_keeps_everything() {
        assert_eq!(kept_from_ms(None, 5), i64::MIN);
        assert_eq!(kept_from_ms(Some(1), DAY_MS + 5), 5);
    }
}
