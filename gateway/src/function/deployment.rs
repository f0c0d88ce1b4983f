//! How a function comes to run what a request asked for. Pure.
//!
//! ```text
//! create ─→ Pending ──────────────────────────→ Active, Successful
//!              └─────────────────────────────→ Failed
//! update ─→ Active, InProgress (the previous runs) ─→ Active, Successful (the new runs)
//!              └─────────────────────────────→ Active, Failed (the previous is back)
//! update of a Failed one ─→ Pending, InProgress ─→ as after create
//! ```
//! `RevisionId` changes with every arrow; `revision`, which sandboxes go by, only when the function runs differently.

use std::collections::BTreeMap;
use std::path::PathBuf;

use invoker::NetworkMode;
use uuid::Uuid;

use super::FunctionError;
use super::aggregate::{Code, Deploy, Function, Reason, State, Update, Version};
use super::settings::Settings;
use super::{FunctionKey, tag::Tags};

/// What a deploy came to: the folders of its libraries, or why it failed.
pub(super) type Outcome = Result<Vec<PathBuf>, Reason>;

/// The code of a version whose runtime the host lacks.
pub(super) const INVALID_RUNTIME: &str = "InvalidRuntime";

/// A new random id.
pub(super) fn new_id() -> String {
    Uuid::new_v4().to_string()
}

/// Why a version is Pending or an update in progress, in AWS's words for both.
pub(super) fn creating() -> Reason {
    Reason {
        code: "Creating".to_owned(),
        text: "The function is being created.".to_owned(),
    }
}

impl Function {
    /// A function that is being created; with `publish`, its version 1 too.
    pub(super) fn create(
        key: FunctionKey,
        settings: Settings,
        code: Code,
        tags: Tags,
        publish: bool,
        now_ms: i64,
    ) -> Self {
        let mut function = Self {
            key,
            latest: Version {
                settings,
                code,
                libraries: Vec::new(),
                revision: new_id(),
                revision_id: new_id(),
                modified_ms: now_ms,
                state: State::Pending,
                reason: Some(creating()),
                update: None,
            },
            published: BTreeMap::new(),
            last_number: 0,
            aliases: BTreeMap::new(),
            policies: BTreeMap::new(),
            tags,
            reserved: None,
            recording: None,
            network: NetworkMode::default(),
            deploy: None,
        };
        let publishes = publish.then(|| function.add_version(None));
        function.deploy = Some(Deploy {
            id: new_id(),
            previous: None,
            publishes,
        });
        function
    }

    /// That nothing is being deployed.
    ///
    /// # Errors
    /// Something is.
    pub(super) fn settled(&self) -> Result<(), FunctionError> {
        match (&self.deploy, self.latest.state) {
            (None, _) => Ok(()),
            (Some(_), State::Pending) => Err(FunctionError::NotReady {
                state: State::Pending.word(),
            }),
            (Some(_), _) => Err(FunctionError::UpdateInProgress {
                arn: self.key.arn(),
            }),
        }
    }

    /// That `revision_id`, where the caller gave one, is the present one of `$LATEST`.
    ///
    /// # Errors
    /// It is not.
    pub(super) fn expect_revision(&self, revision_id: Option<&str>) -> Result<(), FunctionError> {
        match revision_id {
            Some(revision_id) if revision_id != self.latest.revision_id => {
                Err(FunctionError::StaleRevision {
                    operations: "GetFunction/GetAlias",
                })
            }
            _ => Ok(()),
        }
    }

    /// Starts an update to `settings` and `code`; answers the number of the version that it publishes, if asked to.
    ///
    /// # Errors
    /// Something is being deployed.
    pub(super) fn begin_update(
        &mut self,
        settings: Settings,
        code: Code,
        publish: bool,
        now_ms: i64,
    ) -> Result<Option<u64>, FunctionError> {
        self.settled()?;
        let previous = self.latest.clone();
        let latest = &mut self.latest;
        if latest.settings != settings || latest.code != code {
            latest.revision = new_id();
        }
        latest.settings = settings;
        latest.code = code;
        latest.revision_id = new_id();
        latest.modified_ms = now_ms;
        latest.update = Some(Update::InProgress);
        let ran = previous.state == State::Active;
        if !ran {
            latest.state = State::Pending;
            latest.reason = Some(creating());
        }
        let number = publish.then(|| match self.published_already() {
            Some(number) => number,
            None => self.add_version(None),
        });
        let is_new = |number: &u64| {
            let version = self.published.get(number);
            version.is_some_and(|version| version.state == State::Pending)
        };
        self.deploy = Some(Deploy {
            id: new_id(),
            previous: ran.then(|| Box::new(previous)),
            publishes: number.filter(is_new),
        });
        Ok(number)
    }

