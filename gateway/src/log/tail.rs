//! Live tails: who follows which groups, and what waits for each.
//!
//! What is about to be written is offered to every open tail, which keeps what matches in a bounded queue; what does not fit
//! is left out, and the next update says so (`sampled`). While nobody follows, an offer is one atomic load. A tail that is
//! dropped is gone at once.

use std::collections::VecDeque;
use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until, timeout_at};
use tokio_util::sync::CancellationToken;

use super::filter_pattern::FilterPattern;
use super::search::StreamChoice;
use super::writer::Batch;
use super::{GroupKey, LogError, LogEvent, Logs};

/// Tails of an account in a region at the same time:
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html>.
const MAX_TAILS: usize = 15;
/// How long a tail lasts: <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartLiveTail.html>.
const LIFETIME: Duration = Duration::from_secs(3 * 60 * 60);
/// An update comes as often at most.
const UPDATE_PERIOD: Duration = Duration::from_millis(250);
/// An update comes as often at least, with nothing in it.
const EMPTY_UPDATE_PERIOD: Duration = Duration::from_secs(1);
/// Events of one update. AWS sends 500 a second; its model has no limit, and hearth keeps up with more.
const UPDATE_EVENTS: usize = 5_000;
/// Text of one update; written as JSON it stays below the 16 MiB of a message.
const UPDATE_BYTES: usize = 2 << 20;
/// What an event costs beside its text and its stream's name.
const EVENT_OVERHEAD_BYTES: usize = 64;

/// What to follow.
#[derive(Clone, Debug)]
pub struct TailChoice {
    /// These groups, of one account in one region.
    pub groups: Vec<GroupKey>,
    /// These of their streams; empty: all.
    pub streams: Vec<StreamChoice>,
    /// What an event must match.
    pub pattern: FilterPattern,
}

impl TailChoice {
    fn takes(&self, batch: &Batch) -> bool {
        let is_chosen = |choice: &StreamChoice| match choice {
            StreamChoice::Prefix(prefix) => batch.stream.starts_with(prefix),
            StreamChoice::Named(names) => names.contains(&batch.stream),
        };
        self.groups.contains(&batch.group)
            && (self.streams.is_empty() || self.streams.iter().any(is_chosen))
    }
}

/// An event that was just written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TailedEvent {
    /// Its group.
    pub group: Arc<GroupKey>,
    /// The name of its stream.
    pub stream: Arc<str>,
    /// When it came in, milliseconds since the epoch.
    pub ingested_ms: i64,
    /// The event.
    pub event: LogEvent,
}

/// What came since the last update.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TailUpdate {
    /// In the order in which they were written.
    pub events: Vec<TailedEvent>,
    /// Whether there were more that are left out.
    pub sampled: bool,
}

/// What a tail has to tell.
#[derive(Debug, PartialEq, Eq)]
pub enum TailStep {
    /// An update, perhaps an empty one.
    Update(TailUpdate),
    /// It has lasted as long as it may.
    TimedOut,
    /// The logs are closing.
    Closed,
}

/// Every open tail.
#[derive(Default)]
pub(super) struct Tails {
    /// The length of `open`.
    count: AtomicUsize,
    open: Mutex<Vec<Arc<Followed>>>,
    closing: CancellationToken,
}

/// What a tail shares with those who write.
struct Followed {
    choice: TailChoice,
    waiting: Mutex<Waiting>,
    arrived: Notify,
}

#[derive(Default)]
struct Waiting {
    events: VecDeque<TailedEvent>,
    size_bytes: usize,
    sampled: bool,
}

