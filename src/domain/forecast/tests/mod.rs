mod laws;

use super::*;
use crate::domain::Verdict;

/// A year of which the figure at the same point is known.
fn year(fiscal_year: i32, so_far: f64, result: f64) -> PastYear {
    PastYear { fiscal_year, result, so_far: Some(so_far), counted: None }
}

fn sum(elapsed: f64, so_far: f64, past: &[PastYear]) -> Question {
    Question { elapsed, so_far: Some(so_far), one: Some(1.0), past: past.to_vec(), ..Question::new(Kind::Sum) }
}

#[track_caller]
fn forecast(question: &Question) -> Forecast {
    question.forecast().expect("a forecast")
}

#[track_caller]
fn assert_close(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-3 * expected.abs().max(1e-3), "{found} is not {expected}");
}

#[test]
fn a_sum_is_projected_as_a_pocket_calculator_would() {
    // One earlier year, 40 % at half-time. v0 = (0.1·0.25)² = 0.000625, s² = 2·v0 ÷ 2 = 0.000625, c = 0.24 ÷ 1000 = 0.00024,
    // b = 0.000865 ÷ (0.000865 + 0.01) = 0.0796; the share is 0.4 + 0.0796·0.1 = 0.40796.
    let found = forecast(&sum(0.5, 440.0, &[year(2020, 400.0, 1_000.0)]));
    let working = &found.working;
    assert_close(working.usual_share.unwrap(), 0.407_96);
    // A = (440 + 5) ÷ (0.40796 + 0.005); g = 445 ÷ 405; B = 440 + 592.04·g^0.75
    assert_close(working.by_usual, 1_077.6);
    assert_close(working.growth.unwrap(), 1.098_77);
    assert_close(working.by_last_year, 1_075.36);
    assert_close(found.year_end, 1_076.5);
    // The error: 0.1·(1 − 0.40796) = 0.0592, and chance √(2·0.59204 ÷ 1076.5) = 0.0332.
    assert_close(working.general_error, 0.059_20);
    assert_close(working.chance_error, 0.033_17);
    assert_close(working.error, 0.067_86);
    assert_eq!((working.freedom, working.errors.len(), found.method), (4, 0, Method::UsualShare));
}

#[test]
fn a_sum_without_history_goes_on_at_an_even_pace_and_says_so() {
    let found = forecast(&sum(0.25, 30.0, &[]));
    assert_close(found.year_end, 120.0);
    assert_eq!(found.working.assumed, [Assumption::EvenPace, Assumption::NoEarlierYear]);
    let annual = PastYear { fiscal_year: 2020, result: 100.0, so_far: None, counted: None };
    let found = forecast(&sum(0.25, 30.0, &[annual]));
    assert!((100.0..=121.0).contains(&found.year_end), "{}", found.year_end);
    assert_eq!(found.working.assumed, [Assumption::EvenPace, Assumption::OnlyAnnualResults]);
}

#[test]
fn a_usual_share_that_is_stated_is_used() {
    let question = Question { usual_share: Some(0.75), ..sum(0.5, 750.0, &[]) };
    let found = forecast(&question);
    assert_close(found.year_end, 1_000.0);
    assert!(found.working.assumed.contains(&Assumption::ShareStated));
}

#[test]
fn a_sum_that_has_reached_its_target_is_as_sure_as_anything_gets() {
    let found = forecast(&sum(0.5, 500.0, &[year(2020, 400.0, 1_000.0)]));
    assert_close(found.chances.probability(Wanted::at_least(500.0)), 0.98);
    assert_close(found.chances.probability(Wanted::at_most(499.0)), 0.02);
}

#[test]
fn nothing_lies_between_one_counted_thing_and_the_next() {
    let found = forecast(&sum(0.5, 3.0, &[year(2020, 3.0, 6.0), year(2019, 2.0, 5.0)]));
    let probability = |wanted| found.chances.probability(wanted);
    assert_eq!(probability(Wanted::at_most(6.0)), probability(Wanted::at_most(6.9)));
    let strictly = |value| Wanted { upper: Some(End { value, inclusive: false }), lower: None };
    assert_eq!(probability(Wanted::at_most(6.0)), probability(strictly(7.0)));
    assert!((probability(Wanted::at_most(6.0)) + probability(Wanted::at_least(7.0)) - 1.0).abs() < 1e-12);
}

