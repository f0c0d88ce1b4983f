//! What hearth's own REST answers: one row per method and path, and nothing else knows either.

use http::Method;

/// One request of the REST, with the names that its path holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route<'a> {
    /// Every blueprint.
    Blueprints,
    /// One blueprint.
    Blueprint(&'a str),
    /// Sample events.
    SampleEvents,
    /// The server's health.
    Health,
    /// The server's version.
    Version,
    /// What the host gives.
    Host,
    /// The warm pool.
    Sandboxes,
    /// End a sandbox.
    RetireSandbox(&'a str),
    /// Create or replace a function.
    Deploy(&'a str),
    /// Invocations.
    Invocations,
    /// One invocation.
    Invocation(&'a str),
    /// What is kept of a function's invocations.
    Recording(&'a str),
    /// Change what is kept of a function's invocations.
    PutRecording(&'a str),
    /// What a function's sandboxes reach.
    Network(&'a str),
    /// Change what a function's sandboxes reach.
    PutNetwork(&'a str),
    /// A function's saved test events.
    TestEvents(&'a str),
    /// Save a test event: the function, the event's name.
    PutTestEvent(&'a str, &'a str),
    /// Delete a test event: the function, the event's name.
    DeleteTestEvent(&'a str, &'a str),
    /// The package behind a token.
    Code(&'a str),
}

/// What `method` on `path` (its segments after `/hearth/`) asks for.
pub(super) fn route<'a>(method: &Method, path: &[&'a str]) -> Option<Route<'a>> {
    Some(match (method.as_str(), path) {
        ("GET", ["blueprints"]) => Route::Blueprints,
        ("GET", ["blueprints", id]) => Route::Blueprint(id),
        ("GET", ["events"]) => Route::SampleEvents,
        ("GET", ["health"]) => Route::Health,
        ("GET", ["version"]) => Route::Version,
        ("GET", ["host"]) => Route::Host,
        ("GET", ["sandboxes"]) => Route::Sandboxes,
        ("POST", ["sandboxes", id, "retire"]) => Route::RetireSandbox(id),
        ("PUT", ["functions", name]) => Route::Deploy(name),
        ("GET", ["invocations"]) => Route::Invocations,
        ("GET", ["invocations", request_id]) => Route::Invocation(request_id),
        ("GET", ["functions", name, "recording"]) => Route::Recording(name),
        ("PUT", ["functions", name, "recording"]) => Route::PutRecording(name),
        ("GET", ["functions", name, "network"]) => Route::Network(name),
        ("PUT", ["functions", name, "network"]) => Route::PutNetwork(name),
        ("GET", ["functions", name, "test-events"]) => Route::TestEvents(name),
        ("PUT", ["functions", name, "test-events", event]) => Route::PutTestEvent(name, event),
        ("DELETE", ["functions", name, "test-events", event]) => {
            Route::DeleteTestEvent(name, event)
        }
        ("GET", ["code", token]) => Route::Code(token),
        _ => return None,
    })
}

/// The methods that `path` answers: none when there is no such path.
pub(super) fn allowed(path: &[&str]) -> Vec<Method> {
    let methods = [Method::GET, Method::PUT, Method::POST, Method::DELETE];
    methods
        .into_iter()
        .filter(|method| route(method, path).is_some())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_knows_its_methods() {
        assert_eq!(
            route(&Method::PUT, &["functions", "f"]),
            Some(Route::Deploy("f"))
        );
        assert_eq!(route(&Method::GET, &["functions", "f"]), None);
        assert_eq!(allowed(&["functions", "f"]), [Method::PUT]);
        assert_eq!(
            allowed(&["functions", "f", "test-events", "e"]),
            [Method::PUT, Method::DELETE]
        );
        assert_eq!(allowed(&["nowhere"]), [Method::GET; 0]);
    }
}
