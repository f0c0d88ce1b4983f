//! References to functions as callers write them: bare name, partial ARN, full ARN, each with or without a qualifier. Pure.
//!
//! Borrows from its text: parsing is on the path of every invocation and allocates nothing.

/// A parsed reference to a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference<'a> {
    /// The region, where it names one.
    pub region: Option<&'a str>,
    /// The account, where it names one.
    pub account: Option<&'a str>,
    /// The bare name.
    pub name: &'a str,
    /// The version or alias, where it names one.
    pub qualifier: Option<&'a str>,
}

impl<'a> Reference<'a> {
    /// Parses `NAME`, `NAME:QUALIFIER`, `ACCOUNT:function:NAME…`, `REGION:ACCOUNT:function:NAME…` and full ARNs.
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut rest = match text.strip_prefix("arn:") {
            None => text,
            Some(rest) => {
                let (partition, rest) = rest.split_once(':')?;
                if !partition.starts_with("aws") {
                    return None;
                }
                rest.strip_prefix("lambda:")?
            }
        };
        let region = take(&mut rest, is_region);
        let account = take(&mut rest, is_account);
        take(&mut rest, |part| part == "function");
        let (name, qualifier) = match rest.split_once(':') {
            None => (rest, None),
            Some((name, qualifier)) => (name, Some(qualifier)),
        };
        let is_whole = is_name(name) && qualifier.is_none_or(is_qualifier);
        is_whole.then_some(Self {
            region,
            account,
            name,
            qualifier,
        })
    }
}

/// Takes the part before the next colon off `rest` if it is `wanted`.
fn take<'a>(rest: &mut &'a str, wanted: impl Fn(&str) -> bool) -> Option<&'a str> {
    let (part, behind) = rest.split_once(':')?;
    if !wanted(part) {
        return None;
    }
    *rest = behind;
    Some(part)
}

fn is_region(part: &str) -> bool {
    let mut pieces = part.split('-');
    let lower =
        |piece: &str| !piece.is_empty() && piece.bytes().all(|byte| byte.is_ascii_lowercase());
    let starts = pieces
        .next()
        .is_some_and(|piece| piece.len() == 2 && lower(piece));
    let ends = pieces
        .next_back()
        .is_some_and(|piece| piece.len() == 1 && piece.as_bytes()[0].is_ascii_digit());
    let middle: usize = pieces.clone().filter(|piece| lower(piece)).count();
    starts && ends && (1..=2).contains(&middle) && pieces.count() == middle
}

fn is_account(part: &str) -> bool {
    part.len() == 12 && part.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_name(part: &str) -> bool {
    let named = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    !part.is_empty() && part.bytes().all(named)
}

fn is_qualifier(part: &str) -> bool {
    is_name(part) || matches!(part, "$LATEST" | "$LATEST.PUBLISHED")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Parts<'a> = (Option<&'a str>, Option<&'a str>, &'a str, Option<&'a str>);

    fn parts(text: &str) -> Option<Parts<'_>> {
        let found = Reference::parse(text)?;
        Some((found.region, found.account, found.name, found.qualifier))
    }

    #[test]
    fn every_form_is_understood() {
        let arn = "arn:aws:lambda:eu-west-1:123456789012:function:f";
        let (region, account) = (Some("eu-west-1"), Some("123456789012"));
        assert_eq!(parts("f"), Some((None, None, "f", None)));
        assert_eq!(parts("f:prod"), Some((None, None, "f", Some("prod"))));
        assert_eq!(parts("f:$LATEST"), Some((None, None, "f", Some("$LATEST"))));
        assert_eq!(parts("function:f"), Some((None, None, "f", None)));
        assert_eq!(
            parts("123456789012:function:f:7"),
            Some((None, account, "f", Some("7")))
        );
        assert_eq!(parts(arn), Some((region, account, "f", None)));
        assert_eq!(
            parts("arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:f:a"),
            Some((Some("us-gov-west-1"), account, "f", Some("a")))
        );
        for wrong in [
            "",
            ":",
            "f:",
            "f:a:b",
            "a b",
            "arn:aws:s3:::bucket",
            "f:$OLDEST",
            "../f",
        ] {
            assert_eq!(parts(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn anything_is_parsed_or_refused(text in "\\PC{0,80}") {
            let _ = Reference::parse(&text);
        }

        #[test]
        fn a_full_arn_comes_apart_as_it_was_made(name in "[a-zA-Z0-9_-]{1,64}", alias in "[a-zA-Z_-][a-zA-Z0-9_-]{0,20}") {
            let arn = format!("arn:aws:lambda:us-east-1:000000000000:function:{name}:{alias}");
            prop_assert_eq!(
                parts(&arn),
                Some((Some("us-east-1"), Some("000000000000"), name.as_str(), Some(alias.as_str())))
            );
        }
    }
}
