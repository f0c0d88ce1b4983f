//! A version as the model's `FunctionConfiguration`. Pure.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::macros::format_description;

use super::aggregate::{Function, Reason, State, Update, Version, log_group, qualified};
use super::deployment::creating;
use super::qualifier::label;
use super::{LogFormat, link, runtime};

/// `FunctionConfiguration` of the version with this number (`$LATEST` without one), under the ARN with `qualifier`.
pub fn configuration(
    function: &Function,
    number: Option<u64>,
    version: &Version,
    qualifier: Option<&str>,
) -> Value {
    let mut described = listed(function, number, version, qualifier);
    let settings = &version.settings;
    described["RuntimeVersionConfig"] = json!({
        "RuntimeVersionArn": runtime::version_arn(&function.key.region, &settings.runtime),
    });
    described["State"] = json!(version.state.word());
    let mut reason = |prefix: &str, reason: &Reason| {
        described[format!("{prefix}Reason")] = json!(reason.text);
        described[format!("{prefix}ReasonCode")] = json!(reason.code);
    };
    if let Some(why) = &version.reason {
        reason("State", why);
    }
    match &version.update {
        None => return described,
        Some(Update::Successful) => {}
        // AWS answers the code `Creating` here, which its own model does not have: clients that hold to the model would refuse it.
        Some(Update::InProgress) => {
            described["LastUpdateStatusReason"] = json!(creating().text);
        }
        Some(Update::Failed(why)) => reason("LastUpdateStatus", why),
    }
    described["LastUpdateStatus"] = json!(match &version.update {
        Some(Update::InProgress) => "InProgress",
        Some(Update::Failed(_)) => "Failed",
        _ => "Successful",
    });
    described
}

/// The same without the members that AWS leaves out of lists: its states and what it runs on.
pub fn listed(
    function: &Function,
    number: Option<u64>,
    version: &Version,
    qualifier: Option<&str>,
) -> Value {
    let settings = &version.settings;
    let mut described = json!({
        "FunctionName": function.key.name,
        "FunctionArn": qualified(function.key.arn(), qualifier),
        "Runtime": settings.runtime,
        "Role": settings.role,
        "Handler": settings.handler,
        "CodeSize": version.code.bytes,
        "CodeSha256": code_sha256(&version.code.blob),
        "Description": settings.description,
        "Timeout": settings.timeout_seconds,
        "MemorySize": settings.memory_mib,
        "LastModified": last_modified(version.modified_ms),
        "Version": label(number),
        "TracingConfig": { "Mode": settings.tracing_mode },
        "RevisionId": version.revision_id,
        "PackageType": "Zip",
        "Architectures": [settings.architecture],
        "EphemeralStorage": { "Size": settings.tmp_mib },
        "SnapStart": { "ApplyOn": settings.snap_start, "OptimizationStatus": optimization(number, version) },
        "LoggingConfig": {
            "LogFormat": settings.log_format,
            "LogGroup": log_group(settings, &function.key),
        },
    });
    if let Some(variables) = &settings.environment {
        described["Environment"] = json!({ "Variables": variables });
    }
    if settings.log_format == LogFormat::Json {
        described["LoggingConfig"]["ApplicationLogLevel"] = json!(settings.application_log_level);
        described["LoggingConfig"]["SystemLogLevel"] = json!(settings.system_log_level);
    }
    for (member, value) in &settings.kept {
        if is_told(value) {
            described[member] = value.clone();
        }
    }
    if let Some(vpc) = settings.kept.get("VpcConfig") {
        described["VpcConfig"] = vpc_response(vpc);
    }
    described
}

/// Whether AWS shows a kept member: an emptied one is as good as none.
fn is_told(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(members) => members.values().any(is_told),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

fn vpc_response(vpc: &Value) -> Value {
    let list = |member: &str| vpc.get(member).cloned().unwrap_or_else(|| json!([]));
    json!({
        "SubnetIds": list("SubnetIds"),
        "SecurityGroupIds": list("SecurityGroupIds"),
        "VpcId": "",
        "Ipv6AllowedForDualStack": vpc.get("Ipv6AllowedForDualStack").and_then(Value::as_bool).unwrap_or(false),
    })
}

/// Sandboxes of a published version start from a zygote whatever SnapStart says; AWS's word for "asked for, and ready".
fn optimization(number: Option<u64>, version: &Version) -> &'static str {
    let asked = version.settings.snap_start == "PublishedVersions";
    if asked && number.is_some() && version.state == State::Active {
        "On"
    } else {
        "Off"
    }
}

