//! Reserved and account concurrency: a call gets a [`Permit`], or is throttled.
//!
//! Invariants: a function with a reservation never runs more than that, functions without one never run more than the account's
//! limit less all reservations, and the account never runs more than its limit. A permit gives back what it took when it drops,
//! in the pool that it was taken from, even if the reservation has changed since.
//! <https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html>

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::function::FunctionKey;

/// Why a call is throttled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Throttle {
    /// The function runs as often as its reservation allows.
    Reserved,
    /// What the account has left for this function is in use.
    Account,
}

impl Throttle {
    /// AWS's word, the member `Reason` of `TooManyRequestsException`.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Reserved => "ReservedFunctionConcurrentInvocationLimitExceeded",
            Self::Account => "ConcurrentInvocationLimitExceeded",
        }
    }
}

/// What a function and its account may run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Of the account in the region.
    pub account: u32,
    /// The function's own reservation.
    pub reserved: Option<u32>,
    /// The sum of all reservations of the account in the region.
    pub total_reserved: u32,
}

/// How many calls run, the admitted one included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Running {
    /// Of the function.
    pub function: u32,
    /// Of the account in the region.
    pub account: u32,
    /// Of the account's functions without a reservation.
    pub unreserved: u32,
}

/// Whether one more call may run beside those that `running` counts.
pub fn decide(running: Running, limits: Limits) -> Result<(), Throttle> {
    match limits.reserved {
        Some(reserved) if running.function >= reserved => Err(Throttle::Reserved),
        Some(_) if running.account >= limits.account => Err(Throttle::Account),
        None if running.account >= limits.account
            || running.unreserved >= limits.account.saturating_sub(limits.total_reserved) =>
        {
            Err(Throttle::Account)
        }
        _ => Ok(()),
    }
}

#[derive(Default)]
struct AccountCounts {
    running: u32,
    unreserved: u32,
    functions: HashMap<String, u32>,
}

/// Counts what runs, by account and region.
#[derive(Default)]
pub struct Admission {
    accounts: Mutex<HashMap<(String, String), AccountCounts>>,
}

impl Admission {
    /// Takes a place for one call of `function`.
    ///
    /// # Errors
    /// No place is left.
    pub fn admit(
        self: &Arc<Self>,
        function: &FunctionKey,
        limits: Limits,
    ) -> Result<(Permit, Running), Throttle> {
        let account_key = (function.account.clone(), function.region.clone());
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        let counts = accounts.entry(account_key.clone()).or_default();
        let mut running = Running {
            function: counts.functions.get(&function.name).copied().unwrap_or(0),
            account: counts.running,
            unreserved: counts.unreserved,
        };
        let decision = decide(running, limits);
        if decision.is_ok() {
            let unreserved = u32::from(limits.reserved.is_none());
            running.function += 1;
            running.account += 1;
            running.unreserved += unreserved;
            counts.running = running.account;
            counts.unreserved = running.unreserved;
            counts
                .functions
                .insert(function.name.clone(), running.function);
        }
        if counts.running == 0 {
            accounts.remove(&account_key);
        }
        drop(accounts);
        decision.map(|()| {
            let permit = Permit {
                admission: Arc::clone(self),
                function: function.clone(),
                unreserved: limits.reserved.is_none(),
            };
            (permit, running)
        })
    }

    fn release(&self, function: &FunctionKey, unreserved: bool) {
        let account_key = (function.account.clone(), function.region.clone());
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(counts) = accounts.get_mut(&account_key) else {
            return;
        };
        counts.running = counts.running.saturating_sub(1);
        counts.unreserved = counts.unreserved.saturating_sub(u32::from(unreserved));
        if let Some(count) = counts.functions.get_mut(&function.name) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                counts.functions.remove(&function.name);
            }
        }
        if counts.running == 0 {
            accounts.remove(&account_key);
        }
    }

    #[cfg(test)]
    fn is_idle(&self) -> bool {
        self.accounts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_empty()
    }
}

/// One running call's place; dropping it gives the place back.
pub struct Permit {
    admission: Arc<Admission>,
    function: FunctionKey,
    unreserved: bool,
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.admission.release(&self.function, self.unreserved);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(name: &str) -> FunctionKey {
        FunctionKey {
            account: "000000000000".into(),
            region: "us-east-1".into(),
            name: name.into(),
        }
    }

    #[test]
    fn a_reservation_of_zero_stops_the_function() {
        let limits = Limits {
            account: 10,
            reserved: Some(0),
            total_reserved: 0,
        };
        let refused = Arc::new(Admission::default())
            .admit(&key("f"), limits)
            .err();
        assert_eq!(refused, Some(Throttle::Reserved));
    }

    #[test]
    fn reserved_functions_leave_the_unreserved_pool_alone() {
        let admission = Arc::new(Admission::default());
        let mut limits = Limits {
            account: 3,
            reserved: Some(2),
            total_reserved: 2,
        };
        let _first = admission.admit(&key("reserved"), limits).unwrap();
        let _second = admission.admit(&key("reserved"), limits).unwrap();
        limits.reserved = None;
        let (_third, running) = admission.admit(&key("free"), limits).unwrap();
        assert_eq!((running.account, running.unreserved), (3, 1));
        let refused = admission.admit(&key("other"), limits).err();
        assert_eq!(refused, Some(Throttle::Account));
    }

    proptest! {
        #[test]
        fn counts_never_exceed_and_return_to_zero(steps in proptest::collection::vec((0usize..4, any::<bool>()), 1..200)) {
            let reserved = [Some(2), Some(0), None, None];
            let admission = Arc::new(Admission::default());
            let mut held: Vec<(usize, Permit)> = Vec::new();
            for (function, enter) in steps {
                if enter {
                    let limits = Limits { account: 5, reserved: reserved[function], total_reserved: 2 };
                    if let Ok((permit, running)) = admission.admit(&key(&function.to_string()), limits) {
                        held.push((function, permit));
                        prop_assert_eq!(running.account as usize, held.len());
                    }
                } else if let Some(at) = held.iter().position(|(of, _)| *of == function) {
                    held.swap_remove(at);
                }
                let of = |wanted: usize| held.iter().filter(|(of, _)| *of == wanted).count();
                prop_assert!(of(0) <= 2 && of(1) == 0 && of(2) + of(3) <= 3);
            }
            held.clear();
            prop_assert!(admission.is_idle());
        }
    }
}
