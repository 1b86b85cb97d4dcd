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
    let list = move || prop::collection::vec(prop::option::weighted(0.93, value.clone()), length);
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

/// The question with more in what is reported, of which what is assumed is made.
fn with_more(question: &Question, more: f64) -> Question {
    let filled = question.filled.as_ref().map(|filled| {
        let usual = |gap: &FilledGap| if gap.by == FilledBy::UsualShare { gap.part } else { 0.0 };
        let known = 1.0 - filled.gaps.iter().map(usual).sum::<f64>();
        let raised = |gap: &FilledGap| FilledGap { amount: gap.amount + usual(gap) * more / known, ..gap.clone() };
        Filled { reported: filled.reported + more, gaps: filled.gaps.iter().map(raised).collect() }
    });
    let so_far = filled.as_ref().map_or(question.so_far.map(|it| it + more), |filled| Some(filled.whole()));
    Question { so_far, filled, ..question.clone() }
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
        filled: question.filled.as_ref().map(|filled| Filled {
            reported: filled.reported * by,
            gaps: filled.gaps.iter().map(|gap| FilledGap { amount: gap.amount * by, ..gap.clone() }).collect(),
        }),
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
                let probability = forecast.chances.probability(wanted);
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
    fn more_is_never_worse_whatever_is_measured(
        question in tame_question(),
        percentage in prop::option::weighted(0.3, 0.0..=100.0_f64),
        more in prop_oneof![0.0..1.0_f64, 0.0..100.0_f64, 0.0..1e6_f64],
        target in prop_oneof![0.0..100.0_f64, 0.0..1e6_f64],
        near in 0.5..1.5_f64,
    ) {
        // What is a percentage lies between 0 and 100.
        let question = match percentage {
            Some(so_far) if !matches!(question.kind, Kind::Sum) => {
                let share = |figure: f64| figure.abs() % 100.0;
                let past = question.past.iter().map(|year| PastYear {
                    result: share(year.result), so_far: year.so_far.map(share), ..*year
                });
                Question { percentage: true, so_far: Some(so_far), one: None, past: past.collect(), ..question }
            }
            _ => Question { percentage: false, ..question },
        };
        let higher = with_more(&question, more);
        let expected = question.estimate.map(|it| Estimate { value: it.value + more, ..it });
        let better = Question { estimate: expected, ..question.clone() };
        for (low, high) in [(&question, &higher), (&question, &better)] {
            for later in [0, 1, 3] {
                let at = |it: &Question| if later == 0 { it.forecast() } else { it.forecast_later(2025, later) };
                let (Some(before), Some(after)) = (at(low), at(high)) else { continue };
                let size = before.year_end.abs() + before.working.later.map_or(0.0, |it| it.running_year.abs());
                prop_assert!(after.year_end >= before.year_end - 1e-9 * size, "{} {}", before.year_end, after.year_end);
                let most = if question.percentage { 100.0 } else { f64::INFINITY };
                for target in [target, (before.year_end * near).max(0.0), (after.year_end * near).max(0.0)] {
                    for inclusive in [true, false] {
                        let end = End { value: target.min(most), inclusive };
                        let of = |it: &Forecast, wanted: Wanted| it.chances.probability(wanted);
                        let least = Wanted { lower: Some(end), upper: None };
                        let most = Wanted { lower: None, upper: Some(end) };
                        prop_assert!(
                            of(&after, least) >= of(&before, least) - 1e-9,
                            "{later} at least {end:?}: {} {}\n{before:?}\n{after:?}", of(&before, least), of(&after, least)
                        );
                        prop_assert!(
                            of(&after, most) <= of(&before, most) + 1e-9,
                            "{later} at most {end:?}: {} {}\n{before:?}\n{after:?}", of(&before, most), of(&after, most)
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn more_is_never_worse_for_the_most_and_the_least_and_neither_goes_back(
        question in tame_question(),
        kind in extreme(),
        more in prop_oneof![0.0..1.0_f64, 0.0..1e6_f64],
    ) {
        let question = Question { kind, rounding: 0.0, filled: None, ..question };
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
                    let (first, second) = (one.chances.probability(wanted(target)), other.chances.probability(wanted(target * by)));
                    // The probability is told to four digits; what is nearly cancelled out may differ in the seventh.
                    prop_assert!((first - second).abs() < 1e-6, "{first} {second}");
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
