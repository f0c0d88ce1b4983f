//! The links of `Code.Location`: a token that says which package and until when, and proves that this server made it. Pure.
//!
//! Nothing is stored for a link: `EXPIRY-PACKAGE-MAC`, the last being HMAC-SHA-256 (RFC 2104) with the data folder's secret.

use sha2::{Digest as _, Sha256};

use super::limits::CODE_LINK_MS;

/// Bytes of the secret.
pub(super) const SECRET_BYTES: usize = 32;
const BLOCK_BYTES: usize = 64;

/// A token for the package `blob`, good for ten minutes.
pub(super) fn token(secret: &[u8; SECRET_BYTES], blob: &str, now_ms: i64) -> String {
    let claim = format!("{}-{blob}", now_ms.saturating_add(CODE_LINK_MS));
    let mac = hex(&hmac(secret, claim.as_bytes()));
    format!("{claim}-{mac}")
}

/// The package that `token` stands for, if it is one of ours and still good.
pub(super) fn verify<'a>(
    secret: &[u8; SECRET_BYTES],
    token: &'a str,
    now_ms: i64,
) -> Option<&'a str> {
    let (claim, mac) = token.rsplit_once('-')?;
    if !equal(
        hex(&hmac(secret, claim.as_bytes())).as_bytes(),
        mac.as_bytes(),
    ) {
        return None;
    }
    let (expiry_ms, blob) = claim.split_once('-')?;
    let expiry_ms: i64 = expiry_ms.parse().ok()?;
    (now_ms < expiry_ms).then_some(blob)
}

fn hmac(secret: &[u8; SECRET_BYTES], message: &[u8]) -> [u8; 32] {
    let pad = |with: u8| {
        let mut block = [with; BLOCK_BYTES];
        for (byte, secret) in block.iter_mut().zip(secret) {
            *byte ^= secret;
        }
        block
    };
    let inner = Sha256::new()
        .chain_update(pad(0x36))
        .chain_update(message)
        .finalize();
    let outer = Sha256::new().chain_update(pad(0x5c)).chain_update(inner);
    outer.finalize().into()
}

/// Compares without telling by its duration where the difference lies.
fn equal(one: &[u8], other: &[u8]) -> bool {
    let differing = one.iter().zip(other).fold(0, |sum, (a, b)| sum | (a ^ b));
    one.len() == other.len() && differing == 0
}

/// Lowercase hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes of hexadecimal text; `None` when it is none.
pub(super) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes().chunks(2);
    digits
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_mac_is_that_of_the_standard() {
        // RFC 4231, test case 2; a key shorter than a block is padded with zeros.
        let mut key = [0; SECRET_BYTES];
        key[..4].copy_from_slice(b"Jefe");
        assert_eq!(
            hex(&hmac(&key, b"what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn a_link_ends() {
        let secret = [7; SECRET_BYTES];
        let token = token(&secret, "abc", 1_000);
        assert_eq!(verify(&secret, &token, 1_000), Some("abc"));
        assert_eq!(verify(&secret, &token, 1_000 + CODE_LINK_MS), None);
        assert_eq!(verify(&[8; SECRET_BYTES], &token, 1_000), None);
    }

    proptest! {
        #[test]
        fn no_other_token_is_good(at in 0usize..60, with in "[0-9a-f]") {
            let secret = [7; SECRET_BYTES];
            let mut changed = token(&secret, "abc", 1_000);
            let at = at.min(changed.len() - 1);
            changed.replace_range(at..=at, &with);
            prop_assume!(changed != token(&secret, "abc", 1_000));
            prop_assert_eq!(verify(&secret, &changed, 1_000), None);
        }

        #[test]
        fn hexadecimal_comes_back(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            prop_assert_eq!(unhex(&hex(&bytes)), Some(bytes));
        }
    }
}
