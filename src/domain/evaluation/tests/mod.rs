mod laws;
mod references;
mod wholes;

use serde_json::{Value, json};

use super::*;
use crate::domain::Basis;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// `2020 snapshot 2021-03-31 52`: the year, the basis, the day, the figure; `~` before it means about, `?` after it provisional.
fn figure(text: &str) -> Reported {
    let words: Vec<&str> = text.split(' ').collect();
    let number = words[3].trim_end_matches('?').trim_start_matches('~');
    Reported {
        fiscal_year: words[0].parse().expect("a year"),
        basis: words[1].parse().expect("a basis"),
        period: None,
        as_of: day(words[2]),
        value: number.parse().ok(),
        missing: None,
        numerator: None,
        denominator: None,
        approximate: words[3].starts_with('~'),
        provisional: words[3].ends_with('?'),
        source: None,
    }
}

fn figures(texts: &[&str]) -> Vec<Reported> {
    texts.iter().map(|text| figure(text)).collect()
}

/// A survey's results at the ends of its years: `(2020, "52")`.
fn results(of: &[(i32, &str)]) -> Vec<Reported> {
    of.iter().map(|(year, value)| figure(&format!("{year} snapshot {}-03-31 {value}", year + 1))).collect()
}

fn criterion(json: Value) -> Criterion {
    serde_json::from_value(json).expect("a criterion")
}

fn threshold(comparator: Option<&str>, value: &str) -> Value {
    json!({"kind": "threshold", "comparator": comparator, "operand": {"kind": "constant", "value": value}})
}

/// At the end of fiscal year 2021.
fn at_the_end(json: &Value, facts: &Facts<'_>) -> Evaluation {
    criterion(json.clone()).evaluate(facts, day("2022-03-31"))
}

fn percent(evaluation: &Evaluation) -> Option<String> {
    evaluation.achievement_rate.percent.map(|it| it.to_string())
}

/// `outcome rule`, and what is missing.
fn summary(evaluation: &Evaluation) -> String {
    let missing: String = evaluation.missing.iter().map(|it| format!(" -{}", it.text.en)).collect();
    format!("{} {}{missing}", evaluation.outcome, evaluation.rule)
}

#[test]
fn a_boundary_is_exact() {
    for (comparator, actual, expected) in [
        ("gte", "80", "met"),
        ("gt", "80", "missed"),
        ("gt", "80.000000000001", "met"),
        ("gte", "79.999999999999", "missed"),
        ("lte", "80", "met"),
        ("lt", "80", "missed"),
        ("eq", "80", "met"),
        ("eq", "80.1", "missed"),
        ("approximately", "84.9", "met"),
        ("approximately", "85", "met"),
        ("approximately", "85.1", "missed"),
        ("approximately", "74.9", "missed"),
    ] {
        let reported = results(&[(2021, actual)]);
        let facts = Facts { unit: Some("%"), ..Facts::new(Measure::Latest, 2021, &reported) };
        let found = at_the_end(&threshold(Some(comparator), "80"), &facts);
        assert_eq!(found.outcome.as_str(), expected, "{actual} {comparator} 80");
        assert_eq!(found.holds_so_far, Some(expected == "met"));
        assert!(found.is_final && !found.provisional);
    }
}

#[test]
fn a_range_has_open_and_closed_ends() {
    let range = json!({"kind": "range", "min": "40", "min_inclusive": true, "max": "55", "max_inclusive": false});
    for (actual, expected, rate) in
        [("39.9", "missed", "99.7"), ("40", "met", "100"), ("54.9", "met", "100"), ("55", "missed", "100")]
    {
        let reported = results(&[(2021, actual)]);
        let found = at_the_end(&range, &Facts::new(Measure::Latest, 2021, &reported));
        assert_eq!((found.outcome.as_str(), percent(&found).as_deref()), (expected, Some(rate)), "{actual}");
        let comparison = found.comparison.expect("a comparison");
        assert_eq!(comparison.lower.map(|it| (it.value, it.inclusive)), Some((40.into(), true)));
        assert_eq!(comparison.upper.map(|it| (it.value, it.inclusive)), Some((55.into(), false)));
    }
}

