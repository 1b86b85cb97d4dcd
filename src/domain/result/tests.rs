use proptest::prelude::*;

use super::*;
use crate::domain::fiscal::Calendar;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn number(text: &str) -> Decimal {
    text.parse().expect("a decimal")
}

/// `to_date 2021-09-30 72`, `increment q1 2021-06-30 5`, `snapshot 2021-09-30 ~3000`, `increment m01 2021-04-30 -` (missing),
/// `to_date 2021-09-30 40/50`, `to_date 2021-09-30 80=40/50`; a `?` at the end is provisional.
fn reported(text: &str) -> Reported {
    let mut words: Vec<&str> = text.split(' ').collect();
    let figure = words.pop().expect("a figure");
    let as_of = words.pop().expect("a date");
    let (figure, provisional) = figure.strip_suffix('?').map_or((figure, false), |figure| (figure, true));
    let (figure, approximate) = figure.strip_prefix('~').map_or((figure, false), |figure| (figure, true));
    let (value, parts) = match (figure.split_once('='), figure.split_once('/')) {
        (Some((value, parts)), _) => (Some(number(value)), parts.split_once('/')),
        (None, Some(parts)) => (None, Some(parts)),
        (None, None) => (figure.parse().ok(), None),
    };
    Reported {
        fiscal_year: 2021,
        basis: words[0].parse().expect("a basis"),
        period: words.get(1).map(|period| period.parse().expect("a period")),
        as_of: day(as_of),
        value,
        missing: (value.is_none() && parts.is_none()).then_some(MissingReason::NotReported),
        numerator: parts.map(|(above, _)| number(above)),
        denominator: parts.map(|(_, below)| number(below)),
        approximate,
        provisional,
        source: None,
    }
}

fn result(measure: Measure, figures: &[&str], as_of: &str) -> Option<YearResult> {
    let reported: Vec<Reported> = figures.iter().map(|text| reported(text)).collect();
    year_result(measure, Calendar::default(), 2021, &reported, day(as_of))
}

/// `value @ as_of`, then `complete`, `gaps`, `provisional`, `±rounding` where they hold; `-` for no result.
fn written(result: Option<YearResult>) -> String {
    let Some(it) = result else { return "-".to_owned() };
    let mut text = format!("{} @ {}", it.value, it.as_of);
    for (holds, word) in [(it.complete, " complete"), (it.gaps, " gaps"), (it.provisional, " provisional")] {
        text.push_str(if holds { word } else { "" });
    }
    if it.approximate {
        text.push_str(&format!(" ±{}", it.rounding));
    }
    text
}

#[track_caller]
fn check(measure: Measure, cases: &[(&[&str], &str, &str)]) {
    for (figures, as_of, expected) in cases {
        assert_eq!(written(result(measure, figures, as_of)), *expected, "{figures:?} at {as_of}");
    }
}

#[test]
fn a_sum_is_the_figure_to_date_and_the_increments_after_it() {
    check(
        Measure::Sum,
        &[
            (&[], "2021-09-30", "-"),
            (&["to_date 2021-09-30 72"], "2021-09-30", "72 @ 2021-09-30"),
            (&["to_date 2021-09-30 72"], "2021-09-29", "-"),
            (&["to_date 2021-09-30 0"], "2021-09-30", "0 @ 2021-09-30"),
            (&["to_date 2021-06-30 30", "to_date 2021-09-30 72"], "2021-08-31", "30 @ 2021-06-30"),
            (&["to_date 2021-08-31 ~3000"], "2021-09-30", "3000 @ 2021-08-31 ±500"),
            (&["to_date 2021-08-31 ~3000", "increment m06 2021-09-30 12"], "2021-09-30", "3012 @ 2021-09-30 ±500"),
            (
                &["to_date 2021-06-30 30", "increment q1 2021-06-30 31", "increment q2 2021-09-30 5"],
                "2021-09-30",
                "35 @ 2021-09-30",
            ),
            // The increment straddles the later figure to date, so it is counted from the earlier one, which reaches further.
            (
                &["to_date 2021-06-30 20", "to_date 2021-08-31 30", "increment q2 2021-09-30 15"],
                "2021-09-30",
                "35 @ 2021-09-30",
            ),
            (&["to_date 2022-03-31 100"], "2022-05-01", "100 @ 2022-03-31 complete"),
            (&["to_date year 2022-05-15 100"], "2022-05-20", "100 @ 2022-03-31 complete"),
            (&["to_date 2022-03-31 100?"], "2022-05-01", "100 @ 2022-03-31 complete provisional"),
            (&["year_end_forecast 2021-09-30 13877"], "2021-09-30", "-"),
            (&["snapshot 2021-09-30 500"], "2021-09-30", "-"),
        ],
    );
}

