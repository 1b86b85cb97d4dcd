//! What holds for every input.

use proptest::prelude::*;

use super::*;

fn figure() -> impl Strategy<Value = f64> + Clone {
    prop_oneof![
        4 => 0.0..1e6_f64,
        2 => (0..400_i32).prop_map(f64::from),
        1 => Just(0.0),
        1 => -1e5..1e5_f64,
    ]
}

/// Anything that fits into a float.
fn wild() -> impl Strategy<Value = f64> {
    prop_oneof![figure(), Just(f64::MAX), Just(f64::MIN), Just(f64::MIN_POSITIVE), Just(-0.0), prop::num::f64::ANY]
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![Just(Kind::Sum), Just(Kind::Mean), Just(Kind::Ratio), Just(Kind::Level), extreme()]
}

fn extreme() -> impl Strategy<Value = Kind> {
    prop_oneof![Just(Kind::Maximum), Just(Kind::Minimum)]
}

fn periods(value: impl Strategy<Value = f64> + Clone + 'static, length: usize) -> impl Strategy<Value = Periods> {
    let list = move || prop::collection::vec(prop::option::weighted(0.95, value.clone()), length);
    (list(), list(), list(), any::<bool>()).prop_map(|(values, numerators, denominators, parts)| match parts {
        true => Periods { values, numerators, denominators },
        false => Periods { values, ..Periods::default() },
    })
}

fn asked(value: fn() -> BoxedStrategy<f64>) -> impl Strategy<Value = Question> {
    let earlier = (value(), prop::option::of(periods(value(), 12)));
    let estimate = prop::option::weighted(0.3, (value(), value(), value()));
    let extras = (any::<bool>(), prop::option::weighted(0.2, value()), prop::option::weighted(0.5, Just(1.0)), value());
    (kind(), periods(value(), 12), 0..=13_usize, prop::collection::vec(earlier, 0..6), extras, estimate).prop_map(
        |(kind, year, elapsed, earlier, (percentage, usual_share, one, rounding), estimate)| {
            let earlier: Vec<EarlierYear> = (2015..)
                .zip(earlier)
                .map(|(fiscal_year, (result, periods))| EarlierYear {
                    fiscal_year,
                    result,
                    periods: periods.unwrap_or_default(),
                })
                .collect();
            let made = question(kind, &year, 12, elapsed, &earlier);
            let rounding = if rounding.abs() < 10.0 { rounding.abs() } else { 0.0 };
            let estimate = estimate.map(|(value, elapsed, rounding)| Estimate { value, elapsed, rounding });
            Question { percentage, usual_share, one, rounding, estimate, ..made }
        },
    )
}

fn tame_question() -> impl Strategy<Value = Question> {
    asked(|| figure().boxed())
}

