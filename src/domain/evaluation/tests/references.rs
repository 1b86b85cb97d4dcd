//! Figures of the past.

use super::*;

fn reference(comparator: &str, reference: Value) -> Value {
    let mut operand = json!({"kind": "reference"});
    operand.as_object_mut().expect("an object").extend(reference.as_object().expect("an object").clone());
    json!({"kind": "threshold", "comparator": comparator, "operand": operand})
}

fn required(evaluation: &Evaluation) -> Option<String> {
    evaluation.comparison.as_ref()?.required.map(|it| it.to_string())
}

fn used(evaluation: &Evaluation) -> ReferenceUsed {
    evaluation.comparison.clone().and_then(|it| it.reference).expect("a reference")
}

#[test]
fn a_reference_and_its_change_become_a_number() {
    let history = [(2017, "30"), (2018, "4"), (2019, "5"), (2020, "5"), (2021, "4.2")];
    let reported = results(&history);
    let facts = Facts { unit: Some("%"), ..Facts::new(Measure::Latest, 2021, &reported) };
    for (criterion, expected, outcome) in [
        (reference("lt", json!({"to": "previous_year"})), "5", "met"),
        (
            reference("gte", json!({"to": "previous_year", "change": {"kind": "relative", "percent": "1"}})),
            "5.05",
            "missed",
        ),
        (
            reference("lte", json!({"to": "previous_year", "change": {"kind": "factor", "factor": "0.84"}})),
            "4.2",
            "met",
        ),
        (
            reference("lt", json!({"to": "previous_year", "change": {"kind": "factor", "factor": "0.84"}})),
            "4.2",
            "missed",
        ),
        (
            reference("lte", json!({"to": "previous_year", "change": {"kind": "points", "points": "-0.8"}})),
            "4.2",
            "met",
        ),
        (
            reference(
                "gte",
                json!({"to": "fiscal_year", "fiscal_year": 2018, "change": {"kind": "absolute", "amount": "0.3"}}),
            ),
            "4.3",
            "missed",
        ),
        // (4 + 5 + 5) ÷ 3 × 0.9 is exactly 4.2, although the mean is not exact.
        (
            reference(
                "lte",
                json!({"to": "average_of_years", "years": 3, "change": {"kind": "relative", "percent": "-10"}}),
            ),
            "4.2",
            "met",
        ),
        (
            reference(
                "lt",
                json!({"to": "average_of_years", "years": 3, "change": {"kind": "relative", "percent": "-10"}}),
            ),
            "4.2",
            "missed",
        ),
        (reference("lte", json!({"to": "same_period_previous_year"})), "5", "met"),
    ] {
        let found = at_the_end(&criterion, &facts);
        assert_eq!(required(&found).as_deref(), Some(expected), "{criterion}");
        assert_eq!(found.outcome.as_str(), outcome, "{criterion}");
    }
}

#[test]
fn the_answer_carries_every_year_that_was_used() {
    let reported = results(&[(2018, "4"), (2019, "5"), (2020, "6?"), (2021, "4.2")]);
    let facts = Facts { unit: Some("件"), ..Facts::new(Measure::Latest, 2021, &reported) };
    let average = reference(
        "lte",
        json!({"to": "average_of_years", "years": 3, "change": {"kind": "relative", "percent": "-10"}}),
    );
    let found = at_the_end(&average, &facts);
    assert_eq!(summary(&found), "met provisional_result");
    assert!(found.provisional);
    let used = used(&found);
    let years: Vec<(i32, Option<String>, bool)> =
        used.years.iter().map(|it| (it.fiscal_year, it.value.map(|it| it.to_string()), it.provisional)).collect();
    let year = |year, value: &str, provisional| (year, Some(value.to_owned()), provisional);
    assert_eq!(years, [year(2020, "6", true), year(2019, "5", false), year(2018, "4", false)]);
    assert_eq!((used.value, used.source), (Some(5.into()), Some(ReferenceSource::Results)));
    assert!(found.notes.iter().any(|note| note.kind == RemarkKind::ReferenceProvisional));
    assert_eq!(
        found.reason.ja,
        "実績は4.2件（2022-03-31時点）、目標は4.5件以下（過去3年（2018〜2020年度）の平均5件の10%減）です。速報値では達成です。確定していません。過去3年（2018〜2020年度）の平均は速報値で、確定していません。"
    );
    assert!(
        found.reason.en.contains("at most 4.5件 (the average of 3 years (2018–2020), 5件, minus 10%)"),
        "{}",
        found.reason.en
    );
}

