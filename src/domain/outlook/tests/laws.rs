//! What holds of every outlook.

use proptest::prelude::*;

use super::expected::{history, level, months, outlook};
use super::*;
use crate::domain::MissingReason;
use crate::domain::fiscal::Period;
use crate::domain::forecast::float;

/// Every measure that is forecast.
fn measure() -> impl Strategy<Value = Measure> {
    prop::sample::select(vec![
        Measure::Sum,
        Measure::Average,
        Measure::Ratio,
        Measure::Latest,
        Measure::Maximum,
        Measure::Minimum,
    ])
}

/// A year-end estimate of the department, now and then.
fn estimate() -> impl Strategy<Value = Option<Reported>> {
    let at = prop::sample::select(vec!["2021-08-31", "2021-09-30", "2021-10-31"]);
    prop::option::of((at, 0..4_000_i64)).prop_map(|found| {
        found.map(|(as_of, value)| Reported { basis: Basis::YearEndForecast, ..level(2021, as_of, &value.to_string()) })
    })
}

/// Two earlier years and the first half of a third, month by month, zeros included.
fn figures() -> impl Strategy<Value = Vec<Reported>> {
    let value = || prop_oneof![6 => 0..400_i64, 1 => Just(0)];
    let year = move |length: usize| prop::collection::vec(value(), length);
    (year(12), year(12), year(6), estimate()).prop_map(|(first, second, third, estimate)| {
        let all = [months(2019, &first), months(2020, &second), months(2021, &third)].concat();
        all.into_iter().chain(estimate).collect()
    })
}

/// The same with some months of this year not reported: gaps, where later ones are.
fn some_of(figures: Vec<Reported>) -> impl Strategy<Value = Vec<Reported>> {
    prop::collection::vec(prop::bool::weighted(0.7), 6).prop_map(move |kept| {
        let is_kept = |it: &&Reported| match it.period {
            Some(Period::Month(number)) if it.fiscal_year == 2021 => kept[number as usize - 1],
            _ => true,
        };
        figures.iter().filter(is_kept).cloned().collect()
    })
}

/// [`figures`], with gaps or without.
fn figures_with_gaps() -> impl Strategy<Value = Vec<Reported>> {
    figures().prop_flat_map(|all| prop_oneof![Just(all.clone()), some_of(all)])
}

/// The figures in another unit.
fn scaled(figures: &[Reported], by: i64) -> Vec<Reported> {
    let scaled = |it: &Reported| Reported { value: it.value.and_then(|value| value.times(by.into())), ..it.clone() };
    figures.iter().map(scaled).collect()
}