/// `CodeSha256`: base64 of the digest.
pub fn code_sha256(blob: &str) -> String {
    BASE64_STANDARD.encode(link::unhex(blob).unwrap_or_default())
}

/// `LastModified`, such as `2026-11-24T10:00:00.123+0000`.
fn last_modified(time_ms: i64) -> String {
    let format = format_description!(
        "[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]+0000"
    );
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(time_ms) * 1_000_000)
        .ok()
        .and_then(|time| time.format(&format).ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::deployment::tests::function;
    use super::super::settings::tests::change;
    use super::*;

    #[test]
    fn a_new_function_is_described_as_aws_does() {
        let function = function(false);
        let mut described = configuration(&function, None, &function.latest, None);
        described["RevisionId"] = json!("r");
        described["Architectures"] = json!(["x86_64"]);
        insta::assert_snapshot!(described.to_string(), @r#"{"Architectures":["x86_64"],"CodeSha256":"Cg==","CodeSize":1,"Description":"","EphemeralStorage":{"Size":512},"FunctionArn":"arn:aws:lambda:us-east-1:000000000000:function:f","FunctionName":"f","Handler":"app.handler","LastModified":"1970-01-01T00:00:00.000+0000","LoggingConfig":{"LogFormat":"Text","LogGroup":"/aws/lambda/f"},"MemorySize":128,"PackageType":"Zip","RevisionId":"r","Role":"arn:aws:iam::000000000000:role/r","Runtime":"python3.12","RuntimeVersionConfig":{"RuntimeVersionArn":"arn:aws:lambda:us-east-1::runtime:42f2b28d8258c41a63374ac4365007738900f66a9b62a7eb1a2041a2e091d41b"},"SnapStart":{"ApplyOn":"None","OptimizationStatus":"Off"},"State":"Pending","StateReason":"The function is being created.","StateReasonCode":"Creating","Timeout":3,"TracingConfig":{"Mode":"PassThrough"},"Version":"$LATEST"}"#);
    }

    #[test]
    fn an_update_tells_its_status() {
        let mut function = function(false);
        let id = function.deploy.as_ref().unwrap().id.clone();
        function.finish(&id, Ok(Vec::new()));
        let (settings, code) = (
            function.latest.settings.clone(),
            function.latest.code.clone(),
        );
        let described = configuration(&function, None, &function.latest, None);
        assert_eq!(described["LastUpdateStatus"], "Successful");
        assert_eq!(described.get("StateReason"), None);
        function.begin_update(settings, code, false, 0).unwrap();
        let described = configuration(&function, None, &function.latest, Some("$LATEST"));
        assert_eq!(described["State"], "Active");
        assert_eq!(described["LastUpdateStatus"], "InProgress");
        assert_eq!(
            described["LastUpdateStatusReason"],
            "The function is being created."
        );
        assert_eq!(described.get("LastUpdateStatusReasonCode"), None);
        assert!(
            described["FunctionArn"]
                .as_str()
                .unwrap()
                .ends_with(":f:$LATEST")
        );
    }

    #[test]
    fn kept_members_come_back_and_emptied_ones_do_not() {
        let mut function = function(false);
        let members = json!({ "VpcConfig": { "SubnetIds": ["subnet-1"] }, "KMSKeyArn": "", "DeadLetterConfig": { "TargetArn": "" } });
        let settings = &mut function.latest.settings;
        settings.apply(change(members), "us-east-1").unwrap();
        let described = configuration(&function, None, &function.latest, None);
        assert_eq!(described["VpcConfig"]["SubnetIds"], json!(["subnet-1"]));
        assert_eq!(described["VpcConfig"]["SecurityGroupIds"], json!([]));
        assert_eq!(described.get("KMSKeyArn"), None);
        assert_eq!(described.get("DeadLetterConfig"), None);
    }

    #[test]
    fn times_are_written_as_aws_does() {
        assert_eq!(
            last_modified(1_700_000_000_123),
            "2023-11-14T22:13:20.123+0000"
        );
    }
}
