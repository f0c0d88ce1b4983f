//! The index against a plain list of what was put into it.

use proptest::prelude::*;

use super::super::testing::key;
use super::*;

const FREE: Bounds = Bounds {
    of_function: usize::MAX,
    of_all: usize::MAX,
    bytes: u64::MAX,
    age_ms: i64::MAX,
};

fn glance(id: u128, attempt: u32, status: Status, billed_ms: u64) -> Glance {
    Glance {
        request_id: Uuid::from_u128(id),
        attempt,
        status,
        billed_ms,
        memory_mib: 128,
        kept_bytes: 0,
    }
}

fn query(order: Order, limit: usize) -> Query {
    let FunctionKey {
        account, region, ..
    } = key("");
    Query {
        account,
        region,
        function: None,
        order,
        failed: false,
        from_ms: i64::MIN,
        to_ms: i64::MAX,
        after: None,
        limit,
    }
}

fn ids(index: &Index, query: &Query) -> Vec<u128> {
    let (places, _) = index.page(query);
    let ids = places.iter().map(|(_, place)| place.request_id().as_u128());
    ids.collect()
}

#[test]
fn runs_of_one_id_are_one_invocation() {
    let mut index = Index::new(FREE);
    let f = key("f");
    assert_eq!(index.add(&f, 10, glance(1, 1, Status::Failed, 5), 100), 10);
    index.add(&f, 15, glance(2, 1, Status::Succeeded, 7), 100);
    assert_eq!(index.add(&f, 20, glance(1, 2, Status::NotRun, 0), 100), 10);
    assert_eq!(
        index.add(&f, 30, glance(1, 2, Status::Succeeded, 3), 100),
        10
    );
    assert_eq!(ids(&index, &query(Order::Recent, 9)), [2, 1]);
    // 5 + 3 ms, the run that was not run being replaced.
    assert_eq!(ids(&index, &query(Order::Expensive, 9)), [1, 2]);
    let failed = Query {
        failed: true,
        ..query(Order::Recent, 9)
    };
    assert_eq!(ids(&index, &failed), []);
    // Told late: the last run stays the last.
    index.add(&f, 30, glance(1, 1, Status::Failed, 5), 100);
    assert_eq!(ids(&index, &failed), []);
    assert_eq!(index.find(Uuid::from_u128(1)), Some((&f, 10)));
}

#[test]
fn what_is_over_a_bound_goes_oldest_first() {
    let mut index = Index::new(Bounds {
        of_function: 8,
        of_all: 20,
        bytes: 15_000,
        age_ms: 50,
    });
    let (f, g) = (key("f"), key("g"));
    for time in 0..9 {
        index.add(&f, time, glance(time as u128, 1, Status::Succeeded, 1), 1);
    }
    let cuts = index.cut_surplus();
    assert_eq!(
        cuts,
        [Cut {
            function: f.clone(),
            before_ms: 3
        }]
    );
    assert_eq!(ids(&index, &query(Order::Recent, 9)), [8, 7, 6, 5, 4, 3]);
    assert_eq!(index.find(Uuid::from_u128(2)), None);
    assert_eq!(index.cut_surplus(), []);

    index.add(&g, 60, glance(100, 1, Status::Succeeded, 1), 10_000);
    index.add(&g, 61, glance(101, 1, Status::Succeeded, 1), 10_000);
    index.cut_surplus();
    assert_eq!(ids(&index, &query(Order::Recent, 9)), [101]);
    assert_eq!(index.empty_trail(), Some(f.clone()));
    index.end_trail(&f);
    assert_eq!(index.cut_old(111), []);
    assert_eq!(index.cut_old(112).len(), 1);
    assert_eq!((index.bytes, index.by_id.len()), (0, 0));
}

#[derive(Clone, Debug)]
struct Added {
    account: bool,
    function: u8,
    started_ms: i64,
    billed_ms: u64,
    good: bool,
}

fn added() -> impl Strategy<Value = Added> {
    (any::<bool>(), 0u8..3, 0i64..20, 0u64..5, any::<bool>()).prop_map(
        |(account, function, started_ms, billed_ms, good)| Added {
            account,
            function,
            started_ms,
            billed_ms,
            good,
        },
    )
}

fn expected(all: &[Added], query: &Query) -> Vec<u128> {
    let mut wanted: Vec<(u64, i64, u128)> = all
        .iter()
        .enumerate()
        .filter(|(_, one)| one.account && (!query.failed || !one.good))
        .filter(|(_, one)| (query.from_ms..=query.to_ms).contains(&one.started_ms))
        .filter(|(_, one)| {
            let name = one.function.to_string();
            query
                .function
                .as_ref()
                .is_none_or(|function| *function == name)
        })
        .map(|(id, one)| {
            let cost = match query.order {
                Order::Recent => 0,
                Order::Expensive => one.billed_ms,
            };
            (cost, one.started_ms, id as u128)
        })
        .collect();
    wanted.sort_unstable();
    wanted.into_iter().rev().map(|(_, _, id)| id).collect()
}

proptest! {
    #[test]
    fn pages_put_together_are_the_list(
        all in proptest::collection::vec(added(), 0..60),
        function in proptest::option::of(0u8..4),
        (expensive, failed) in any::<(bool, bool)>(),
        (from_ms, to_ms) in (-1i64..20, -1i64..21),
        limit in 1usize..10,
    ) {
        let mut index = Index::new(FREE);
        for (id, one) in all.iter().enumerate() {
            let mut function = key(&one.function.to_string());
            if !one.account {
                function.account = "999999999999".into();
            }
            let status = if one.good { Status::Succeeded } else { Status::TimedOut };
            index.add(&function, one.started_ms, glance(id as u128, 1, status, one.billed_ms), 1);
        }
        let order = if expensive { Order::Expensive } else { Order::Recent };
        let mut query = Query {
            function: function.map(|number| number.to_string()),
            failed, from_ms, to_ms,
            ..query(order, limit)
        };
        let mut listed = Vec::new();
        loop {
            let (places, more) = index.page(&query);
            prop_assert!(places.len() <= limit && (places.len() == limit || !more));
            listed.extend(places.iter().map(|(_, place)| place.request_id().as_u128()));
            if !more {
                break;
            }
            query.after = places.last().map(|(_, place)| *place);
        }
        prop_assert_eq!(listed, expected(&all, &query));
    }

    #[test]
    fn bounds_hold_and_the_newest_stay(times in proptest::collection::vec((0u8..3, 0i64..500), 1..200)) {
        let bounds = Bounds { of_function: 20, of_all: 40, bytes: u64::MAX, age_ms: i64::MAX };
        let mut index = Index::new(bounds);
        for (id, (function, time)) in times.iter().enumerate() {
            index.add(&key(&function.to_string()), *time, glance(id as u128, 1, Status::Succeeded, 1), 1);
            for cut in index.cut_surplus() {
                let oldest = index.trails[&cut.function].keys().next();
                prop_assert!(oldest.is_none_or(|(time_ms, _)| *time_ms >= cut.before_ms));
            }
            prop_assert!(index.by_id.len() <= bounds.of_all);
            prop_assert!(index.trails.values().all(|trail| trail.len() <= bounds.of_function));
            let entries: usize = index.trails.values().map(BTreeMap::len).sum();
            prop_assert_eq!(entries, index.by_id.len());
            prop_assert_eq!(entries as u64, index.bytes);
        }
    }
}
