//! Who calls: account, region and service, from the signature's scope.

pub mod identity;

pub use identity::Identity;
