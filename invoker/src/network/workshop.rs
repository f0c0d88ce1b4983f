//! Where namespaces are made: ahead of use by a thread that gives way to all others, or at once when none is ready.
//!
//! A namespace is handed out once. When its lease ends, its descriptor is closed: the kernel clears it away in the background,
//! many together, and its place in the router rests until the link is gone.
//!
//! Lock: `state` is held for bookkeeping only, never while the kernel works.

use std::collections::VecDeque;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use invoker_linux::net::namespace::NetworkNamespace;
use invoker_linux::priority;

use super::addresses::{Place, Places};
use super::router::{Router, sandbox_namespace};
use super::stock::{PERIOD, Target};

/// How many joined namespaces are ready on a server at rest.
const LEAST_JOINED: usize = 4;
/// How many places are tried when the kernel is still clearing some away.
const MOST_PLACES_TRIED: usize = 32;
/// How long the thread rests when the host refuses a namespace.
const REST_AFTER_REFUSAL: Duration = Duration::from_secs(1);

/// Which namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// With a link to the router.
    Joined,
    /// With its loopback alone.
    Empty,
}

/// A namespace for one sandbox. Dropping it gives it back.
#[derive(Debug)]
pub struct Lease {
    namespace: NetworkNamespace,
    place: Option<PlaceGuard>,
}

impl Lease {
    /// The namespace, to enter by `setns`.
    pub fn namespace(&self) -> BorrowedFd<'_> {
        self.namespace.as_fd()
    }

    /// The sandbox's address; `None` when it has none but the loopback's.
    pub fn address(&self) -> Option<std::net::Ipv4Addr> {
        self.place.as_ref().map(|held| held.place.address())
    }
}

/// A place in the router; goes back to rest when dropped.
#[derive(Debug)]
struct PlaceGuard {
    place: Place,
    places: Arc<Mutex<Places>>,
}

impl Drop for PlaceGuard {
    fn drop(&mut self) {
        locked(&self.places).give_back(self.place);
    }
}

/// Makes namespaces and keeps some ready.
#[derive(Debug)]
pub(super) struct Workshop {
    router: Option<Arc<Router>>,
    places: Arc<Mutex<Places>>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug)]
struct State {
    joined: Shelf,
    empty: Shelf,
    closing: bool,
}

#[derive(Debug)]
struct Shelf {
    ready: VecDeque<Lease>,
    target: Target,
}

impl Shelf {
    fn of_at_least(least: usize) -> Self {
        Self {
            ready: VecDeque::new(),
            target: Target::of_at_least(least),
        }
    }

    fn end_period(&mut self) -> Vec<Lease> {
        self.target.end_period();
        let keep = self.target.ready().min(self.ready.len());
        self.ready.split_off(keep).into()
    }
}

impl State {
    fn shelf(&mut self, kind: Kind) -> &mut Shelf {
        match kind {
            Kind::Joined => &mut self.joined,
            Kind::Empty => &mut self.empty,
        }
    }

    /// The kind that there is too little of.
    fn wanting(&mut self) -> Option<Kind> {
        [Kind::Joined, Kind::Empty].into_iter().find(|kind| {
            let shelf = self.shelf(*kind);
            shelf.ready.len() < shelf.target.ready()
        })
    }
}

impl Workshop {
    /// One that joins namespaces to `router`, when there is one. [`Self::keep_stocked`] is to run in a thread of its own.
    pub(super) fn new(router: Option<Arc<Router>>) -> Self {
        let least_joined = if router.is_some() { LEAST_JOINED } else { 0 };
        Self {
            router,
            places: Arc::new(Mutex::new(Places::all())),
            state: Mutex::new(State {
                joined: Shelf::of_at_least(least_joined),
                empty: Shelf::of_at_least(0),
                closing: false,
            }),
            changed: Condvar::new(),
        }
    }

    /// One that is ready, if any is.
    pub(super) fn take_ready(&self, kind: Kind) -> Option<Lease> {
        let mut state = locked(&self.state);
        let shelf = state.shelf(kind);
        shelf.target.note_taken();
        let lease = shelf.ready.pop_front();
        drop(state);
        self.changed.notify_all();
        lease
    }

    /// Makes one now: milliseconds of the kernel's work.
    ///
    /// # Errors
    /// The host refuses a step, or every place is taken.
    pub(super) fn make(&self, kind: Kind) -> io::Result<Lease> {
        let (namespace, inside) = sandbox_namespace()?;
        let place = match (kind, &self.router) {
            (Kind::Empty, _) => None,
            (Kind::Joined, Some(router)) => {
                Some(self.join(|place| router.join(place, &namespace, &inside))?)
            }
            (Kind::Joined, None) => return Err(io::ErrorKind::Unsupported.into()),
        };
        Ok(Lease { namespace, place })
    }

