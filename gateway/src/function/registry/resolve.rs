//! From a reference to what it names: the way of every invocation, in memory only.

use std::sync::Arc;

use super::Registry;
use super::index::Entry;
use crate::auth::Identity;
use crate::function::aggregate::qualified;
use crate::function::arn::Reference;
use crate::function::qualifier::Qualifier;
use crate::function::recording::Recording;
use crate::function::{FunctionError, FunctionKey, FunctionVersion};

/// What a name and qualifier resolve to.
#[derive(Clone, Debug)]
pub struct Target {
    /// The version to run (an alias's weights are drawn already).
    pub version: Arc<FunctionVersion>,
    /// The ARN by which it was called: qualified when the caller gave a qualifier.
    pub invoked_arn: String,
    /// The alias or version that the caller named.
    pub qualifier: Option<String>,
    /// The function's recording setting, where it was ever set.
    pub recording: Option<Arc<Recording>>,
}

/// A reference of the caller's own account and region, with its one qualifier.
#[derive(Clone, Copy)]
pub(super) struct Located<'a> {
    pub(super) name: &'a str,
    pub(super) qualifier: Option<&'a str>,
}

/// Reads a reference and holds it against the caller's account and region and the separate `qualifier`.
pub(super) fn locate<'a>(
    identity: &Identity,
    reference: &'a str,
    qualifier: Option<&'a str>,
) -> Result<Located<'a>, FunctionError> {
    let Some(found) = Reference::parse(reference) else {
        return Err(FunctionError::NotFound {
            arn: arn_of(identity, reference, qualifier),
        });
    };
    if let Some(theirs) = found.region.filter(|region| *region != identity.region) {
        return Err(FunctionError::OtherRegion {
            theirs: theirs.to_owned(),
            ours: identity.region.clone(),
        });
    }
    if let Some(account) = found.account.filter(|account| *account != identity.account) {
        let (region, name) = (&identity.region, found.name);
        let arn = format!("arn:aws:lambda:{region}:{account}:function:{name}");
        return Err(FunctionError::OtherAccount {
            account: identity.account.clone(),
            arn: qualified(arn, qualifier.or(found.qualifier)),
        });
    }
    if let (Some(derived), Some(given)) = (found.qualifier, qualifier)
        && derived != given
    {
        return Err(FunctionError::Invalid(
            "The derived qualifier from the function name does not match the specified qualifier."
                .to_owned(),
        ));
    }
    Ok(Located {
        name: found.name,
        qualifier: qualifier.or(found.qualifier),
    })
}

/// The ARN of a function that may not be there.
pub(super) fn arn_of(identity: &Identity, name: &str, qualifier: Option<&str>) -> String {
    let (region, account) = (&identity.region, &identity.account);
    let arn = format!("arn:aws:lambda:{region}:{account}:function:{name}");
    qualified(arn, qualifier)
}

impl Registry {
    /// Resolves `reference` (bare name, partial or full ARN, either with a qualifier) and `qualifier` for a caller.
    /// Touches memory only.
    ///
    /// # Errors
    /// No such function, version or alias; a reference to another account or region; a function that is not invocable yet.
    pub fn resolve(
        &self,
        identity: &Identity,
        reference: &str,
        qualifier: Option<&str>,
    ) -> Result<Target, FunctionError> {
        let located = locate(identity, reference, qualifier)?;
        let entry = self.entry(identity, located)?;
        let not_found = || FunctionError::NotFound {
            arn: qualified(entry.arn.clone(), located.qualifier),
        };
        let number = match Qualifier::parse(located.qualifier) {
            Qualifier::Latest => None,
            Qualifier::Number(number) => Some(number),
            Qualifier::Alias(name) => {
                let alias = entry.function.aliases.get(name).ok_or_else(not_found)?;
                alias.draw(fastrand::f64())
            }
        };
        match entry.runnable(number).ok_or_else(not_found)? {
            Ok(version) => Ok(Target {
                version: Arc::clone(version),
                invoked_arn: qualified(entry.arn.clone(), located.qualifier),
                qualifier: located.qualifier.map(str::to_owned),
                recording: entry.function.recording.clone(),
            }),
            Err(state) => Err(FunctionError::NotReady {
                state: state.word(),
            }),
        }
    }

    /// The function's reserved concurrency.
    pub fn reserved_concurrency(&self, function: &FunctionKey) -> Option<u32> {
        let FunctionKey {
            account,
            region,
            name,
        } = function;
        self.index.get(account, region, name)?.function.reserved
    }

    /// The sum of all reserved concurrency of an account in a region.
    pub fn total_reserved(&self, account: &str, region: &str) -> u32 {
        self.index.region(account, region, |found| {
            found.map_or(0, |region| region.total_reserved)
        })
    }

    /// The function that a located reference names.
    pub(super) fn entry(
        &self,
        identity: &Identity,
        located: Located<'_>,
    ) -> Result<Arc<Entry>, FunctionError> {
        self.index
            .get(&identity.account, &identity.region, located.name)
            .ok_or_else(|| FunctionError::NotFound {
                arn: arn_of(identity, located.name, located.qualifier),
            })
    }
}
