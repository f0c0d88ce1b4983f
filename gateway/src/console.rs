//! The web console under `/console/`: its embedded files, with a real 404 for those that are not there, and its first page for the
//! routes of its pages. A browser that opens the endpoint itself is sent there.

use std::io::Read as _;

use bytes::Bytes;
use console_ui::{Asset, INDEX};
use flate2::read::GzDecoder;
use http::header::{
    ACCEPT, ACCEPT_ENCODING, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HeaderName,
    HeaderValue, LOCATION, VARY,
};
use http::{Method, Response, StatusCode, request};

/// The first segments of the pages' routes: `console-ui/src/routes.tsx`.
const PAGES: [&str; 7] = [
    "dashboard",
    "functions",
    "host",
    "invocations",
    "logs",
    "metrics",
    "sandboxes",
];

/// Only what hearth itself serves is loaded or asked, and nobody frames the console. Fonts and icons are in the styles as `data:`;
/// the editor and the components write styles into the page.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What a path of the console leads to.
#[derive(Clone, Copy, Debug)]
enum Found {
    /// To the console.
    Redirect,
    /// A file; `is_page` when it is the first page.
    File {
        asset: &'static Asset,
        is_page: bool,
    },
    Nothing,
}

/// True when the request is for the console, not for an API.
pub fn is_asked(parts: &request::Parts) -> bool {
    let path = parts.uri.path();
    path == "/console"
        || path.starts_with("/console/")
        || (path == "/" && parts.method != Method::POST && wants(parts, ACCEPT, "text/html"))
}

/// Answers a request for the console.
pub fn answer(parts: &request::Parts) -> Response<Bytes> {
    if ![Method::GET, Method::HEAD].contains(&parts.method) {
        let mut response = text(
            StatusCode::METHOD_NOT_ALLOWED,
            "only GET is answered here\n",
        );
        let allowed = HeaderValue::from_static("GET, HEAD");
        response.headers_mut().insert(ALLOW, allowed);
        return response;
    }
    match find(parts.uri.path()) {
        Found::Redirect => {
            let mut response = text(StatusCode::FOUND, "the console is at /console/\n");
            let location = HeaderValue::from_static("/console/");
            response.headers_mut().insert(LOCATION, location);
            response
        }
        Found::File { asset, is_page } => {
            file(asset, is_page, wants(parts, ACCEPT_ENCODING, "gzip"))
        }
        Found::Nothing => text(StatusCode::NOT_FOUND, "the console has no such file\n"),
    }
}

fn find(path: &str) -> Found {
    let Some(rest) = path.strip_prefix("/console/") else {
        return Found::Redirect;
    };
    if let Some(asset) = console_ui::asset(rest).filter(|_| rest != INDEX) {
        let is_page = false;
        return Found::File { asset, is_page };
    }
    let first = rest.split('/').next().unwrap_or("");
    let is_page = rest.is_empty() || PAGES.contains(&first);
    match console_ui::asset(INDEX) {
        Some(asset) if is_page => Found::File { asset, is_page },
        _ => Found::Nothing,
    }
}

fn wants(parts: &request::Parts, header: HeaderName, what: &str) -> bool {
    parts.headers.get_all(header).iter().any(|value| {
        value.to_str().unwrap_or("").split(',').any(|offer| {
            let mut words = offer.split(';').map(str::trim);
            words.next() == Some(what) && !words.any(|word| word == "q=0")
        })
    })
}

fn file(asset: &Asset, is_page: bool, takes_gzip: bool) -> Response<Bytes> {
    let mut response = Response::new(if takes_gzip {
        Bytes::from_static(asset.gzip)
    } else {
        inflated(asset)
    });
    let headers = response.headers_mut();
    let cached = match asset.path.starts_with("assets/") {
        true => "public, max-age=31536000, immutable",
        false => "no-cache",
    };
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(cached));
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static(content_type(asset.path)),
    );
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(
        "x-content-type-options",
        HeaderValue::from_static("nosniff"),
    );
    if takes_gzip {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    if is_page {
        let policy = HeaderValue::from_static(CONTENT_SECURITY_POLICY);
        headers.insert("content-security-policy", policy);
        headers.insert("referrer-policy", HeaderValue::from_static("same-origin"));
    }
    response
}

/// For the rare client that does not take gzip.
fn inflated(asset: &Asset) -> Bytes {
    let mut content = Vec::new();
    GzDecoder::new(asset.gzip)
        .read_to_end(&mut content)
        .expect("build.rs compressed it");
    content.into()
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

fn text(status: StatusCode, content: &'static str) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from_static(content.as_bytes()));
    *response.status_mut() = status;
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, plain);
    response
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn get(path: &str, headers: &[(&str, &str)]) -> request::Parts {
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).expect("a valid request").into_parts().0
    }

    #[test]
    fn routes_of_pages_answer_the_first_page_and_unknown_files_do_not() {
        for path in [
            "/console/",
            "/console/functions",
            "/console/functions/a.b/code",
            "/console/host",
        ] {
            let response = answer(&get(path, &[]));
            assert_eq!(response.status(), 200, "{path}");
            assert_eq!(
                response.headers()[CONTENT_TYPE],
                "text/html; charset=utf-8",
                "{path}"
            );
        }
        for path in [
            "/console/assets/gone.js",
            "/console/nothing",
            "/console/index.html",
        ] {
            assert_eq!(answer(&get(path, &[])).status(), 404, "{path}");
        }
    }

    #[test]
    fn a_browser_at_the_endpoint_is_sent_to_the_console_and_an_sdk_is_not() {
        let browser = get("/", &[("accept", "text/html,application/xhtml+xml;q=0.9")]);
        assert!(is_asked(&browser));
        let response = answer(&browser);
        assert_eq!(
            (response.status().as_u16(), &response.headers()[LOCATION]),
            (302, &"/console/".parse().unwrap())
        );
        assert!(!is_asked(&get("/", &[("accept", "*/*")])));
        assert!(!is_asked(&get("/consoles", &[])));
    }

    #[test]
    fn a_client_that_does_not_take_gzip_gets_the_same_content() {
        let zipped = answer(&get("/console/", &[("accept-encoding", "br, gzip")]));
        let plain = answer(&get(
            "/console/",
            &[("accept-encoding", "gzip;q=0, identity")],
        ));
        assert_eq!(zipped.headers()[CONTENT_ENCODING], "gzip");
        assert!(!plain.headers().contains_key(CONTENT_ENCODING));
        let mut content = Vec::new();
        GzDecoder::new(&zipped.body()[..])
            .read_to_end(&mut content)
            .unwrap();
        assert_eq!(&content[..], &plain.body()[..]);
    }
}
