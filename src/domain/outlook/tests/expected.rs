//! What is to be expected of a target that is open.

use super::*;
use crate::domain::MissingReason;
use crate::domain::evaluation::PartFacts;
use crate::domain::fiscal::{Calendar, Period};

pub(super) fn months(fiscal_year: i32, values: &[i64]) -> Vec<Reported> {
    let calendar = Calendar::default();
    (1..)
        .zip(values)
        .map(|(number, value)| Reported {
            fiscal_year,
            basis: Basis::Increment,
            period: Some(Period::Month(number)),
            as_of: calendar.days(fiscal_year, Period::Month(number)).1,
            value: Some((*value).into()),
            missing: None,
            numerator: None,
            denominator: None,
            approximate: false,
            provisional: false,
            source: None,
        })
        .collect()
}

/// A level at a day.
pub(super) fn level(fiscal_year: i32, as_of: &str, value: &str) -> Reported {
    Reported { fiscal_year, ..reported(&format!("snapshot {as_of} {value}")) }
}

pub(super) fn outlook(
    criterion: Value,
    measure: Measure,
    unit: &str,
    reported: &[Reported],
    as_of: &str,
) -> TargetOutlook {
    let criterion: Criterion = serde_json::from_value(criterion).expect("a criterion");
    let facts = Facts { unit: Some(unit), ..Facts::new(measure, 2021, reported) };
    target_outlook(Some(&criterion), &facts, day(as_of))
}

/// Two years of which 45 % come in the first half, and a first half.
pub(super) fn history(scale: i64) -> Vec<Reported> {
    let year = |level: i64| -> Vec<i64> {
        [15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 20, 30].map(|it| it * level * scale).to_vec()
    };
    let mut all = months(2019, &year(10));
    all.extend(months(2020, &year(11)));
    all.extend(months(2021, &year(12)[..6]));
    all
}

#[test]
fn an_open_sum_is_expected_by_what_is_usual_and_every_number_is_told() {
    let found = outlook(threshold(Some("gte"), "2200"), Measure::Sum, "件", &history(1), "2021-09-30");
    assert_eq!(summary(&found), "open achieve forecast");
    assert_eq!(found.confidence, Some(Confidence::Likely));
    let band = found.forecast.as_ref().unwrap();
    let year_end: f64 = band.year_end.unwrap().to_string().parse().unwrap();
    assert!((2_350.0..2_450.0).contains(&year_end), "{year_end}");
    assert!(band.low < band.year_end && band.year_end < band.high);
    let basis = &found.forecast_basis[0];
    let years: Vec<(i32, Option<Decimal>, Option<Decimal>)> =
        basis.years.iter().map(|year| (year.fiscal_year, year.so_far, year.result)).collect();
    assert_eq!(years, [(2020, Some(990.into()), Some(2200.into())), (2019, Some(900.into()), Some(2000.into()))]);
    assert_eq!((basis.elapsed, basis.so_far, basis.last_year), ("0.5".parse().ok(), Some(1080.into()), Some(2020)));
    assert_eq!((basis.errors.len(), basis.degrees_of_freedom), (1, 5));
    for said in [&found.reason.ja, &found.reason.en] {
        assert!(said.contains("1,080件") && said.contains("2,200件"), "{said}");
    }
    let missed = outlook(threshold(Some("gte"), "2700"), Measure::Sum, "件", &history(1), "2021-09-30");
    assert_eq!(summary(&missed), "open miss forecast");
}

#[test]
fn the_time_that_counts_is_that_of_the_figure_and_not_of_the_checkpoint() {
    let end_of_august = [reported("to_date 2021-08-31 500")];
    let found = outlook(threshold(Some("gte"), "1100"), Measure::Sum, "件", &end_of_august, "2021-09-30");
    assert_eq!(found.forecast.unwrap().year_end, Some(1200.into()));
    assert_eq!(found.forecast_basis[0].elapsed, "0.416667".parse().ok());
}

