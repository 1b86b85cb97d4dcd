//! Earlier years at a point of which no figure is known.

use super::expected::{months, outlook};
use super::*;
use crate::domain::fiscal::{Calendar, Period};
use crate::domain::forecast::Assumption;

/// A year of which three quarters come in its last quarter.
fn late(year: i32) -> Vec<Reported> {
    months(year, &[10, 10, 10, 10, 10, 10, 10, 10, 10, 100, 100, 100])
}

#[test]
fn a_report_one_day_off_a_months_end_says_nearly_the_same() {
    let past = [late(2018), late(2019), late(2020)].concat();
    let at = |past: &[Reported], day: &str, value: &str| {
        let so_far = reported(&format!("to_date {day} {value}"));
        let figures = [past.to_vec(), vec![so_far]].concat();
        outlook(threshold(Some("gte"), "300"), Measure::Sum, "人", &figures, day)
    };
    let number = |it: Option<Decimal>| it.unwrap().to_string().parse::<f64>().unwrap();
    let (day_before, month_end) = (at(&past, "2021-09-29", "55"), at(&past, "2021-09-30", "55"));
    assert_eq!((day_before.verdict, month_end.verdict), (Verdict::Achieve, Verdict::Achieve));
    assert!(day_before.reason.en.contains("evenly between"), "{}", day_before.reason.en);
    let assumed = |it: &TargetOutlook| it.forecast_basis[0].assumed.contains(&Assumption::BetweenPoints);
    assert!(assumed(&day_before) && !assumed(&month_end));
    let mut before: Option<f64> = None;
    for number_of_day in 1..=30 {
        let found = at(&past, &format!("2021-09-{number_of_day:02}"), "55");
        let probability = number(found.probability);
        assert!((0.0..=1.0).contains(&probability));
        assert!(before.is_none_or(|before| (before - probability).abs() < 0.03), "{number_of_day}: {probability}");
        before = Some(probability);
    }
    // Quarters, and a year that reports by months.
    let quarter = |year: i32, number: u32, value: i64| {
        let period = Period::Quarter(number);
        let as_of = Calendar::default().days(year, period).1;
        Reported { period: Some(period), as_of, value: Some(value.into()), ..months(year, &[1]).remove(0) }
    };
    let quarters: Vec<Reported> = (2018..2021)
        .flat_map(|year| [(1, 30), (2, 30), (3, 30), (4, 300)].map(|(number, value)| quarter(year, number, value)))
        .collect();
    for (day, value) in [("2021-06-30", "30"), ("2021-07-31", "40"), ("2021-04-30", "10")] {
        assert_eq!(at(&quarters, day, value).verdict, Verdict::Achieve, "{day}");
    }
}