#[test]
fn a_zero_that_stays_zero_is_likely_and_a_zero_without_a_past_says_nothing() {
    let past = [year(2018, 0.0, 0.0), year(2019, 0.0, 0.0), year(2020, 0.0, 0.0)];
    let found = forecast(&sum(0.75, 0.0, &past));
    assert!(found.chances.probability(Wanted::at_most(0.0)) > 0.5);
    assert_eq!(sum(0.75, 0.0, &[]).forecast(), None);
}

#[test]
fn rounding_makes_a_forecast_less_sure_and_undoes_what_was_certain() {
    let exact = sum(0.5, 500.0, &[year(2020, 400.0, 1_000.0)]);
    let rounded = Question { rounding: 50.0, ..exact.clone() };
    assert!(forecast(&rounded).working.error > forecast(&exact).working.error);
    assert!(forecast(&rounded).chances.ways().all(|way| way.reached.is_none()));
}

#[test]
fn a_percentage_moves_by_what_is_usual_after_this_point() {
    let question = Question {
        percentage: true,
        elapsed: 0.5,
        so_far: Some(50.0),
        past: vec![year(2018, 48.0, 52.0), year(2019, 47.0, 51.5), year(2020, 49.0, 53.0)],
        ..Question::new(Kind::Ratio)
    };
    let found = forecast(&question);
    assert!((52.5..54.5).contains(&found.year_end), "{}", found.year_end);
    assert!(found.low > 50.0 && found.high < 58.0);
    let few = forecast(&Question { counted: Some(300.0), ..question });
    assert!(few.year_end < found.year_end && few.working.error > found.working.error);
    assert!(few.working.assumed.contains(&Assumption::FewCounted));
}

#[test]
fn a_percentage_near_its_end_is_surer_and_stays_one() {
    let at = |level: f64| {
        let past = vec![year(2019, level, level), year(2020, level, level)];
        Question { percentage: true, elapsed: 0.5, so_far: Some(level), past, ..Question::new(Kind::Mean) }
    };
    assert!(forecast(&at(99.0)).working.error < forecast(&at(50.0)).working.error / 2.0);
    let rising = Question { past: vec![year(2020, 90.0, 99.0)], ..at(99.0) };
    assert!(forecast(&rising).year_end <= 100.0);
}

#[test]
fn a_stock_goes_on_at_its_pace_and_gives_no_verdict_before_three_quarters() {
    let annual = |fiscal_year, result| PastYear { fiscal_year, result, so_far: None, counted: None };
    let stock = |elapsed: f64, level: f64| Question {
        elapsed,
        so_far: Some(level),
        past: vec![annual(2019, 10.0), annual(2020, 20.0)],
        ..Question::new(Kind::Level)
    };
    let half = forecast(&stock(0.5, 26.0));
    // 6 in half a year: as much again, or nothing, or twice as much; each of these is off by half of last year's 10.
    assert_close(half.year_end, 32.0);
    assert_eq!((half.method, half.working.apart, half.working.error), (Method::Pace, Some(6.0), 5.0));
    assert_close(half.chances.probability(Wanted::at_least(32.0)), 0.5);
    let probability = half.chances.probability(Wanted::at_least(30.0));
    assert_eq!(verdict(&half, probability), Verdict::Undetermined, "{probability}");
    let later = forecast(&stock(0.75, 30.0));
    assert_eq!(verdict(&later, later.chances.probability(Wanted::at_least(31.0))), Verdict::Achieve);
    // What usually came after this point counts as much as the pace: 26 + ½·6 + ½·4.
    let known = Question { past: vec![year(2019, 8.0, 10.0), year(2020, 14.0, 20.0)], ..stock(0.5, 26.0) };
    let found = forecast(&known);
    assert_close(found.year_end, 31.0);
    // It would have said 14 + ½·4 + ½·2 = 17 of 2020: (3·5² + 3²) ÷ 4 is 4.58².
    assert_close(found.working.error, 4.583);
    assert_close(found.working.apart.unwrap(), 5.0 * 0.75_f64.sqrt());
}

