//! How many namespaces to keep ready: a pure policy that follows use.
//!
//! The stock covers what was taken in the last period, and forgets a rush by halves: a server that rests keeps a few ready, a
//! busy one many, and none more than [`MOST_READY`].

use std::time::Duration;

/// How long use is counted before the stock follows it downwards.
pub(super) const PERIOD: Duration = Duration::from_secs(10);
/// The most that are kept ready of one kind.
pub(super) const MOST_READY: usize = 64;

/// The target for one kind of namespace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    least: usize,
    ready: usize,
    taken: usize,
}

impl Target {
    /// Never fewer than `least`, at most [`MOST_READY`].
    pub(super) fn of_at_least(least: usize) -> Self {
        Self {
            least,
            ready: least,
            taken: 0,
        }
    }

    /// How many should be ready.
    pub(super) fn ready(&self) -> usize {
        self.ready
    }

    /// One was asked for. Growing does not wait for the end of the period.
    pub(super) fn note_taken(&mut self) {
        self.taken += 1;
        self.ready = self.ready.max(self.taken).min(MOST_READY);
    }

    /// A period is over.
    pub(super) fn end_period(&mut self) {
        let halved = self.ready / 2;
        self.ready = halved.max(self.taken).max(self.least).min(MOST_READY);
        self.taken = 0;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_rush_is_followed_at_once_and_forgotten_by_halves() {
        let mut target = Target::of_at_least(4);
        (0..20).for_each(|_| target.note_taken());
        assert_eq!(target.ready(), 20);
        target.end_period();
        assert_eq!(target.ready(), 20, "it was used in the period that ends");
        let mut quiet = Vec::new();
        for _ in 0..4 {
            target.end_period();
            quiet.push(target.ready());
        }
        assert_eq!(quiet, [10, 5, 4, 4]);
    }

    #[test]
    fn a_kind_that_nobody_asks_for_is_not_kept() {
        let mut target = Target::of_at_least(0);
        assert_eq!(target.ready(), 0);
        target.note_taken();
        assert_eq!(target.ready(), 1);
        target.end_period();
        target.end_period();
        assert_eq!(target.ready(), 0);
    }

    proptest! {
        #[test]
        fn the_target_stays_within_its_bounds(least in 0..MOST_READY, steps in proptest::collection::vec(any::<bool>(), 0..500)) {
            let mut target = Target::of_at_least(least);
            for taken in steps {
                if taken { target.note_taken() } else { target.end_period() }
                prop_assert!((least..=MOST_READY).contains(&target.ready()));
            }
        }
    }
}
