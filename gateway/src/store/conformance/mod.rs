//! What every implementation of the store's traits does: each case runs on the memory and on the disk.
//!
//! A case is an async function over a fresh [`Store`](super::Store); `conformance!` makes its tests. What only a disk
//! can promise is in [`durability`].

/// Makes one test for each case and implementation.
macro_rules! conformance {
    ($($case:ident),+ $(,)?) => {
        mod memory {
            $(
                #[tokio::test]
                async fn $case() -> Result<(), crate::store::StoreError> {
                    let folder = tempfile::tempdir().expect("a temporary folder");
                    super::$case(&crate::store::memory::open(folder.path())).await
                }
            )+
        }

        mod sqlite {
            $(
                #[tokio::test]
                async fn $case() -> Result<(), crate::store::StoreError> {
                    let folder = tempfile::tempdir().expect("a temporary folder");
                    super::$case(&crate::store::sqlite::open(folder.path()).await?).await
                }
            )+
        }
    };
}

mod blobs;
mod documents;
mod durability;
mod journal;
mod model;
mod queue;