fn number(value: Option<Decimal>) -> Option<f64> {
    float(value?)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn the_order_of_reporting_does_not_matter(reported in Just(history(1)).prop_shuffle(), target in 1500..3000_i32) {
        let asked = threshold(Some("gte"), &target.to_string());
        let found = outlook(asked.clone(), Measure::Sum, "件", &reported, "2021-09-30");
        prop_assert_eq!(found, outlook(asked, Measure::Sum, "件", &history(1), "2021-09-30"));
    }

    #[test]
    fn a_correction_back_restores_the_answer_and_more_is_never_worse(month in 0..6_usize, more in 1..500_i64) {
        let asked = || threshold(Some("gte"), "2400");
        let before = history(1);
        let place = before.len() - 6 + month;
        let mut after = before.clone();
        after[place].value = after[place].value.and_then(|it| it.plus(more.into()));
        let at = |figures: &[Reported]| outlook(asked(), Measure::Sum, "件", figures, "2021-09-30");
        let (first, second) = (at(&before), at(&after));
        prop_assert!(second.forecast.as_ref().map(|it| it.year_end) >= first.forecast.as_ref().map(|it| it.year_end));
        after[place].value = after[place].value.and_then(|it| it.minus(more.into()));
        prop_assert_eq!(at(&after), first);
    }

    #[test]
    fn neither_the_order_of_reporting_nor_a_correction_and_back_matters_to_any_measure(
        (given, shuffled) in figures_with_gaps().prop_flat_map(|given| (Just(given.clone()), Just(given).prop_shuffle())),
        measure in measure(),
        target in 0..3_000_i64,
        place in 0..24_usize,
        deadline in prop::option::of(prop::sample::select(vec!["2021-12-31", "2023-03-31"])),
    ) {
        let mut asked = threshold(Some("gte"), &target.to_string());
        if let Some(deadline) = deadline {
            asked["deadline"] = json!(deadline);
        }
        let at = |figures: &[Reported]| outlook(asked.clone(), measure, "m", figures, "2021-09-30");
        let first = at(&given);
        prop_assert_eq!(&first, &at(&shuffled));
        let mut corrected = given.clone();
        let value = corrected[place].value;
        corrected[place].value = value.and_then(|value| value.plus(7.into()));
        let _ = at(&corrected);
        corrected[place].value = value;
        prop_assert_eq!(first, at(&corrected));
    }

    #[test]
    fn what_is_dated_after_the_asked_day_changes_nothing(
        figures in figures(),
        late in prop::collection::vec((-50..400_i64, 7..=12_u32, 2018..=2021_i32), 0..4),
        measure in measure(),
        comparator in prop::sample::select(vec!["gte", "lte"]),
        target in 0..3_000_i64,
        deadline in prop::option::of(prop::sample::select(vec!["2021-12-31", "2023-03-31"])),
    ) {
        let mut asked = threshold(Some(comparator), &target.to_string());
        if let Some(deadline) = deadline {
            asked["deadline"] = json!(deadline);
        }
        let at = |figures: &[Reported]| outlook(asked.clone(), measure, "m", figures, "2021-10-31");
        let later = late.into_iter().map(|(value, month, fiscal_year)| Reported {
            period: Some(Period::Month(month)),
            as_of: day("2022-01-31"),
            ..months(fiscal_year, &[value]).remove(0)
        });
        let all: Vec<Reported> = figures.iter().cloned().chain(later).collect();
        prop_assert_eq!(at(&figures), at(&all));
        let mut survey = figures;
        survey.retain(|it| it.period == Some(Period::Month(12)));
        let unmeasurable = Reported { value: None, missing: Some(MissingReason::NotMeasurable), ..level(2021, "2022-01-31", "0") };
        let all: Vec<Reported> = survey.iter().cloned().chain([unmeasurable]).collect();
        prop_assert_eq!(at(&survey), at(&all));
    }

    #[test]
    fn more_in_any_actual_of_this_year_is_never_worse(
        figures in figures_with_gaps(),
        years in 0..=2_usize,
        measure in measure(),
        levels in any::<bool>(),
        place in 0..7_usize,
        more in prop_oneof![1..20_i64, 1..500_i64],
        unit in prop::sample::select(vec!["m", "件", "%"]),
        targets in prop::collection::vec(0..2_000_i64, 4),
        deadline in prop::option::weighted(0.3, prop::sample::select(vec!["2021-12-31", "2023-03-31", "2023-12-31"])),
    ) {
        // A percentage is no larger than 100, and never a sum.
        let percent = unit == "%" && measure != Measure::Sum;
        let unit = if percent { "%" } else { unit.replace('%', "m").leak() };
        let within = |value: Decimal| if percent { value.over(4.into()).unwrap_or(value).min(100.into()) } else { value };
        let basis = if levels { Basis::Snapshot } else { Basis::Increment };
        let basis = |it: &Reported| if it.basis == Basis::YearEndForecast { it.basis } else { basis };
        let given = |it: &Reported| Reported { basis: basis(it), value: it.value.map(within), ..it.clone() };
        let given: Vec<Reported> = figures.iter().skip(12 * (2 - years)).map(given).collect();
        let place = 12 * years + place;
        prop_assume!(place < given.len());
        let mut higher = given.clone();
        higher[place].value = higher[place].value.and_then(|value| value.plus(more.into())).map(|value| if percent { value.min(100.into()) } else { value });
        let at = |figures: &[Reported], comparator: &str, target: i64| {
            let mut asked = threshold(Some(comparator), &target.to_string());
            if let Some(deadline) = deadline {
                asked["deadline"] = json!(deadline);
            }
            outlook(asked, measure, unit, figures, "2021-10-31")
        };
        for target in targets {
            let target = if percent { target / 20 } else if measure == Measure::Sum { 3 * target } else { target / 4 };
            let pair = |comparator| (at(&given, comparator, target), at(&higher, comparator, target));
            let (before, after) = pair("gte");
            if let (Some(before), Some(after)) = (before.probability, after.probability) {
                prop_assert!(after >= before, "at least {target}: {before} {after}");
            }
            let year_end = |found: &TargetOutlook| number(found.forecast.as_ref().and_then(|it| it.year_end));
            if let (Some(before), Some(after)) = (year_end(&before), year_end(&after)) {
                // Six digits are told.
                prop_assert!(after >= before - 2e-6 * before.abs(), "{before} {after}");
            }
            let (before, after) = pair("lte");
            if let (Some(before), Some(after)) = (before.probability, after.probability) {
                prop_assert!(after <= before, "at most {target}: {before} {after}");
            }
        }
    }

    #[test]
    fn the_unit_of_money_does_not_matter_to_any_measure(
        figures in figures_with_gaps(),
        measure in measure(),
        target in 0..3_000_i64,
    ) {
        let asked = |target: i64| threshold(Some("gte"), &target.to_string());
        let thousands = outlook(asked(target), measure, "千円", &figures, "2021-09-30");
        let yen = outlook(asked(target * 1_000), measure, "円", &scaled(&figures, 1_000), "2021-09-30");
        prop_assert_eq!((thousands.state, thousands.verdict), (yen.state, yen.verdict));
        prop_assert_eq!(thousands.probability, yen.probability);
        let year_end = |found: &TargetOutlook| number(found.forecast.as_ref().and_then(|it| it.year_end));
        match (year_end(&thousands), year_end(&yen)) {
            // Six digits are told of each: they may differ in the last one.
            (Some(thousands), Some(yen)) => {
                prop_assert!((thousands * 1_000.0 - yen).abs() <= 1.01e-5 * yen.abs(), "{thousands} {yen}");
            }
            (thousands, yen) => prop_assert_eq!(thousands, yen),
        }
    }

    #[test]
    fn zeros_and_negatives_yield_numbers(
        values in prop::collection::vec(-5..5_i64, 30),
        kept in prop::collection::vec(prop::bool::weighted(0.7), 6),
        estimate in estimate(),
        measure in measure(),
        target in -50..50_i64,
        comparator in prop::sample::select(vec!["gte", "lte", "gt", "lt", "eq", "approximately"]),
        deadline in prop::option::of(prop::sample::select(vec!["2021-12-31", "2023-03-31", "2026-03-31"])),
    ) {
        let figures = [months(2019, &values[..12]), months(2020, &values[12..24]), months(2021, &values[24..])].concat();
        let is_kept = |place: usize| place < 24 || kept[place - 24];
        let figures = figures.into_iter().enumerate().filter(|(place, _)| is_kept(*place)).map(|(_, it)| it);
        let figures: Vec<Reported> = figures.chain(estimate).collect();
        let mut asked = threshold(Some(comparator), &target.to_string());
        if let Some(deadline) = deadline {
            asked["deadline"] = json!(deadline);
        }
        let found = outlook(asked, measure, "m", &figures, "2021-09-30");
        prop_assert!(found.probability.is_none_or(|it| it >= Decimal::ZERO && it <= 1.into()));
        for it in &found.forecast_basis {
            prop_assert!(it.forecast.year_end.is_some() && it.error.is_some(), "{it:?}");
            prop_assert!(it.forecast.low <= it.forecast.year_end && it.forecast.year_end <= it.forecast.high);
        }
        prop_assert!(!found.reason.ja.contains("NaN") && !found.reason.en.contains("inf"));
    }

    #[test]
    fn thousands_of_yen_are_as_likely_as_yen(target in 1500..3000_i64) {
        let asked = |target: i64| threshold(Some("gte"), &target.to_string());
        let thousands = outlook(asked(target), Measure::Sum, "千円", &history(1), "2021-09-30");
        let yen = outlook(asked(target * 1_000), Measure::Sum, "円", &history(1_000), "2021-09-30");
        prop_assert_eq!((thousands.probability, thousands.verdict), (yen.probability, yen.verdict));
    }
}
