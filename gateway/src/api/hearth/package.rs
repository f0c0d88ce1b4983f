//! Makes a deployment package of source files. Pure.

use std::io::{Cursor, Write as _};

use bytes::Bytes;
use zip::ZipWriter;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;

/// Whether `bytes` are a zip, by its magic (of an empty archive too).
pub(super) fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// The file of a handler's module: `app.main` lies in `app.py`, `pkg/app.main` and `pkg.app.main` in `pkg/app.py`.
pub(super) fn module_file(handler: &str) -> Option<String> {
    let (module, function) = handler.rsplit_once('.')?;
    let path = module.replace('.', "/");
    let is_name = |part: &str| {
        !part.is_empty()
            && part
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "_-".contains(c))
    };
    (is_name(function) && path.split('/').all(is_name)).then(|| format!("{path}.py"))
}

/// A zip of `files` (path, content), readable by everyone as Lambda wants it.
pub(super) fn zip<'a>(
    files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
) -> Result<Bytes, ZipError> {
    let options = SimpleFileOptions::default().unix_permissions(0o644);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, content) in files {
        writer.start_file(path, options)?;
        writer.write_all(content)?;
    }
    Ok(Bytes::from(writer.finish()?.into_inner()))
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn a_module_has_its_file() {
        assert_eq!(
            module_file("lambda_function.lambda_handler").as_deref(),
            Some("lambda_function.py")
        );
        assert_eq!(module_file("pkg/app.main").as_deref(), Some("pkg/app.py"));
        assert_eq!(module_file("pkg.app.main").as_deref(), Some("pkg/app.py"));
        for wrong in ["app", "../app.main", "/app.main", "app."] {
            assert_eq!(module_file(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_packed_file_comes_out_again() {
        let bytes = zip([("app.py", &b"x = 1"[..])]).unwrap();
        assert!(is_zip(&bytes) && !is_zip(b"import os"));
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut text = String::new();
        archive
            .by_name("app.py")
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        assert_eq!(text, "x = 1");
    }
}