#[test]
fn a_yearly_survey_that_is_not_yet_taken_is_not_due_and_does_not_pretend() {
    let past = [level(2019, "2020-03-31", "60"), level(2020, "2021-03-31", "62")];
    let found = outlook(threshold(Some("gte"), "55"), Measure::Latest, "%", &past, "2021-09-30");
    assert_eq!(summary(&found), "open undetermined not_due");
    assert_eq!(found.forecast.as_ref().unwrap().year_end, Some(63.into()));
    assert!(found.probability.is_some());
    let unmeasurable =
        Reported { value: None, missing: Some(MissingReason::NotMeasurable), ..level(2021, "2021-09-30", "0") };
    let figures = [past.to_vec(), vec![unmeasurable]].concat();
    let found = outlook(threshold(Some("gte"), "55"), Measure::Latest, "%", &figures, "2021-09-30");
    assert_eq!((summary(&found), found.forecast), ("open undetermined no_figure".to_owned(), None));
}

#[test]
fn a_sum_of_which_nothing_is_reported_rests_on_past_years_and_says_so() {
    let past: Vec<Reported> = history(1).into_iter().filter(|it| it.fiscal_year < 2021).collect();
    let found = outlook(threshold(Some("gte"), "1500"), Measure::Sum, "件", &past, "2021-09-30");
    assert_eq!(summary(&found), "open achieve past_years_only");
    assert!(found.reason.ja.contains("今年度の実績はまだなく"), "{}", found.reason.ja);
}

#[test]
fn a_stock_gives_no_verdict_before_three_quarters_of_its_year_unless_it_is_clear() {
    let stock = [
        level(2019, "2020-03-31", "10"),
        level(2020, "2021-03-31", "20"),
        level(2021, "2021-06-30", "22"),
        level(2021, "2021-09-30", "26"),
        level(2021, "2021-12-31", "30"),
    ];
    for (target, as_of, expected) in [
        ("32", "2021-09-30", "open undetermined stock_too_early"),
        ("20", "2021-09-30", "open achieve forecast"),
        ("60", "2021-09-30", "open miss forecast"),
        ("32", "2021-12-31", "open achieve forecast"),
    ] {
        let found = outlook(threshold(Some("gte"), target), Measure::Latest, "%", &stock, as_of);
        assert_eq!(summary(&found), expected, "{target} {as_of}");
    }
}

#[test]
fn a_range_is_as_likely_as_the_result_is_to_lie_inside() {
    let range = |min: &str, max: &str| json!({"kind": "range", "min": min, "min_inclusive": true, "max": max, "max_inclusive": true});
    for (criterion, expected) in
        [(range("2000", "3000"), "achieve"), (range("1200", "2000"), "miss"), (range("3000", "4000"), "miss")]
    {
        let found = outlook(criterion.clone(), Measure::Sum, "件", &history(1), "2021-09-30");
        assert_eq!(found.verdict.as_str(), expected, "{criterion}");
    }
}

#[test]
fn all_of_several_are_as_likely_as_the_least_and_any_as_the_most() {
    let (likely, unlikely) = (threshold(Some("gte"), "2100"), threshold(Some("gte"), "2600"));
    let at = |criterion: Value| outlook(criterion, Measure::Sum, "件", &history(1), "2021-09-30");
    let (high, low) = (at(likely.clone()).probability, at(unlikely.clone()).probability);
    assert!(low < high);
    let both = json!([likely, unlikely]);
    let all = at(json!({"kind": "all", "of": both}));
    assert_eq!((all.verdict, all.probability), (Verdict::Miss, low));
    let any = at(json!({"kind": "any", "of": both}));
    assert_eq!((any.verdict, any.probability), (Verdict::Achieve, high));
    // A part of which nothing is known leaves only the worse open.
    let unknown = json!({"kind": "qualitative"});
    let all = at(json!({"kind": "all", "of": [likely, unknown]}));
    assert_eq!((all.verdict, all.probability), (Verdict::Undetermined, None));
    assert_eq!(at(json!({"kind": "all", "of": [unlikely, unknown]})).verdict, Verdict::Miss);
}

