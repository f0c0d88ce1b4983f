//! Tags of a function: how many, how long. Pure. <https://docs.aws.amazon.com/lambda/latest/dg/configuration-tags.html>

use std::collections::BTreeMap;

use super::FunctionError;
use super::limits::{TAG_KEY_CHARS, TAG_VALUE_CHARS, TAGS};

/// Tags by key.
pub type Tags = BTreeMap<String, String>;

/// Adds `new` to `tags`, replacing those with the same key.
///
/// # Errors
/// Too many, or too long; `tags` is as it was.
pub fn add(tags: &mut Tags, new: Tags) -> Result<(), FunctionError> {
    for (key, value) in &new {
        let limit = |what, name: &str, most| {
            FunctionError::Validation(format!(
                "Value '{name}' at 'tags' failed to satisfy constraint: Map {what} must satisfy constraint: [Member must have length less than or equal to {most}, Member must have length greater than or equal to {}]",
                i32::from(what == "keys")
            ))
        };
        if key.is_empty() || key.chars().count() > TAG_KEY_CHARS {
            return Err(limit("keys", key, TAG_KEY_CHARS));
        }
        if value.chars().count() > TAG_VALUE_CHARS {
            return Err(limit("values", value, TAG_VALUE_CHARS));
        }
    }
    let added = new.keys().filter(|key| !tags.contains_key(*key)).count();
    if tags.len() + added > TAGS {
        return Err(FunctionError::Invalid(
            "Number of tags exceeds resource tag limit.".to_owned(),
        ));
    }
    tags.extend(new);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(count: usize) -> Tags {
        (0..count)
            .map(|number| (format!("k{number}"), "v".to_owned()))
            .collect()
    }

    #[test]
    fn fifty_is_the_limit_and_replacing_is_free() {
        let mut held = tags(50);
        add(&mut held, tags(50)).unwrap();
        let more = Tags::from([("other".to_owned(), "v".to_owned())]);
        let message = add(&mut held, more).unwrap_err().to_string();
        assert_eq!(message, "Number of tags exceeds resource tag limit.");
        assert_eq!(held.len(), 50);
    }

    #[test]
    fn long_tags_are_refused() {
        let mut held = Tags::new();
        assert!(add(&mut held, Tags::from([("k".repeat(129), String::new())])).is_err());
        assert!(add(&mut held, Tags::from([("k".into(), "v".repeat(257))])).is_err());
        assert!(held.is_empty());
    }
}
