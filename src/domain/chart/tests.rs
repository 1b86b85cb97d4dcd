use serde_json::{Value, json};

use super::*;
use crate::domain::evaluation::PartFacts;
use crate::domain::outlook::target_outlook;
use crate::domain::result::Reported;
use crate::domain::{Criterion, MissingReason};

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// `2021 increment m03 2021-06-30 12`; `~` before the figure means about, `?` after it provisional, `-` not reported.
fn reported(text: &str) -> Reported {
    let words: Vec<&str> = text.split(' ').collect();
    let (last, figure) = (words[words.len() - 2], words[words.len() - 1]);
    let value: Option<Decimal> = figure.trim_end_matches('?').trim_start_matches('~').parse().ok();
    Reported {
        fiscal_year: words[0].parse().expect("a year"),
        basis: words[1].parse().expect("a basis"),
        period: (words.len() == 5).then(|| words[2].parse().expect("a period")),
        as_of: day(last),
        value,
        missing: value.is_none().then_some(MissingReason::NotReported),
        numerator: None,
        denominator: None,
        approximate: figure.starts_with('~'),
        provisional: figure.ends_with('?'),
        source: None,
    }
}

fn drawn(criterion: Value, measure: Measure, figures: &[&str], as_of: &str) -> Chart {
    let criterion: Criterion = serde_json::from_value(criterion).expect("a criterion");
    let figures: Vec<Reported> = figures.iter().map(|text| reported(text)).collect();
    let facts = Facts { unit: Some("件"), ..Facts::new(measure, 2021, &figures) };
    chart(&facts, &target_outlook(Some(&criterion), &facts, day(as_of)), day(as_of))
}

fn at_least(value: &str) -> Value {
    json!({"kind": "threshold", "comparator": "gte", "operand": {"kind": "constant", "value": value}})
}

/// `day value`, `~` for about, `?` for provisional.
fn written(points: &[ChartPoint]) -> Vec<String> {
    let text = |it: &ChartPoint| {
        let (about, may_change) = (if it.approximate { "~" } else { "" }, if it.provisional { "?" } else { "" });
        format!("{} {about}{}{may_change}", it.as_of, it.value)
    };
    points.iter().map(text).collect()
}

#[test]
fn a_sum_is_drawn_as_it_adds_up_and_levels_as_they_stood() {
    let sum = [
        "2021 increment m02 2021-05-31 5",
        "2021 increment m01 2021-04-30 10",
        "2021 to_date 2021-06-30 ~20",
        "2021 increment m04 2021-07-31 7?",
        "2021 increment m05 2021-08-31 9",
    ];
    let found = drawn(at_least("100"), Measure::Sum, &sum, "2021-07-31");
    assert_eq!(written(&found.points), ["2021-04-30 10", "2021-05-31 15", "2021-06-30 ~20", "2021-07-31 ~27?"]);
    let levels = ["2021 snapshot 2021-06-30 55.5", "2021 snapshot 2021-09-30 54"];
    let found = drawn(at_least("60"), Measure::Latest, &levels, "2021-12-31");
    assert_eq!(written(&found.points), ["2021-06-30 55.5", "2021-09-30 54"]);
}

#[test]
fn a_period_without_a_figure_is_no_zero_and_leaves_a_point_out_until_the_sum_is_whole_again() {
    let figures = [
        "2021 increment m01 2021-04-30 10",
        "2021 increment m02 2021-05-31 -",
        "2021 increment m03 2021-06-30 6",
        "2021 to_date 2021-07-31 30",
        "2021 increment m05 2021-08-31 0",
    ];
    let found = drawn(at_least("100"), Measure::Sum, &figures, "2021-09-30");
    assert_eq!(written(&found.points), ["2021-04-30 10", "2021-07-31 30", "2021-08-31 30"]);
}

#[test]
fn earlier_years_stand_beside_with_their_results_and_what_is_known_within_them() {
    let figures = [
        "2014 to_date 2015-03-31 1",
        "2015 to_date 2016-03-31 2",
        "2016 to_date 2017-03-31 3",
        "2017 to_date 2018-03-31 4",
        "2018 to_date 2019-03-31 -",
        "2019 to_date 2020-03-31 900",
        "2019 to_date 2019-09-30 400",
        "2020 to_date 2020-09-30 500",
        "2021 to_date 2021-09-30 450",
        "2022 to_date 2022-09-30 700",
    ];
    let found = drawn(at_least("1000"), Measure::Sum, &figures, "2021-09-30");
    let years: Vec<(i32, Option<Decimal>, usize)> =
        found.earlier_years.iter().map(|it| (it.fiscal_year, it.result, it.points.len())).collect();
    assert_eq!(
        years,
        [
            (2020, None, 1),
            (2019, Some(900.into()), 2),
            (2017, Some(4.into()), 1),
            (2016, Some(3.into()), 1),
            (2015, Some(2.into()), 1)
        ]
    );
    assert_eq!(written(&found.earlier_years[1].points), ["2019-09-30 400", "2020-03-31 900"]);
}

