//! Queries from their text to their rows.

use std::sync::Arc;

use proptest::prelude::*;

use super::super::{GroupKey, LogEvent, StoredEvent};
use super::{Exhausted, Pipeline, Query, Source};

const LINES: [&str; 6] = [
    r#"{"level": "INFO", "code": 200, "user": {"name": "ada"}, "ms": 10}"#,
    r#"{"level": "ERROR", "code": 500, "user": {"name": "bob"}, "ms": 20}"#,
    r#"{"level": "INFO", "code": 404, "user": {"name": "ada"}, "ms": 30}"#,
    "plain [WARN] disk=full used=97 percent",
    "plain [INFO] disk=fine used=12 percent",
    r#"{"level": "ERROR", "code": 503, "ms": 45.5}"#,
];

fn source(number: usize, message: &str) -> Source {
    let group = GroupKey {
        account: "000000000000".into(),
        region: "us-east-1".into(),
        name: "g".into(),
    };
    let stored = StoredEvent {
        sequence: number as u64,
        ingested_ms: 1_700_000_000_500,
        event: LogEvent {
            time_ms: 1_700_000_000_000 + number as i64 * 60_000,
            message: message.to_owned(),
        },
    };
    Source::new(Arc::new(group), Arc::from("s"), stored)
}

fn run(query: &str, lines: &[&str]) -> Result<Vec<String>, Exhausted> {
    let query = Query::parse(query).unwrap_or_else(|error| panic!("{query}: {error}"));
    let mut pipeline = Pipeline::new(query, 10_000, 0);
    for (number, line) in lines.iter().enumerate() {
        pipeline.push(source(number, line))?;
    }
    let rows = pipeline.finish()?;
    let show = |row: Vec<(Arc<str>, String)>| {
        let columns = row.into_iter().filter(|(name, _)| &**name != "@ptr");
        let columns: Vec<String> = columns
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        columns.join(" ")
    };
    Ok(rows.into_iter().map(show).collect())
}

#[track_caller]
fn answers(query: &str, expected: &[&str]) {
    assert_eq!(run(query, &LINES).unwrap(), expected, "{query}");
}

#[test]
fn events_come_newest_first_with_time_and_text() {
    let rows = run("", &["a", "b"]).unwrap();
    assert_eq!(
        rows,
        [
            "@timestamp=2023-11-14 22:14:20.000 @message=b",
            "@timestamp=2023-11-14 22:13:20.000 @message=a"
        ]
    );
    assert_eq!(
        run("fields @log, @logStream | limit 1", &["a"]).unwrap(),
        ["@log=000000000000:g @logStream=s"]
    );
}

#[test]
fn filters_choose() {
    let code = |condition: &str, expected: &[&str]| {
        answers(
            &format!("fields code | filter {condition} | filter ispresent(code) | sort code"),
            expected,
        );
    };
    code("code = 404", &["code=404"]);
    code("code != 404", &["code=200", "code=500", "code=503"]);
    code("code >= 404 and code < 503", &["code=404", "code=500"]);
    code("level = 'ERROR'", &["code=500", "code=503"]);
    code(
        "level = \"INFO\" or code > 500",
        &["code=200", "code=404", "code=503"],
    );
    code("not (level = 'ERROR' or code = 200)", &["code=404"]);
    code(
        "code in [200, 404, '503']",
        &["code=200", "code=404", "code=503"],
    );
    code("code not in [200]", &["code=404", "code=500", "code=503"]);
    code("user.name like 'ad'", &["code=200", "code=404"]);
    code("user.name not like /^a/", &["code=500", "code=503"]);
    code(
        "@message =~ /(?i)\"LEVEL\": *\"error\"/",
        &["code=500", "code=503"],
    );
    code(
        "isPresent(user.name) AND NOT isempty(user.name)",
        &["code=200", "code=404", "code=500"],
    );
    code("strcontains(user.name, 'b')", &["code=500"]);
    code("code - 200 > ms * 10", &["code=500"]);
    code("code / 100 = 5.03", &["code=503"]);
    code("-code < -500", &["code=503"]);
}