/// An open tail.
pub struct Tail {
    tails: Arc<Tails>,
    followed: Arc<Followed>,
    updated: Instant,
    ends: Instant,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Tails {
    /// Offers what is about to be written.
    pub(super) fn publish(&self, batches: &[Batch]) {
        if self.count.load(Ordering::Acquire) == 0 {
            return;
        }
        let open = lock(&self.open).clone();
        for followed in open {
            for batch in batches {
                if followed.choice.takes(batch) {
                    followed.offer(batch);
                }
            }
        }
    }

    /// Notes that events were lost before they could be offered.
    pub(super) fn missed(&self) {
        for followed in lock(&self.open).iter() {
            lock(&followed.waiting).sampled = true;
        }
    }

    /// Ends every tail, and each that is opened later.
    pub(super) fn close(&self) {
        self.closing.cancel();
    }

    fn follow(self: &Arc<Self>, choice: TailChoice, lifetime: Duration) -> Result<Tail, LogError> {
        let owner = |choice: &TailChoice| {
            let group = choice.groups.first();
            group.map(|group| (group.account.clone(), group.region.clone()))
        };
        let mut open = lock(&self.open);
        let own = owner(&choice);
        let is_own = |followed: &&Arc<Followed>| owner(&followed.choice) == own;
        if open.iter().filter(is_own).count() >= MAX_TAILS {
            return Err(LogError::TooManyTails { most: MAX_TAILS });
        }
        let followed = Arc::new(Followed {
            choice,
            waiting: Mutex::default(),
            arrived: Notify::new(),
        });
        open.push(Arc::clone(&followed));
        self.count.store(open.len(), Ordering::Release);
        let now = Instant::now();
        Ok(Tail {
            tails: Arc::clone(self),
            followed,
            updated: now,
            ends: now + lifetime,
        })
    }
}

impl Followed {
    fn offer(&self, batch: &Batch) {
        let mut matching = batch
            .events
            .iter()
            .filter(|event| self.choice.pattern.matches(&event.message))
            .peekable();
        if matching.peek().is_none() {
            return;
        }
        let group = Arc::new(batch.group.clone());
        let stream: Arc<str> = Arc::from(batch.stream.as_str());
        let overhead_bytes = EVENT_OVERHEAD_BYTES + group.name.len() + stream.len();
        let mut waiting = lock(&self.waiting);
        for event in matching {
            let size_bytes = overhead_bytes + event.message.len();
            if waiting.events.len() >= UPDATE_EVENTS
                || waiting.size_bytes + size_bytes > UPDATE_BYTES
            {
                waiting.sampled = true;
                break;
            }
            waiting.size_bytes += size_bytes;
            waiting.events.push_back(TailedEvent {
                group: Arc::clone(&group),
                stream: Arc::clone(&stream),
                ingested_ms: batch.ingested_ms,
                event: event.clone(),
            });
        }
        drop(waiting);
        self.arrived.notify_one();
    }

    fn is_empty(&self) -> bool {
        let waiting = lock(&self.waiting);
        waiting.events.is_empty() && !waiting.sampled
    }
}

impl Tail {
    /// Waits for the next update, which comes at the latest after [`EMPTY_UPDATE_PERIOD`], or for the end.
    ///
    /// # Cancel safety
    /// What waits stays for the next call.
    pub async fn next(&mut self) -> TailStep {
        tokio::select! {
            biased;
            () = self.tails.closing.cancelled() => return TailStep::Closed,
            () = sleep_until(self.ends) => return TailStep::TimedOut,
            () = self.due() => {}
        }
        self.updated = Instant::now();
        let waiting = std::mem::take(&mut *lock(&self.followed.waiting));
        TailStep::Update(TailUpdate {
            events: waiting.events.into(),
            sampled: waiting.sampled,
        })
    }