#[test]
fn each_part_is_expected_by_its_own_figures() {
    let criterion: Criterion =
        serde_json::from_value(json!({"kind": "each", "of": threshold(Some("gte"), "2100")})).unwrap();
    let half: Vec<Reported> =
        history(1).into_iter().map(|it| Reported { value: it.value.and_then(|it| it.over(2.into())), ..it }).collect();
    let part = |label: &str, reported| PartFacts { label: label.to_owned(), reported, expected: true };
    let parts = [part("北", history(1)), part("南", half)];
    let facts = Facts { unit: Some("件"), parts: &parts, ..Facts::new(Measure::Sum, 2021, &[]) };
    let found = target_outlook(Some(&criterion), &facts, day("2021-09-30"));
    assert_eq!(found.verdict, Verdict::Miss);
    let labels: Vec<Option<&str>> = found.forecast_basis.iter().map(|it| it.label.as_deref()).collect();
    assert_eq!(labels, [Some("北"), Some("南")]);
}

#[test]
fn the_most_of_a_year_is_certain_once_reached_and_otherwise_expected_from_earlier_years() {
    let year = |fiscal_year: i32, first: i64, second: i64| {
        let months = months(fiscal_year, &[first, first - 3, first - 8, second - 2, second - 9, second]);
        months.into_iter().zip([3, 5, 6, 8, 10, 12]).map(move |(it, number)| {
            let period = Period::Month(number);
            Reported { period: Some(period), as_of: Calendar::default().days(fiscal_year, period).1, ..it }
        })
    };
    let past: Vec<Reported> =
        year(2019, 20, 26).chain(year(2020, 22, 30)).map(|it| Reported { basis: Basis::Snapshot, ..it }).collect();
    let now = [level(2021, "2021-06-30", "21"), level(2021, "2021-09-30", "18")];
    let figures = [past.clone(), now.to_vec()].concat();
    for (comparator, target, expected) in [
        ("gte", "21", "already_met achieve reached"),
        ("lte", "20", "already_missed miss past_limit"),
        ("gte", "24", "open achieve forecast"),
        ("gte", "60", "open miss forecast"),
        ("lte", "60", "open achieve forecast"),
    ] {
        let found = outlook(threshold(Some(comparator), target), Measure::Maximum, "m", &figures, "2021-09-30");
        assert_eq!(summary(&found), expected, "{comparator} {target}: {}", found.reason.ja);
    }
    let unknown = outlook(threshold(Some("gte"), "24"), Measure::Maximum, "m", &now, "2021-09-30");
    assert_eq!((summary(&unknown).as_str(), unknown.probability), ("open undetermined figure_so_far", None));
    assert!(unknown.reason.ja.contains("過去の年度の結果がわからない"), "{}", unknown.reason.ja);
    let least = outlook(threshold(Some("gte"), "24"), Measure::Minimum, "m", &figures, "2021-09-30");
    assert_eq!(summary(&least), "already_missed miss past_limit");
    let none = outlook(threshold(Some("gte"), "24"), Measure::Maximum, "m", &past, "2021-09-30");
    assert_eq!(summary(&none), "open achieve past_years_only");
}

