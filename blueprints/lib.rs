//! The function templates that hearth embeds, and sample events that belong to no one template.
//!
//! A blueprint is a folder:
//!
//! ```text
//! <id>/blueprint.toml        name, description, tags, runtime, handler, hints
//! <id>/lambda_function.py …  every other file is the function's code
//! <id>/events/NAME.json      an event to try it with
//! <id>/expected/NAME.json          what the function returns for that event, exactly
//! <id>/expected/NAME.error.json    or: the errorType and errorMessage it fails with
//! ```
//!
//! Invariant, held by the tests below: every event has exactly one expectation, and everything parses.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use include_dir::{Dir, include_dir};
use serde::Deserialize;
use serde_json::Value;

static FOLDER: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR");

static BLUEPRINTS: LazyLock<Vec<Blueprint>> = LazyLock::new(|| {
    load(&FOLDER).expect("the embedded blueprints are held by this crate's tests")
});

static SAMPLE_EVENTS: LazyLock<BTreeMap<String, &'static str>> = LazyLock::new(|| {
    json_files(&FOLDER, "events").expect("the embedded events are held by this crate's tests")
});

/// A function template.
#[derive(Clone, Debug)]
pub struct Blueprint {
    /// Its name in addresses: the folder's.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// What the function does, in a sentence.
    pub description: String,
    /// What it is about, in short words to look for.
    pub tags: Vec<String>,
    /// The runtime that it was written for; every later Python runs it too.
    pub runtime: String,
    /// `module.function`.
    pub handler: String,
    /// Whether its `requirements.txt` must be resolved at deploy.
    pub requirements: bool,
    /// Hints for the function's configuration.
    pub configuration: Configuration,
    /// The code: path inside the package → content.
    pub files: BTreeMap<String, &'static [u8]>,
    /// Event name → JSON text.
    pub events: BTreeMap<String, &'static str>,
    /// Event name → what the function does with it.
    pub expected: BTreeMap<String, Expectation>,
}

/// Hints for a function's configuration; the defaults are Lambda's.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Configuration {
    /// How long an invocation may take, in seconds.
    pub timeout_seconds: u32,
    /// Memory, in MiB.
    pub memory_mib: u32,
    /// Environment variables.
    pub environment: BTreeMap<String, String>,
}

impl Default for Configuration {
    fn default() -> Self {
        Self {
            timeout_seconds: 3,
            memory_mib: 128,
            environment: BTreeMap::new(),
        }
    }
}

/// What a blueprint's function does with one of its events.
#[derive(Clone, Debug, PartialEq)]
pub enum Expectation {
    /// It returns exactly this.
    Returns(Value),
    /// It raises.
    Fails(Failure),
}

/// An error as Lambda reports it; its stack trace is not held against anything.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Failure {
    /// The exception's class.
    pub error_type: String,
    /// The exception's text.
    pub error_message: String,
}

/// Why a blueprint's folder was not understood.
#[derive(Debug, thiserror::Error)]
pub enum BlueprintError {
    /// The manifest is not what this version reads.
    #[error("{id}/blueprint.toml: {source}")]
    Manifest {
        /// The blueprint.
        id: String,
        /// What is wrong.
        source: toml::de::Error,
    },
    /// A file that must be text is not UTF-8.
    #[error("{path} is not UTF-8")]
    Encoding {
        /// The file.
        path: String,
    },
    /// A file that must be JSON is not, or has another shape.
    #[error("{path}: {source}")]
    Json {
        /// The file.
        path: String,
        /// What is wrong.
        source: serde_json::Error,
    },
}

/// Every blueprint, ordered by id.
pub fn all() -> &'static [Blueprint] {
    &BLUEPRINTS
}

/// The blueprint with this id.
pub fn find(id: &str) -> Option<&'static Blueprint> {
    all().iter().find(|blueprint| blueprint.id == id)
}

/// Events in AWS's shapes that belong to no one blueprint: name → JSON text.
pub fn sample_events() -> &'static BTreeMap<String, &'static str> {
    &SAMPLE_EVENTS
}

/// `blueprint.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    name: String,
    description: String,
    tags: Vec<String>,
    runtime: String,
    handler: String,
    #[serde(default)]
    requirements: bool,
    #[serde(default)]
    configuration: Configuration,
}

fn load(folder: &'static Dir<'static>) -> Result<Vec<Blueprint>, BlueprintError> {
    let mut found = Vec::new();
    for dir in folder.dirs() {
        if let Some(manifest) = dir.get_file(dir.path().join("blueprint.toml")) {
            let id = dir.path().to_string_lossy().into_owned();
            found.push(blueprint(id, dir, text(manifest)?)?);
        }
    }
    found.sort_by(|left, right| left.id.cmp(&right.id));
    Ok(found)
}

