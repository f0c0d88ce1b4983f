//! Which idle sandboxes make room. Pure.
//!
//! The least recently used go first, and none goes unless enough can: a sandbox that ends in vain would only be missed.

use tokio::time::Instant;

/// An idle sandbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    /// Which.
    pub(super) slot: u64,
    /// What its end frees.
    pub(super) memory_mib: u32,
    /// Since when it idles.
    pub(super) since: Instant,
}

/// The sandboxes to end so that at least `wanted_mib` becomes free; none when all together are not enough.
pub(super) fn choose(mut candidates: Vec<Candidate>, wanted_mib: u64) -> Vec<Candidate> {
    candidates.sort_unstable_by_key(|candidate| (candidate.since, candidate.slot));
    let mut freed_mib = 0;
    let enough = candidates.iter().position(|candidate| {
        freed_mib += u64::from(candidate.memory_mib);
        freed_mib >= wanted_mib
    });
    candidates.truncate(enough.map_or(0, |last| last + 1));
    candidates
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_least_recently_used_go_first_and_only_when_it_helps() {
        let start = Instant::now();
        let candidate = |slot, age: u64, memory_mib| Candidate {
            slot,
            memory_mib,
            since: start - Duration::from_secs(age),
        };
        let all = vec![
            candidate(1, 10, 128),
            candidate(2, 30, 128),
            candidate(3, 20, 512),
        ];
        let chosen = |wanted_mib| {
            choose(all.clone(), wanted_mib)
                .iter()
                .map(|candidate| candidate.slot)
                .collect::<Vec<_>>()
        };
        assert_eq!(chosen(100), [2]);
        assert_eq!(chosen(129), [2, 3]);
        assert_eq!(chosen(768), [2, 3, 1]);
        assert!(chosen(769).is_empty());
    }
}
