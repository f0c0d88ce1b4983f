//! Which idle sandboxes make room. Pure.
//!
//! By Greedy-Dual-Size (Cao and Irani, USENIX Symposium on Internet Technologies and Systems, 1997): a sandbox is worth the time that its
//! next start would cost for each MiB that it holds, on top of a level that rises to the worth of whatever was last evicted. So what is
//! dear to start or small stays longer, and what is not used sinks below the level in the end. Of equal ones the least recently used goes
//! first. None goes unless enough can: a sandbox that ends in vain would only be missed.

use std::time::Duration;

use tokio::time::Instant;

/// Starts that take less cost the same: their differences are chance.
const LEAST_COST: Duration = Duration::from_millis(10);

/// An idle sandbox.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Candidate {
    /// Which.
    pub(super) slot: u64,
    /// What its end frees.
    pub(super) memory_mib: u32,
    /// What keeping it was worth when it last fell idle.
    pub(super) worth: f64,
    /// Since when it idles.
    pub(super) since: Instant,
}

/// What worth is measured from.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Level(f64);

impl Level {
    /// What it is worth to keep a sandbox that was used now, took `cost` to initialise, and holds so much memory.
    pub(super) fn worth(self, cost: Duration, memory_mib: u32) -> f64 {
        let cost_ms = cost.max(LEAST_COST).as_secs_f64() * 1_000.0;
        self.0 + cost_ms / f64::from(memory_mib.max(1))
    }

    /// This one was evicted.
    pub(super) fn rise(&mut self, evicted: &Candidate) {
        self.0 = self.0.max(evicted.worth);
    }
}

/// The sandboxes to end so that at least `wanted_mib` becomes free; none when all together are not enough.
pub(super) fn choose(mut candidates: Vec<Candidate>, wanted_mib: u64) -> Vec<Candidate> {
    candidates.sort_unstable_by(|one, other| {
        one.worth
            .total_cmp(&other.worth)
            .then(one.since.cmp(&other.since))
            .then(one.slot.cmp(&other.slot))
    });
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
    use proptest::prelude::*;

    use super::*;

    const QUICK: Duration = Duration::from_millis(1);

    fn candidate(slot: u64, worth: f64, age_seconds: u64, memory_mib: u32) -> Candidate {
        Candidate {
            slot,
            memory_mib,
            worth,
            since: Instant::now() + Duration::from_secs(1_000 - age_seconds),
        }
    }

    fn slots(chosen: &[Candidate]) -> Vec<u64> {
        chosen.iter().map(|candidate| candidate.slot).collect()
    }

    #[test]
    fn of_equal_ones_the_least_recently_used_go_first_and_only_when_it_helps() {
        let all = vec![
            candidate(1, 1.0, 10, 128),
            candidate(2, 1.0, 30, 128),
            candidate(3, 1.0, 20, 512),
        ];
        let chosen = |wanted_mib| slots(&choose(all.clone(), wanted_mib));
        assert_eq!(chosen(100), [2]);
        assert_eq!(chosen(129), [2, 3]);
        assert_eq!(chosen(768), [2, 3, 1]);
        assert!(chosen(769).is_empty());
    }

    #[test]
    fn what_is_dear_to_start_stays_and_what_is_large_goes() {
        let level = Level::default();
        let slow = level.worth(Duration::from_secs(2), 128);
        assert!(level.worth(QUICK, 128) < slow);
        assert!(level.worth(Duration::from_secs(2), 1024) < slow);
        assert_eq!(level.worth(QUICK, 128), level.worth(QUICK * 5, 128));
    }

    #[test]
    fn what_is_not_used_goes_in_the_end_however_dear() {
        let mut level = Level::default();
        let dear = candidate(0, level.worth(Duration::from_secs(1), 128), 999, 128);
        let mut evictions = 0;
        loop {
            let fresh = candidate(1, level.worth(QUICK, 128), 1, 128);
            let [evicted] = choose(vec![dear, fresh], 1)[..] else {
                panic!("one is enough")
            };
            if evicted.slot == dear.slot {
                break;
            }
            level.rise(&evicted);
            evictions += 1;
        }
        assert!(
            (99..=100).contains(&evictions),
            "a hundred starts of 10 ms outweigh one of a second"
        );
    }

    proptest! {
        #[test]
        fn as_few_as_free_enough_and_none_worth_more_than_one_that_stays(
            idle in prop::collection::vec((0u32..100, 1u32..2_000), 0..40), wanted_mib in 1u64..20_000,
        ) {
            let all: Vec<Candidate> = (0..)
                .zip(&idle)
                .map(|(slot, (worth, memory_mib))| candidate(slot, f64::from(*worth), slot, *memory_mib))
                .collect();
            let total_mib: u64 = all.iter().map(|one| u64::from(one.memory_mib)).sum();
            let chosen = choose(all.clone(), wanted_mib);
            let freed = |some: &[Candidate]| -> u64 { some.iter().map(|one| u64::from(one.memory_mib)).sum() };
            if total_mib < wanted_mib {
                prop_assert!(chosen.is_empty());
            } else {
                prop_assert!(freed(&chosen) >= wanted_mib);
                prop_assert!(freed(&chosen[..chosen.len() - 1]) < wanted_mib, "the last was needed");
                let most = chosen.iter().map(|one| one.worth).fold(f64::MIN, f64::max);
                let stay = all.iter().filter(|one| !chosen.contains(one));
                prop_assert!(stay.into_iter().all(|one| one.worth >= most));
            }
        }
    }
}
