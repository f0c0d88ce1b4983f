//! Properties of the pool's state: whatever happens, its counts agree with a plain model and the budget holds.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::PythonVersion;

fn spec(function: u8, revision: u8, memory_mib: u32) -> Arc<SandboxSpec> {
    Arc::new(SandboxSpec {
        owner: "owner".into(),
        function: format!("function-{function}"),
        revision: revision.to_string(),
        runtime: PythonVersion {
            major: 3,
            minor: 12,
        },
        handler: "a.b".into(),
        code: "/code".into(),
        libraries: Vec::new(),
        memory_mib,
        tmp_mib: 512,
        environment: BTreeMap::new(),
        templated: BTreeMap::new(),
        init_timeout: Duration::from_secs(10),
        network: crate::NetworkMode::Host,
        json_logs: false,
    })
}

const BUDGET_MIB: u64 = 600;
const STARTS: usize = 2;

#[derive(Clone, Debug)]
enum Event {
    Call(u8, u8),
    Finish(usize),
    Crash(usize),
    Expire(usize),
    Gone(usize),
    Started(usize),
    Retire(u8),
    Wait(u64),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => (0u8..3, 0u8..2).prop_map(|(function, revision)| Event::Call(function, revision)),
        4 => any::<usize>().prop_map(Event::Finish),
        1 => any::<usize>().prop_map(Event::Crash),
        1 => any::<usize>().prop_map(Event::Expire),
        3 => any::<usize>().prop_map(Event::Gone),
        3 => any::<usize>().prop_map(Event::Started),
        1 => (0u8..3).prop_map(Event::Retire),
        1 => (0u64..4).prop_map(Event::Wait),
    ]
}

/// Plays the sandboxes.
struct Model {
    state: State<u64, Arc<SandboxSpec>>,
    now: Instant,
    slots: BTreeMap<u64, Slot>,
    starting: Vec<u64>,
    busy: Vec<u64>,
    idle: BTreeSet<u64>,
    ending: Vec<u64>,
    waiting: usize,
}

impl Model {
    fn new() -> Self {
        let config = PoolConfig {
            memory_budget_mib: BUDGET_MIB,
            keep_alive: Duration::from_secs(60),
            capacity_wait: Duration::from_secs(2),
            concurrent_starts: STARTS,
        };
        Self {
            state: State::new(&config),
            now: Instant::now(),
            slots: BTreeMap::new(),
            starting: Vec::new(),
            busy: Vec::new(),
            idle: BTreeSet::new(),
            ending: Vec::new(),
            waiting: 0,
        }
    }

    fn perform(&mut self, steps: Vec<Step<u64, Arc<SandboxSpec>>>) {
        for step in steps {
            match step {
                Step::Start { slot, call, .. } => {
                    assert_eq!(slot.spec, call);
                    self.waiting -= 1;
                    self.starting.push(slot.id);
                    self.busy.push(slot.id);
                    self.slots.insert(slot.id, slot);
                }
                Step::End(slot, _) => {
                    assert!(self.idle.remove(&slot), "only idle ones are told to end");
                    self.ending.push(slot);
                }
            }
        }
    }

    fn call(&mut self, spec: Arc<SandboxSpec>) {
        match self.state.admit(&spec, Arc::clone(&spec), self.now) {
            Admitted::Warm(slot, _) => {
                assert!(self.idle.remove(&slot));
                assert_eq!(self.slots[&slot].spec, spec, "only equal specs share");
                self.busy.push(slot);
            }
            Admitted::Cold(steps) => {
                self.waiting += 1;
                self.perform(steps);
            }
            Admitted::NoRoom(_) | Admitted::Closed(_) => panic!("it fits, and the pool is open"),
        }
    }

    fn finish(&mut self, id: u64) {
        let slot = self.slots[&id].clone();
        match self.state.release(&slot, id, Duration::ZERO, self.now) {
            After::Serve(call, steps) => {
                assert_eq!(call, slot.spec);
                self.waiting -= 1;
                self.busy.push(id);
                self.perform(steps);
            }
            After::Idle(steps) => {
                self.idle.insert(id);
                self.perform(steps);
            }
            After::End(_) => self.ending.push(id),
        }
    }