#[test]
fn what_a_stock_was_in_between_does_not_matter_and_one_result_does_not_tell_a_survey() {
    let level = |values: &[f64], past: &[(i32, f64)]| {
        let year = Periods { values: values.iter().copied().map(Some).collect(), ..Periods::default() };
        let earlier: Vec<EarlierYear> = past
            .iter()
            .map(|(fiscal_year, result)| EarlierYear {
                fiscal_year: *fiscal_year,
                result: *result,
                periods: Periods::default(),
            })
            .collect();
        question(Kind::Level, &year, 4, values.len(), &earlier).forecast()
    };
    let stock = [(2019, 10.0), (2020, 20.0)];
    assert_eq!(level(&[22.0, 26.0], &stock), level(&[25.0, 26.0], &stock));
    assert_eq!(level(&[29.0, 26.0], &stock), level(&[25.0, 26.0], &stock));
    let method = |past: &[(i32, f64)]| level(&[22.0, 26.0], past).map(|found| found.method);
    assert_eq!(method(&stock[1..]), Some(Method::Pace));
    assert_eq!(method(&[(2018, 11.0), (2019, 10.0), (2020, 20.0)]), Some(Method::UsualDifference));
    assert_eq!(method(&[]), Some(Method::UsualDifference));
}

#[test]
fn a_survey_that_goes_up_and_down_is_no_stock() {
    let question = Question {
        percentage: true,
        elapsed: 0.5,
        so_far: Some(55.0),
        past: vec![year(2018, 50.0, 52.0), year(2019, 53.0, 50.0), year(2020, 51.0, 54.0)],
        ..Question::new(Kind::Level)
    };
    assert_eq!(forecast(&question).method, Method::UsualDifference);
}

#[test]
fn nothing_this_year_rests_on_past_years_and_nothing_at_all_on_nothing() {
    let annual = |fiscal_year, result| PastYear { fiscal_year, result, so_far: None, counted: None };
    let past = vec![annual(2018, 50.0), annual(2019, 52.0), annual(2020, 54.0)];
    let found = forecast(&Question { percentage: true, past, ..Question::new(Kind::Level) });
    assert_close(found.year_end, 55.0);
    assert_eq!(found.method, Method::PastYears);
    for kind in [Kind::Sum, Kind::Mean, Kind::Ratio, Kind::Level] {
        assert_eq!(Question::new(kind).forecast(), None);
    }
}

#[test]
fn the_most_of_a_year_rises_by_what_is_usual_and_never_falls() {
    let asked = |so_far: f64, past: &[PastYear]| Question {
        elapsed: 0.5,
        so_far: Some(so_far),
        past: past.to_vec(),
        ..Question::new(Kind::Maximum)
    };
    // It rose by 10 and by 20 after this point, to 110 and 130: 100 + 15 and the mean result, 120, make 117.5.
    let found = forecast(&asked(100.0, &[year(2019, 100.0, 110.0), year(2020, 110.0, 130.0)]));
    assert_close(found.year_end, 117.5);
    assert_eq!((found.method, found.working.years.len()), (Method::Extreme, 2));
    assert_close(found.chances.probability(Wanted::at_least(100.0)), 0.98);
    assert!(found.low >= 100.0 && found.chances.probability(Wanted::at_most(99.0)) < 0.03);
    // Above every earlier result it can still rise.
    let high = forecast(&asked(200.0, &[year(2019, 100.0, 110.0), year(2020, 110.0, 130.0)]));
    assert_close(high.year_end, 207.5);
    // Only results: their mean, unless there is more already; and the error is larger.
    let results = [110.0, 130.0].map(|result| PastYear { fiscal_year: 2019, result, so_far: None, counted: None });
    let by_results = forecast(&asked(100.0, &results));
    assert_close(by_results.year_end, 120.0);
    assert_eq!(by_results.working.assumed, [Assumption::OnlyAnnualResults]);
    assert_eq!(by_results.explained(0.5, "2022-03-31".parse().unwrap()).years[0].so_far, None);
    assert_close(forecast(&asked(150.0, &results)).year_end, 150.0);
    assert_eq!(asked(100.0, &[]).forecast(), None);
}

