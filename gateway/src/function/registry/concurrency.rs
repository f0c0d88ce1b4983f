//! Reserved concurrency and the account's limits: PutFunctionConcurrency, DeleteFunctionConcurrency, GetAccountSettings.

use std::sync::Arc;

use super::resolve::{arn_of, locate};
use super::update::whole;
use super::{Registry, key_of};
use crate::auth::Identity;
use crate::function::FunctionError;
use crate::function::limits::MIN_UNRESERVED_CONCURRENCY;
use crate::function::qualifier::LATEST;

/// What an account may use in a region, and uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountSettings {
    /// Calls at the same time.
    pub concurrency: u32,
    /// Those that no function has reserved.
    pub unreserved: u32,
    /// Functions.
    pub functions: usize,
    /// Size of all packages, bytes.
    pub code_bytes: u64,
}

impl Registry {
    /// Reserves concurrency for a function.
    ///
    /// # Errors
    /// No such function, or too little stays unreserved.
    pub async fn put_concurrency(
        self: &Arc<Self>,
        identity: &Identity,
        reference: &str,
        reserved: u32,
    ) -> Result<(), FunctionError> {
        let name = whole(locate(identity, reference, None)?)?;
        let key = key_of(identity, name);
        if self.stored(&key).is_err() {
            let arn = arn_of(identity, name, Some(LATEST));
            return Err(FunctionError::NotFound { arn });
        }
        let registry = Arc::clone(self);
        let change = async move {
            // Held until the sum in memory has the change.
            let _only_one = registry.reservations.acquire().await;
            let total = registry.total_reserved(&key.account, &key.region);
            let limit = registry.account_concurrency;
            let decide = |function: &mut crate::function::aggregate::Function| {
                check(limit, total, function.reserved, reserved)?;
                function.reserved = Some(reserved);
                Ok(())
            };
            registry.changed(&key, decide).await
        };
        self.detached(change).await
    }

    /// Gives a function's reservation back; it is fine if there is none.
    ///
    /// # Errors
    /// No such function.
    pub async fn delete_concurrency(
        self: &Arc<Self>,
        identity: &Identity,
        reference: &str,
    ) -> Result<(), FunctionError> {
        let key = key_of(identity, whole(locate(identity, reference, None)?)?);
        self.change(key, |function| {
            function.reserved = None;
            Ok(())
        })
        .await
    }

    /// A function's reservation.
    ///
    /// # Errors
    /// No such function.
    pub fn concurrency(
        &self,
        identity: &Identity,
        reference: &str,
    ) -> Result<Option<u32>, FunctionError> {
        let located = locate(identity, reference, None)?;
        whole(located)?;
        Ok(self.entry(identity, located)?.function.reserved)
    }

    /// What the caller's account may use in its region, and uses.
    pub fn account_settings(&self, identity: &Identity) -> AccountSettings {
        let concurrency = self.account_concurrency;
        self.index
            .region(&identity.account, &identity.region, |region| {
                let reserved = region.map_or(0, |region| region.total_reserved);
                AccountSettings {
                    concurrency,
                    unreserved: concurrency.saturating_sub(reserved),
                    functions: region.map_or(0, super::index::Region::count),
                    code_bytes: region.map_or(0, |region| region.code_bytes),
                }
            })
    }
}

/// Whether a reservation of `wanted` in the place of `held` leaves enough of the account's `limit`.
fn check(limit: u32, total: u32, held: Option<u32>, wanted: u32) -> Result<(), FunctionError> {
    let held = held.unwrap_or(0);
    let unreserved = limit.saturating_sub(total.saturating_sub(held).saturating_add(wanted));
    if wanted > held && unreserved < MIN_UNRESERVED_CONCURRENCY {
        return Err(FunctionError::Invalid(format!(
            "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [{MIN_UNRESERVED_CONCURRENCY}]."
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_stay_unreserved() {
        assert!(check(1_000, 0, None, 900).is_ok());
        assert!(check(1_000, 0, None, 901).is_err());
        assert!(check(1_000, 900, Some(900), 900).is_ok());
        assert!(check(1_000, 900, Some(400), 401).is_err());
        assert!(check(1_000, 900, Some(400), 399).is_ok());
        assert!(check(2, 0, None, 0).is_ok(), "nothing is taken");
        assert!(check(2, 0, None, 1).is_err());
        assert!(check(1_000, 5, None, u32::MAX).is_err());
    }
}