    fn join(&self, join: impl Fn(Place) -> io::Result<()>) -> io::Result<PlaceGuard> {
        for _ in 0..MOST_PLACES_TRIED {
            let Some(place) = locked(&self.places).take() else {
                break;
            };
            let places = Arc::clone(&self.places);
            let guard = PlaceGuard { place, places };
            match join(place) {
                Ok(()) => return Ok(guard),
                // Dropped, the place rests again: the kernel is not yet done with its last link.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::Error::other("every place in the router is taken"))
    }

    /// Waits until so many are ready; whether they are within the limit.
    #[cfg(test)]
    pub(super) fn wait_for_ready(&self, kind: Kind, count: usize, limit: Duration) -> bool {
        let few = |state: &mut State| state.shelf(kind).ready.len() < count;
        let waited = self
            .changed
            .wait_timeout_while(locked(&self.state), limit, few);
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
    }

    /// Makes namespaces ahead of use, until [`Self::close`].
    pub(super) fn keep_stocked(&self) {
        if let Err(error) = priority::give_way() {
            tracing::debug!(%error, "lower the priority of the network's thread");
        }
        let mut period_end = Instant::now() + PERIOD;
        while let Some(kind) = self.await_want(&mut period_end) {
            match self.make(kind) {
                Ok(lease) => self.put(kind, lease),
                Err(error) => {
                    tracing::warn!(%error, "make a network namespace ahead of use");
                    self.rest();
                }
            }
        }
    }

    /// Ends [`Self::keep_stocked`] and lets go of what is ready.
    pub(super) fn close(&self) {
        let mut state = locked(&self.state);
        state.closing = true;
        let ready =
            [Kind::Joined, Kind::Empty].map(|kind| std::mem::take(&mut state.shelf(kind).ready));
        drop(state);
        drop(ready);
        self.changed.notify_all();
    }

    /// Waits until there is too little of a kind; `None` when the workshop closes.
    fn await_want(&self, period_end: &mut Instant) -> Option<Kind> {
        let mut state = locked(&self.state);
        loop {
            if state.closing {
                return None;
            }
            let left = period_end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                *period_end = Instant::now() + PERIOD;
                let surplus = [state.joined.end_period(), state.empty.end_period()];
                drop(state);
                drop(surplus);
                state = locked(&self.state);
                continue;
            }
            if let Some(kind) = state.wanting() {
                return Some(kind);
            }
            state = match self.changed.wait_timeout(state, left) {
                Ok((state, _)) => state,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
    }

    fn put(&self, kind: Kind, lease: Lease) {
        let mut state = locked(&self.state);
        if !state.closing {
            state.shelf(kind).ready.push_back(lease);
        }
        drop(state);
        self.changed.notify_all();
    }

    fn rest(&self) {
        let state = locked(&self.state);
        let waited = self
            .changed
            .wait_timeout_while(state, REST_AFTER_REFUSAL, |state| !state.closing);
        drop(waited);
    }
}

/// What is behind the locks here is whole after every step: a panic elsewhere spoils nothing.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn a_place_that_is_not_yet_cleared_is_passed_over() {
        let workshop = Workshop::new(None);
        let tried = Cell::new(0);
        let guard = workshop
            .join(|_| {
                tried.set(tried.get() + 1);
                match tried.get() {
                    1..=3 => Err(io::ErrorKind::AlreadyExists.into()),
                    _ => Ok(()),
                }
            })
            .expect("the fourth is free");
        assert_eq!(tried.get(), 4);
        drop(guard);
    }

    #[test]
    fn a_period_without_use_empties_the_shelf() {
        let workshop = Workshop::new(None);
        assert!(workshop.take_ready(Kind::Empty).is_none());
        workshop.put(Kind::Empty, workshop.make(Kind::Empty).expect("root"));
        let end_period = || locked(&workshop.state).empty.end_period().len();
        assert_eq!(end_period(), 0, "one was asked for");
        assert_eq!(end_period(), 1);
        assert!(workshop.take_ready(Kind::Empty).is_none());
    }

    #[test]
    fn another_refusal_ends_the_search() {
        let workshop = Workshop::new(None);
        let refused = workshop.join(|_| Err(io::ErrorKind::PermissionDenied.into()));
        let error = refused.expect_err("it is refused");
        assert_eq!(error.kind(), io::ErrorKind::PermissionDenied);
    }

    #[test]
    fn the_search_has_an_end() {
        let workshop = Workshop::new(None);
        let tried = Cell::new(0);
        let full = workshop.join(|_| {
            tried.set(tried.get() + 1);
            Err(io::ErrorKind::AlreadyExists.into())
        });
        full.expect_err("all are taken");
        assert_eq!(tried.get(), MOST_PLACES_TRIED);
    }
}