#[test]
fn the_least_of_a_year_is_the_most_the_other_way_round() {
    let asked = |kind, sign: f64| Question {
        elapsed: 0.5,
        so_far: Some(100.0 * sign),
        past: vec![year(2019, 100.0 * sign, 110.0 * sign), year(2020, 110.0 * sign, 130.0 * sign)],
        ..Question::new(kind)
    };
    let (most, least) = (forecast(&asked(Kind::Maximum, 1.0)), forecast(&asked(Kind::Minimum, -1.0)));
    assert_eq!((least.year_end, least.low, least.high), (-most.year_end, -most.high, -most.low));
    for target in [90.0, 100.0, 105.0, 117.0, 130.0] {
        let (above, below) =
            (most.chances.probability(Wanted::at_least(target)), least.chances.probability(Wanted::at_most(-target)));
        assert!((above - below).abs() < 1e-12, "{target}: {above} {below}");
    }
    let said = reason(&least, "m", 0.5, Verdict::Achieve);
    assert!(said.ja.contains("最低は-100m") && said.en.contains("the lowest is -100m"), "{said:?}");
}

fn estimated(value: f64, elapsed: f64) -> Option<Estimate> {
    Some(Estimate { value, elapsed, rounding: 0.0 })
}

#[test]
fn the_departments_estimate_and_what_is_computed_are_averaged() {
    let plain = sum(0.5, 440.0, &[year(2020, 400.0, 1_000.0)]);
    let (before, after) =
        (forecast(&plain), forecast(&Question { estimate: estimated(1_200.0, 0.5), ..plain.clone() }));
    assert_close(after.year_end, (before.year_end + 1_200.0) / 2.0);
    assert_eq!((after.working.computed, after.working.estimate), (Some(before.year_end), Some(1_200.0)));
    // The error is that of what is computed; the estimate has its own: 0.2·½ and chance, √(2·600) ÷ 1200.
    assert_eq!(after.working.error, before.working.error);
    assert_close(after.working.estimate_error.unwrap().0, 0.104_08);
    assert!(after.low < after.year_end && after.year_end < after.high);
    // The probability is the mean of the two.
    let alone = forecast(&Question { so_far: None, elapsed: 0.0, estimate: estimated(1_200.0, 0.5), ..plain.clone() });
    for target in [900.0, 1_050.0, 1_100.0, 1_190.0, 1_500.0] {
        let of = |it: &Forecast| it.chances.probability(Wanted::at_least(target));
        assert_close(of(&after), (of(&before) + of(&alone)) / 2.0);
    }
    // A band in which each end is passed in one of ten cases.
    let below_low = Chances::probability(&after.chances, Wanted::at_most(after.low.round()));
    assert!((below_low - 0.1).abs() < 0.005, "{below_low}");
    let said = reason(&after, "件", 0.9, Verdict::Achieve);
    assert!(said.ja.contains("見込額1,200件との平均") && said.en.contains("own estimate, 1,200件"), "{said:?}");
    // One that the figures have passed means as much as there is.
    let passed = forecast(&Question { estimate: estimated(100.0, 0.5), ..plain });
    assert_close(passed.year_end, (before.year_end + 440.0) / 2.0);
}

#[test]
fn an_estimate_alone_is_trusted_like_an_unknown_series() {
    let alone = |kind, past: &[PastYear]| Question {
        estimate: estimated(1_000.0, 0.5),
        past: past.to_vec(),
        ..Question::new(kind)
    };
    let found = forecast(&alone(Kind::Sum, &[year(2020, 1.0, 5.0)]));
    // 0.2 of what was still to come, half of the year.
    assert_eq!((found.method, found.year_end), (Method::Estimate, 1_000.0));
    assert_close(found.working.error, 0.1);
    assert!(reason(&found, "件", 0.9, Verdict::Achieve).ja.contains("担当部署の年度末見込額1,000件"));
    for kind in [Kind::Mean, Kind::Ratio, Kind::Level, Kind::Maximum, Kind::Minimum] {
        assert_close(forecast(&alone(kind, &[])).year_end, 1_000.0);
    }
    // A sum that begins with zero is as much as nothing at an even pace: half of the estimate, and very unsure.
    let zero = forecast(&Question { elapsed: 0.25, so_far: Some(0.0), ..alone(Kind::Sum, &[]) });
    assert_eq!((zero.year_end, zero.working.computed, zero.low), (500.0, Some(0.0), 0.0));
}