fn blueprint(
    id: String,
    dir: &'static Dir<'static>,
    manifest: &str,
) -> Result<Blueprint, BlueprintError> {
    let manifest: Manifest =
        toml::from_str(manifest).map_err(|source| BlueprintError::Manifest {
            id: id.clone(),
            source,
        })?;
    let mut expected = BTreeMap::new();
    for (name, json) in json_files(dir, "expected")? {
        let path = format!("{id}/expected/{name}.json");
        let wrong = |source| BlueprintError::Json { path, source };
        match name.strip_suffix(".error") {
            Some(event) => expected.insert(
                event.to_owned(),
                Expectation::Fails(serde_json::from_str(json).map_err(wrong)?),
            ),
            None => expected.insert(
                name,
                Expectation::Returns(serde_json::from_str(json).map_err(wrong)?),
            ),
        };
    }
    Ok(Blueprint {
        name: manifest.name,
        description: manifest.description,
        tags: manifest.tags,
        runtime: manifest.runtime,
        handler: manifest.handler,
        requirements: manifest.requirements,
        configuration: manifest.configuration,
        files: code_files(dir),
        events: json_files(dir, "events")?,
        expected,
        id,
    })
}

/// The function's own files: all but the manifest, the events and the expectations.
fn code_files(dir: &'static Dir<'static>) -> BTreeMap<String, &'static [u8]> {
    dir.files()
        .filter_map(|file| Some((file.path().file_name()?.to_str()?, file.contents())))
        .filter(|(name, _)| *name != "blueprint.toml")
        .map(|(name, content)| (name.to_owned(), content))
        .collect()
}

/// `NAME → text` of the `.json` files in a sub-folder; none when there is no such folder.
fn json_files(
    dir: &'static Dir<'static>,
    folder: &str,
) -> Result<BTreeMap<String, &'static str>, BlueprintError> {
    let Some(folder) = dir.get_dir(dir.path().join(folder)) else {
        return Ok(BTreeMap::new());
    };
    let mut found = BTreeMap::new();
    for file in folder.files() {
        let name = file.path().file_name().and_then(|name| name.to_str());
        if let Some(name) = name.and_then(|name| name.strip_suffix(".json")) {
            found.insert(name.to_owned(), text(file)?);
        }
    }
    Ok(found)
}

fn text(file: &'static include_dir::File<'static>) -> Result<&'static str, BlueprintError> {
    file.contents_utf8()
        .ok_or_else(|| BlueprintError::Encoding {
            path: file.path().display().to_string(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_promised_blueprints_are_there() {
        load(&FOLDER).unwrap();
        let ids: Vec<&str> = all()
            .iter()
            .map(|blueprint| blueprint.id.as_str())
            .collect();
        assert_eq!(
            ids,
            [
                "api-http",
                "error-handling",
                "flask-web-app",
                "hello-world-python",
                "s3-event",
                "scheduled-task",
                "sqs-batch",
            ]
        );
        assert!(find("hello-world-python").is_some());
        assert!(find("no-such-blueprint").is_none());
    }

    #[test]
    fn tags_are_short_words() {
        for blueprint in all() {
            assert!((1..=5).contains(&blueprint.tags.len()), "{}", blueprint.id);
            for tag in &blueprint.tags {
                let is_word = tag
                    .bytes()
                    .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
                assert!(is_word && (2..=16).contains(&tag.len()), "{tag}");
            }
            let unique: std::collections::BTreeSet<&String> = blueprint.tags.iter().collect();
            assert_eq!(unique.len(), blueprint.tags.len(), "{}", blueprint.id);
        }
    }

    #[test]
    fn every_event_has_exactly_one_expectation() {
        for blueprint in all() {
            assert!(!blueprint.events.is_empty(), "{}", blueprint.id);
            let events: Vec<&String> = blueprint.events.keys().collect();
            let expected: Vec<&String> = blueprint.expected.keys().collect();
            assert_eq!(events, expected, "{}", blueprint.id);
        }
    }

    #[test]
    fn every_event_is_json() {
        let of_blueprints = all().iter().flat_map(|blueprint| &blueprint.events);
        for (name, text) in of_blueprints.chain(sample_events()) {
            serde_json::from_str::<Value>(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        assert!(sample_events().contains_key("s3-put"));
    }

    #[test]
    fn the_handler_names_a_function_of_the_code() {
        for blueprint in all() {
            let (module, function) = blueprint.handler.rsplit_once('.').unwrap();
            let code = blueprint.files[&format!("{module}.py")];
            let code = std::str::from_utf8(code).unwrap();
            let names_it = code.contains(&format!("def {function}("))
                || code.contains(&format!("{function} = "));
            assert!(names_it, "{}", blueprint.id);
        }
    }

    #[test]
    fn requirements_are_pinned_and_only_where_announced() {
        for blueprint in all() {
            let file = blueprint.files.get("requirements.txt");
            assert_eq!(file.is_some(), blueprint.requirements, "{}", blueprint.id);
            for line in file
                .map_or("", |file| std::str::from_utf8(file).unwrap())
                .lines()
            {
                assert!(line.contains("=="), "{}: {line}", blueprint.id);
            }
        }
    }

    #[test]
    fn expectations_tell_results_from_failures() {
        let errors = find("error-handling").unwrap();
        assert!(matches!(
            errors.expected["valid-order"],
            Expectation::Returns(_)
        ));
        let Expectation::Fails(failure) = &errors.expected["unknown-item"] else {
            panic!("unknown-item fails");
        };
        assert_eq!(failure.error_type, "UnknownItem");
    }
}
