//! Compressed requests: SDKs gzip a large body where the model's `requestcompression` says that the service takes it.
//! <https://smithy.io/2.0/spec/behavior-traits.html#requestcompression-trait>

use std::io::Read as _;

use flate2::bufread::MultiGzDecoder;
use http::HeaderMap;
use http::header::CONTENT_ENCODING;
use thiserror::Error;

/// The most bytes that one byte of gzip becomes: <https://zlib.net/zlib_tech.html>.
pub const MAX_GROWTH: usize = 1_032;

/// Why a body was not inflated.
#[derive(Debug, Error)]
pub enum InflateError {
    /// It becomes larger than a body may be.
    #[error("the body becomes larger than a request may be")]
    TooLarge,
    /// It is damaged, or was never compressed.
    #[error("the body is not gzip as its Content-Encoding says: {0}")]
    Broken(std::io::Error),
}

/// Whether the headers say that the body is gzip, and nothing else.
pub fn is_gzip(headers: &HeaderMap) -> bool {
    let mut encodings = headers.get_all(CONTENT_ENCODING).iter();
    let only = (encodings.next(), encodings.next());
    let (Some(encoding), None) = only else {
        return false;
    };
    encoding
        .to_str()
        .is_ok_and(|encoding| encoding.trim().eq_ignore_ascii_case("gzip"))
}

/// The bytes that were compressed, `limit` of them at most; no more are ever held.
///
/// # Errors
/// More bytes than that, or a body that is no gzip to its end.
pub fn inflate(body: &[u8], limit: usize) -> Result<Vec<u8>, InflateError> {
    let mut inflated = Vec::new();
    MultiGzDecoder::new(body)
        .take(limit as u64 + 1)
        .read_to_end(&mut inflated)
        .map_err(InflateError::Broken)?;
    if inflated.len() > limit {
        return Err(InflateError::TooLarge);
    }
    Ok(inflated)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn a_body_may_become_as_large_as_the_limit() {
        let zeros = vec![0; 1 << 20];
        let compressed = gzip(&zeros);
        assert!(compressed.len() * MAX_GROWTH >= zeros.len());
        assert_eq!(inflate(&compressed, zeros.len()).unwrap(), zeros);
        let error = inflate(&compressed, zeros.len() - 1);
        assert!(matches!(error, Err(InflateError::TooLarge)), "{error:?}");
    }

    #[test]
    fn what_is_cut_off_damaged_or_followed_by_something_else_is_broken() {
        let whole = gzip(b"some metrics");
        let mut damaged = whole.clone();
        damaged[whole.len() - 5] ^= 1; // in the checksum
        for body in [
            &b""[..],
            b"some metrics",
            &whole[..whole.len() - 1],
            &damaged,
            &[&whole[..], b"more"].concat(),
        ] {
            let error = inflate(body, 100);
            assert!(matches!(error, Err(InflateError::Broken(_))), "{error:?}");
        }
    }

    #[test]
    fn only_gzip_alone_is_meant() {
        let said = |encodings: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for encoding in encodings {
                headers.append(CONTENT_ENCODING, HeaderValue::from_static(encoding));
            }
            is_gzip(&headers)
        };
        assert!(said(&["gzip"]) && said(&["GZIP"]));
        assert!(!said(&[]) && !said(&["br"]) && !said(&["br, gzip"]) && !said(&["gzip", "gzip"]));
    }

    proptest! {
        #[test]
        fn what_was_compressed_comes_back(bytes: Vec<u8>) {
            prop_assert_eq!(inflate(&gzip(&bytes), bytes.len()).unwrap(), bytes);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = inflate(&bytes, 1_000);
        }
    }
}
