//! Pages of lists: `Marker` and `MaxItems` in, `NextMarker` out.

use serde_json::json;

use crate::api::Reply;
use crate::function::registry::{Page, PageRequest};

/// The page that a request asks for.
pub(super) fn request(marker: Option<String>, max_items: Option<usize>) -> PageRequest {
    PageRequest {
        marker: marker.filter(|marker| !marker.is_empty()),
        max_items,
    }
}

/// A page as a list operation answers it, its entries under `member`.
pub(super) fn reply(member: &str, page: Page) -> Reply {
    let mut output = json!({ member: page.items });
    if let Some(marker) = page.next_marker {
        output["NextMarker"] = json!(marker);
    }
    Reply::of(output)
}