    /// Starts over where the host lacked the runtime; answers the new deploy's id, or nothing where that was not what failed.
    pub(super) fn begin_again(&mut self) -> Option<String> {
        if self.deploy.is_some() || !self.latest.lacks_runtime() {
            return None;
        }
        self.latest.state = State::Pending;
        self.latest.reason = Some(creating());
        self.latest.revision_id = new_id();
        let last = self.published.last_entry();
        let lacking = last.filter(|last| last.get().lacks_runtime());
        let publishes = lacking.map(|mut last| {
            last.get_mut().state = State::Pending;
            last.get_mut().reason = Some(creating());
            *last.key()
        });
        let id = new_id();
        self.deploy = Some(Deploy {
            id: id.clone(),
            previous: None,
            publishes,
        });
        Some(id)
    }

    /// Ends the deploy `id`; without effect when it is not the one that goes on.
    pub(super) fn finish(&mut self, id: &str, outcome: Outcome) {
        let Some(deploy) = self.deploy.take_if(|deploy| deploy.id == id) else {
            return;
        };
        let published = deploy
            .publishes
            .and_then(|number| self.published.get_mut(&number));
        match outcome {
            Ok(libraries) => {
                for version in published.into_iter().chain([&mut self.latest]) {
                    version.succeed(libraries.clone());
                }
            }
            Err(reason) => {
                if let Some(version) = published {
                    version.fail(reason.clone());
                }
                match deploy.previous {
                    None => self.latest.fail(reason),
                    Some(previous) => {
                        self.latest = *previous;
                        self.latest.revision_id = new_id();
                        self.latest.update = Some(Update::Failed(reason));
                    }
                }
            }
        }
    }

    /// Publishes `$LATEST` as it is; answers the version's number, which is the last one's when nothing changed since.
    ///
    /// # Errors
    /// Something is being deployed, or `$LATEST` does not run.
    pub(super) fn publish(&mut self, description: Option<String>) -> Result<u64, FunctionError> {
        self.settled()?;
        if self.latest.state != State::Active {
            return Err(FunctionError::NotReady {
                state: self.latest.state.word(),
            });
        }
        Ok(match self.published_already() {
            Some(number) => number,
            None => self.add_version(description),
        })
    }

    /// The last version, when `$LATEST` is no different.
    fn published_already(&self) -> Option<u64> {
        let (number, version) = self.published.last_key_value()?;
        let same = version.code == self.latest.code
            && version.state != State::Failed
            && version.settings.runs_like(&self.latest.settings);
        same.then_some(*number)
    }

    fn add_version(&mut self, description: Option<String>) -> u64 {
        self.last_number += 1;
        let mut version = self.latest.clone();
        version.revision_id = new_id();
        if self.latest.update == Some(Update::InProgress) {
            version.state = State::Pending;
            version.reason = Some(creating());
        }
        if let Some(description) = description {
            version.settings.description = description;
        }
        self.published.insert(self.last_number, version);
        self.last_number
    }
}

impl Version {
    /// Whether it failed because the host had no interpreter for it.
    pub(super) fn lacks_runtime(&self) -> bool {
        let reason = self.reason.as_ref();
        self.state == State::Failed && reason.is_some_and(|reason| reason.code == INVALID_RUNTIME)
    }

    fn succeed(&mut self, libraries: Vec<PathBuf>) {
        if self.libraries != libraries {
            self.libraries = libraries;
            self.revision = new_id();
        }
        self.revision_id = new_id();
        self.state = State::Active;
        self.reason = None;
        self.update = Some(Update::Successful);
    }