#[test]
fn a_period_that_is_missing_is_a_gap_of_a_sum_and_otherwise_left_out_of_the_earlier_years_too() {
    let periods = |values: &[Option<f64>]| Periods { values: values.to_vec(), ..Periods::default() };
    let earlier = EarlierYear {
        fiscal_year: 2020,
        result: 100.0,
        periods: periods(&[Some(10.0), Some(20.0), Some(30.0), Some(40.0)]),
    };
    let year = periods(&[Some(11.0), None, Some(33.0)]);
    let made = question(Kind::Mean, &year, 4, 3, std::slice::from_ref(&earlier));
    assert_eq!((made.so_far, made.elapsed, made.past[0].so_far), (Some(22.0), 0.5, Some(20.0)));
    // A third of what is usually there by now.
    let made = question(Kind::Sum, &year, 4, 3, &[earlier]);
    assert_eq!((made.reported(), made.elapsed, made.past[0].so_far), (Some(44.0), 0.75, Some(60.0)));
    assert_close(made.so_far.unwrap(), 66.0);
    assert_close(made.filled.as_ref().unwrap().gaps[0].amount, 22.0);
    // Without an earlier year, evenly with what is beside it.
    assert_eq!(question(Kind::Sum, &year, 4, 3, &[]).so_far, Some(66.0));
}

#[test]
fn the_reason_names_the_figures_in_both_languages() {
    let found = forecast(&sum(0.5, 1_234.0, &[year(2019, 1_000.0, 2_400.0), year(2020, 1_100.0, 2_500.0)]));
    let said = reason(&found, "件", 0.78, Verdict::Achieve);
    for part in ["1,234件", "2019〜2020年度", "78%"] {
        assert!(said.ja.contains(part), "{part}: {}", said.ja);
    }
    for part in ["1,234件", "2019 to 2020", "78%"] {
        assert!(said.en.contains(part), "{part}: {}", said.en);
    }
}

#[test]
fn a_probability_is_told_in_three_grades() {
    use Confidence::{Leaning, Likely, Uncertain};
    for (probability, confidence) in [
        (0.98, Likely),
        (0.80, Likely),
        (0.79, Leaning),
        (0.60, Uncertain),
        (0.40, Uncertain),
        (0.39, Leaning),
        (0.20, Leaning),
        (0.19, Likely),
    ] {
        assert_eq!(Confidence::of(probability), confidence, "{probability}");
    }
}

#[test]
fn a_balance_goes_on_by_what_earlier_years_still_brought_and_not_by_shares() {
    let past = [2021, 2022, 2023].map(|fiscal_year| year(fiscal_year, -110.0, -260.0));
    let found = forecast(&sum(0.5, -210.0, &past));
    assert_close(found.year_end, -360.0);
    assert!(found.chances.probability(Wanted::at_least(-300.0)) < 0.2);
    let said = reason(&found, "人", 0.1, Verdict::Miss);
    assert!(said.ja.contains("-150人を足して-360人") && said.en.contains("-150人"), "{said:?}");
    // Without a past, an even pace; beside a past that was never negative, nothing.
    assert_close(forecast(&sum(0.5, -210.0, &[])).year_end, -420.0);
    assert_eq!(sum(0.5, -210.0, &[year(2023, 40.0, 100.0)]).forecast(), None);
    assert!(forecast(&sum(0.5, -450.0, &[])).chances.probability(Wanted::at_least(-300.0)) < 0.2);
}

#[test]
fn a_few_counted_things_spread_in_units_and_from_none() {
    let found = forecast(&sum(0.5, 0.0, &[year(2022, 0.0, 0.0), year(2023, 0.0, 0.0)]));
    assert_eq!(found.low, 0.0);
    assert!((0.5..3.0).contains(&found.high), "{}", found.high);
    let more = forecast(&sum(0.5, 2.0, &[year(2022, 1.0, 3.0), year(2023, 2.0, 4.0)]));
    assert!(more.low >= 2.0 && more.high < 9.0, "{more:?}");
    let unknown = |result| PastYear { fiscal_year: 2023, result, so_far: None, counted: None };
    let none = forecast(&Question { so_far: None, elapsed: 0.0, ..sum(0.5, 0.0, &[unknown(0.0)]) });
    assert!(none.low == 0.0 && none.high < 3.0 && none.working.assumed.is_empty(), "{none:?}");
}

