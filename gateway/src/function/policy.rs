//! Resource policies: who may call a function from outside its account. Kept and shown; hearth asks nothing of them. Pure.
//! <https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html>

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::FunctionError;
use super::limits::POLICY_BYTES;

/// The policy of a function, a version or an alias.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Policy {
    /// Changes with every change of the policy.
    pub revision_id: String,
    /// In the order in which they were added.
    pub statements: Vec<Value>,
}

/// What AddPermission asks for, by the names of the model.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the members are the model's")]
pub struct Permission {
    pub statement_id: String,
    pub action: String,
    pub principal: String,
    pub source_arn: Option<String>,
    pub source_account: Option<String>,
    pub event_source_token: Option<String>,
    #[serde(rename = "PrincipalOrgID")]
    pub principal_org_id: Option<String>,
    pub function_url_auth_type: Option<String>,
    pub invoked_via_function_url: Option<bool>,
}

impl Permission {
    /// The statement that grants it on `resource`.
    ///
    /// # Errors
    /// The principal is none.
    pub fn statement(&self, resource: &str) -> Result<Value, FunctionError> {
        let mut statement = json!({
            "Sid": self.statement_id,
            "Effect": "Allow",
            "Principal": principal(&self.principal)?,
            "Action": self.action,
            "Resource": resource,
        });
        let via_url = self.invoked_via_function_url.map(|via| via.to_string());
        let conditions = [
            ("StringEquals", "AWS:SourceAccount", &self.source_account),
            (
                "StringEquals",
                "lambda:EventSourceToken",
                &self.event_source_token,
            ),
            ("StringEquals", "aws:PrincipalOrgID", &self.principal_org_id),
            (
                "StringEquals",
                "lambda:FunctionUrlAuthType",
                &self.function_url_auth_type,
            ),
            ("ArnLike", "AWS:SourceArn", &self.source_arn),
            ("Bool", "lambda:InvokedViaFunctionUrl", &via_url),
        ];
        let mut condition = Map::new();
        for (operator, key, value) in conditions {
            if let Some(value) = value {
                let entry = condition.entry(operator).or_insert_with(|| json!({}));
                entry[key] = json!(value);
            }
        }
        if !condition.is_empty() {
            statement["Condition"] = Value::Object(condition);
        }
        Ok(statement)
    }
}

fn principal(text: &str) -> Result<Value, FunctionError> {
    let is_account = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_service = text.contains('.')
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
    match text {
        "*" => Ok(json!("*")),
        _ if is_account => Ok(json!({ "AWS": format!("arn:aws:iam::{text}:root") })),
        _ if text.starts_with("arn:") => Ok(json!({ "AWS": text })),
        _ if is_service => Ok(json!({ "Service": text })),
        _ => Err(FunctionError::Invalid(
            "The provided principal was invalid. Please check the principal and try again."
                .to_owned(),
        )),
    }
}

impl Policy {
    /// The policy document as JSON text.
    pub fn document(&self) -> String {
        json!({ "Version": "2012-10-17", "Id": "default", "Statement": self.statements })
            .to_string()
    }

    /// Adds a statement.
    ///
    /// # Errors
    /// Its id is taken, or the policy becomes too large.
    pub fn add(&mut self, id: &str, statement: Value) -> Result<(), FunctionError> {
        if self.position(id).is_some() {
            return Err(FunctionError::Conflict(format!(
                "The statement id ({id}) provided already exists. Please provide a new statement id, or remove the existing statement."
            )));
        }
        self.statements.push(statement);
        let bytes = self.document().len();
        if bytes > POLICY_BYTES {
            return Err(FunctionError::PolicyTooLarge { bytes });
        }
        Ok(())
    }

    /// Removes a statement.
    ///
    /// # Errors
    /// There is none with this id.
    pub fn remove(&mut self, id: &str) -> Result<(), FunctionError> {
        let at = self.position(id).ok_or_else(|| {
            FunctionError::Missing(format!("Statement {id} is not found in resource policy."))
        })?;
        self.statements.remove(at);
        Ok(())
    }

    fn position(&self, id: &str) -> Option<usize> {
        self.statements
            .iter()
            .position(|statement| statement["Sid"] == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permission(members: Value) -> Permission {
        serde_json::from_value(members).unwrap()
    }

    #[test]
    fn a_statement_has_awss_form() {
        let permission = permission(json!({
            "StatementId": "url", "Action": "lambda:InvokeFunction", "Principal": "*",
            "SourceArn": "arn:aws:s3:::b", "SourceAccount": "111111111111", "InvokedViaFunctionUrl": true,
        }));
        let statement = permission.statement("arn:f").unwrap();
        assert_eq!(
            statement["Condition"],
            json!({
                "StringEquals": { "AWS:SourceAccount": "111111111111" },
                "ArnLike": { "AWS:SourceArn": "arn:aws:s3:::b" },
                "Bool": { "lambda:InvokedViaFunctionUrl": "true" },
            })
        );
        assert_eq!(statement["Principal"], "*");
    }

    #[test]
    fn principals_are_told_apart() {
        let account = principal("111111111111").unwrap();
        assert_eq!(account, json!({ "AWS": "arn:aws:iam::111111111111:root" }));
        let service = principal("s3.amazonaws.com").unwrap();
        assert_eq!(service, json!({ "Service": "s3.amazonaws.com" }));
        assert!(principal("nobody").is_err());
    }

    #[test]
    fn statement_ids_are_unique_and_the_size_is_bounded() {
        let mut policy = Policy {
            revision_id: String::new(),
            statements: Vec::new(),
        };
        policy.add("a", json!({ "Sid": "a" })).unwrap();
        assert!(policy.add("a", json!({ "Sid": "a" })).is_err());
        let large = json!({ "Sid": "b", "Resource": "x".repeat(POLICY_BYTES) });
        assert!(matches!(
            policy.add("b", large),
            Err(FunctionError::PolicyTooLarge { .. })
        ));
        policy.remove("a").unwrap();
        assert!(policy.remove("a").is_err());
    }
}
