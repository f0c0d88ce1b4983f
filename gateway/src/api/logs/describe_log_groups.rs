//! DescribeLogGroups: <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html>.

use serde::Deserialize;
use serde_json::{Value, json};

use super::error::invalid;
use super::token;
use crate::api::{Call, Reply, Services};
use crate::log::{Group, GroupClass, GroupKey, GroupListing};
use crate::protocol::AwsError;

/// The largest page, and AWS's default.
const PAGE_GROUPS: usize = 50;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    log_group_name_prefix: Option<String>,
    log_group_name_pattern: Option<String>,
    log_group_identifiers: Option<Vec<String>>,
    log_group_class: Option<GroupClass>,
    next_token: Option<String>,
    limit: Option<usize>,
}

/// Answers DescribeLogGroups.
///
/// # Errors
/// Members that exclude each other, a foreign token, or a fault of ours.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    if input.log_group_name_prefix.is_some() && input.log_group_name_pattern.is_some() {
        return Err(invalid(
            "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.",
        ));
    }
    let identity = &call.identity;
    if let Some(identifiers) = &input.log_group_identifiers {
        let mut groups = Vec::new();
        for identifier in identifiers {
            let key = GroupKey::identified(&identity.account, &identity.region, identifier);
            if let Some(key) = key
                && let Some(group) = services.logs.group(&key).await?
            {
                groups.push(group_output(&group));
            }
        }
        return Ok(Reply::of(json!({ "logGroups": groups })));
    }
    let after: Option<String> = input.next_token.as_deref().map(token::decode).transpose()?;
    let (groups, more) = services
        .logs
        .groups(GroupListing {
            account: &identity.account,
            region: &identity.region,
            prefix: input.log_group_name_prefix.as_deref().unwrap_or(""),
            part: input.log_group_name_pattern.as_deref().unwrap_or(""),
            class: input.log_group_class,
            after: after.as_deref(),
            limit: input.limit.unwrap_or(PAGE_GROUPS).min(PAGE_GROUPS),
        })
        .await?;
    let mut output = json!({ "logGroups": groups.iter().map(group_output).collect::<Vec<_>>() });
    if let Some(last) = groups.last().filter(|_| more) {
        output["nextToken"] = json!(token::encode(&last.key.name));
    }
    Ok(Reply::of(output))
}

fn group_output(group: &Group) -> Value {
    let arn = group.key.arn();
    let document = &group.document;
    let mut output = json!({
        "logGroupName": group.key.name,
        "creationTime": document.created_ms,
        "metricFilterCount": 0,
        "arn": format!("{arn}:*"),
        "logGroupArn": arn,
        "logGroupClass": document.class,
        "storedBytes": document.stored_bytes,
    });
    if let Some(days) = document.retention_days {
        output["retentionInDays"] = json!(days);
    }
    if let Some(key) = &document.kms_key_id {
        output["kmsKeyId"] = json!(key);
    }
    output
}
