//! A sum of which a period in between is not reported.

use super::expected::{by, history, level, months, outlook};
use super::*;
use crate::domain::fiscal::Period;

/// The figures without these months of this year.
fn without(figures: Vec<Reported>, missing: &[u32]) -> Vec<Reported> {
    let is_missing = |it: &Reported| {
        it.fiscal_year == 2021 && missing.iter().any(|number| it.period == Some(Period::Month(*number)))
    };
    figures.into_iter().filter(|it| !is_missing(it)).collect()
}

fn at_least(target: &str, figures: &[Reported], as_of: &str) -> TargetOutlook {
    outlook(threshold(Some("gte"), target), Measure::Sum, "件", figures, as_of)
}

#[test]
fn a_missing_month_is_taken_at_its_usual_share_and_said_to_be_assumed() {
    let found = at_least("2200", &without(history(1), &[3]), "2021-09-30");
    assert_eq!(summary(&found), "open achieve forecast");
    // What is reported stands as it is: five months of 180.
    assert_eq!(
        (found.figure, found.basis.comparison.as_ref().unwrap().required),
        (Some(900.into()), Some(2200.into()))
    );
    let basis = &found.forecast_basis[0];
    let [gap] = &basis.gaps[..] else { panic!("{:?}", basis.gaps) };
    // A sixth of what earlier years had by the end of September: 900 ÷ (1 − 1/6) ÷ 6.
    assert_eq!((gap.assumed, gap.filled_by.as_str()), (Some(180.into()), "usual_share"));
    assert_eq!((gap.first, gap.last), (Some(day("2021-06-01")), Some(day("2021-06-30"))));
    let years: Vec<_> = gap.years.iter().map(|it| (it.fiscal_year, it.brought, it.so_far)).collect();
    assert_eq!(years, [(2020, Some(165.into()), Some(990.into())), (2019, Some(150.into()), Some(900.into()))]);
    assert_eq!((basis.so_far, basis.so_far_with_gaps), (Some(900.into()), Some(1080.into())));
    let missing: Vec<&str> = found.basis.missing.iter().map(|it| it.text.en.as_str()).collect();
    assert_eq!(missing, ["the figure of June 2021"]);
    assert!(found.reason.ja.contains("2021年6月は2019〜2020年度の実績の割合から180件）"), "{}", found.reason.ja);
    assert!(
        found.reason.en.contains("180件 for June 2021 (by its share in the results of 2019 to 2020)"),
        "{}",
        found.reason.en
    );
    assert!(found.reason.en.contains("Nothing is reported of June 2021"), "{}", found.reason.en);
    // Its inputs are figures that were reported, and the gap makes it less sure than the whole would be.
    assert!(basis.inputs.iter().any(|it| it.used_as.as_str() == "gap" && it.value == 165.into()), "{:?}", basis.inputs);
    let whole = at_least("2200", &history(1), "2021-09-30");
    assert_eq!(basis.forecast.year_end, whole.forecast.as_ref().unwrap().year_end);
    assert!(basis.gap_error > Some(Decimal::ZERO) && basis.error > whole.forecast_basis[0].error);
    assert!(found.probability < whole.probability);
}

#[test]
fn without_an_earlier_year_a_gap_is_filled_evenly_with_what_is_beside_it() {
    let quarter = |number: u32, value: i64| Reported {
        period: Some(Period::Quarter(number)),
        as_of: crate::domain::fiscal::Calendar::default().days(2021, Period::Quarter(number)).1,
        ..months(2021, &[value]).remove(0)
    };
    let to_date = [reported("to_date 2021-06-30 300"), months(2021, &[0, 0, 0, 0, 80]).remove(4)];
    for (figures, name, assumed) in [
        (without(months(2021, &[100, 120, 0, 160]), &[3]), "June 2021", 140),
        (without(months(2021, &[0, 120, 100]), &[1]), "April 2021", 120),
        (without(months(2021, &[90, 0, 0, 30]), &[2, 3]), "May 2021 to June 2021", 120),
        (vec![quarter(1, 300), quarter(3, 420)], "July 2021 to September 2021", 360),
        (to_date.to_vec(), "July 2021", 90),
    ] {
        let found = at_least("1000000", &figures, "2021-12-31");
        let gaps = &found.forecast_basis[0].gaps;
        let told: Vec<_> = gaps.iter().map(|it| (it.text.en.as_str(), it.assumed, it.filled_by.as_str())).collect();
        assert_eq!(told, [(name, Some(assumed.into()), "beside")]);
        assert_eq!(summary(&found), "open miss forecast");
        assert!(found.reason.ja.contains("前後の期間から均等に"), "{}", found.reason.ja);
    }
}