#[test]
fn a_missing_reference_is_named_and_nothing_is_guessed() {
    let reported = results(&[(2018, "4"), (2020, "6"), (2021, "4.2")]);
    let facts = Facts::new(Measure::Latest, 2021, &reported);
    let average = reference("lte", json!({"to": "average_of_years", "years": 3}));
    let found = at_the_end(&average, &facts);
    assert_eq!(summary(&found), "unknown reference_missing -the result of fiscal year 2019");
    assert_eq!((percent(&found), found.holds_so_far), (None, None));
    let shown = found.comparison.expect("a comparison");
    assert_eq!(shown.figure.map(|it| it.value), Some("4.2".parse().expect("a number")));
    assert_eq!(shown.reference.map(|it| it.years.len()), Some(3));
    // A year that is not over, or not before the target's, is no reference; nor is half a sum.
    let itself = reference("gte", json!({"to": "fiscal_year", "fiscal_year": 2021}));
    assert_eq!(summary(&at_the_end(&itself, &facts)), "unknown reference_missing -the result of fiscal year 2021");
    let half = figures(&["2020 to_date 2020-09-30 30", "2021 to_date 2022-03-31 50"]);
    let last_year = reference("gte", json!({"to": "previous_year"}));
    let found = at_the_end(&last_year, &Facts::new(Measure::Sum, 2021, &half));
    assert_eq!(summary(&found), "unknown reference_missing -the result of fiscal year 2020");
}

#[test]
fn a_stated_reference_stands_in_for_a_missing_result_and_yields_to_a_recorded_one() {
    let mut last_year = reference("gte", json!({"to": "previous_year"}));
    last_year["stated_reference"] = json!("860");
    let note = |of: &Evaluation| of.notes.iter().map(|note| note.kind).collect::<Vec<_>>();
    let alone = results(&[(2021, "870")]);
    let found = at_the_end(&last_year, &Facts::new(Measure::Latest, 2021, &alone));
    assert_eq!((summary(&found).as_str(), required(&found).as_deref()), ("met final_result", Some("860")));
    assert_eq!(note(&found), [RemarkKind::StatedReferenceUsed]);
    assert_eq!(used(&found).source, Some(ReferenceSource::Stated));
    let recorded = results(&[(2020, "872"), (2021, "870")]);
    let found = at_the_end(&last_year, &Facts::new(Measure::Latest, 2021, &recorded));
    assert_eq!((summary(&found).as_str(), required(&found).as_deref()), ("missed final_result", Some("872")));
    assert_eq!(note(&found), [RemarkKind::StatedReferenceDiffers]);
    // A mean that the plan states beside the target; one that is the recorded mean as people write it says nothing.
    let average = reference("lte", json!({"to": "average_of_years", "years": 3}));
    let stated = Some(StatedAverage { years: 3, value: "4.7".parse().expect("a number") });
    let found = at_the_end(&average, &Facts { stated_average: stated, ..Facts::new(Measure::Latest, 2021, &alone) });
    assert_eq!((required(&found).as_deref(), note(&found)), (Some("4.7"), vec![RemarkKind::StatedReferenceUsed]));
    let recorded = results(&[(2018, "4"), (2019, "5"), (2020, "5"), (2021, "4")]);
    let found = at_the_end(&average, &Facts { stated_average: stated, ..Facts::new(Measure::Latest, 2021, &recorded) });
    assert_eq!((required(&found).as_deref(), note(&found)), (Some("4.666666666667"), vec![]));
}

