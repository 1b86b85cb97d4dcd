use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::domain::Criterion;
use crate::domain::result::Reported;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// `2021 to_date 2021-09-30 12`.
fn reported(text: &str) -> Reported {
    let words: Vec<&str> = text.split(' ').collect();
    Reported {
        fiscal_year: words[0].parse().expect("a year"),
        basis: words[1].parse().expect("a basis"),
        period: None,
        as_of: day(words[2]),
        value: words[3].parse().ok(),
        missing: None,
        numerator: None,
        denominator: None,
        approximate: false,
        provisional: false,
        source: None,
    }
}

fn paced(criterion: Value, measure: Measure, figures: &[&str], as_of: &str) -> Vec<TargetPace> {
    let criterion: Criterion = serde_json::from_value(criterion).expect("a criterion");
    let figures: Vec<Reported> = figures.iter().map(|text| reported(text)).collect();
    let facts = Facts { unit: Some("件"), ..Facts::new(measure, 2021, &figures) };
    paces(&facts, &criterion.evaluate(&facts, day(as_of)), day(as_of))
}

fn asked(comparator: &str, value: &str) -> Value {
    json!({"kind": "threshold", "comparator": comparator, "operand": {"kind": "constant", "value": value}})
}

/// `at_least even_pace 50 0.9`: which end, by what, how much is expected, the ratio.
fn written(paces: &[TargetPace]) -> Vec<String> {
    let text = |it: &TargetPace| {
        let ratio = it.ratio.map_or_else(|| "-".to_owned(), |ratio| ratio.to_string());
        format!("{} {} {} {ratio}", it.of, it.by, it.expected)
    };
    paces.iter().map(text).collect()
}

#[test]
fn without_earlier_years_an_even_pace_is_expected() {
    let cases: [(Value, &[&str], &[&str]); 6] = [
        (asked("gte", "60"), &["2021 to_date 2021-08-31 30"], &["at_least even_pace 25 1.2"]),
        (asked("lte", "60"), &["2021 to_date 2021-08-31 20"], &["at_most even_pace 25 0.8"]),
        (asked("lte", "0"), &["2021 to_date 2021-08-31 0"], &["at_most even_pace 0 -"]),
        (
            json!({"kind": "range", "min": "60", "min_inclusive": true, "max": "120", "max_inclusive": true}),
            &["2021 to_date 2021-09-30 30"],
            &["at_least even_pace 30 1", "at_most even_pace 60 0.5"],
        ),
        // Reached, and still told: it is no outlook.
        (asked("gte", "60"), &["2021 to_date 2021-09-30 90"], &["at_least even_pace 30 3"]),
        (asked("gte", "-60"), &["2021 to_date 2021-09-30 -90"], &["at_least even_pace -30 -"]),
    ];
    for (criterion, figures, expected) in cases {
        assert_eq!(written(&paced(criterion.clone(), Measure::Sum, figures, "2021-09-30")), expected, "{criterion}");
    }
}

#[test]
fn earlier_years_say_what_is_usual() {
    let figures = [
        "2019 to_date 2019-09-30 300",
        "2019 to_date 2020-03-31 1000",
        "2020 to_date 2020-09-30 300",
        "2020 to_date 2021-03-31 1000",
        "2021 to_date 2021-09-30 300",
    ];
    let found = paced(asked("gte", "1000"), Measure::Sum, &figures, "2021-09-30");
    let [pace] = &found[..] else { panic!("{found:?}") };
    assert_eq!((pace.by, &pace.years[..]), (PaceBy::UsualPace, &[2020, 2019][..]));
    let share = float(pace.share.expect("a share")).expect("a number");
    assert!((0.30..0.33).contains(&share), "{share}");
    assert!(pace.reason.ja.contains("2019〜2020年度") && pace.reason.en.contains("2019 to 2020"), "{:?}", pace.reason);
    assert!(pace.reason.ja.contains("1,000件") && pace.reason.ja.contains("実績は300件"), "{}", pace.reason.ja);
}

