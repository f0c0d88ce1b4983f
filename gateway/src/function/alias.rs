//! Aliases: a name for a version, or for two of them with a weight. Pure.
//! <https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::FunctionError;
use super::limits::ADDITIONAL_VERSIONS;
use super::qualifier::{LATEST, label};

/// An alias.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alias {
    /// The version that it names; `None` is `$LATEST`.
    pub version: Option<u64>,
    /// For people.
    pub description: String,
    /// The share of calls that another version gets, 0 to 1.
    #[serde(default)]
    pub additional: BTreeMap<u64, f64>,
    /// Changes with every change of the alias.
    pub revision_id: String,
}

impl Alias {
    /// The version for a call that drew `random` (0 inclusive to 1 exclusive).
    pub fn draw(&self, random: f64) -> Option<u64> {
        let mut passed = 0.0;
        for (version, weight) in &self.additional {
            passed += weight;
            if random < passed {
                return Some(*version);
            }
        }
        self.version
    }

    /// Whether calls may reach `version` through it.
    pub fn names(&self, version: u64) -> bool {
        self.version == Some(version) || self.additional.contains_key(&version)
    }

    /// `AliasConfiguration` of the model.
    pub fn describe(&self, function_arn: &str, name: &str) -> Value {
        let mut described = json!({
            "AliasArn": format!("{function_arn}:{name}"),
            "Name": name,
            "FunctionVersion": label(self.version),
            "Description": self.description,
            "RevisionId": self.revision_id,
        });
        if !self.additional.is_empty() {
            let weights: BTreeMap<String, f64> = self
                .additional
                .iter()
                .map(|(version, weight)| (version.to_string(), *weight))
                .collect();
            described["RoutingConfig"] = json!({ "AdditionalVersionWeights": weights });
        }
        described
    }
}

/// The weights of a request for an alias of `version`, held against AWS's rules.
///
/// # Errors
/// Too many, not of a published version, or of the alias's own.
pub fn weights(
    version: Option<u64>,
    requested: &BTreeMap<String, f64>,
) -> Result<BTreeMap<u64, f64>, FunctionError> {
    if requested.len() > ADDITIONAL_VERSIONS {
        return Err(FunctionError::Invalid(format!(
            "Number of items in AdditionalVersionWeights cannot be greater than {ADDITIONAL_VERSIONS}"
        )));
    }
    let Some(version) = version else {
        return if requested.is_empty() {
            Ok(BTreeMap::new())
        } else {
            Err(FunctionError::Invalid(format!(
                "{LATEST} is not supported for an alias pointing to more than 1 version"
            )))
        };
    };
    let mut weights = BTreeMap::new();
    for (additional, weight) in requested {
        // The model lets digits in alone: more of them than a number holds name no version.
        let number = additional.parse().unwrap_or(u64::MAX);
        if number == version {
            return Err(FunctionError::Invalid(format!(
                "Invalid function version {version}. Function version {version} is already included in routing configuration."
            )));
        }
        weights.insert(number, *weight);
    }
    Ok(weights)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(weight: f64) -> Alias {
        Alias {
            version: Some(1),
            description: String::new(),
            additional: BTreeMap::from([(2, weight)]),
            revision_id: String::new(),
        }
    }

    #[test]
    fn a_weight_of_zero_and_of_one_are_certain() {
        for random in [0.0, 0.5, 0.999_999] {
            assert_eq!(split(0.0).draw(random), Some(1));
            assert_eq!(split(1.0).draw(random), Some(2));
        }
        assert_eq!(split(0.3).draw(0.299), Some(2));
        assert_eq!(split(0.3).draw(0.3), Some(1));
    }

    #[test]
    fn bad_weights_are_refused_in_awss_words() {
        let refusal = |version, requested: &[(&str, f64)]| {
            let requested = requested
                .iter()
                .map(|(v, w)| ((*v).to_owned(), *w))
                .collect();
            weights(version, &requested).unwrap_err().to_string()
        };
        assert_eq!(
            refusal(Some(1), &[("1", 0.5)]),
            "Invalid function version 1. Function version 1 is already included in routing configuration."
        );
        assert!(refusal(Some(1), &[("2", 0.1), ("3", 0.1)]).starts_with("Number of items"));
        assert!(refusal(None, &[("2", 0.1)]).starts_with("$LATEST is not supported"));
        assert!(weights(None, &BTreeMap::new()).unwrap().is_empty());
    }

    proptest! {
        #[test]
        fn every_draw_hits_a_named_version(weight in 0.0f64..=1.0, random in 0.0f64..1.0) {
            let alias = split(weight);
            let drawn = alias.draw(random);
            prop_assert!(drawn.is_some_and(|version| alias.names(version)));
            prop_assert_eq!(drawn == Some(2), random < weight);
        }
    }
}