#[test]
fn an_average_is_told_as_it_was_reported() {
    let question = Question { elapsed: 0.25, so_far: Some(19.3), ..Question::new(Kind::Mean) };
    let found = forecast(&question);
    assert_eq!(found.working.so_far, Some(19.3));
    let said = reason(&found, "人", 0.4, Verdict::Miss);
    assert!(said.ja.contains("19.3人") && !said.ja.contains("4.8"), "{said:?}");
    let found = forecast(&Question { past: vec![year(2020, 18.0, 19.0)], ..question });
    assert!((found.working.years[0].so_far - 18.0).abs() < 1e-9, "{found:?}");
}

#[test]
fn a_percentage_stock_stays_one() {
    let annual = |fiscal_year, result| PastYear { fiscal_year, result, so_far: None, counted: None };
    let question = Question {
        percentage: true,
        elapsed: 0.5,
        so_far: Some(98.0),
        past: vec![annual(2019, 80.0), annual(2020, 90.0)],
        ..Question::new(Kind::Level)
    };
    let found = forecast(&question);
    assert!(found.method == Method::Pace && found.year_end <= 100.0 && found.high <= 100.0, "{found:?}");
}

#[test]
fn what_is_said_of_an_earlier_year_does_not_hang_on_this_one() {
    let past = vec![year(2015, 0.1, 91.0), year(2016, 81.4, 85.4)];
    let asked = |so_far| Question {
        percentage: true,
        elapsed: 0.6,
        so_far: Some(so_far),
        past: past.clone(),
        ..Question::new(Kind::Mean)
    };
    let (low, high) = (forecast(&asked(61.7)), forecast(&asked(100.7)));
    assert_eq!(low.working.errors, high.working.errors);
    assert!(low.working.errors.iter().all(|error| error.forecast <= 100.0));
}

#[test]
fn a_level_without_a_known_course_is_as_unsure_as_it_says() {
    let annual = |fiscal_year, result| PastYear { fiscal_year, result, so_far: None, counted: None };
    let asked = |past: Vec<PastYear>| Question { elapsed: 0.5, so_far: Some(50.0), past, ..Question::new(Kind::Level) };
    let known = forecast(&asked(vec![year(2018, 50.0, 52.0), year(2019, 53.0, 50.0)]));
    let unknown = forecast(&asked(vec![annual(2018, 52.0), annual(2019, 50.0), annual(2020, 53.0)]));
    assert!(unknown.working.assumed.contains(&Assumption::OnlyAnnualResults));
    assert!(unknown.working.general_error > 1.5 * known.working.general_error);
}

#[test]
fn the_words_count_one_year_and_name_no_finer_figures_than_were_reported() {
    let found = sum(0.5, 41.0, &[year(2019, 40.0, 81.0), year(2020, 39.0, 83.0)]);
    let said = reason(&forecast(&found), "件", 0.5, Verdict::Achieve);
    let fine = |text: &str| {
        text.split(|it: char| !it.is_ascii_digit() && it != '.')
            .any(|it| it.trim_end_matches('.').split_once('.').is_some_and(|(_, decimals)| decimals.len() > 2))
    };
    assert!(!fine(&said.ja) && !fine(&said.en), "{said:?}");
    let later = found.forecast_later(2022, 1).expect("a later year");
    let said = reason(&later, "件", 0.5, Verdict::Achieve);
    assert!(!said.en.contains("1 years") && said.en.contains("the year after it"), "{said:?}");
    let percent = Question { percentage: true, ..Question::new(Kind::Mean) };
    let percent = Question {
        elapsed: 0.5,
        so_far: Some(50.0),
        past: vec![year(2019, 48.0, 49.0), year(2020, 50.0, 51.0)],
        ..percent
    };
    let said = reason(&percent.forecast_later(2022, 1).expect("a later year"), "%", 0.5, Verdict::Achieve);
    assert!(said.en.contains("add 1 point,") && said.ja.contains("1ポイント"), "{said:?}");
}