#[test]
fn fields_are_computed_named_and_shown() {
    answers(
        "filter code = 500 | fields level as l, concat(user.name, '-', code) as who, strlen(level), ms / 3",
        &["l=ERROR who=bob-500 strlen(level)=5 ms / 3=6.6667"],
    );
    answers(
        "filter code = 500 | fields code, level | display level",
        &["level=ERROR"],
    );
    answers(
        "filter code = 500 | fields ms + 1 as a | fields a * 2 as b | display b, nothing",
        &["b=42"],
    );
    answers(
        "filter code = 500 | display datefloor(@timestamp, 1h) as h",
        &["h=2023-11-14 22:00:00.000"],
    );
    answers(
        "filter code = 500 | display fromMillis(toMillis(@timestamp)) as t",
        &["t=2023-11-14 22:14:20.000"],
    );
    answers("filter code = 500 | fields `level`", &["level=ERROR"]);
}

#[test]
fn parse_makes_fields() {
    answers(
        "parse @message '[*] disk=* used=* percent' as kind, disk, used | filter used > 50 | display kind, disk, used",
        &["kind=WARN disk=full used=97"],
    );
    answers(
        "parse @message /used=(?<used>\\d+)/ | filter ispresent(used) | sort used | display used",
        &["used=12", "used=97"],
    );
    answers(
        "fields @logStream | parse @message /disk=(\\w+)/ as disk | filter disk = 'fine'",
        &["@logStream=s disk=fine"],
    );
}

#[test]
fn stats_count_in_groups() {
    answers(
        "stats count(*) as n by level | sort level",
        &["level=ERROR n=2", "level=INFO n=2", "n=2"],
    );
    answers(
        "filter ispresent(ms) | stats count(*), sum(ms), avg(ms) as mean, max(ms) - min(ms) as spread, pct(ms, 50)",
        &["count(*)=4 sum(ms)=105.5 mean=26.375 spread=35.5 pct(ms, 50)=20"],
    );
    answers(
        "stats count(code) by bin(2m) as t | sort t desc | limit 2",
        &[
            "t=2023-11-14 22:18:00.000 count(code)=1",
            "t=2023-11-14 22:16:00.000 count(code)=0",
        ],
    );
    answers(
        "stats count_distinct(user.name) as users, earliest(code) as first, latest(code) as last",
        &["users=2 first=200 last=503"],
    );
    answers(
        "stats count(*) as n by level | stats max(n) as most, count(*)",
        &["most=2 count(*)=3"],
    );
    answers(
        "stats count(*) by level | filter count(*) > 1 and level like 'E' | fields count(*) * 10 as ten",
        &["level=ERROR count(*)=2 ten=20"],
    );
    answers(
        "stats count(*) by bin(2m) | sort bin(2m) desc, count(*) | limit 1 | display bin(2m), count(*)",
        &["bin(2m)=2023-11-14 22:18:00.000 count(*)=1"],
    );
    answers("filter code = 1 | stats count(*)", &["count(*)=0"]);
    answers("filter code = 1 | stats count(*) by level", &[]);
}

#[test]
fn sorting_deduplicating_and_limits() {
    answers(
        "filter ispresent(level) | sort ms desc | limit 2 | display ms",
        &["ms=45.5", "ms=30"],
    );
    answers(
        "filter ispresent(level) | dedup level | display code",
        &["code=503", "code=404"],
    );
    answers(
        "filter ispresent(level) | sort code asc | dedup level | display code",
        &["code=200", "code=500"],
    );
    answers(
        "fields code | sort code | limit 5",
        &["code=200", "code=404", "code=500", "code=503", ""],
    );
    answers(
        "sort user.name, code desc | limit 3 | display code",
        &["code=404", "code=200", "code=500"],
    );
}