#[test]
fn the_same_period_is_compared_at_its_own_moment_and_the_year_decides() {
    let same =
        reference("gte", json!({"to": "same_period_previous_year", "change": {"kind": "relative", "percent": "1"}}));
    let reported = figures(&[
        "2020 to_date 2020-09-30 200",
        "2020 to_date 2021-03-31 500",
        "2021 to_date 2021-09-30 202",
        "2021 to_date 2021-12-31 506",
    ]);
    let facts = Facts::new(Measure::Sum, 2021, &reported);
    let september = criterion(same.clone()).evaluate(&facts, day("2021-09-30"));
    assert_eq!((summary(&september).as_str(), september.holds_so_far), ("open figure_so_far", Some(true)));
    assert_eq!((required(&september).as_deref(), percent(&september).as_deref()), (Some("505"), Some("100")));
    let so_far = september.comparison.and_then(|it| it.so_far).expect("a value for the moment");
    assert_eq!(so_far.required, Some(202.into()));
    assert_eq!(so_far.reference.and_then(|it| it.years[0].as_of), Some(day("2020-09-30")));
    // More than all of last year is enough already; last December is not known, and does not matter.
    let december = criterion(same.clone()).evaluate(&facts, day("2021-12-31"));
    assert_eq!((summary(&december).as_str(), december.holds_so_far), ("met reached", Some(true)));
    // Without last year's end the figures of the moment are shown, and the end is missing.
    let facts = Facts { reported: &[reported[0].clone(), reported[2].clone()], ..facts };
    let found = criterion(same.clone()).evaluate(&facts, day("2021-09-30"));
    assert_eq!(found.rule, Rule::ReferenceMissing);
    assert_eq!((found.holds_so_far, percent(&found).as_deref()), (Some(true), Some("100")));
    // Half a year's share is not the year's.
    let shares = figures(&["2020 to_date 2020-09-30 10", "2021 to_date 2021-09-30 10.2"]);
    let found = criterion(same.clone()).evaluate(&Facts::new(Measure::Ratio, 2021, &shares), day("2021-09-30"));
    assert_eq!((found.rule, found.holds_so_far), (Rule::ReferenceMissing, Some(true)));
    // A survey of the same month is of the same period.
    let surveys = figures(&["2020 snapshot 2020-11-20 40", "2021 snapshot 2021-11-25 41"]);
    let found = criterion(same).evaluate(&Facts::new(Measure::Latest, 2021, &surveys), day("2021-12-31"));
    assert_eq!((summary(&found).as_str(), found.holds_so_far), ("open figure_so_far", Some(true)));
}

#[test]
fn a_change_that_has_no_one_meaning_is_not_decided() {
    let reported = results(&[(2020, "-300"), (2021, "-280")]);
    let facts = Facts { unit: Some("千円"), ..Facts::new(Measure::Latest, 2021, &reported) };
    let with = |change: Value| reference("gte", json!({"to": "previous_year", "change": change}));
    for (change, expected) in [
        (json!({"kind": "relative", "percent": "10"}), "unknown ambiguous_change"),
        (json!({"kind": "factor", "factor": "2"}), "unknown ambiguous_change"),
        (json!({"kind": "points", "points": "2"}), "unknown unit_mismatch"),
        (json!({"kind": "absolute", "amount": "20"}), "met final_result"),
    ] {
        assert_eq!(summary(&at_the_end(&with(change.clone()), &facts)), expected, "{change}");
    }
    // An amount of money counts in the criterion's unit.
    let mut yen = with(json!({"kind": "absolute", "amount": "20000"}));
    yen["unit"] = json!("円");
    assert_eq!(required(&at_the_end(&yen, &facts)).as_deref(), Some("-280"));
}

#[test]
fn without_a_comparator_or_polarity_a_change_says_the_direction() {
    let reported = results(&[(2020, "100"), (2021, "95")]);
    let facts = Facts::new(Measure::Latest, 2021, &reported);
    for (percent, expected) in [("-5", "met final_result"), ("-6", "missed final_result"), ("5", "missed final_result")]
    {
        let mut less =
            reference("gte", json!({"to": "previous_year", "change": {"kind": "relative", "percent": percent}}));
        less["comparator"] = Value::Null;
        let found = at_the_end(&less, &facts);
        assert_eq!(summary(&found), expected, "{percent}");
        assert_eq!(found.notes[0].kind, RemarkKind::DirectionAssumed);
    }
}