#[test]
fn what_is_assumed_decides_nothing() {
    let all = || months(2021, &[100; 12]);
    for (target, comparator, missing, as_of, expected) in [
        // What is reported alone reaches it, and nothing in the gap can undo that.
        ("900", "gte", &[3][..], "2021-12-31", "open achieve forecast"),
        ("800", "gte", &[3], "2021-12-31", "already_met achieve reached"),
        ("799", "lte", &[3], "2021-12-31", "already_missed miss past_limit"),
        ("850", "lte", &[3], "2021-12-31", "open miss forecast"),
        // A year that is over and has a gap has no result.
        ("1150", "gte", &[3], "2022-04-30", "open achieve forecast"),
        ("1150", "lte", &[3], "2022-04-30", "open miss forecast"),
        ("1150", "gte", &[], "2022-04-30", "final_met achieve final_result"),
    ] {
        let criterion = threshold(Some(comparator), target);
        let found = outlook(criterion, Measure::Sum, "件", &without(all(), missing), as_of);
        assert_eq!(summary(&found), expected, "{comparator} {target} {missing:?} {as_of}");
        assert_eq!(found.basis.missing.is_empty(), missing.is_empty(), "{:?}", found.basis.missing);
    }
    // A deadline within the year, reached in time but for a gap.
    let found = outlook(by("2021-09-30", "550"), Measure::Sum, "件", &without(all(), &[3]), "2021-12-31");
    assert_eq!(summary(&found), "open achieve forecast");
}

#[test]
fn the_departments_estimate_counts_beside_a_sum_with_gaps_and_alone_where_nobody_can_tell_what_is_missing() {
    let estimate = Reported { basis: Basis::YearEndForecast, ..level(2021, "2021-09-30", "2800") };
    let figures = [without(history(1), &[3]), vec![estimate.clone()]].concat();
    let found = at_least("2500", &figures, "2021-09-30");
    assert_eq!((found.verdict, found.forecast_basis[0].method.as_str()), (Verdict::Achieve, "usual_share"));
    assert_eq!(found.forecast_basis[0].estimate, Some(2800.into()));
    // An increment at a mere date does not say how long it covers.
    let undated = Reported { period: None, ..months(2021, &[0, 0, 500]).remove(2) };
    let figures = [months(2020, &[100; 12]), vec![undated]].concat();
    let found = at_least("2500", &figures, "2021-09-30");
    assert_eq!(summary(&found), "open undetermined figure_so_far");
    assert!(
        found.reason.en.contains("nobody can tell") && found.reason.ja.contains("見込めません"),
        "{:?}",
        found.reason
    );
    let found = at_least("2500", &[figures, vec![estimate]].concat(), "2021-09-30");
    assert_eq!((found.verdict, found.forecast_basis[0].method.as_str()), (Verdict::Achieve, "estimate"));
}

#[test]
fn a_balance_with_a_gap_is_foretold_too() {
    let past = months(2020, &[-10, 5, -20, 10, 0, 0, 10, 10, 10, 10, 10, 10]);
    let figures = [past, without(months(2021, &[10, -5, 0, 20, 5]), &[3])].concat();
    let found = outlook(threshold(Some("gte"), "90"), Measure::Sum, "m", &figures, "2021-09-30");
    assert_eq!(found.forecast_basis[0].gaps.len(), 1);
    assert_ne!(found.verdict, Verdict::Undetermined);
}