#[test]
fn the_departments_estimate_counts_from_its_day_until_figures_overtake_it() {
    let estimate = |as_of: &str, value: &str| Reported {
        basis: Basis::YearEndForecast,
        source: Some(crate::domain::result::Source { actual_id: value.into(), revision: 1 }),
        ..level(2021, as_of, value)
    };
    let at = |more: &[Reported], as_of: &str| {
        outlook(threshold(Some("gte"), "2500"), Measure::Sum, "件", &[history(1), more.to_vec()].concat(), as_of)
    };
    let used = |found: &TargetOutlook| {
        let inputs = found.forecast_basis[0].inputs.iter();
        inputs
            .filter(|it| matches!(it.used_as.as_str(), "estimate" | "overtaken_estimate"))
            .cloned()
            .collect::<Vec<_>>()
    };
    let without = at(&[], "2021-09-30");
    let with = at(&[estimate("2021-09-30", "2800")], "2021-09-30");
    assert_eq!((without.verdict, with.verdict), (Verdict::Miss, Verdict::Achieve));
    let [input] = &used(&with)[..] else { panic!("{:?}", used(&with)) };
    assert_eq!((input.used_as.as_str(), input.value), ("estimate", 2800.into()));
    assert_eq!(input.actual_ids, ["2800".into()]);
    assert_eq!(with.forecast_basis[0].computed, without.forecast.as_ref().unwrap().year_end);
    assert!(with.reason.ja.contains("見込額2,800件") && with.reason.en.contains("own estimate, 2,800件"));
    // Not known yet; overtaken by the figures; overtaken by a later one.
    assert_eq!(at(&[estimate("2021-10-31", "2800")], "2021-09-30"), without);
    let old = at(&[estimate("2021-06-30", "2800")], "2021-09-30");
    assert_eq!((&old.forecast, used(&old)[0].used_as.as_str()), (&without.forecast, "overtaken_estimate"));
    let later = at(&[estimate("2021-09-30", "2800"), estimate("2021-10-15", "2300")], "2021-10-31");
    assert_eq!(later.forecast_basis[0].estimate, Some(2300.into()));
    // A yearly survey that is not taken rests on the estimate alone.
    let past = [level(2019, "2020-03-31", "60"), level(2020, "2021-03-31", "62"), estimate("2021-09-30", "70")];
    let survey = outlook(threshold(Some("gte"), "55"), Measure::Latest, "%", &past, "2021-09-30");
    assert_eq!(summary(&survey), "open achieve estimate_only");
}

#[test]
fn of_a_schedule_only_the_step_of_the_year_is_expected() {
    let all = |one: &str, other: &str| json!({"kind": "all", "of": [threshold(Some("gte"), one), threshold(Some("gte"), other)]});
    let steps = json!({"kind": "schedule", "steps": [
        {"fiscal_year": 2021, "criterion": all("2000", "2100")}, {"fiscal_year": 2022, "criterion": all("9000", "9100")}]});
    let found = outlook(steps, Measure::Sum, "件", &history(1), "2021-09-30");
    assert_eq!(found.verdict, Verdict::Achieve);
    assert_eq!(found.forecast_basis.len(), 2);
}

/// `threshold`, by a day.
pub(super) fn by(deadline: &str, value: &str) -> Value {
    json!({"kind": "threshold", "comparator": "gte", "operand": {"kind": "constant", "value": value}, "deadline": deadline})
}

