//! Queries in flight: counted for all and for each sandbox, so that none keeps the others from asking.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The most queries in flight.
const MOST: usize = 512;
/// The most of one sandbox.
const MOST_OF_ONE: usize = 32;

/// The counts.
#[derive(Debug, Default)]
pub(super) struct Flights(Arc<Mutex<Counts>>);

#[derive(Debug, Default)]
struct Counts {
    all: usize,
    /// Of the sandboxes that have any: at most as many entries as there are flights.
    by_sandbox: HashMap<IpAddr, usize>,
}

/// One query in flight; it has landed when this is dropped.
#[derive(Debug)]
pub(super) struct Flight {
    counts: Arc<Mutex<Counts>>,
    sandbox: IpAddr,
}

impl Flights {
    /// Counts a query in, unless there are too many.
    pub(super) fn begin(&self, sandbox: IpAddr) -> Option<Flight> {
        let mut counts = locked(&self.0);
        let own = counts.by_sandbox.get(&sandbox).copied().unwrap_or(0);
        if counts.all >= MOST || own >= MOST_OF_ONE {
            return None;
        }
        counts.all += 1;
        counts.by_sandbox.insert(sandbox, own + 1);
        Some(Flight {
            counts: Arc::clone(&self.0),
            sandbox,
        })
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        let mut counts = locked(&self.counts);
        counts.all -= 1;
        let own = counts.by_sandbox.remove(&self.sandbox).unwrap_or(1) - 1;
        if own > 0 {
            counts.by_sandbox.insert(self.sandbox, own);
        }
    }
}

fn locked(counts: &Mutex<Counts>) -> MutexGuard<'_, Counts> {
    counts.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sandbox(number: u8) -> IpAddr {
        IpAddr::from([169, 254, 1, number])
    }

    #[test]
    fn one_sandbox_cannot_take_every_flight() {
        let flights = Flights::default();
        let greedy: Vec<_> = (0..MOST).map_while(|_| flights.begin(sandbox(1))).collect();
        assert_eq!(greedy.len(), MOST_OF_ONE);
        assert!(flights.begin(sandbox(2)).is_some());
    }

    #[test]
    fn there_is_an_end_for_all_and_landing_makes_room() {
        let flights = Flights::default();
        let mut all: Vec<_> = (0..=u8::MAX)
            .flat_map(|number| [number; MOST_OF_ONE])
            .map_while(|number| flights.begin(sandbox(number)))
            .collect();
        assert_eq!(all.len(), MOST);
        all.pop();
        assert!(flights.begin(sandbox(255)).is_some());
        all.clear();
        assert!(locked(&flights.0).by_sandbox.is_empty());
    }
}
