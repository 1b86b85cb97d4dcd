//! How fast: the harness says how long it took.

use super::expected::months;
use super::*;

/// Five years of months and half of a year more, and what is asked.
fn five_years() -> (Vec<Reported>, Criterion) {
    let year = [150, 140, 160, 170, 150, 140, 130, 160, 150, 170, 200, 300];
    let past = (2016..2021).flat_map(|at| months(at, &year.map(|it| it + i64::from(at - 2016) * 5)));
    let reported = past.chain(months(2021, &[180, 170, 190, 200, 180, 170])).collect();
    (reported, serde_json::from_value(threshold(Some("gte"), "2200")).expect("a criterion"))
}

/// A hundred thousand outlooks. At 50 µs each it takes five seconds:
/// `cargo test --release --lib domain::outlook::tests::speed -- --ignored --test-threads 1`.
#[test]
#[ignore = "a measurement, for a release build"]
fn a_hundred_thousand_outlooks_with_five_years_of_months() {
    let (reported, criterion) = five_years();
    let facts = Facts { unit: Some("件"), ..Facts::new(Measure::Sum, 2021, &reported) };
    for _ in 0..100_000 {
        let found = target_outlook(Some(std::hint::black_box(&criterion)), &facts, day("2021-09-30"));
        assert!(found.probability.is_some());
    }
}

/// The forecasts of them alone, once the years' figures are made: a million.
#[test]
#[ignore = "a measurement, for a release build"]
fn a_million_forecasts() {
    let (reported, _) = five_years();
    let facts = Facts { unit: Some("件"), ..Facts::new(Measure::Sum, 2021, &reported) };
    let as_of = day("2021-09-30");
    let year = crate::domain::result::year_result(Measure::Sum, facts.calendar, 2021, &reported, as_of);
    let question = crate::domain::forecast::question_of(&facts, year.as_ref(), as_of, facts.calendar.last_day(2021))
        .expect("a question")
        .question;
    for _ in 0..1_000_000 {
        assert!(std::hint::black_box(&question).forecast().is_some());
    }
}
