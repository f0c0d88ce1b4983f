//! What is kept of a function's invocations beside their figures: the setting, and what it may be. Pure.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::FunctionError;

/// Keys at most.
const KEYS: usize = 100;
/// Characters of a key at most.
const KEY_CHARS: usize = 128;
/// Names under which secrets usually travel.
const DEFAULT_KEYS: [&str; 18] = [
    "password",
    "passwd",
    "secret",
    "token",
    "authorization",
    "proxy-authorization",
    "cookie",
    "set-cookie",
    "api_key",
    "apikey",
    "api-key",
    "x-api-key",
    "access_token",
    "refresh_token",
    "id_token",
    "client_secret",
    "secret_key",
    "private_key",
];

/// A function's recording setting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Recording {
    /// Whether events and responses are kept.
    pub keep_events: bool,
    /// JSON keys, at any depth and in any case, whose values are replaced before anything is kept.
    pub redact_keys: Vec<String>,
}

/// A new setting; what is not given stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecordingChange {
    /// Whether events and responses are kept.
    pub keep_events: Option<bool>,
    /// All keys.
    pub redact_keys: Option<Vec<String>>,
}

impl Default for Recording {
    fn default() -> Self {
        Self {
            keep_events: false,
            redact_keys: DEFAULT_KEYS.map(str::to_owned).to_vec(),
        }
    }
}

impl Recording {
    /// The setting after `change`; a key that is named twice is kept once.
    ///
    /// # Errors
    /// Too many keys, or one that is empty or too long.
    pub fn changed(&self, change: RecordingChange) -> Result<Self, FunctionError> {
        let redact_keys = match change.redact_keys {
            None => self.redact_keys.clone(),
            Some(keys) => checked(keys)?,
        };
        Ok(Self {
            keep_events: change.keep_events.unwrap_or(self.keep_events),
            redact_keys,
        })
    }
}

fn checked(mut keys: Vec<String>) -> Result<Vec<String>, FunctionError> {
    let refused = |constraint: String| {
        Err(FunctionError::Validation(format!(
            "Value at 'redactKeys' failed to satisfy constraint: {constraint}"
        )))
    };
    if keys.len() > KEYS {
        return refused(format!(
            "Member must have length less than or equal to {KEYS}"
        ));
    }
    let fits = |key: &String| (1..=KEY_CHARS).contains(&key.chars().count());
    if !keys.iter().all(fits) {
        return refused(format!(
            "Member must satisfy constraint: [Member must have length less than or equal to {KEY_CHARS}, \
             Member must have length greater than or equal to 1]"
        ));
    }
    let mut seen = HashSet::new();
    keys.retain(|key| seen.insert(key.to_lowercase()));
    Ok(keys)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_keys(keys: Vec<String>) -> Result<Recording, FunctionError> {
        Recording::default().changed(RecordingChange {
            keep_events: Some(true),
            redact_keys: Some(keys),
        })
    }

    #[test]
    fn nothing_is_kept_unless_asked_for() {
        let default = Recording::default();
        assert!(!default.keep_events);
        assert!(checked(default.redact_keys.clone()).is_ok());
        let kept = default.changed(RecordingChange {
            keep_events: Some(true),
            redact_keys: None,
        });
        assert_eq!(kept.unwrap().redact_keys, default.redact_keys);
    }

    #[test]
    fn keys_are_bounded_and_each_is_kept_once() {
        let keys = |count: usize| (0..count).map(|number| number.to_string()).collect();
        assert_eq!(with_keys(keys(KEYS)).unwrap().redact_keys.len(), KEYS);
        assert!(with_keys(keys(KEYS + 1)).is_err());
        assert!(with_keys(vec!["é".repeat(KEY_CHARS)]).is_ok());
        assert!(with_keys(vec!["é".repeat(KEY_CHARS + 1)]).is_err());
        assert!(with_keys(vec![String::new()]).is_err());
        let same = with_keys(vec!["Pin".into(), "PIN".into(), "pan".into()]).unwrap();
        assert_eq!(same.redact_keys, ["Pin", "pan"]);
    }
}
