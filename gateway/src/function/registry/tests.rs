//! The registry as its callers see it: what is answered, what runs, what is stored, what is left.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::json;

use super::testing::*;
use super::{AliasChange, CodeUpdate, NewAlias, PageRequest, PutFunction};
use crate::function::FunctionError;
use crate::function::code_package::tests::zip_of;
use crate::function::settings::SettingsChange;
use crate::function::settings::tests::change;
use crate::function::shelf::PAUSE_MS;

const ARN: &str = "arn:aws:lambda:us-east-1:000000000000:function:f";

fn code_update(zip: Bytes) -> CodeUpdate {
    CodeUpdate {
        name: "f".into(),
        code: source(zip),
        settings: SettingsChange::default(),
        publish: false,
        dry_run: false,
        revision_id: None,
    }
}

fn alias(name: &str, version: &str) -> NewAlias {
    NewAlias {
        name: name.into(),
        version: version.into(),
        description: String::new(),
        weights: BTreeMap::new(),
    }
}

#[tokio::test]
async fn a_created_function_runs_and_is_there_after_a_crash() {
    let fixture = fixture().await;
    let made = fixture.created("f").await;
    assert_eq!(
        (&made["State"], &made["Version"]),
        (&json!("Pending"), &json!("$LATEST"))
    );
    let active = configuration(&fixture.registry, "f");
    assert_eq!(active["State"], "Active");
    assert_eq!(active["LastUpdateStatus"], "Successful");
    let target = fixture
        .registry
        .resolve(me(), ARN, Some("$LATEST"))
        .unwrap();
    assert_eq!(target.invoked_arn, format!("{ARN}:$LATEST"));
    assert!(target.version.code.join("app.py").exists());
    let again = fixture.registry.create(me(), new("f")).await;
    assert_eq!(refusal(again), "Function already exist: f");

    let registry = fixture.reopened().await;
    assert_eq!(configuration(&registry, "f"), active);
    assert_eq!(
        registry.resolve(me(), "f", None).unwrap().version,
        target.version
    );
}

#[tokio::test]
async fn a_bad_package_leaves_nothing() {
    let fixture = fixture().await;
    let mut bad = new("f");
    bad.code = source(Bytes::from_static(b"no zip"));
    let refused = refusal(fixture.registry.create(me(), bad).await);
    assert!(refused.starts_with("Could not unzip"));
    assert!(fixture.registry.view(me(), "f", None).is_err());
    let left = std::fs::read_dir(fixture.folder().join("code"))
        .unwrap()
        .count();
    assert_eq!(
        (left, fixture.store.blobs.keys().await.unwrap().len()),
        (0, 0)
    );
}

#[tokio::test]
async fn a_runtime_that_the_host_lacks_fails_with_a_way_out() {
    let fixture = fixture().await;
    let mut lacking = new("f");
    lacking.settings.runtime = Some("python3.9".into());
    fixture.registry.create(me(), lacking).await.unwrap();
    settle(&fixture.registry, "f").await;
    let failed = configuration(&fixture.registry, "f");
    assert_eq!(
        (&failed["State"], &failed["StateReasonCode"]),
        (&json!("Failed"), &json!("InvalidRuntime"))
    );
    assert!(
        failed["StateReason"]
            .as_str()
            .unwrap()
            .contains("python3.9")
    );
    assert!(
        refusal(fixture.registry.resolve(me(), "f", None)).ends_with("following state: Failed")
    );

    let settings = change(json!({ "Runtime": "python3.12" }));
    let update = fixture
        .registry
        .update_configuration(me(), "f", settings, None);
    update.await.unwrap();
    settle(&fixture.registry, "f").await;
    assert_eq!(configuration(&fixture.registry, "f")["State"], "Active");
}

#[tokio::test]
async fn a_runtime_that_the_host_got_meanwhile_brings_its_functions_up() {
    let fixture = fixture().await;
    let mut lacking = new("f");
    lacking.settings.runtime = Some("python3.9".into());
    lacking.publish = true;
    fixture.registry.create(me(), lacking).await.unwrap();
    settle(&fixture.registry, "f").await;
    let same_host = fixture.reopened().await;
    assert_eq!(configuration(&same_host, "f")["State"], "Failed");

    let registry = fixture.reopened_with_python_3_9().await;
    settle(&registry, "f").await;
    assert_eq!(configuration(&registry, "f")["State"], "Active");
    assert!(registry.resolve(me(), "f", Some("1")).is_ok());
}