#[test]
fn a_deadline_within_the_year_is_foretold_by_the_usual_share_of_what_came_until_then() {
    // Half of what came by the end of September comes by the end of June; evenly.
    let found = outlook(by("2021-09-30", "1000"), Measure::Sum, "件", &history(1), "2021-06-30");
    assert_eq!(summary(&found), "open achieve forecast");
    let basis = &found.forecast_basis[0];
    assert_eq!((basis.elapsed, basis.so_far), ("0.5".parse().ok(), Some(540.into())));
    let years: Vec<(i32, Option<Decimal>, Option<Decimal>)> =
        basis.years.iter().map(|year| (year.fiscal_year, year.so_far, year.result)).collect();
    assert_eq!(years, [(2020, Some(495.into()), Some(990.into())), (2019, Some(450.into()), Some(900.into()))]);
    let year_end: f64 = basis.forecast.year_end.unwrap().to_string().parse().unwrap();
    assert!((1_050.0..1_110.0).contains(&year_end), "{year_end}");
    assert_eq!(basis.forecast.on, day("2021-09-30"));
    for (said, part) in [(&found.reason.ja, "期限の2021-09-30は"), (&found.reason.en, "By the deadline, 2021-09-30")]
    {
        assert!(said.contains(part) && !said.contains("年度末"), "{said}");
    }
    assert_eq!(outlook(by("2021-09-30", "1200"), Measure::Sum, "件", &history(1), "2021-06-30").verdict, Verdict::Miss);
    // A level goes on from year to year: by the end of September a quarter of a year is left.
    let levels = [level(2019, "2019-09-30", "10"), level(2020, "2020-09-30", "20"), level(2021, "2021-06-30", "27.5")];
    let found = outlook(by("2021-09-30", "29"), Measure::Latest, "m", &levels, "2021-06-30");
    let basis = &found.forecast_basis[0];
    assert_eq!((basis.elapsed, basis.method.as_str()), ("0.75".parse().ok(), "pace"));
    assert_eq!(basis.forecast.year_end, Some(30.into()));
    assert!(found.reason.en.contains("the same day last year"), "{}", found.reason.en);
}

#[test]
fn a_deadline_in_a_later_year_is_foretold_by_the_trend_and_less_surely_the_further_it_is() {
    let at = |deadline: &str, target: &str, as_of: &str| {
        outlook(by(deadline, target), Measure::Sum, "件", &history(1), as_of)
    };
    // 2,400 this year, and half of the yearly change of 200 for each year after it.
    let (near, far) = (at("2023-03-31", "2400", "2021-09-30"), at("2025-03-31", "2400", "2021-09-30"));
    assert_eq!((summary(&near), near.forecast_basis[0].method.as_str()), ("open achieve trend".to_owned(), "trend"));
    let later = far.forecast_basis[0].later.clone().unwrap();
    assert_eq!((later.fiscal_year, later.years, later.change), (2024, 3, Some(100.into())));
    let number = |it: Option<Decimal>| it.unwrap().to_string().parse::<f64>().unwrap();
    assert!((number(far.forecast.as_ref().unwrap().year_end) - number(later.running_year) - 300.0).abs() < 0.02);
    assert!(far.forecast_basis[0].error > near.forecast_basis[0].error);
    assert_eq!(far.forecast.as_ref().unwrap().on, day("2025-03-31"));
    assert!(
        far.reason.ja.contains("2024年度の結果の見込み") && far.reason.en.contains("fiscal year 2024"),
        "{}",
        far.reason.ja
    );
    assert!(far.forecast_basis[0].inputs.iter().any(|it| it.fiscal_year == 2020));
    assert_eq!(at("2025-03-31", "4000", "2021-09-30").verdict, Verdict::Miss);
    // Once its year runs, it is the forecast of that year.
    let mut all = history(1);
    all.extend(months(2021, &[180; 12]).split_off(6));
    all.extend(months(2022, &[200; 6]));
    let found = outlook(by("2023-03-31", "2400"), Measure::Sum, "件", &all, "2022-09-30");
    assert_eq!(
        (summary(&found).as_str(), found.forecast_basis[0].method.as_str()),
        ("open achieve trend", "usual_share")
    );
    // Too far, or without a trend: why not is said.
    let half = || months(2021, &[100; 6]);
    for (deadline, figures) in [
        ("2028-03-31", history(1)),
        ("2028-09-30", history(1)),
        ("2023-03-31", half()),
        ("2023-09-30", half()),
        ("2023-09-30", [months(2020, &[100; 12]), half()].concat()),
    ] {
        let found = outlook(by(deadline, "2400"), Measure::Sum, "件", &figures, "2021-09-30");
        assert_eq!(
            (summary(&found).as_str(), found.probability),
            ("open undetermined figure_so_far", None),
            "{deadline}"
        );
        assert!(found.reason.ja.contains(&format!("期限の{deadline}は")), "{}", found.reason.ja);
    }
}

