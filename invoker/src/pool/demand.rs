//! How many sandboxes to hold ready for functions that nobody has called yet. Pure: times come in, a number comes out.
//!
//! While one is being made, as many are wanted as calls come meanwhile. Calls come at random, so to what is expected (`λ`) is added what
//! chance adds (three times `√λ`, the standard deviation of a Poisson process): one in some hundred finds none.

use std::time::Duration;

use tokio::time::Instant;

/// Over what time calls are averaged, seconds.
const AVERAGED_SECONDS: f64 = 10.0;
/// How many deviations are covered.
const DEVIATIONS: f64 = 3.0;
/// Held ready when nothing happens, so that the first function of the day finds one, and the second at the same moment.
const MIN_READY: usize = 2;

/// How often a sandbox is wanted, and how long it takes to make one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Demand {
    per_second: f64,
    as_of: Instant,
    making: Duration,
}

impl Demand {
    /// Nothing happened before `now`.
    pub(crate) fn new(now: Instant) -> Self {
        Self {
            per_second: 0.0,
            as_of: now,
            making: Duration::ZERO,
        }
    }

    fn per_second_at(&self, now: Instant) -> f64 {
        let passed = now.saturating_duration_since(self.as_of).as_secs_f64();
        self.per_second * (-passed / AVERAGED_SECONDS).exp()
    }

    /// One is wanted.
    pub(crate) fn arrives(&mut self, now: Instant) {
        self.per_second = self.per_second_at(now) + 1.0 / AVERAGED_SECONDS;
        self.as_of = now.max(self.as_of);
    }

    /// One was made, in this time.
    pub(crate) fn made(&mut self, took: Duration) {
        self.making = if self.making.is_zero() {
            took
        } else {
            (self.making * 3 + took) / 4
        };
    }

    /// How many to hold ready, `most` at the most.
    pub(crate) fn ready(&self, now: Instant, most: usize) -> usize {
        let expected = self.per_second_at(now) * self.making.as_secs_f64();
        let wanted = expected + DEVIATIONS * expected.sqrt();
        let mut ready = MIN_READY;
        // To the nearest; a float has no better way into an integer that is checked, and `most` bounds the loop.
        while ready < most && (ready - MIN_READY) as f64 + 0.5 <= wanted {
            ready += 1;
        }
        ready.min(most)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn after(start: Instant, gaps_ms: &[u64], making_ms: u64) -> (Demand, Instant) {
        let mut demand = Demand::new(start);
        demand.made(Duration::from_millis(making_ms));
        let mut now = start;
        for gap in gaps_ms {
            now += Duration::from_millis(*gap);
            demand.arrives(now);
        }
        (demand, now)
    }

    #[test]
    fn nothing_wanted_holds_the_least() {
        let start = Instant::now();
        assert_eq!(Demand::new(start).ready(start, 64), MIN_READY);
        assert_eq!(Demand::new(start).ready(start, 1), 1);
        assert_eq!(Demand::new(start).ready(start, 0), 0);
    }

    #[test]
    fn a_steady_stream_is_covered() {
        // 100 a second, 10 ms each: one is expected while one is made, and three more by chance.
        let (demand, now) = after(Instant::now(), &[10; 10_000], 10);
        assert_eq!(demand.ready(now, 64), MIN_READY + 4);
    }

    proptest! {
        #[test]
        fn it_stays_within_bounds_and_falls_back(
            gaps in prop::collection::vec(0u64..2_000, 0..200), making in 1u64..1_000, most in 0usize..100,
        ) {
            let (demand, now) = after(Instant::now(), &gaps, making);
            let ready = demand.ready(now, most);
            prop_assert!(ready <= most && ready >= MIN_READY.min(most));
            let mut last = ready;
            for minute in 1..=5 {
                let later = demand.ready(now + Duration::from_secs(minute * 60), most);
                prop_assert!(later <= last, "it grew while nothing was wanted");
                last = later;
            }
            prop_assert_eq!(last, MIN_READY.min(most));
        }

        #[test]
        fn more_calls_or_a_slower_making_never_hold_fewer(
            gaps in prop::collection::vec(1u64..2_000, 1..100), making in 1u64..500,
        ) {
            let start = Instant::now();
            let (demand, now) = after(start, &gaps, making);
            let (slower, _) = after(start, &gaps, making * 2);
            prop_assert!(slower.ready(now, 64) >= demand.ready(now, 64));
            let mut busier = demand;
            busier.arrives(now);
            prop_assert!(busier.ready(now, 64) >= demand.ready(now, 64));
        }
    }
}