#[test]
fn what_is_assumed_and_converted_is_noted() {
    let money = json!({"kind": "threshold", "comparator": null, "operand": {"kind": "constant", "value": "15000000"}, "unit": "円"});
    let reported = figures(&["2021 to_date 2022-03-31 14999"]);
    let facts = Facts { unit: Some("千円"), ..Facts::new(Measure::Sum, 2021, &reported) };
    let found = at_the_end(&money, &facts);
    assert_eq!(summary(&found), "missed final_result");
    let kinds: Vec<RemarkKind> = found.notes.iter().map(|note| note.kind).collect();
    assert_eq!(kinds, [RemarkKind::DirectionAssumed, RemarkKind::Converted]);
    assert_eq!(percent(&found).as_deref(), Some("99.9"));
    let comparison = found.comparison.expect("a comparison");
    assert_eq!(comparison.comparator, Some(crate::domain::criterion::Comparator::Gte));
    assert_eq!((comparison.required, comparison.unit.as_deref()), (Some(15_000.into()), Some("千円")));
    let unknown = at_the_end(&threshold(None, "3"), &Facts::new(Measure::Latest, 2021, &results(&[(2021, "4")])));
    assert_eq!(summary(&unknown), "unknown direction_unknown -which direction is good");
    assert_eq!(percent(&unknown), None);
}

#[test]
fn so_many_for_each_are_compared_with_a_rate_and_never_with_a_sum() {
    let mut once_a_week = threshold(Some("gte"), "1");
    once_a_week["per"] = json!({"value": "1", "unit": "週"});
    for (measure, expected) in [(Measure::Sum, "unknown not_evaluated"), (Measure::Average, "met final_result")] {
        let reported = figures(&["2021 to_date 2022-03-31 30"]);
        assert_eq!(summary(&at_the_end(&once_a_week, &Facts::new(measure, 2021, &reported))), expected);
    }
}

#[test]
fn what_is_missing_is_named_and_what_is_open_is_not_missing() {
    let at = |json: &Value, reported: &[Reported], as_of: &str| {
        summary(&criterion(json.clone()).evaluate(&Facts::new(Measure::Sum, 2021, reported), day(as_of)))
    };
    let gte = threshold(Some("gte"), "60");
    let september = figures(&["2021 to_date 2021-09-30 30"]);
    assert_eq!(at(&gte, &[], "2021-09-30"), "unknown no_figure -the figure of fiscal year 2021, up to 2022-03-31");
    assert_eq!(at(&gte, &september, "2021-09-30"), "open figure_so_far");
    assert_eq!(
        at(&gte, &september, "2022-03-31"),
        "unknown figure_so_far -the figure of fiscal year 2021, up to 2022-03-31"
    );
    let about = figures(&["2021 to_date 2022-03-31 ~60"]);
    assert_eq!(at(&gte, &about, "2022-03-31"), "unknown rounding_undecided -the exact figure");
    assert_eq!(at(&json!({"kind": "qualitative"}), &about, "2022-03-31"), "unknown qualitative");
}

#[test]
fn a_suicide_rate_that_got_worse_never_shows_more_than_a_full_rate() {
    let at_most_last_year =
        json!({"kind": "threshold", "comparator": null, "operand": {"kind": "reference", "to": "previous_year"}});
    let reported = results(&[(2020, "15"), (2021, "17.4")]);
    let facts = Facts { polarity: Some(Polarity::LowerIsBetter), ..Facts::new(Measure::Latest, 2021, &reported) };
    let found = at_the_end(&at_most_last_year, &facts);
    assert_eq!((summary(&found).as_str(), percent(&found).as_deref()), ("missed final_result", Some("86.2")));
}

#[test]
fn half_a_year_of_what_is_allowed_is_no_achievement() {
    let reported = figures(&["2021 to_date 2021-09-30 10"]);
    let facts = Facts::new(Measure::Sum, 2021, &reported);
    let rate = |json: Value| criterion(json).evaluate(&facts, day("2021-09-30")).achievement_rate;
    assert_eq!(rate(threshold(Some("lte"), "60")).rule.as_str(), "year_not_over");
    assert_eq!(rate(threshold(Some("gte"), "60")).percent.map(|it| it.to_string()).as_deref(), Some("16.6"));
}