#[test]
fn a_deadline_in_the_middle_of_a_later_year_is_foretold_by_the_figures_at_that_day() {
    let at = |deadline: &str, target: &str, as_of: &str, figures: &[Reported]| {
        outlook(by(deadline, target), Measure::Sum, "件", figures, as_of)
    };
    // 1,080 at the end of September after 990 and 900, and half of the yearly change of 90 for each of two years.
    let found = at("2023-09-30", "1100", "2021-09-30", &history(1));
    assert_eq!(summary(&found), "open achieve trend");
    assert_eq!(found.forecast.as_ref().unwrap().year_end, Some(1170.into()));
    assert_eq!(found.forecast.as_ref().unwrap().on, day("2023-09-30"));
    assert!(
        found.reason.ja.contains("2023年度のその日の値") && found.reason.en.contains("fiscal year 2023 at that day")
    );
    assert_eq!(at("2023-09-30", "1400", "2021-09-30", &history(1)).verdict, Verdict::Miss);
    // Before that day of the running year its figure is itself foretold.
    let early = at("2023-09-30", "1100", "2021-06-30", &history(1));
    assert_eq!(early.forecast_basis[0].elapsed, "0.5".parse().ok());
    // Once its year runs, it is a deadline within that year.
    let mut all = history(1);
    all.extend(months(2021, &[180; 12]).split_off(6));
    all.extend(months(2022, &[200; 3]));
    let found = at("2022-09-30", "2500", "2022-06-30", &all);
    assert_eq!((summary(&found).as_str(), found.forecast_basis[0].later.clone()), ("open miss trend", None));
}

#[test]
fn no_more_is_expected_than_there_are_in_all_and_no_less_than_is_done() {
    let universe = json!({"kind": "universe", "total": "11", "unit": "件"});
    for measure in [Measure::Sum, Measure::Latest] {
        let figures = [level(2020, "2021-03-31", "2"), level(2021, "2021-06-30", "4"), level(2021, "2021-09-30", "9")];
        let counted = [reported("to_date 2021-06-30 9")];
        let reported = if measure == Measure::Sum { &counted[..] } else { &figures[..] };
        let found = outlook(universe.clone(), measure, "件", reported, "2021-09-30");
        let band = found.forecast.expect("a forecast");
        assert!(band.low >= Some(9.into()) && band.high <= Some(11.into()) && band.low <= band.year_end, "{band:?}");
        // Inside of other conditions, too.
        let step =
            |criterion: &Value| json!({"kind": "schedule", "steps": [{"fiscal_year": 2021, "criterion": criterion}]});
        for kind in ["all", "any"] {
            let more = threshold(Some("gte"), if kind == "all" { "1" } else { "100" });
            let whole = step(&json!({"kind": kind, "of": [more, universe]}));
            let found = outlook(whole, measure, "件", reported, "2021-09-30");
            assert!(found.forecast_basis.iter().any(|it| it.forecast == band), "{kind}: {:?}", found.forecast_basis);
        }
    }
}

#[test]
fn where_there_is_no_forecast_the_reason_says_why() {
    let at_most_none = || threshold(Some("lte"), "0");
    let found = outlook(at_most_none(), Measure::Sum, "件", &[reported("to_date 2021-12-31 0")], "2021-12-31");
    assert_eq!(found.verdict, Verdict::Undetermined);
    assert!(found.reason.ja.contains("過去の年度の結果もわからない"), "{:?}", found.reason);
    assert!(found.reason.en.contains("no earlier year is known"), "{:?}", found.reason);
    let negative = [months(2020, &[10; 12]), vec![reported("to_date 2021-09-30 -5")]].concat();
    let found = outlook(threshold(Some("gte"), "60"), Measure::Sum, "件", &negative, "2021-09-30");
    assert_eq!((found.verdict, found.probability), (Verdict::Undetermined, None));
    assert!(found.reason.ja.contains("マイナス"), "{:?}", found.reason);
}
