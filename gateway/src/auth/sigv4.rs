//! The credential scope of a Signature Version 4, in the `Authorization` header or a presigned query.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

use http::header::{AUTHORIZATION, HeaderMap};
use percent_encoding::percent_decode_str;

use crate::protocol::AwsError;

/// What a signature is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// The access key id.
    pub access_key: String,
    /// Such as `us-east-1`; a signature of version 4A names none here.
    pub region: Option<String>,
    /// Such as `lambda`, `monitoring`, `logs`.
    pub service: String,
}

/// The scope of a request; `None` when it is not signed.
///
/// # Errors
/// `IncompleteSignatureException`, in AWS's words.
pub fn scope(headers: &HeaderMap, query: &str) -> Result<Option<Scope>, AwsError> {
    let header = headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    match header.and_then(|value| value.trim().split_once(' ')) {
        Some(("AWS4-HMAC-SHA256" | "AWS4-ECDSA-P256-SHA256", parameters)) => {
            let credential = parameters
                .split(',')
                .find_map(|parameter| parameter.trim().strip_prefix("Credential="));
            let credential = credential.ok_or_else(|| {
                incomplete("Authorization header requires 'Credential' parameter.".to_owned())
            })?;
            parse(credential).map(Some)
        }
        _ => match query
            .split('&')
            .find_map(|pair| pair.strip_prefix("X-Amz-Credential="))
        {
            Some(credential) => {
                let credential = percent_decode_str(credential).decode_utf8_lossy();
                parse(&credential).map(Some)
            }
            None => Ok(None),
        },
    }
}

fn parse(credential: &str) -> Result<Scope, AwsError> {
    let parts: Vec<&str> = credential.trim().split('/').collect();
    let (access_key, region, service) = match parts[..] {
        [key, _, region, service, "aws4_request"] => (key, Some(region), service),
        [key, _, service, "aws4_request"] => (key, None, service),
        _ => {
            return Err(incomplete(format!(
                "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '{credential}'"
            )));
        }
    };
    let is_region = |name: &str| {
        (1..=32).contains(&name.len())
            && name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    if !region.is_none_or(is_region) {
        return Err(incomplete(format!(
            "Credential should be scoped to a valid region, got '{credential}'"
        )));
    }
    Ok(Scope {
        access_key: access_key.to_owned(),
        region: region.map(str::to_owned),
        service: service.to_owned(),
    })
}

fn incomplete(message: String) -> AwsError {
    AwsError::new("IncompleteSignatureException", 403, message)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn of_header(value: &str) -> Result<Option<Scope>, AwsError> {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, HeaderValue::from_str(value).unwrap());
        scope(&headers, "")
    }

    #[test]
    fn header_and_query_name_the_scope() {
        let expected = Scope {
            access_key: "AKID".into(),
            region: Some("eu-west-1".into()),
            service: "monitoring".into(),
        };
        let header = "AWS4-HMAC-SHA256 Credential=AKID/20260101/eu-west-1/monitoring/aws4_request, SignedHeaders=host, Signature=0";
        assert_eq!(of_header(header).unwrap(), Some(expected.clone()));
        let query = "a=b&X-Amz-Credential=AKID%2F20260101%2Feu-west-1%2Fmonitoring%2Faws4_request";
        assert_eq!(scope(&HeaderMap::new(), query).unwrap(), Some(expected));
        assert_eq!(scope(&HeaderMap::new(), "").unwrap(), None);
        assert_eq!(of_header("Bearer token").unwrap(), None);
    }

    #[test]
    fn a_broken_scope_is_refused() {
        for credential in [
            "AKID",
            "AKID/d/r/s",
            "AKID/d/r/s/other",
            "AKID/d/R 1/s/aws4_request",
            "AKID/d/../s/aws4_request",
        ] {
            let header = format!("AWS4-HMAC-SHA256 Credential={credential}");
            assert_eq!(of_header(&header).unwrap_err().status, 403, "{credential}");
        }
        assert!(of_header("AWS4-HMAC-SHA256 Signature=0").is_err());
    }

    proptest! {
        #[test]
        fn no_header_makes_it_panic(text in "[ -~]{0,80}") {
            let _ = of_header(&format!("AWS4-HMAC-SHA256 {text}"));
            let _ = of_header(&text);
        }
    }
}