#[test]
fn amounts_for_earlier_days_are_a_plan() {
    let half = json!({"kind": "threshold", "comparator": "gte", "operand": {"kind": "constant", "value": "100"}, "deadline": "2021-09-30"});
    let both = |kind: &str| json!({"kind": kind, "of": [half, asked("gte", "400")]});
    for (figure, expected) in [
        ("2021 to_date 2021-06-30 40", "at_least plan 50 0.8"),
        ("2021 to_date 2021-06-30 40", "at_least even_pace 50 0.8"),
        ("2021 to_date 2021-09-30 50", "at_least plan 100 0.5"),
        ("2021 to_date 2021-12-31 50", "at_least plan 250 0.2"),
    ] {
        let found = written(&paced(both("all"), Measure::Sum, &[figure], "2021-12-31"));
        assert!(found.contains(&expected.to_owned()), "{figure}: {found:?}");
    }
    // Of two conditions of which one is enough, neither is a plan for the other.
    let found = paced(both("any"), Measure::Sum, &["2021 to_date 2021-06-30 40"], "2021-06-30");
    assert!(found.iter().all(|it| it.by != PaceBy::Plan), "{:?}", written(&found));
}

#[test]
fn a_target_that_asks_for_the_same_period_of_last_year_says_itself_what_is_expected() {
    let criterion = json!({"kind": "threshold", "comparator": "gte", "operand":
        {"kind": "reference", "to": "same_period_previous_year", "change": {"kind": "relative", "percent": "10"}}});
    let figures = ["2020 to_date 2020-09-30 200", "2020 to_date 2021-03-31 1000", "2021 to_date 2021-09-30 110"];
    assert_eq!(written(&paced(criterion, Measure::Sum, &figures, "2021-09-30")), ["at_least same_period 220 0.5"]);
}

#[test]
fn there_is_no_pace_of_what_is_no_sum_or_not_known_or_over() {
    let gte = asked("gte", "60");
    for (measure, figures) in [
        (Measure::Sum, vec![]),
        (Measure::Sum, vec!["2021 to_date 2021-09-30 -"]),
        (Measure::Sum, vec!["2021 increment 2021-09-30 5"]),
        (Measure::Sum, vec!["2021 increment 2021-09-30 5", "2021 year_end_forecast 2021-09-30 50"]),
        (Measure::Sum, vec!["2021 to_date 2022-03-31 50"]),
        (Measure::Latest, vec!["2021 snapshot 2021-09-30 50"]),
        (Measure::Maximum, vec!["2021 snapshot 2021-09-30 50"]),
    ] {
        assert_eq!(paced(gte.clone(), measure, &figures, "2022-03-31"), [], "{measure} {figures:?}");
    }
}

proptest! {
    #[test]
    fn more_is_never_less_ahead_and_what_is_expected_stays(
        figure in 0..5_000_i64, more in 0..5_000_i64, before in 0..5_000_i64, result in 0..5_000_i64, target in -10..10_000_i64,
    ) {
        let at = |figure: i64| {
            let figures = [
                format!("2020 to_date 2020-09-30 {}", before.min(result)),
                format!("2020 to_date 2021-03-31 {result}"),
                format!("2021 to_date 2021-09-30 {figure}"),
            ];
            let figures: Vec<&str> = figures.iter().map(String::as_str).collect();
            paced(asked("gte", &target.to_string()), Measure::Sum, &figures, "2021-09-30")
        };
        let (first, second) = (at(figure), at(figure + more));
        prop_assert_eq!(first.len(), 1);
        prop_assert_eq!(first[0].expected, second[0].expected);
        prop_assert!(first[0].ratio <= second[0].ratio);
        prop_assert_eq!(first[0].ratio.is_some(), first[0].expected > Decimal::ZERO);
    }
}