#[tokio::test]
async fn the_old_code_runs_until_the_new_is_deployed_even_across_a_crash() {
    let fixture = fixture().await;
    fixture.created("f").await;
    let old = fixture.registry.resolve(me(), "f", None).unwrap().version;
    let gate = fixture.host.gate.lock().await;
    let put = PutFunction {
        name: "f".into(),
        zip: Bytes::from(zip_of(&[("app.py", "x = 2"), ("requirements.txt", "idna")])),
        requirements: true,
        ..PutFunction::default()
    };
    let registry = fixture.registry.clone();
    let deploying = tokio::spawn(async move { registry.put(me(), put).await });
    while configuration(&fixture.registry, "f")["LastUpdateStatus"] != "InProgress" {
        tokio::task::yield_now().await;
    }
    assert_eq!(
        fixture.registry.resolve(me(), "f", None).unwrap().version,
        old
    );
    let update = fixture
        .registry
        .update_code(me(), code_update(package("y")))
        .await;
    assert_eq!(
        refusal(update),
        format!(
            "The operation cannot be performed at this time. An update is in progress for resource: {ARN}"
        )
    );

    let after_crash = fixture.reopened().await;
    assert_eq!(*after_crash.resolve(me(), "f", None).unwrap().version, *old);
    settle(&after_crash, "f").await;
    let new = after_crash.resolve(me(), "f", None).unwrap().version;
    assert_eq!(new.libraries, [std::path::PathBuf::from("/libraries/idna")]);
    assert_ne!(new.revision, old.revision);
    // The crashed process's own end comes too late, and changes nothing.
    drop(gate);
    assert!(deploying.await.unwrap().is_err());
    assert_eq!(after_crash.resolve(me(), "f", None).unwrap().version, new);
}

#[tokio::test]
async fn a_put_answers_when_active_and_leaves_nothing_half_done() {
    let fixture = fixture().await;
    let put = |text: &str| PutFunction {
        name: "f".into(),
        zip: Bytes::from(zip_of(&[("app.py", "x"), ("requirements.txt", text)])),
        requirements: true,
        ..PutFunction::default()
    };
    let refused = fixture.registry.put(me(), put("impossible")).await;
    assert!(refusal(refused).contains("no such thing as impossible"));
    assert!(fixture.registry.view(me(), "f", None).is_err());

    let active = fixture.registry.put(me(), put("idna")).await.unwrap();
    assert_eq!(
        (&active["State"], &active["Runtime"]),
        (&json!("Active"), &json!("python3.12"))
    );
    assert!(fixture.registry.put(me(), put("impossible")).await.is_err());
    let kept = configuration(&fixture.registry, "f");
    assert_eq!(
        (&kept["State"], &kept["LastUpdateStatus"]),
        (&json!("Active"), &json!("Failed"))
    );
    assert_eq!(kept["CodeSha256"], active["CodeSha256"]);
    fixture.registry.put(me(), put("idna")).await.unwrap();
    assert_eq!(
        configuration(&fixture.registry, "f")["LastUpdateStatus"],
        "Successful"
    );
}

#[tokio::test]
async fn a_change_lets_sandboxes_go_and_packages_after_a_pause() {
    let fixture = fixture().await;
    fixture.created("f").await;
    let old = fixture.registry.resolve(me(), "f", None).unwrap().version;
    fixture
        .registry
        .update_code(me(), code_update(package("x = 2")))
        .await
        .unwrap();
    settle(&fixture.registry, "f").await;
    let new = fixture.registry.resolve(me(), "f", None).unwrap().version;
    assert_eq!(
        *fixture.host.retired.lock().unwrap(),
        ["000000000000/us-east-1/f/$LATEST"]
    );
    assert!(old.code.exists() && new.code.exists() && old.code != new.code);
    fixture.registry.shelf.sweep(1_000 + PAUSE_MS).await;
    assert!(!old.code.exists() && new.code.exists());
    fixture.registry.delete(me(), "f", None).await.unwrap();
    assert_eq!(fixture.host.retired.lock().unwrap().len(), 2);
    fixture.registry.shelf.sweep(1_000 + PAUSE_MS).await;
    assert!(!new.code.exists());
    assert!(fixture.store.blobs.keys().await.unwrap().is_empty());
    assert!(fixture.reopened().await.view(me(), "f", None).is_err());
}

