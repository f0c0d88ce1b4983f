//! Where a request says that a package is, in the model's members.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use serde::Deserialize;

use crate::function::update_code::CodeSource;
use crate::protocol::AwsError;

/// `FunctionCode`, and the same members of UpdateFunctionCode.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Code {
    zip_file: Option<String>,
    s3_bucket: Option<String>,
    s3_key: Option<String>,
    image_uri: Option<String>,
}

impl Code {
    /// The same with the zip's bytes.
    ///
    /// # Errors
    /// The zip is no base64.
    pub(super) fn source(self) -> Result<CodeSource, AwsError> {
        let decode = |text: String| {
            BASE64_STANDARD.decode(text).map_err(|error| {
                AwsError::new("SerializationException", 400, format!("ZipFile: {error}"))
            })
        };
        Ok(CodeSource {
            zip: self.zip_file.map(decode).transpose()?.map(Bytes::from),
            s3: self.s3_bucket.is_some() || self.s3_key.is_some(),
            image_uri: self.image_uri,
        })
    }
}
