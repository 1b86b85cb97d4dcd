//! How fast: the harness says how long it took.

use super::super::*;
use super::table::{Line, lines};

/// A million phrases of the table, one after the other. At 200,000 a second it takes five seconds:
/// `cargo test --release --lib domain::phrase::tests::speed -- --ignored`.
#[test]
#[ignore = "a measurement, for a release build"]
fn a_million_phrases() {
    let lines = lines(include_str!("../../../../data/target-phrases.jsonl"));
    let phrases: Vec<_> = lines
        .iter()
        .filter_map(|line| match line {
            Line::Phrase(phrase) => Some(phrase),
            Line::Heading { .. } => None,
        })
        .collect();
    let mut certain = 0_usize;
    for phrase in phrases.iter().cycle().take(1_000_000) {
        certain += usize::from(!phrase.parse().needs_review);
    }
    assert!(certain > 500_000);
}

/// A thousand texts of 4 kB, of the kinds that cost most. At 1 ms each it takes a second.
#[test]
#[ignore = "a measurement, for a release build"]
fn a_thousand_texts_of_four_kilobytes() {
    let seeds = [
        "50%以上、",
        "（前年度5件）",
        "1年平均の",
        "もしくは5件",
        "R4：5件、",
        "「",
        "at least 5 ",
        "全項目とも",
        "約1",
        "(1)5件",
        "各",
        "12校中",
    ];
    for seed in seeds.iter().cycle().take(1_000) {
        let text = seed.repeat(4_096 / seed.len());
        let parsed = parse(&text, &Context::default());
        assert!(parsed.canonical.ja.len() < 100_000);
    }
}