#[tokio::test]
async fn a_dry_run_and_a_stale_revision_change_nothing() {
    let fixture = fixture().await;
    fixture.created("f").await;
    let before = configuration(&fixture.registry, "f");
    let dry = CodeUpdate {
        dry_run: true,
        ..code_update(package("x = 2"))
    };
    let told = fixture.registry.update_code(me(), dry).await.unwrap();
    assert_ne!(told["CodeSha256"], before["CodeSha256"]);
    let stale = CodeUpdate {
        revision_id: Some("stale".into()),
        ..code_update(package("x = 2"))
    };
    let refused = fixture.registry.update_code(me(), stale).await;
    assert!(matches!(refused, Err(FunctionError::StaleRevision { .. })));
    assert_eq!(configuration(&fixture.registry, "f"), before);
}

#[tokio::test]
async fn versions_and_aliases_name_what_runs() {
    let fixture = fixture().await;
    let registry = &fixture.registry;
    fixture.created("f").await;
    let publish = || registry.publish_version(me(), "f", None, None, Some("d".into()));
    assert_eq!(publish().await.unwrap()["FunctionArn"], format!("{ARN}:1"));
    assert_eq!(publish().await.unwrap()["Version"], "1");
    let updated = registry.update_code(
        me(),
        CodeUpdate {
            publish: true,
            ..code_update(package("x = 2"))
        },
    );
    assert_eq!(updated.await.unwrap()["Version"], "2");
    settle(registry, "f").await;

    registry
        .create_alias(me(), "f", alias("live", "1"))
        .await
        .unwrap();
    let target = registry.resolve(me(), "f:live", None).unwrap();
    assert_eq!(
        (target.version.version.as_str(), target.qualifier.as_deref()),
        ("1", Some("live"))
    );
    assert_eq!(target.invoked_arn, format!("{ARN}:live"));
    let moved = AliasChange {
        name: "live".into(),
        version: None,
        description: None,
        weights: Some(BTreeMap::from([("2".into(), 1.0)])),
        revision_id: None,
    };
    registry.update_alias(me(), "f", moved).await.unwrap();
    assert_eq!(
        registry
            .resolve(me(), "f", Some("live"))
            .unwrap()
            .version
            .version,
        "2"
    );
    assert!(refusal(registry.delete(me(), "f", Some("2")).await).contains("[live]"));
    registry
        .delete_alias(me(), "f", "live".into())
        .await
        .unwrap();
    registry.delete(me(), "f", Some("2")).await.unwrap();
    registry.delete(me(), "f", Some("2")).await.unwrap();
    assert!(
        fixture
            .host
            .retired
            .lock()
            .unwrap()
            .contains(&"000000000000/us-east-1/f/2".to_owned())
    );
}

#[tokio::test]
async fn unknown_versions_and_taken_aliases_are_refused() {
    let fixture = fixture().await;
    let registry = &fixture.registry;
    fixture.created("f").await;
    let make = async |name, version| {
        let made = registry.create_alias(me(), "f", alias(name, version)).await;
        refusal(made)
    };
    assert_eq!(make("live", "$LATEST").await, "");
    let taken = format!("Alias already exists: {ARN}:live");
    assert_eq!(make("live", "$LATEST").await, taken);
    let unknown = format!("Function not found: {ARN}:9");
    assert_eq!(make("x", "9").await, unknown);
    assert_eq!(refusal(registry.resolve(me(), "f", Some("9"))), unknown);
}

#[tokio::test]
async fn references_elsewhere_are_refused_in_awss_words() {
    let fixture = fixture().await;
    let resolve =
        |reference: &str, qualifier| refusal(fixture.registry.resolve(me(), reference, qualifier));
    assert_eq!(
        resolve("arn:aws:lambda:eu-west-1:000000000000:function:f", None),
        "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')"
    );
    assert!(resolve("111111111111:function:f", None).contains("is not authorized"));
    assert!(resolve("f:a", Some("b")).starts_with("The derived qualifier"));
    assert_eq!(
        resolve("f", Some("$LATEST")),
        format!("Function not found: {ARN}:$LATEST")
    );
}

#[tokio::test]
async fn reservations_are_summed_and_freed() {
    let fixture = fixture().await;
    let registry = &fixture.registry;
    fixture.created("f").await;
    fixture.created("g").await;
    registry.put_concurrency(me(), "f", 500).await.unwrap();
    assert!(registry.put_concurrency(me(), "g", 401).await.is_err());
    registry.put_concurrency(me(), "g", 400).await.unwrap();
    assert_eq!(registry.total_reserved("000000000000", "us-east-1"), 900);
    assert_eq!(registry.account_settings(me()).unreserved, 100);
    assert_eq!(registry.reserved_concurrency(&key("f")), Some(500));
    registry.delete(me(), "f", None).await.unwrap();
    assert_eq!(registry.total_reserved("000000000000", "us-east-1"), 400);
    assert_eq!(
        fixture
            .reopened()
            .await
            .total_reserved("000000000000", "us-east-1"),
        400
    );
    assert!(registry.put_concurrency(me(), "g:1", 1).await.is_err());
}

