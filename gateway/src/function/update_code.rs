//! Where a request says that a package is. Only inline zips can be had; the others are refused in AWS's words. Pure.

use bytes::Bytes;

use super::FunctionError;

/// Where a package is.
#[derive(Clone, Debug, Default)]
pub struct CodeSource {
    /// The zip itself.
    pub zip: Option<Bytes>,
    /// Whether it names an object in S3.
    pub s3: bool,
    /// A container image.
    pub image_uri: Option<String>,
}

impl CodeSource {
    /// The zip of a function to create; `image` says that its package type is an image.
    ///
    /// # Errors
    /// It is not inline.
    pub fn for_new(self, image: bool) -> Result<Bytes, FunctionError> {
        match self.image_uri {
            Some(uri) if image => Err(FunctionError::Invalid(format!(
                "Source image {uri} does not exist. Provide a valid source image."
            ))),
            Some(_) => Err(invalid(
                "Please don't provide ImageUri when creating a function with packageType Zip.",
            )),
            None if image => Err(invalid(
                "Please provide ImageUri when creating a function with packageType Image.",
            )),
            None => self.zip_only(),
        }
    }

    /// The zip of a function to update.
    ///
    /// # Errors
    /// It is not inline.
    pub fn for_update(self) -> Result<Bytes, FunctionError> {
        if self.image_uri.is_some() {
            return Err(invalid(
                "Please don't provide ImageUri when updating a function with packageType Zip.",
            ));
        }
        self.zip_only()
    }

    fn zip_only(self) -> Result<Bytes, FunctionError> {
        match self.zip {
            Some(zip) if !self.s3 => Ok(zip),
            Some(_) => Err(invalid(
                "Please do not provide other FunctionCode parameters when providing a ZipFile.",
            )),
            None if self.s3 => Err(invalid(
                "Error occurred while GetObject. S3 Error Code: NoSuchBucket. S3 Error Message: The specified bucket does not exist",
            )),
            None => Err(invalid("Please provide a source for function code.")),
        }
    }
}

fn invalid(message: &str) -> FunctionError {
    FunctionError::Invalid(message.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_inline_zip_is_taken() {
        let zip = || CodeSource {
            zip: Some(Bytes::from_static(b"zip")),
            ..CodeSource::default()
        };
        assert!(zip().for_new(false).is_ok() && zip().for_update().is_ok());
        assert!(zip().for_new(true).is_err());
        let s3 = CodeSource {
            s3: true,
            ..CodeSource::default()
        };
        let refused = s3.for_update().unwrap_err().to_string();
        assert!(refused.contains("S3 Error Code: NoSuchBucket"));
        let nothing = CodeSource::default().for_new(false).unwrap_err();
        assert_eq!(
            nothing.to_string(),
            "Please provide a source for function code."
        );
    }
}