#[test]
fn the_forecast_starts_at_the_last_point_and_ends_with_the_year() {
    let figures = ["2020 to_date 2020-09-30 400", "2020 to_date 2021-03-31 1000", "2021 to_date 2021-08-31 380"];
    let found = drawn(at_least("1000"), Measure::Sum, &figures, "2021-09-30");
    let forecast = found.forecast.expect("a forecast");
    assert_eq!(forecast.from, found.points.last().copied());
    assert_eq!(forecast.on, day("2022-03-31"));
    assert!(forecast.low < forecast.year_end && forecast.year_end < forecast.high);
    let met = drawn(at_least("300"), Measure::Sum, &figures, "2021-09-30");
    assert_eq!(met.forecast, None);
    let only_past = drawn(at_least("300"), Measure::Sum, &figures[..2], "2021-09-30");
    assert_eq!(only_past.forecast.map(|it| it.from), Some(None));
}

#[test]
fn every_condition_has_its_line_with_its_day() {
    let half = json!({"kind": "threshold", "comparator": "gt", "operand": {"kind": "constant", "value": "40"}, "deadline": "2021-09-30"});
    let range = json!({"kind": "range", "min": "90", "min_inclusive": true, "max": "110", "max_inclusive": false});
    let steps = json!({"kind": "schedule", "steps": [
        {"fiscal_year": 2021, "criterion": {"kind": "all", "of": [half, range]}},
        {"fiscal_year": 2022, "criterion": at_least("200")}]});
    let found = drawn(steps, Measure::Sum, &["2021 to_date 2021-06-30 20"], "2021-06-30");
    let ends = |limit: Option<Limit>| limit.map(|it| (it.value.to_string(), it.inclusive));
    let lines: Vec<_> = found.targets.iter().map(|it| (ends(it.lower), ends(it.upper), it.by)).collect();
    let end = |value: &str, inclusive| Some((value.to_owned(), inclusive));
    assert_eq!(
        lines,
        [
            (end("40", false), None, Some(day("2021-09-30"))),
            (end("90", true), end("110", false), Some(day("2022-03-31")))
        ]
    );
}

#[test]
fn a_forecast_of_a_part_is_not_drawn_as_one_of_the_whole() {
    let criterion: Criterion =
        serde_json::from_value(json!({"kind": "each", "of": at_least("100")})).expect("a criterion");
    let part = |label: &str, figure: &str| PartFacts {
        label: label.to_owned(),
        reported: vec![reported(figure)],
        expected: true,
    };
    let parts = [part("北", "2021 to_date 2021-09-30 60"), part("南", "2021 to_date 2021-09-30 40")];
    let facts = Facts { parts: &parts, ..Facts::new(Measure::Sum, 2021, &[]) };
    let outlook = target_outlook(Some(&criterion), &facts, day("2021-09-30"));
    assert_eq!(outlook.forecast_basis.len(), 2);
    let found = chart(&facts, &outlook, day("2021-09-30"));
    assert_eq!((found.forecast, found.points.len()), (None, 0));
    let labels: Vec<Option<&str>> = found.targets.iter().map(|it| it.label.as_deref()).collect();
    assert_eq!(labels, [Some("北"), Some("南")]);
}

#[test]
fn a_year_of_many_days_is_drawn_by_the_last_day_of_each_month() {
    let daily: Vec<String> = (0..120)
        .map(|number| {
            let day = day("2021-04-01") + chrono::Days::new(number);
            format!("2021 to_date {day} {number}")
        })
        .collect();
    let daily: Vec<&str> = daily.iter().map(String::as_str).collect();
    let found = drawn(at_least("1000"), Measure::Sum, &daily, "2021-12-31");
    assert_eq!(written(&found.points), ["2021-04-30 29", "2021-05-31 60", "2021-06-30 90", "2021-07-29 119"]);
}

#[test]
fn each_part_is_drawn_with_its_own_figures_and_what_is_asked_of_it() {
    let criterion: Criterion =
        serde_json::from_value(json!({"kind": "each", "of": at_least("70")})).expect("a criterion");
    let part = |label: &str, figures: &[&str]| PartFacts {
        label: label.to_owned(),
        expected: true,
        reported: figures.iter().map(|text| reported(text)).collect(),
    };
    let parts = [
        part(
            "北",
            &[
                "2019 snapshot 2019-09-30 66",
                "2019 snapshot 2020-03-31 68",
                "2020 snapshot 2020-09-30 67",
                "2020 snapshot 2021-03-31 66",
                "2021 snapshot 2021-06-30 68",
                "2021 snapshot 2021-09-30 72",
            ],
        ),
        part("南", &[]),
    ];
    let facts = Facts { unit: Some("%"), parts: &parts, ..Facts::new(Measure::Latest, 2021, &[]) };
    let chart = chart(&facts, &target_outlook(Some(&criterion), &facts, day("2021-09-30")), day("2021-09-30"));
    assert!(chart.points.is_empty() && chart.forecast.is_none());
    let [north, south] = &chart.parts[..] else { panic!("{:?}", chart.parts) };
    assert_eq!(written(&north.points), ["2021-06-30 68", "2021-09-30 72"]);
    assert_eq!(north.earlier_years.iter().map(|it| it.fiscal_year).collect::<Vec<_>>(), [2020, 2019]);
    let lines: Vec<&TargetLine> = chart.parts.iter().flat_map(|part| &part.targets).collect();
    assert_eq!(lines, chart.targets.iter().collect::<Vec<_>>());
    assert_eq!(north.forecast.as_ref().and_then(|it| it.from), north.points.last().copied());
    assert_eq!((south.label.as_str(), south.points.len(), south.targets.len(), &south.forecast), ("南", 0, 1, &None));
}