    fn play(&mut self, event: Event) {
        let ready: Vec<u64> = self
            .busy
            .iter()
            .copied()
            .filter(|id| !self.starting.contains(id))
            .collect();
        let pick = |list: &[u64], at: usize| (!list.is_empty()).then(|| list[at % list.len()]);
        match event {
            Event::Call(function, revision) => {
                self.call(spec(function, revision, 100 * (u32::from(function) + 1)));
            }
            Event::Finish(at) => {
                if let Some(id) = pick(&ready, at) {
                    self.busy.retain(|busy| *busy != id);
                    self.finish(id);
                }
            }
            Event::Crash(at) => {
                if let Some(id) = pick(&ready, at) {
                    self.busy.retain(|busy| *busy != id);
                    self.state.begin_end(&self.slots[&id], End::Crashed);
                    self.ending.push(id);
                }
            }
            Event::Expire(at) => {
                let idle: Vec<u64> = self.idle.iter().copied().collect();
                if let Some(id) = pick(&idle, at) {
                    let ended = self.state.end_when_idle(&self.slots[&id], End::Expired);
                    assert_eq!(ended, Some(id));
                    let again = self.state.end_when_idle(&self.slots[&id], End::Expired);
                    assert_eq!(again, None);
                    self.idle.remove(&id);
                    self.ending.push(id);
                }
            }
            Event::Gone(at) => {
                if let Some(id) = pick(&self.ending, at) {
                    self.ending.retain(|ending| *ending != id);
                    let slot = self.slots.remove(&id).expect("known");
                    let steps = self.state.gone(&slot);
                    self.perform(steps);
                }
            }
            Event::Started(at) => {
                if let Some(id) = pick(&self.starting.clone(), at) {
                    self.starting.retain(|starting| *starting != id);
                    let steps = self.state.started();
                    self.perform(steps);
                }
            }
            Event::Retire(function) => {
                let steps = self.state.retire(&format!("function-{function}"));
                self.perform(steps);
            }
            Event::Wait(seconds) => {
                self.now += Duration::from_secs(seconds);
                let (given_up, steps) = self.state.give_up(Some(self.now));
                self.waiting -= given_up.len();
                self.perform(steps);
            }
        }
    }

    fn check(&self) {
        let used: u64 = self
            .slots
            .values()
            .map(|slot| u64::from(slot.spec.memory_mib))
            .sum();
        let expected = Snapshot {
            busy: self.busy.len(),
            idle: self.idle.len(),
            memory_mib: used,
        };
        assert_eq!(self.state.snapshot(), expected);
        assert!(used <= BUDGET_MIB && self.starting.len() <= STARTS);
        assert_eq!(self.state.waiting.len(), self.waiting);
        // Nothing waits in vain.
        if let Some(first) = self.state.waiting.front() {
            let room = used + u64::from(first.spec.memory_mib) <= BUDGET_MIB;
            assert!(self.starting.len() == STARTS || !room);
        }
    }
}

proptest! {
    #[test]
    fn counts_agree_and_the_budget_holds(events in prop::collection::vec(event(), 1..150)) {
        let mut model = Model::new();
        for event in events {
            model.play(event);
            model.check();
        }
        // Whatever was going on comes to an end.
        for _ in 0..10_000 {
            if let Some(id) = model.starting.pop() {
                let steps = model.state.started();
                model.perform(steps);
                assert!(model.busy.contains(&id));
            } else if let Some(id) = model.busy.pop() {
                model.finish(id);
            } else if let Some(id) = model.ending.pop() {
                let slot = model.slots.remove(&id).expect("known");
                let steps = model.state.gone(&slot);
                model.perform(steps);
            } else {
                break;
            }
            model.check();
        }
        prop_assert_eq!(model.waiting, 0);
    }
}

#[test]
fn the_past_is_bounded() {
    let mut model = Model::new();
    for number in 0..MAX_FUNCTIONS + 10 {
        let spec = Arc::new(SandboxSpec {
            function: number.to_string(),
            ..SandboxSpec::clone(&spec(0, 0, 100))
        });
        model.call(spec);
        model.play(Event::Started(0));
        model.play(Event::Crash(0));
        model.play(Event::Gone(0));
    }
    assert!(model.state.functions.len() <= MAX_FUNCTIONS);
}
