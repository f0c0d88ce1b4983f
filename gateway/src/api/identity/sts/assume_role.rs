//! AssumeRole: <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>.
//!
//! The key that it gives names the role's account, so that calls made with it are that account's.

use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use crate::api::{Call, Reply, Services};
use crate::auth::identity::TEMPORARY_KEY_PREFIX;
use crate::protocol::AwsError;

/// How long a session lasts unless the caller says, seconds.
const DEFAULT_DURATION_SECONDS: i64 = 3_600;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    role_arn: String,
    role_session_name: String,
    duration_seconds: Option<i64>,
}

/// Answers AssumeRole.
///
/// # Errors
/// `RoleArn` is no role's.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let Some((account, role)) = role_of(&input.role_arn) else {
        let message = format!("{} is invalid", input.role_arn);
        return Err(AwsError::new("ValidationError", 400, message));
    };
    let session = &input.role_session_name;
    let seconds = input.duration_seconds.unwrap_or(DEFAULT_DURATION_SECONDS);
    let secret = || Uuid::new_v4().simple().to_string();
    Ok(Reply::of(json!({
        "Credentials": {
            "AccessKeyId": format!("{TEMPORARY_KEY_PREFIX}{account}"),
            "SecretAccessKey": secret(),
            "SessionToken": secret(),
            "Expiration": services.clock.now_ms() / 1_000 + seconds,
        },
        "AssumedRoleUser": {
            "AssumedRoleId": format!("AROA{account}:{session}"),
            "Arn": format!("arn:aws:sts::{account}:assumed-role/{role}/{session}"),
        },
    })))
}

/// The account and the name in `arn:aws:iam::ACCOUNT:role/PATH/NAME`.
fn role_of(arn: &str) -> Option<(&str, &str)> {
    let mut parts = arn.splitn(6, ':');
    let ("arn", _, "iam", "") = (parts.next()?, parts.next()?, parts.next()?, parts.next()?) else {
        return None;
    };
    let account = parts.next()?;
    let name = parts.next()?.strip_prefix("role/")?.rsplit('/').next()?;
    let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    (is_account && !name.is_empty()).then_some((account, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_roles_arn_names_account_and_role() {
        assert_eq!(
            role_of("arn:aws:iam::111122223333:role/service-role/r"),
            Some(("111122223333", "r"))
        );
        for other in [
            "",
            "arn:aws:iam::1:role/r",
            "arn:aws:iam::111122223333:user/u",
        ] {
            assert_eq!(role_of(other), None, "{other}");
        }
    }
}
