//! Paths of a REST service: `/2015-03-31/functions/{FunctionName}/code` → the operation and its labels, from the model.
//!
//! Paths are matched raw, segment by segment, and decoded after that: a name may hold an encoded slash.

use percent_encoding::percent_decode_str;

use crate::protocol::model::{Model, OperationModel};

/// The routes of one service.
#[derive(Debug)]
pub struct Routes {
    routes: Vec<Route>,
}

#[derive(Debug)]
struct Route {
    operation: &'static OperationModel,
    segments: Vec<Segment>,
    /// A fixed query, such as `List=ALL`, that the request must have.
    query: Option<String>,
}

#[derive(Debug)]
enum Segment {
    Literal(String),
    Label(String),
}

/// A label of a path: its name in the model, and its decoded value.
pub type Label = (&'static str, String);

impl Routes {
    /// The routes of `model`. Those with a fixed query come first, so that the plainer ones do not hide them.
    pub fn of(model: &'static Model) -> Self {
        let mut routes: Vec<Route> = model.operations().iter().map(Route::of).collect();
        routes.sort_by_key(|route| route.query.is_none());
        Self { routes }
    }

    /// The operation behind a request, with its path's labels.
    pub fn find(
        &'static self,
        method: &str,
        path: &str,
        query: &str,
    ) -> Option<(&'static OperationModel, Vec<Label>)> {
        // Older SDKs end some paths with a slash.
        let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
        let route = self
            .routes
            .iter()
            .find(|route| route.matches(method, &segments, query))?;
        let labels = route.segments.iter().zip(segments);
        let labels = labels
            .filter_map(|(segment, text)| match segment {
                Segment::Literal(_) => None,
                Segment::Label(name) => {
                    let value = percent_decode_str(text).decode_utf8_lossy().into_owned();
                    Some((name.as_str(), value))
                }
            })
            .collect();
        Some((route.operation, labels))
    }
}

impl Route {
    fn of(operation: &'static OperationModel) -> Self {
        let (path, query) = match operation.uri.split_once('?') {
            Some((path, query)) => (path, Some(query.to_owned())),
            None => (operation.uri.as_str(), None),
        };
        let segments = path.trim_matches('/').split('/');
        let segments = segments.map(|segment| {
            let label = segment
                .strip_prefix('{')
                .and_then(|rest| rest.strip_suffix('}'));
            match label {
                Some(name) => Segment::Label(name.to_owned()),
                None => Segment::Literal(segment.to_owned()),
            }
        });
        Self {
            operation,
            segments: segments.collect(),
            query,
        }
    }

    fn matches(&self, method: &str, segments: &[&str], query: &str) -> bool {
        self.segments.len() == segments.len()
            && self.operation.method == method
            && self
                .segments
                .iter()
                .zip(segments)
                .all(|(segment, text)| match segment {
                    Segment::Literal(literal) => literal == text,
                    Segment::Label(_) => !text.is_empty(),
                })
            && self
                .query
                .as_ref()
                .is_none_or(|wanted| query.split('&').any(|pair| pair == wanted))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::super::service::Service;
    use super::*;

    static ROUTES: LazyLock<Routes> = LazyLock::new(|| Routes::of(Service::Lambda.model()));

    fn found(method: &str, path: &str, query: &str) -> Option<(&'static str, Vec<Label>)> {
        let (operation, labels) = ROUTES.find(method, path, query)?;
        Some((operation.name.as_str(), labels))
    }

    #[test]
    fn every_operation_is_reached_by_its_own_route() {
        for operation in Service::Lambda.model().operations() {
            let path = operation.uri.split('?').next().unwrap();
            let path = path.replace('{', "a").replace('}', "b");
            let query = operation.uri.split_once('?').map_or("", |(_, query)| query);
            let (name, _) = found(&operation.method, &path, query).unwrap();
            assert_eq!(name, operation.name);
        }
    }

    #[test]
    fn labels_are_decoded_and_a_last_slash_does_not_matter() {
        assert_eq!(
            found("GET", "/2015-03-31/functions/arn%3Aaws%2Fx/aliases/a", ""),
            Some((
                "GetAlias",
                vec![("FunctionName", "arn:aws/x".into()), ("Name", "a".into())]
            ))
        );
        assert_eq!(
            found("GET", "/2015-03-31/functions/", "").unwrap().0,
            "ListFunctions"
        );
        assert_eq!(found("PATCH", "/2015-03-31/functions", ""), None);
        assert_eq!(found("GET", "/2015-03-31/functions//aliases", ""), None);
    }
}
