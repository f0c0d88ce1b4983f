//! `PUT /hearth/functions/{name}?handler=…&runtime=…&requirements=true&blueprint=ID`: creates or replaces a function from a zip, one
//! source file, or a blueprint, and answers when it is Active. What is not given stays as it is.

use bytes::Bytes;
use invoker::Interpreter;
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
    let options = options(query)?;
    let mut function = match &options.blueprint {
        Some(id) => from_blueprint(id, &body, services.invoker.interpreters())?,
        None => from_body(body, options.handler.as_deref())?,
    };
    name.clone_into(&mut function.name);
    function.runtime = options.runtime.or(function.runtime);
    function.handler = options.handler.or(function.handler);
    function.requirements |= options.requirements;
    Ok(services.registry.put(identity, function).await?)
}

fn from_blueprint(id: &str, body: &Bytes, host: &[Interpreter]) -> Result<PutFunction, AwsError> {
    if !body.is_empty() {
        return Err(invalid(
            "a blueprint brings its own code: send no body".to_owned(),
        ));
    }
    let blueprint =
        blueprints::find(id).ok_or_else(|| not_found(format!("Blueprint not found: {id}")))?;
    let files = blueprint.files.iter();
    let zip = packed(
        files.map(|(path, content)| (AsRef::<str>::as_ref(path), AsRef::<[u8]>::as_ref(content))),
    )?;
    let hints = &blueprint.configuration;
    Ok(PutFunction {
        runtime: runtime_for(&blueprint.runtime, host),
        handler: Some(blueprint.handler.clone()),
        zip,
        requirements: blueprint.requirements,
        description: Some(blueprint.description.clone()),
        timeout_seconds: Some(hints.timeout_seconds),
        memory_mib: Some(hints.memory_mib),
        environment: (!hints.environment.is_empty()).then(|| hints.environment.clone()),
        ..PutFunction::default()
    })
}

/// The runtime that a blueprint was written for, where the host has it, else the newest that it has.
fn runtime_for(wanted: &str, host: &[Interpreter]) -> Option<String> {
    let mut names = host
        .iter()
        .map(|interpreter| format!("python{}", interpreter.version));
    let newest = host.last().map(|last| format!("python{}", last.version));
    names.find(|name| name == wanted).or(newest)
}

fn from_body(body: Bytes, handler: Option<&str>) -> Result<PutFunction, AwsError> {
    if body.is_empty() {
        return Err(invalid(
            "send a zip or a .py file as the body, or name a blueprint".to_owned(),
        ));
    }
    if package::is_zip(&body) {
        return Ok(PutFunction {
            zip: body,
            ..PutFunction::default()
        });
    }
    if std::str::from_utf8(&body).is_err() {
        return Err(invalid(
            "the body is neither a zip nor Python source in UTF-8".to_owned(),
        ));
    }
    let handler = handler.unwrap_or(DEFAULT_HANDLER);
    let file = package::module_file(handler)
        .ok_or_else(|| invalid(format!("handler '{handler}' is not module.function")))?;
    Ok(PutFunction {
        handler: Some(handler.to_owned()),
        zip: packed([(file.as_str(), &body[..])])?,
        ..PutFunction::default()
    })
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
        let function = from_body(Bytes::from_static(b"x = 1"), None).unwrap();
        assert!(package::is_zip(&function.zip));
        assert_eq!(function.handler.as_deref(), Some(DEFAULT_HANDLER));
        assert!(from_body(Bytes::new(), None).is_err());
        assert!(from_body(Bytes::from_static(b"\xff\xfe"), None).is_err());
        assert!(from_body(Bytes::from_static(b"x = 1"), Some("../a.b")).is_err());
    }

    #[test]
    fn a_blueprint_brings_its_configuration() {
        let interpreter = |minor| Interpreter {
            version: invoker::PythonVersion { major: 3, minor },
            full_version: format!("3.{minor}.0"),
            executable: "/usr/bin/python3".into(),
        };
        let blueprint = |host: &[Interpreter]| {
            from_blueprint("hello-world-python", &Bytes::new(), host).unwrap()
        };
        let wanted = blueprint(&[interpreter(11), interpreter(13), interpreter(14)]);
        assert_eq!(wanted.runtime.as_deref(), Some("python3.13"));
        let newest = blueprint(&[interpreter(11), interpreter(12)]);
        assert_eq!(newest.runtime.as_deref(), Some("python3.12"));
        assert_eq!(newest.timeout_seconds, Some(3));
        assert!(from_blueprint("nobody", &Bytes::new(), &[]).is_err());
    }
}