proptest! {
    #[test]
    fn nothing_panics(query: String) {
        let _ = Query::parse(&query);
    }

    #[test]
    fn nothing_that_looks_like_a_query_panics(
        words in prop::collection::vec(prop::sample::select(vec![
            "fields", "filter", "stats", "sort", "limit", "parse", "display", "dedup", "|", ",", "(", ")", "[", "]", "@message",
            "a.b", "`x y`", "'text'", "\"a*b\"", "/a(?<n>b)?/", "like", "not", "and", "or", "in", "as", "by", "bin(5m)", "desc",
            "count(*)", "pct(x, 95)", "avg(x)", "=", "!=", "<", "=~", "+", "-", "*", "/", "%", "^", "5", "1.5e3", "5m", "0", "#", "\n",
            "concat(a, 'b')", "replace", "strlen(", "ispresent(a)", "datefloor(@timestamp, 1mo)", "☃",
        ]), 0..24),
    ) {
        if let Ok(query) = Query::parse(&words.join(" ")) {
            let mut pipeline = Pipeline::new(query, 10, 0);
            for (number, line) in LINES.iter().enumerate() {
                pipeline.push(source(number, line)).unwrap();
            }
            pipeline.finish().unwrap();
        }
    }

    #[test]
    fn sort_and_limit_answer_the_first_of_all(numbers in prop::collection::vec(0..1_000_u32, 1..80), limit in 1..20_usize) {
        let lines: Vec<String> = numbers.iter().map(|number| format!("{{\"n\": {number}}}")).collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let found = run(&format!("sort n desc | limit {limit} | display n"), &lines).unwrap();
        let mut expected = numbers;
        expected.sort_unstable_by(|left, right| right.cmp(left));
        expected.truncate(limit);
        let expected: Vec<String> = expected.iter().map(|number| format!("n={number}")).collect();
        prop_assert_eq!(found, expected);
    }
}

#[test]
fn a_query_may_not_take_more_memory_than_there_is() {
    let large = "x".repeat(1 << 20);
    let lines = vec![large.as_str(); 100];
    assert!(run("fields @message | limit 10", &lines).is_ok());
    assert!(
        run("fields @message", &lines).is_ok_and(|rows| rows.len() < 100),
        "as many rows as fit"
    );
    assert_eq!(
        run("sort @timestamp | filter 1 | limit 1", &lines),
        Err(Exhausted)
    );
    let distinct: Vec<String> = (0..100).map(|number| format!("{number}{large}")).collect();
    let distinct: Vec<&str> = distinct.iter().map(String::as_str).collect();
    assert_eq!(run("stats count(*) by @message", &distinct), Err(Exhausted));
    let copies: Vec<String> = (0..40)
        .map(|number| format!("@message as m{number}"))
        .collect();
    let copies = format!("sort @timestamp | limit 50 | display {}", copies.join(", "));
    assert_eq!(run(&copies, &lines), Err(Exhausted));
}

#[test]
fn a_query_that_is_none_says_where() {
    for (query, message) in [
        (
            "fieds @message",
            "unexpected symbol found fieds at line 1 and position 0",
        ),
        (
            "fields @message | filter",
            "unexpected end of the query at line 1 and position 24",
        ),
        (
            "filter a = ",
            "unexpected end of the query at line 1 and position 11",
        ),
        (
            "filter a ==",
            "unexpected symbol found = at line 1 and position 10",
        ),
        (
            "fields a b",
            "unexpected symbol found b at line 1 and position 9",
        ),
        (
            "stats nothing(x)",
            "unknown function nothing at line 1 and position 6",
        ),
        (
            "stats x by y",
            "stats needs an aggregate function at line 1 and position 6",
        ),
        ("stats sum(*)", "sum needs a field at line 1 and position 6"),
        (
            "limit 0",
            "a limit is from 1 to 100000 at line 1 and position 6",
        ),
        (
            "filter strlen(a, b)",
            "strlen does not take 2 arguments at line 1 and position 7",
        ),
        (
            "pattern @message",
            "hearth does not answer the command pattern at line 1 and position 0",
        ),
        (
            "fields a\n| sort b down",
            "unexpected symbol found down at line 2 and position 18",
        ),
        (
            "parse @message '[*]' as a, b",
            "the pattern has 1 wildcards, but there are 2 names at line 1 and position 15",
        ),
    ] {
        assert_eq!(
            Query::parse(query).unwrap_err().to_string(),
            message,
            "{query}"
        );
    }
    let regex = Query::parse("filter a like /(/").unwrap_err();
    assert!(
        regex.message.starts_with("invalid regular expression"),
        "{regex}"
    );
    assert_eq!((regex.start, regex.end), (14, 17));
    assert!(Query::parse(&format!("filter {}1", "(".repeat(1_000))).is_err());
    assert!(Query::parse(&format!("filter 1{}", "+1".repeat(4_000))).is_err());
    assert!(Query::parse(&format!("filter {}a", "not ".repeat(2_000))).is_ok());
}