fn scaled(question: &Question, by: f64) -> Question {
    let past = question.past.iter().map(|year| PastYear {
        result: year.result * by,
        so_far: year.so_far.map(|it| it * by),
        ..*year
    });
    Question {
        so_far: question.so_far.map(|it| it * by),
        rounding: question.rounding * by,
        one: question.one.map(|it| it * by),
        estimate: question.estimate.map(|it| Estimate { value: it.value * by, rounding: it.rounding * by, ..it }),
        course: question.course.iter().map(|(at, level)| (*at, level * by)).collect(),
        past: past.collect(),
        ..question.clone()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_input_panics_or_yields_what_is_no_number(question in asked(|| wild().boxed()), target in wild()) {
        for forecast in [question.forecast(), question.forecast_later(2025, 1), question.forecast_later(2028, 4)] {
            let Some(forecast) = forecast else { continue };
            let Forecast { year_end, low, high, .. } = forecast;
            prop_assert!(year_end.is_finite() && low.is_finite() && high.is_finite());
            for wanted in [Wanted::at_least(target), Wanted::at_most(target)] {
                let probability = forecast.spread.probability(wanted);
                prop_assert!((0.02..=0.98).contains(&probability), "{probability}");
                let said = reason(&forecast, "件", probability, verdict(&forecast, probability));
                prop_assert!(!said.ja.contains("NaN") && !said.en.contains("NaN"));
            }
        }
    }

    #[test]
    fn the_band_holds_the_forecast(question in tame_question()) {
        if let Some(Forecast { year_end, low, high, .. }) = question.forecast() {
            prop_assert!(low <= year_end && year_end <= high, "{low} {year_end} {high}");
        }
    }

    #[test]
    fn more_is_never_worse_for_the_forecast_of_a_sum(
        question in tame_question(),
        more in prop_oneof![0.0..1.0_f64, 0.0..1e6_f64],
    ) {
        let question = Question { kind: Kind::Sum, percentage: false, ..question };
        let higher = Question { so_far: question.so_far.map(|it| it + more), ..question.clone() };
        if let (Some(before), Some(after)) = (question.forecast(), higher.forecast()) {
            prop_assert!(
                after.year_end >= before.year_end * (1.0 - 1e-12 * before.year_end.signum()),
                "{} {}", before.year_end, after.year_end
            );
        }
        if let (Some(before), Some(after)) = (question.forecast_later(2025, 3), higher.forecast_later(2025, 3)) {
            let running = before.working.later.map_or(0.0, |it| it.running_year);
            let least = before.year_end - 1e-9 * (before.year_end.abs() + running.abs());
            prop_assert!(after.year_end >= least, "{} {}", before.year_end, after.year_end);
        }
    }

    #[test]
    fn more_is_never_worse_for_an_average_and_a_percentage(
        question in tame_question(),
        percentage in any::<bool>(),
        ratio in any::<bool>(),
        so_far in 0.0..100.0_f64,
        more in prop_oneof![0.0..1.0_f64, 0.0..50.0_f64],
    ) {
        let kind = if ratio { Kind::Ratio } else { Kind::Mean };
        let past = question.past.iter().map(|year| PastYear {
            result: year.result.abs() % 100.0,
            so_far: year.so_far.map(|it| it.abs() % 100.0),
            ..*year
        });
        let question = Question { kind, percentage, so_far: Some(so_far), past: past.collect(), ..question };
        let higher = Question { so_far: Some(so_far + more), ..question.clone() };
        if let (Some(before), Some(after)) = (question.forecast(), higher.forecast()) {
            prop_assert!(after.year_end >= before.year_end - 1e-9, "{} {}", before.year_end, after.year_end);
        }
    }

    #[test]
    fn more_is_never_worse_for_the_most_and_the_least_and_neither_goes_back(
        question in tame_question(),
        kind in extreme(),
        more in prop_oneof![0.0..1.0_f64, 0.0..1e6_f64],
    ) {
        let question = Question { kind, rounding: 0.0, ..question };
        let higher = Question { so_far: question.so_far.map(|it| it + more), ..question.clone() };
        for question in [&question, &higher] {
            if let (Some(so_far), Some(found)) = (question.so_far.filter(|_| question.elapsed > 0.0), question.forecast()) {
                let ends = [found.low, found.year_end, found.high];
                let beyond = |end: &f64| if kind == Kind::Maximum { *end >= so_far } else { *end <= so_far };
                prop_assert!(ends.iter().all(beyond), "{so_far}: {ends:?}");
            }
        }
        if let (Some(before), Some(after)) = (question.forecast(), higher.forecast()) {
            prop_assert!(after.year_end >= before.year_end - 1e-9 * before.year_end.abs(), "{} {}", before.year_end, after.year_end);
        }
    }

    #[test]
    fn the_unit_does_not_matter(question in tame_question(), by in prop_oneof![Just(1e-3), Just(1e3), Just(1e-6)], target in 0.0..1e6_f64) {
        // A percentage has no other unit.
        let question = Question { percentage: false, ..question };
        let other = scaled(&question, by);
        let later = (question.forecast_later(2025, 2), other.forecast_later(2025, 2));
        for pair in [(question.forecast(), other.forecast()), later] {
          match pair {
            (Some(one), Some(other)) => {
                for wanted in [Wanted::at_least, Wanted::at_most] {
                    let (first, second) = (one.spread.probability(wanted(target)), other.spread.probability(wanted(target * by)));
                    prop_assert!((first - second).abs() < 1e-9, "{first} {second}");
                }
            }
            (one, other) => prop_assert_eq!(one.is_some(), other.is_some()),
          }
        }
    }

    #[test]
    fn the_order_of_earlier_years_does_not_matter(
        results in prop::collection::vec((figure(), periods(figure(), 12)), 0..5),
        year in periods(figure(), 12),
        turn in 0..5_usize,
    ) {
        let mut earlier: Vec<EarlierYear> =
            (2015..).zip(results).map(|(fiscal_year, (result, periods))| EarlierYear { fiscal_year, result, periods }).collect();
        let first = question(Kind::Sum, &year, 12, 6, &earlier).forecast();
        let by = turn % earlier.len().max(1);
        earlier.rotate_left(by);
        prop_assert_eq!(first, question(Kind::Sum, &year, 12, 6, &earlier).forecast());
    }
}
