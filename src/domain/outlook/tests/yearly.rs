//! What is measured once a year.

use super::expected::{level, outlook};
use super::*;
use crate::domain::fiscal::{Calendar, Period};

/// The result that a year was reported with.
fn result(fiscal_year: i32, value: &str) -> Reported {
    let as_of = Calendar::default().last_day(fiscal_year).to_string();
    Reported { period: Some(Period::Year), ..level(fiscal_year, &as_of, value) }
}

fn survey(target: Value, measure: Measure, reported: &[Reported], as_of: &str) -> TargetOutlook {
    outlook(target, measure, "%", reported, as_of)
}

#[test]
fn the_one_survey_of_a_year_is_its_result_once_it_is_taken() {
    let target = || threshold(Some("gte"), "44");
    let figures = [result(2019, "36"), result(2020, "38"), level(2021, "2021-12-31", "43")];
    let found = survey(target(), Measure::Latest, &figures, "2022-01-31");
    assert_eq!((summary(&found).as_str(), found.probability), ("open miss measured_once", "0.02".parse().ok()));
    assert!(found.reason.ja.contains("年に一度の測定で、今年度の43%がすでに出て"), "{}", found.reason.ja);
    assert!(found.reason.en.contains("this year's 43% is there and misses it"), "{}", found.reason.en);
    let found = survey(threshold(Some("gte"), "43"), Measure::Latest, &figures, "2022-01-31");
    assert_eq!((summary(&found).as_str(), found.probability), ("open achieve measured_once", "0.98".parse().ok()));
    for measure in [Measure::Latest, Measure::Ratio, Measure::Average] {
        for past in [&figures[..2], &[]] {
            let quarter = Reported { period: Some(Period::Quarter(3)), ..level(2021, "2021-12-31", "43") };
            for last in [level(2021, "2022-01-15", "43"), quarter] {
                let figures = [past, &[last]].concat();
                let found = survey(target(), measure, &figures, "2022-06-30");
                assert_eq!(summary(&found), "final_missed miss final_result", "{measure}");
                assert!(found.reason.ja.contains("年に一度の測定"), "{}", found.reason.ja);
            }
        }
    }
}

#[test]
fn the_one_survey_of_an_earlier_year_is_its_result_whenever_it_was_taken() {
    let third = |year: i32, value: &str| level(year, &format!("{year}-12-31"), value);
    let figures = [third(2018, "40"), third(2019, "39"), third(2020, "41")];
    let found = survey(threshold(Some("gte"), "40"), Measure::Latest, &figures, "2021-09-30");
    assert_eq!(summary(&found), "open undetermined not_due");
    assert!(found.forecast_basis[0].inputs.len() == 3, "{:?}", found.forecast_basis);
    let taken = [figures.to_vec(), vec![third(2021, "43")]].concat();
    let found = survey(threshold(Some("gte"), "44"), Measure::Latest, &taken, "2022-01-31");
    assert_eq!(summary(&found), "open miss measured_once");
    let last_year =
        json!({"kind": "threshold", "comparator": "gte", "operand": {"kind": "reference", "to": "previous_year"}});
    let figures = [level(2020, "2021-01-15", "38"), level(2021, "2022-01-15", "43")];
    for measure in [Measure::Latest, Measure::Ratio] {
        let found = survey(last_year.clone(), measure, &figures, "2022-01-31");
        assert_eq!(summary(&found), "open achieve measured_once", "{measure}");
        assert!(!found.reason.en.contains("No earlier year"), "{}", found.reason.en);
    }
}

#[test]
fn a_level_that_is_measured_several_times_is_decided_by_its_usual_last_figure() {
    let year = |year: i32, days: &[&str]| -> Vec<Reported> { days.iter().map(|day| level(year, day, "43")).collect() };
    let past = year(2020, &["2020-06-30", "2020-09-30", "2020-12-31", "2021-02-28"]);
    for (days, expected) in [
        (&["2021-06-30", "2021-12-31", "2022-02-28"][..], "final_missed miss final_result"),
        (&["2021-06-30", "2021-12-31"], "open miss forecast"),
        (&["2021-06-30"], "open miss forecast"),
    ] {
        let figures = [past.clone(), year(2021, days)].concat();
        let found = survey(threshold(Some("gte"), "44"), Measure::Latest, &figures, "2022-06-30");
        assert_eq!(summary(&found), expected, "{days:?}");
    }
}

#[test]
fn a_first_figure_far_before_the_usual_survey_is_not_taken_for_it() {
    let figures = [result(2019, "36"), result(2020, "38"), level(2021, "2021-06-30", "43")];
    let found = survey(threshold(Some("gte"), "44"), Measure::Latest, &figures, "2021-07-31");
    assert_ne!(found.rule, Rule::MeasuredOnce);
}
