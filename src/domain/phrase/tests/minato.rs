//! The 53 targets of the plan of Osaka's Minato ward for fiscal year 2021, each with the criterion that a person wrote down after reading it.

use serde_json::{Value, json};

use super::super::*;
use crate::domain::{Criterion, Decimal, Measure};

/// What the plan says of a target: its text, unit, measure and, for "all of them", how many there are.
type Target = (&'static str, &'static str, Measure, Option<i64>);

fn percent(value: &str) -> Value {
    json!({"kind": "threshold", "comparator": "gte", "operand": {"kind": "constant", "value": value}, "unit": "%"})
}

fn count(comparator: Option<&str>, value: &str, unit: &str) -> Value {
    json!({"kind": "threshold", "comparator": comparator, "operand": {"kind": "constant", "value": value}, "unit": unit})
}

fn share(text: &'static str, value: &str) -> (Target, Value, bool) {
    ((text, "%", Measure::Latest, None), percent(value), false)
}

/// In the order of the plan; the last member says whether a person has to look.
fn targets() -> Vec<(Target, Value, bool)> {
    use Measure::{Latest, Milestone, Ratio, Sum};
    let previous = |comparator: &str| {
        json!({"kind": "threshold", "comparator": comparator,
        "operand": {"kind": "reference", "to": "previous_year"}, "unit": "%"})
    };
    let mut gross = count(Some("gte"), "60", "団体・個人");
    gross["aggregation"] = "gross".into();
    let mut income = count(None, "15000000", "円");
    income["display"] = "15,000千円".into();
    vec![
        share("55%以上", "55"),
        share("50%以上", "50"),
        (("延べ60団体・個人以上", "団体・個人", Sum, None), gross, false),
        share("45%以上", "45"),
        share("94%以上", "94"),
        share("90%以上", "90"),
        share("57%以上", "57"),
        share("50%以上", "50"),
        (("全地域", "地域", Sum, Some(11)), json!({"kind": "universe", "total": "11", "unit": "地域"}), false),
        share("90%以上", "90"),
        (("1箇所", "箇所", Sum, None), count(None, "1", "箇所"), false),
        (("1施設", "施設", Sum, None), count(None, "1", "施設"), false),
        share("60%以上", "60"),
        (("計画の策定", "", Milestone, None), json!({"kind": "milestone", "action": "計画の策定"}), false),
        (("24区", "区", Sum, Some(24)), json!({"kind": "universe", "total": "24", "unit": "区"}), false),
        (
            ("50.3%以上（かつ前年度実績以上）", "%", Latest, None),
            json!({"kind": "all", "of": [percent("50.3"), previous("gte")]}),
            false,
        ),
        (("1回", "回", Sum, None), count(None, "1", "回"), false),
        (
            ("12.9%以下（かつ前年度実績以下）", "%", Latest, None),
            json!({"kind": "all", "of": [count(Some("lte"), "12.9", "%"), previous("lte")]}),
            false,
        ),
        (("5件以上", "件", Sum, None), count(Some("gte"), "5", "件"), false),
        share("70%以上", "70"),
        (("4,400件", "件", Sum, None), count(None, "4400", "件"), false),
        share("80%以上", "80"),
        share("60%以上", "60"),
        share("80%以上", "80"),
        share("80%以上", "80"),
        share("75%以上", "75"),
        share("80%以上", "80"),
        share("80%以上", "80"),
        share("70%以上", "70"),
        share("59.2%以上", "59.2"),
        (("80%以上", "%", Ratio, None), percent("80"), false),
        // Times 1.01 or one point more: the text allows both.
        (
            ("前年同時期の1%増", "%", Ratio, None),
            json!({"kind": "threshold", "comparator": "gte", "operand": {"kind": "reference",
                "to": "same_period_previous_year", "change": {"kind": "relative", "percent": "1"}}}),
            true,
        ),
        share("80%以上", "80"),
        (("3校以上", "校", Sum, None), count(Some("gte"), "3", "校"), false),
        // Neither the text nor the plan says which direction is good.
        (("100%", "%", Latest, None), count(None, "100", "%"), true),
        share("11%以上", "11"),
        share("80%以上", "80"),
        share("70%以上", "70"),
        share("90%以上", "90"),
        (("1件以上", "件", Sum, None), count(Some("gte"), "1", "件"), false),
        share("60%以上", "60"),
        share("90%以上", "90"),
        share("50%以上", "50"),
        share("60%以上", "60"),
        share("60%以上", "60"),
        (("前年度以上", "%", Latest, None), previous("gte"), false),
        share("90%以上", "90"),
        share("86%以上", "86"),
        (("3.5点以上", "点", Latest, None), count(Some("gte"), "3.5", "点"), false),
        (
            ("過去3年平均の10%減の4件以下", "件", Sum, None),
            json!({"kind": "all", "of": [
                {"kind": "threshold", "comparator": "lte", "operand": {"kind": "reference", "to": "average_of_years",
                    "years": 3, "change": {"kind": "relative", "percent": "-10"}}},
                count(Some("lte"), "4", "件")]}),
            false,
        ),
        (("15,000千円", "千円", Sum, None), income, false),
        (("取組の実施", "", Milestone, None), json!({"kind": "milestone", "action": "取組の実施"}), false),
        (("取組の実施", "", Milestone, None), json!({"kind": "milestone", "action": "取組の実施"}), false),
    ]
}

#[test]
fn every_target_of_a_real_plan_is_read_as_a_person_reads_it() {
    let targets = targets();
    assert_eq!(targets.len(), 53);
    for ((text, unit, measure, universe), expected, needs_review) in targets {
        let context = Context {
            unit: Some(unit),
            measure: Some(measure),
            universe: universe.map(Decimal::from),
            fiscal_year: Some(2021),
            polarity: None,
        };
        let parsed = parse(text, &context);
        assert_eq!(serde_json::to_value(&parsed.criterion).expect("JSON"), expected, "{text}");
        assert_eq!(parsed.needs_review, needs_review, "{text}: {:?}", parsed.notes);
        assert!(parsed.readings.iter().any(|reading| reading.criterion == parsed.criterion) || needs_review, "{text}");
        assert_eq!(parsed.criterion.faults(), [], "{text}");
        for canonical in [&parsed.canonical.ja, &parsed.canonical.en] {
            assert_eq!(parse(canonical, &Context::default()).criterion, parsed.criterion, "{text}: {canonical}");
        }
    }
}

#[test]
fn how_many_there_are_is_taken_from_the_indicator_and_never_guessed() {
    let universe = |total: Option<i64>| Criterion::universe(total.map(Decimal::from), Some("区"));
    for (text, known, expected, needs_review) in [
        ("全区", None, universe(None), false),
        ("全区", Some(24), universe(Some(24)), false),
        ("24区以上", Some(24), universe(Some(24)), false),
        ("全23区", Some(24), universe(Some(23)), true),
    ] {
        let context = Context { unit: Some("区"), universe: known.map(Decimal::from), ..Context::default() };
        let parsed = parse(text, &context);
        assert_eq!((parsed.criterion, parsed.needs_review), (expected, needs_review), "{text}");
    }
    let context = Context { unit: Some("区"), universe: Some(24.into()), ..Context::default() };
    assert!(parse("25区以上", &context).needs_review, "more than there are");
}