#[test]
fn a_coarser_period_wins_over_the_finer_ones_that_it_contains() {
    let months = ["increment m01 2021-04-30 1", "increment m02 2021-05-31 2", "increment m03 2021-06-30 3"];
    let with =
        |more: &[&'static str]| -> Vec<&'static str> { months.into_iter().chain(more.iter().copied()).collect() };
    for (figures, expected) in [
        (with(&[]), "6 @ 2021-06-30"),
        (with(&["increment q1 2021-06-30 7"]), "7 @ 2021-06-30"),
        (with(&["increment q1 2021-06-30 -"]), "6 @ 2021-06-30"),
        (with(&["increment q1 2021-06-30 7", "increment m04 2021-07-31 4"]), "11 @ 2021-07-31"),
        (with(&["increment q1 2021-06-30 7", "increment h1 2021-09-30 20"]), "20 @ 2021-09-30"),
        // A half reported at the end of April covers less than the months do.
        (with(&["increment h1 2021-04-30 1"]), "6 @ 2021-06-30"),
        (with(&["increment h1 2021-09-30 20", "increment h2 2022-03-31 30"]), "50 @ 2022-03-31 complete"),
        (with(&["increment year 2022-03-31 60", "increment h1 2021-09-30 20"]), "60 @ 2022-03-31 complete"),
        (with(&["increment q1 2021-06-30 9", "increment q1 2021-07-31 8"]), "8 @ 2021-06-30"),
    ] {
        assert_eq!(written(result(Measure::Sum, &figures, "2022-03-31")), expected, "{figures:?}");
    }
}

#[test]
fn what_is_not_reported_is_a_gap_and_never_zero() {
    check(
        Measure::Sum,
        &[
            (&["to_date 2021-09-30 -"], "2021-09-30", "-"),
            (&["increment q1 2021-06-30 10", "increment q2 2021-09-30 -"], "2021-09-30", "10 @ 2021-06-30"),
            (&["increment q1 2021-06-30 10", "increment q2 2021-09-30 0"], "2021-09-30", "10 @ 2021-09-30"),
            (&["increment q1 2021-06-30 10", "increment q3 2021-12-31 5"], "2021-12-31", "15 @ 2021-12-31 gaps"),
            (&["increment q4 2022-03-31 5"], "2022-03-31", "5 @ 2022-03-31 gaps"),
            (&["increment q1 2021-05-31 10", "increment q2 2021-09-30 5"], "2021-12-31", "15 @ 2021-09-30 gaps"),
            (&["increment 2021-05-12 3", "increment 2021-06-20 2"], "2021-12-31", "5 @ 2021-06-20 gaps"),
            (&["increment 2021-05-12 3", "increment q1 2021-06-30 4"], "2021-12-31", "4 @ 2021-06-30"),
        ],
    );
}

#[test]
fn the_last_value_stands_for_a_survey_and_is_final_at_the_end_of_the_year() {
    check(
        Measure::Latest,
        &[
            (&["snapshot 2021-06-30 55.1", "snapshot 2021-09-30 54.9"], "2021-12-31", "54.9 @ 2021-09-30"),
            (&["snapshot 2021-06-30 55.1", "snapshot 2021-09-30 -"], "2021-12-31", "55.1 @ 2021-06-30"),
            (&["snapshot 2022-03-31 55"], "2022-04-01", "55 @ 2022-03-31 complete"),
            (&["snapshot 2022-01-31 55"], "2022-04-01", "55 @ 2022-01-31"),
            (&["snapshot year 2022-01-31 55"], "2022-04-01", "55 @ 2022-01-31 complete"),
            (&["year_end_forecast 2021-09-30 60", "to_date 2021-06-30 ~50"], "2021-12-31", "50 @ 2021-06-30 ±5"),
        ],
    );
}

#[test]
fn a_ratio_adds_what_is_above_and_below_the_line_and_never_percentages() {
    check(
        Measure::Ratio,
        &[
            (&["increment q1 2021-06-30 90/100", "increment q2 2021-09-30 10/100"], "2021-09-30", "50 @ 2021-09-30"),
            (
                &["increment q1 2021-06-30 90=90/100", "increment q2 2021-09-30 10=1/10"],
                "2021-09-30",
                "82.727272727273 @ 2021-09-30",
            ),
            (&["increment q1 2021-06-30 90", "increment q2 2021-09-30 10"], "2021-09-30", "90 @ 2021-06-30"),
            (&["increment q2 2021-09-30 10", "increment q3 2021-12-31 20"], "2021-12-31", "-"),
            (&["to_date 2021-09-30 50.5"], "2021-09-30", "50.5 @ 2021-09-30"),
            (&["to_date 2021-06-30 1/4", "to_date 2021-09-30 50.5"], "2021-09-30", "50.5 @ 2021-09-30"),
            (&["to_date 2021-09-30 0.5=50/100"], "2021-09-30", "0.5 @ 2021-09-30"),
            (&["to_date 2021-09-30 5=50/10000"], "2021-09-30", "5 @ 2021-09-30"),
            (&["to_date 2021-09-30 80=0/0"], "2021-09-30", "80 @ 2021-09-30"),
            (&["to_date 2022-03-31 0/50"], "2022-03-31", "0 @ 2022-03-31 complete"),
            (&["to_date 2021-09-30 0=3/1000"], "2021-09-30", "0.3 @ 2021-09-30"),
            (&["to_date 2021-09-30 ~40/80"], "2021-09-30", "50 @ 2021-09-30 ±10"),
        ],
    );
}

#[test]
fn averages_weigh_by_months_and_extremes_look_at_everything() {
    let figures: &[&str] = &["to_date 2021-09-30 10", "increment m07 2021-10-31 17", "snapshot 2021-05-31 3"];
    for (measure, expected) in [
        (Measure::Average, "11 @ 2021-10-31"),
        (Measure::Maximum, "17 @ 2021-10-31"),
        (Measure::Minimum, "3 @ 2021-10-31"),
    ] {
        assert_eq!(written(result(measure, figures, "2021-10-31")), expected, "{measure}");
    }
    let snapshots: &[&str] = &["snapshot 2021-05-31 3", "snapshot 2021-08-31 4", "snapshot 2021-09-30 -"];
    assert_eq!(written(result(Measure::Average, snapshots, "2021-10-31")), "3.5 @ 2021-08-31");
}

#[test]
fn a_milestone_once_done_stays_done_in_later_periods() {
    check(
        Measure::Milestone,
        &[
            (&["increment q1 2021-06-30 1", "increment q2 2021-09-30 0"], "2021-09-30", "1 @ 2021-06-30"),
            (&["to_date 2021-06-30 0", "to_date 2021-09-30 1"], "2021-09-30", "1 @ 2021-09-30"),
            (&["to_date 2021-06-30 0"], "2021-09-30", "0 @ 2021-06-30"),
        ],
    );
}

#[test]
fn a_sum_that_outgrows_exact_numbers_is_no_result() {
    let figures = ["increment q1 2021-06-30 999999999999999999", "increment q2 2021-09-30 1.5"];
    assert_eq!(result(Measure::Sum, &figures, "2021-09-30"), None);
}

fn any_reported() -> impl Strategy<Value = Reported> {
    let periods = prop::option::of(prop::sample::select(
        ["m01", "m03", "m06", "q1", "q2", "q3", "q4", "h1", "h2", "year"]
            .map(|it| it.parse().expect("a period"))
            .to_vec(),
    ));
    let parts = prop::option::of((0i64..50, 0i64..50));
    let flags = (any::<bool>(), any::<bool>());
    (prop::sample::select(Basis::ALL), periods, 0u64..400, prop::option::of(-5i64..500), parts, flags).prop_map(
        |(basis, period, days, value, parts, (approximate, provisional))| Reported {
            fiscal_year: 2021,
            basis,
            period,
            as_of: day("2021-04-01") + chrono::Days::new(days),
            value: value.map(Decimal::from),
            missing: None,
            numerator: parts.map(|(above, _)| Decimal::from(above)),
            denominator: parts.map(|(_, below)| Decimal::from(below)),
            approximate,
            provisional,
            source: None,
        },
    )
}

proptest! {
    #[test]
    fn the_order_of_reporting_does_not_matter(
        (given, shuffled) in prop::collection::vec(any_reported(), 0..12)
            .prop_flat_map(|given| (Just(given.clone()), Just(given).prop_shuffle())),
        measure in prop::sample::select(Measure::ALL),
        days in 0u64..500,
    ) {
        let as_of = day("2021-04-01") + chrono::Days::new(days);
        let ask = |reported: &[Reported]| year_result(measure, Calendar::default(), 2021, reported, as_of);
        prop_assert_eq!(ask(&given), ask(&shuffled));
    }
}