    fn fail(&mut self, reason: Reason) {
        self.revision_id = new_id();
        self.state = State::Failed;
        self.reason = Some(reason.clone());
        self.update = Some(Update::Failed(reason));
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::super::settings::tests::settings;
    use super::*;

    pub(crate) fn code(blob: &str) -> Code {
        Code {
            blob: blob.into(),
            bytes: 1,
            requirements: false,
        }
    }

    pub(crate) fn function(publish: bool) -> Function {
        let key = FunctionKey {
            account: "000000000000".into(),
            region: "us-east-1".into(),
            name: "f".into(),
        };
        Function::create(key, settings(), code("a"), Tags::new(), publish, 0)
    }

    fn end(function: &mut Function, outcome: Outcome) {
        let id = function.deploy.as_ref().unwrap().id.clone();
        function.finish(&id, outcome);
    }

    fn broken() -> Reason {
        Reason {
            code: INVALID_RUNTIME.into(),
            text: "no".into(),
        }
    }

    #[test]
    fn a_creation_publishes_version_one() {
        let mut function = function(true);
        assert!(matches!(
            function.settled(),
            Err(FunctionError::NotReady { .. })
        ));
        assert_eq!(function.published[&1].state, State::Pending);
        end(&mut function, Ok(Vec::new()));
        assert_eq!(function.latest.state, State::Active);
        assert_eq!(function.published[&1].state, State::Active);
        assert_eq!(function.publish(None).unwrap(), 1, "nothing changed since");
    }

    #[test]
    fn a_failed_update_brings_the_previous_back() {
        let mut function = function(false);
        end(&mut function, Ok(Vec::new()));
        let before = function.latest.clone();
        function
            .begin_update(settings(), code("b"), true, 1)
            .unwrap();
        let again = function.begin_update(settings(), code("c"), false, 2);
        assert!(matches!(again, Err(FunctionError::UpdateInProgress { .. })));
        assert_eq!(
            function.packages().into_iter().collect::<Vec<_>>(),
            ["a", "b"]
        );
        end(&mut function, Err(broken()));
        assert_eq!(function.latest.code, before.code);
        assert_eq!(function.latest.revision, before.revision);
        assert_ne!(function.latest.revision_id, before.revision_id);
        assert_eq!(function.latest.update, Some(Update::Failed(broken())));
        assert_eq!(function.published[&1].state, State::Failed);
        assert_eq!(function.publish(None).unwrap(), 2);
    }

    #[test]
    fn a_failed_creation_can_be_updated_into_life() {
        let mut function = function(false);
        end(&mut function, Err(broken()));
        assert_eq!(function.latest.state, State::Failed);
        assert!(function.publish(None).is_err());
        function
            .begin_update(settings(), code("b"), false, 1)
            .unwrap();
        assert_eq!(function.latest.state, State::Pending);
        end(&mut function, Ok(Vec::new()));
        assert_eq!(
            (function.latest.state, &function.latest.reason),
            (State::Active, &None)
        );
    }

    #[test]
    fn the_result_of_another_deploy_is_void() {
        let mut function = function(false);
        function.finish("another", Ok(Vec::new()));
        assert_eq!(function.latest.state, State::Pending);
    }

    #[test]
    fn the_same_code_keeps_its_sandboxes_and_its_version() {
        let mut function = function(true);
        end(&mut function, Ok(Vec::new()));
        let before = function.latest.clone();
        let published = function
            .begin_update(settings(), code("a"), true, 1)
            .unwrap();
        assert_eq!(published, Some(1));
        end(&mut function, Ok(Vec::new()));
        assert_eq!(function.latest.revision, before.revision);
        assert_ne!(function.latest.revision_id, before.revision_id);
        assert_eq!(function.published[&1].state, State::Active);
    }

    proptest! {
        #[test]
        fn any_course_of_events_keeps_the_invariants(steps in proptest::collection::vec((0u8..4, 0u8..3), 1..60)) {
            let mut function = function(false);
            let mut highest = 0;
            for (step, blob) in steps {
                let revision_id = function.latest.revision_id.clone();
                let going = function.deploy.is_some();
                match step {
                    0 => {
                        let begun = function.begin_update(settings(), code(&blob.to_string()), blob == 0, 1);
                        prop_assert_eq!(begun.is_ok(), !going);
                        prop_assert_eq!(function.latest.revision_id != revision_id, !going);
                    }
                    1 if going => end(&mut function, Ok(Vec::new())),
                    2 if going => end(&mut function, Err(broken())),
                    3 => {
                        let published = function.publish(None);
                        prop_assert!(!(going && published.is_ok()));
                    }
                    _ => {}
                }
                prop_assert!(function.last_number >= highest);
                highest = function.last_number;
                let unsettled = function.latest.state == State::Pending || function.latest.update == Some(Update::InProgress);
                prop_assert_eq!(function.deploy.is_some(), unsettled);
                for (number, version) in &function.published {
                    let due = function.deploy.as_ref().and_then(|deploy| deploy.publishes) == Some(*number);
                    prop_assert_eq!(version.state == State::Pending, due);
                }
            }
        }
    }
}
