//! `PUT /hearth/functions/{name}?handler=…&runtime=…&requirements=true&blueprint=ID`: creates or replaces a function from a zip, one
//! source file, or a blueprint, and answers when it is Active.

use bytes::Bytes;
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::{not_found, package};
use crate::api::Services;
use crate::auth::Identity;
use crate::function::PutFunction;
use crate::protocol::AwsError;

/// The handler of a bare source file that names none.
const DEFAULT_HANDLER: &str = "lambda_function.lambda_handler";

/// What the query asks for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Options {
    handler: Option<String>,
    runtime: Option<String>,
    blueprint: Option<String>,
    requirements: bool,
}

/// Deploys `body` as `name`.
pub(super) async fn put(
    identity: &Identity,
    name: &str,
    query: &str,
    body: Bytes,
    services: &Services,
) -> Result<Value, AwsError> {
    let mut options = options(query)?;
    let zip = match options.blueprint.take() {
        Some(id) => from_blueprint(&id, &body, &mut options)?,
        None => from_body(body, &mut options)?,
    };
    let newest = services.invoker.interpreters().last();
    let function = PutFunction {
        name: name.to_owned(),
        runtime: options
            .runtime
            .or_else(|| newest.map(|interpreter| format!("python{}", interpreter.version))),
        handler: options.handler,
        zip,
        requirements: options.requirements,
    };
    Ok(services.registry.put(identity, function).await?)
}

fn from_blueprint(id: &str, body: &Bytes, options: &mut Options) -> Result<Bytes, AwsError> {
    if !body.is_empty() {
        return Err(invalid(
            "a blueprint brings its own code: send no body".to_owned(),
        ));
    }
    let blueprint =
        blueprints::find(id).ok_or_else(|| not_found(format!("Blueprint not found: {id}")))?;
    let handler = || blueprint.handler.to_string();
    options.handler.get_or_insert_with(handler);
    options.requirements |= blueprint.requirements;
    let files = blueprint.files.iter();
    packed(
        files.map(|(path, content)| (AsRef::<str>::as_ref(path), AsRef::<[u8]>::as_ref(content))),
    )
}

fn from_body(body: Bytes, options: &mut Options) -> Result<Bytes, AwsError> {
    if body.is_empty() {
        return Err(invalid(
            "send a zip or a .py file as the body, or name a blueprint".to_owned(),
        ));
    }
    if package::is_zip(&body) {
        options
            .handler
            .get_or_insert_with(|| DEFAULT_HANDLER.to_owned());
        return Ok(body);
    }
    if std::str::from_utf8(&body).is_err() {
        return Err(invalid(
            "the body is neither a zip nor Python source in UTF-8".to_owned(),
        ));
    }
    let handler = options
        .handler
        .get_or_insert_with(|| DEFAULT_HANDLER.to_owned());
    let file = package::module_file(handler)
        .ok_or_else(|| invalid(format!("handler '{handler}' is not module.function")))?;
    packed([(file.as_str(), &body[..])])
}

fn packed<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Result<Bytes, AwsError> {
    package::zip(files).map_err(|error| {
        AwsError::new("ServiceException", 500, format!("pack the source: {error}"))
    })
}

fn options(query: &str) -> Result<Options, AwsError> {
    let mut options = Options::default();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = percent_decode_str(value).decode_utf8_lossy().into_owned();
        match name {
            "handler" => options.handler = Some(value),
            "runtime" => options.runtime = Some(value),
            "blueprint" => options.blueprint = Some(value),
            "requirements" => options.requirements = value == "true",
            _ => {
                return Err(invalid(format!(
                    "unknown parameter '{name}': handler, runtime, blueprint, requirements are known"
                )));
            }
        }
    }
    Ok(options)
}

fn invalid(message: String) -> AwsError {
    AwsError::new("InvalidParameterValueException", 400, message).with("Type", "User")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_query_is_decoded_and_closed() {
        let parsed = options("handler=a%2Fb.c&requirements=true").unwrap();
        assert_eq!(
            (parsed.handler.as_deref(), parsed.requirements),
            (Some("a/b.c"), true)
        );
        assert_eq!(options("handlr=x").unwrap_err().status, 400);
    }

    #[test]
    fn bare_source_becomes_the_handlers_module() {
        let mut options = Options::default();
        let zip = from_body(Bytes::from_static(b"x = 1"), &mut options).unwrap();
        assert!(package::is_zip(&zip));
        assert_eq!(options.handler.as_deref(), Some(DEFAULT_HANDLER));
        assert!(from_body(Bytes::new(), &mut options).is_err());
        assert!(from_body(Bytes::from_static(b"\xff\xfe"), &mut options).is_err());
    }
}
