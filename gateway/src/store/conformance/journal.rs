//! Cases of [`Journal`](crate::store::Journal).

use bytes::Bytes;

use crate::store::{Range, Record, Store, StoreError};

conformance! {
    sequences_grow_over_all_streams,
    records_come_by_time_and_sequence,
    a_range_holds_its_start_and_not_its_end,
    pages_join_to_the_whole_forward,
    pages_join_to_the_whole_backward,
    a_place_outside_of_the_range_does_not_widen_it,
    an_empty_range_is_empty,
    a_trim_removes_what_is_older,
    a_trim_of_everything_removes_everything,
}

const ALL: Range<'static> = Range {
    stream: "s",
    from_ms: i64::MIN,
    to_ms: i64::MAX,
    after: None,
    backward: false,
    limit: usize::MAX,
};

async fn append(store: &Store, stream: &str, times_ms: &[i64]) -> Result<u64, StoreError> {
    let records = times_ms.iter().map(|time_ms| {
        (
            stream.to_owned(),
            *time_ms,
            Bytes::from(time_ms.to_string()),
        )
    });
    store.journal.append(records.collect()).await
}

async fn times(store: &Store, range: Range<'_>) -> Result<Vec<i64>, StoreError> {
    let records = store.journal.read(range).await?;
    Ok(records.into_iter().map(|record| record.time_ms).collect())
}

async fn sequences_grow_over_all_streams(store: &Store) -> Result<(), StoreError> {
    let first = append(store, "s", &[1, 2, 3]).await?;
    assert!(first >= 1);
    assert_eq!(append(store, "other", &[1]).await?, first + 3);
    assert_eq!(append(store, "s", &[]).await?, first + 4);
    assert_eq!(append(store, "s", &[1]).await?, first + 4);
    let records = store
        .journal
        .read(Range {
            stream: "other",
            ..ALL
        })
        .await?;
    let expected = Record {
        sequence: first + 3,
        time_ms: 1,
        body: Bytes::from_static(b"1"),
    };
    assert_eq!(records, [expected]);
    Ok(())
}

async fn records_come_by_time_and_sequence(store: &Store) -> Result<(), StoreError> {
    let first = append(store, "s", &[30, 10, 20, 10, -5]).await?;
    let records = store.journal.read(ALL).await?;
    let places: Vec<_> = records
        .iter()
        .map(|record| (record.time_ms, record.sequence - first))
        .collect();
    assert_eq!(places, [(-5, 4), (10, 1), (10, 3), (20, 2), (30, 0)]);
    let newest = times(
        store,
        Range {
            backward: true,
            limit: 2,
            ..ALL
        },
    )
    .await?;
    assert_eq!(newest, [30, 20]);
    Ok(())
}

async fn a_range_holds_its_start_and_not_its_end(store: &Store) -> Result<(), StoreError> {
    append(store, "s", &[9, 10, 11, 19, 20, 21]).await?;
    for (backward, expected) in [(false, [10, 11, 19]), (true, [19, 11, 10])] {
        let range = Range {
            from_ms: 10,
            to_ms: 20,
            backward,
            ..ALL
        };
        assert_eq!(times(store, range).await?, expected);
    }
    Ok(())
}

/// Reads in pages of two, each behind the last record of the one before.
async fn in_pages(store: &Store, backward: bool) -> Result<Vec<Record>, StoreError> {
    let mut records: Vec<Record> = Vec::new();
    loop {
        let after = records
            .last()
            .map(|record| (record.time_ms, record.sequence));
        let page = store
            .journal
            .read(Range {
                after,
                backward,
                limit: 2,
                ..ALL
            })
            .await?;
        if page.is_empty() {
            return Ok(records);
        }
        assert!(page.len() <= 2 && records.len() < 100);
        records.extend(page);
    }
}

async fn pages_join_to_the_whole_forward(store: &Store) -> Result<(), StoreError> {
    append(store, "s", &[5, 5, 5, 1, 5, 9, 9]).await?;
    append(store, "other", &[5, 5]).await?;
    let whole = store.journal.read(ALL).await?;
    assert_eq!(whole.len(), 7);
    assert_eq!(in_pages(store, false).await?, whole);
    Ok(())
}

async fn pages_join_to_the_whole_backward(store: &Store) -> Result<(), StoreError> {
    append(store, "s", &[5, 5, 5, 1, 5, 9, 9]).await?;
    append(store, "other", &[5, 5]).await?;
    let mut whole = store.journal.read(ALL).await?;
    whole.reverse();
    assert_eq!(whole.len(), 7);
    assert_eq!(in_pages(store, true).await?, whole);
    Ok(())
}

async fn a_place_outside_of_the_range_does_not_widen_it(store: &Store) -> Result<(), StoreError> {
    append(store, "s", &[1, 2, 3, 4, 5]).await?;
    let range = Range {
        from_ms: 2,
        to_ms: 4,
        ..ALL
    };
    let before = Some((0, 1));
    let behind = Some((9, u64::MAX));
    assert_eq!(
        times(
            store,
            Range {
                after: before,
                ..range.clone()
            }
        )
        .await?,
        [2, 3]
    );
    assert_eq!(
        times(
            store,
            Range {
                after: behind,
                ..range.clone()
            }
        )
        .await?,
        [0; 0]
    );
    assert_eq!(
        times(
            store,
            Range {
                after: behind,
                backward: true,
                ..range.clone()
            }
        )
        .await?,
        [3, 2]
    );
    assert_eq!(
        times(
            store,
            Range {
                after: before,
                backward: true,
                ..range
            }
        )
        .await?,
        [0; 0]
    );
    Ok(())
}

async fn an_empty_range_is_empty(store: &Store) -> Result<(), StoreError> {
    append(store, "s", &[1, 2, 3]).await?;
    for backward in [false, true] {
        for range in [
            Range {
                from_ms: 2,
                to_ms: 2,
                backward,
                ..ALL
            },
            Range {
                from_ms: 3,
                to_ms: 1,
                backward,
                ..ALL
            },
            Range {
                limit: 0,
                backward,
                ..ALL
            },
            Range {
                stream: "nobody",
                backward,
                ..ALL
            },
        ] {
            assert_eq!(times(store, range).await?, [0; 0]);
        }
    }
    Ok(())
}

async fn a_trim_removes_what_is_older(store: &Store) -> Result<(), StoreError> {
    append(store, "s", &[1, 2, 3, 4]).await?;
    append(store, "other", &[1]).await?;
    assert_eq!(store.journal.trim("s", i64::MIN).await?, 0);
    assert_eq!(store.journal.trim("s", 3).await?, 2);
    assert_eq!(store.journal.trim("s", 3).await?, 0);
    assert_eq!(times(store, ALL).await?, [3, 4]);
    assert_eq!(
        times(
            store,
            Range {
                stream: "other",
                ..ALL
            }
        )
        .await?,
        [1]
    );
    Ok(())
}

async fn a_trim_of_everything_removes_everything(store: &Store) -> Result<(), StoreError> {
    // More than one step of a trim.
    let times_ms: Vec<i64> = (0..4_500).collect();
    append(store, "s", &times_ms).await?;
    let next = append(store, "s", &[i64::MAX]).await? + 1;
    assert_eq!(store.journal.trim("s", i64::MAX).await?, 4_501);
    assert_eq!(times(store, ALL).await?, [0; 0]);
    assert_eq!(append(store, "s", &[7]).await?, next);
    assert_eq!(times(store, ALL).await?, [7]);
    Ok(())
}