    fn due(&self) -> impl Future<Output = ()> {
        let updated = self.updated;
        let followed = &self.followed;
        async move {
            sleep_until(updated + UPDATE_PERIOD).await;
            let arrival = async {
                while followed.is_empty() {
                    followed.arrived.notified().await;
                }
            };
            let _ = timeout_at(updated + EMPTY_UPDATE_PERIOD, arrival).await;
        }
    }
}

impl Drop for Tail {
    fn drop(&mut self) {
        let mut open = lock(&self.tails.open);
        open.retain(|followed| !Arc::ptr_eq(followed, &self.followed));
        self.tails.count.store(open.len(), Ordering::Release);
    }
}

impl Logs {
    /// Follows groups from now on.
    ///
    /// # Errors
    /// No such group, too many tails, or the store's own.
    pub async fn tail(self: &Arc<Self>, choice: TailChoice) -> Result<Tail, LogError> {
        for group in &choice.groups {
            self.group(group).await?.ok_or(LogError::GroupNotFound)?;
        }
        self.tails.follow(choice, LIFETIME)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(name: &str) -> GroupKey {
        GroupKey {
            account: "000000000000".into(),
            region: "us-east-1".into(),
            name: name.into(),
        }
    }

    fn choice(streams: Vec<StreamChoice>, pattern: &str) -> TailChoice {
        TailChoice {
            groups: vec![group("g")],
            streams,
            pattern: FilterPattern::parse(pattern).unwrap(),
        }
    }

    fn batch(name: &str, stream: &str, messages: &[&str]) -> Batch {
        let events = messages.iter().map(|message| LogEvent {
            time_ms: 1,
            message: (*message).to_owned(),
        });
        Batch {
            group: group(name),
            stream: stream.to_owned(),
            ingested_ms: 2,
            events: events.collect(),
        }
    }

    async fn told(tail: &mut Tail) -> (Vec<String>, bool) {
        match tail.next().await {
            TailStep::Update(update) => {
                let messages = update.events.into_iter().map(|tailed| tailed.event.message);
                (messages.collect(), update.sampled)
            }
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn a_tail_is_told_what_it_chose_and_nothing_else() {
        let tails = Arc::new(Tails::default());
        let streams = vec![StreamChoice::Prefix("a".into())];
        let mut tail = tails.follow(choice(streams, "ERROR"), LIFETIME).unwrap();
        tails.publish(&[
            batch("g", "a1", &["ERROR 1", "fine", "ERROR 2"]),
            batch("g", "b1", &["ERROR in another stream"]),
            batch("h", "a1", &["ERROR in another group"]),
        ]);
        let expected = vec!["ERROR 1".to_owned(), "ERROR 2".to_owned()];
        assert_eq!(told(&mut tail).await, (expected, false));
        assert_eq!(told(&mut tail).await, (vec![], false), "an empty update");
    }

    #[tokio::test]
    async fn what_does_not_fit_is_left_out_and_said() {
        let tails = Arc::new(Tails::default());
        let mut tail = tails.follow(choice(vec![], ""), LIFETIME).unwrap();
        tails.publish(&[batch("g", "s", &vec!["x"; UPDATE_EVENTS + 1])]);
        let (messages, sampled) = told(&mut tail).await;
        assert_eq!((messages.len(), sampled), (UPDATE_EVENTS, true));
        let large = "x".repeat(UPDATE_BYTES / 2);
        tails.publish(&[batch("g", "s", &[&large, &large, "behind"])]);
        assert_eq!(told(&mut tail).await, (vec![large], true));
        tails.missed();
        assert_eq!(told(&mut tail).await, (vec![], true));
        assert_eq!(told(&mut tail).await, (vec![], false));
    }

    #[tokio::test]
    async fn there_are_so_many_tails_and_a_dropped_one_gives_its_place() {
        let tails = Arc::new(Tails::default());
        let follow = || tails.follow(choice(vec![], ""), LIFETIME);
        let mut open: Vec<Tail> = (0..MAX_TAILS).map(|_| follow().unwrap()).collect();
        assert!(matches!(follow(), Err(LogError::TooManyTails { .. })));
        open.pop();
        follow().unwrap();
        drop(open);
        assert_eq!(tails.count.load(Ordering::Acquire), 0);
        tails.publish(&[batch("g", "s", &["nobody listens"])]);
    }

    #[tokio::test]
    async fn a_tail_ends() {
        let tails = Arc::new(Tails::default());
        let mut short = tails.follow(choice(vec![], ""), Duration::ZERO).unwrap();
        assert_eq!(short.next().await, TailStep::TimedOut);
        let mut tail = tails.follow(choice(vec![], ""), LIFETIME).unwrap();
        tails.closing.cancel();
        assert_eq!(tail.next().await, TailStep::Closed);
    }
}