#[tokio::test]
async fn pages_hold_every_entry_once() {
    let fixture = fixture().await;
    let registry = &fixture.registry;
    for name in ["a", "b", "c"] {
        fixture.created(name).await;
    }
    registry
        .publish_version(me(), "b", None, None, None)
        .await
        .unwrap();
    for (all, expected) in [
        (false, vec!["a", "b", "c"]),
        (true, vec!["a", "b", "b", "c"]),
    ] {
        for size in 1..=4 {
            let mut request = PageRequest {
                marker: None,
                max_items: Some(size),
            };
            let mut names = Vec::new();
            loop {
                let page = registry.list_functions(me(), all, &request).unwrap();
                assert!(page.items.len() <= size);
                names.extend(
                    page.items
                        .iter()
                        .map(|item| item["FunctionName"].as_str().unwrap().to_owned()),
                );
                request.marker = page.next_marker;
                if request.marker.is_none() {
                    break;
                }
            }
            assert_eq!(names, expected, "all versions: {all}, size {size}");
        }
    }
    let bad = PageRequest {
        marker: Some("%".into()),
        max_items: None,
    };
    assert!(registry.list_functions(me(), false, &bad).is_err());
}

#[tokio::test]
async fn a_link_gives_the_package() {
    let fixture = fixture().await;
    fixture.created("f").await;
    let token = fixture.registry.view(me(), "f", None).unwrap().code_token;
    assert_eq!(fixture.registry.code(&token).await, Some(package("x = 1")));
    assert_eq!(
        fixture.reopened().await.code(&token).await,
        Some(package("x = 1"))
    );
    assert_eq!(fixture.registry.code("1-abc-def").await, None);
}

#[tokio::test]
async fn policies_belong_to_functions_versions_and_aliases() {
    let fixture = fixture().await;
    let registry = &fixture.registry;
    fixture.created("f").await;
    let permission = || {
        serde_json::from_value(json!({ "StatementId": "s3", "Action": "lambda:InvokeFunction", "Principal": "s3.amazonaws.com" })).unwrap()
    };
    let add = async |qualifier| {
        registry
            .add_permission(me(), "f", qualifier, permission(), None)
            .await
    };
    assert_eq!(add(None).await.unwrap()["Resource"], ARN);
    assert!(refusal(add(None).await).starts_with("The statement id (s3) provided already exists."));
    assert!(refusal(add(Some("$LATEST")).await).contains("$LATEST"));
    assert_eq!(
        refusal(add(Some("42")).await),
        format!("Function not found: {ARN}:42")
    );
    assert_eq!(
        refusal(add(Some("no")).await),
        format!("Cannot find alias arn: {ARN}:no")
    );
    assert_eq!(
        refusal(registry.policy(me(), "f:no", None)),
        format!("Cannot find alias arn: {ARN}:no")
    );
    assert!(
        registry
            .policy(me(), "f", None)
            .unwrap()
            .0
            .contains("\"s3\"")
    );
    let remove = async |id: &str| {
        registry
            .remove_permission(me(), "f", None, id.into(), None)
            .await
    };
    assert_eq!(
        refusal(remove("x").await),
        "Statement x is not found in resource policy."
    );
    remove("s3").await.unwrap();
    assert_eq!(
        refusal(remove("s3").await),
        "No policy is associated with the given resource."
    );
    assert_eq!(
        refusal(registry.policy(me(), "f", None)),
        "The resource you requested does not exist."
    );
}

#[tokio::test]
async fn tags_are_kept() {
    let fixture = fixture().await;
    fixture.created("f").await;
    let tags = BTreeMap::from([
        ("a".to_owned(), "1".to_owned()),
        ("b".to_owned(), "2".to_owned()),
    ]);
    fixture.registry.tag(me(), ARN, tags).await.unwrap();
    fixture
        .registry
        .untag(me(), ARN, vec!["a".into(), "x".into()])
        .await
        .unwrap();
    assert_eq!(
        fixture.registry.tags(me(), ARN).unwrap(),
        BTreeMap::from([("b".into(), "2".into())])
    );
    assert!(
        refusal(fixture.registry.tags(me(), &format!("{ARN}:1")))
            .starts_with("Tags on function aliases")
    );
}
