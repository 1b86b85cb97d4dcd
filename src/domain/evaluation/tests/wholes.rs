//! Criteria that hold others, and all of something.

use super::*;

#[test]
fn every_part_of_a_breakdown_has_to_meet_it() {
    let each = json!({"kind": "each", "of": threshold(Some("gte"), "70")});
    let whole = results(&[(2020, "80"), (2021, "75")]);
    let facts = |parts: &[&[(&str, &str)]], expected: &[&str]| {
        let labelled = |parts: &[(&str, &str)]| -> Vec<(String, Decimal)> {
            parts.iter().map(|(label, value)| ((*label).to_owned(), value.parse().expect("a number"))).collect()
        };
        let parts: Vec<Vec<(String, Decimal)>> = parts.iter().map(|parts| labelled(parts)).collect();
        part_facts(expected.iter().map(|label| (*label).to_owned()), whole.iter().zip(&parts), 2021)
    };
    let evaluate =
        |parts: &[PartFacts]| at_the_end(&each, &Facts { parts, ..Facts::new(Measure::Latest, 2021, &whole) });
    let none = evaluate(&facts(&[&[("廃止", "1")], &[]], &[]));
    assert_eq!(summary(&none), "unknown no_breakdown -the figures of the parts");
    let met = evaluate(&facts(&[&[("廃止", "1")], &[("北", "70"), ("南", "80")]], &[]));
    assert_eq!(summary(&met), "met each_part");
    assert_eq!(met.notes[0].kind, RemarkKind::PartsAsReported);
    assert_eq!(percent(&met).as_deref(), Some("100"));
    let missed = evaluate(&facts(&[&[], &[("北", "70"), ("南", "69.9")]], &["北", "南", "東"]));
    assert_eq!(
        summary(&missed),
        "missed each_part -the figure of fiscal year 2021, up to 2022-03-31, of 東",
        "one part is missed, whatever is missing of another"
    );
    assert_eq!(missed.missing[0].part.as_deref(), Some("東"));
    assert_eq!(
        missed.reason.ja,
        "内訳の全てで条件を満たす必要があります。3件のうち1件が達成です。実績の報告がない内訳：東。（南）実績は69.9（2022-03-31時点）、目標は70以上です。期末の実績で未達成です。"
    );
    assert_eq!((missed.notes.len(), percent(&missed)), (0, None));
    let unknown = evaluate(&facts(&[&[], &[("北", "70")]], &["北", "東"]));
    assert_eq!(unknown.outcome, Outcome::Unknown);
    // Each part is held against its own past.
    let own_past = json!({"kind": "each", "of": {"kind": "threshold", "comparator": "gte",
        "operand": {"kind": "reference", "to": "previous_year"}}});
    let parts = facts(&[&[("北", "60"), ("南", "80")], &[("北", "70"), ("南", "79")]], &["北", "南"]);
    let found = at_the_end(&own_past, &Facts { parts: &parts, ..Facts::new(Measure::Latest, 2021, &whole) });
    let outcomes: Vec<Outcome> = found.parts.iter().map(|part| part.evaluation.outcome).collect();
    assert_eq!((found.outcome, outcomes), (Outcome::Missed, vec![Outcome::Met, Outcome::Missed]));
}

#[test]
fn the_total_of_all_comes_from_the_criterion_else_from_beside_it_and_is_never_guessed() {
    let reported = figures(&["2021 to_date 2021-12-31 11"]);
    let facts = Facts { unit: Some("地域"), ..Facts::new(Measure::Sum, 2021, &reported) };
    let at = |json: Value, facts: &Facts<'_>| criterion(json).evaluate(facts, day("2021-12-31"));
    let stated = json!({"kind": "universe", "total": "11", "unit": "地域"});
    let unstated = json!({"kind": "universe", "total": null, "unit": "地域"});
    assert_eq!(summary(&at(stated, &facts)), "met universe_complete");
    assert_eq!(summary(&at(unstated.clone(), &facts)), "unknown total_unknown -how many there are in all");
    let known = at(unstated, &Facts { universe: Some(12.into()), ..facts });
    assert_eq!((summary(&known).as_str(), percent(&known).as_deref()), ("open figure_so_far", Some("91.6")));
    assert_eq!(known.notes[0].kind, RemarkKind::TotalFromContext);
}

#[test]
fn the_step_of_the_year_decides_and_the_others_are_shown() {
    let step = |year: i32, value: &str| json!({"fiscal_year": year, "criterion": threshold(Some("gte"), value)});
    let schedule = |steps: Vec<Value>| json!({"kind": "schedule", "steps": steps});
    let reported = results(&[(2020, "41"), (2021, "44")]);
    let facts = Facts { unit: Some("%"), ..Facts::new(Measure::Latest, 2021, &reported) };
    let found = at_the_end(&schedule(vec![step(2020, "40"), step(2021, "45"), step(2022, "50")]), &facts);
    assert_eq!((summary(&found).as_str(), percent(&found).as_deref()), ("missed final_result", Some("97.7")));
    let parts: Vec<(Option<i32>, bool, Outcome)> =
        found.parts.iter().map(|part| (part.fiscal_year, part.decides, part.evaluation.outcome)).collect();
    assert_eq!(
        parts,
        [(Some(2020), false, Outcome::Met), (Some(2021), true, Outcome::Missed), (Some(2022), false, Outcome::Unknown)]
    );
    assert_eq!(found.shown().and_then(|shown| shown.required), Some(45.into()));
    let none = at_the_end(&schedule(vec![step(2020, "40"), step(2022, "50")]), &facts);
    assert_eq!(summary(&none), "unknown no_step_this_year -the target of fiscal year 2021");
    assert_eq!(none.reason.en, "The target sets nothing for fiscal year 2021; it does for 2020, 2022.");
}

#[test]
fn a_milestone_is_done_by_its_day_or_missed() {
    let milestone = json!({"kind": "milestone", "action": "計画の策定", "due": "2021-12-31"});
    for (reported, as_of, expected, rate) in [
        (vec![], "2022-03-31", "unknown no_figure -whether \"計画の策定\" is done", None),
        (vec!["2021 to_date 2021-09-30 0"], "2021-09-30", "open figure_so_far", Some("0")),
        (vec!["2021 to_date 2021-12-31 1"], "2021-12-31", "met milestone_done", Some("100")),
        (
            vec!["2021 to_date 2021-12-31 0", "2021 to_date 2022-01-31 1"],
            "2022-03-31",
            "missed milestone_overdue",
            Some("0"),
        ),
        (vec!["2021 to_date 2022-01-31 1?"], "2022-03-31", "met provisional_result", Some("100")),
    ] {
        let figures = figures(&reported);
        let found = criterion(milestone.clone()).evaluate(&Facts::new(Measure::Milestone, 2021, &figures), day(as_of));
        assert_eq!((summary(&found).as_str(), percent(&found).as_deref()), (expected, rate), "{reported:?} {as_of}");
    }
    let late = figures(&["2021 to_date 2022-01-31 1"]);
    let found = at_the_end(&milestone, &Facts::new(Measure::Milestone, 2021, &late));
    assert_eq!(found.notes[0].kind, RemarkKind::DoneInTimeAssumed);
}

#[test]
fn an_evaluation_passes_json_unchanged() {
    let both = json!({"kind": "all", "of": [threshold(Some("gte"), "3"), {"kind": "threshold", "comparator": "gte",
        "operand": {"kind": "reference", "to": "previous_year", "change": {"kind": "relative", "percent": "1"}}}]});
    let found = at_the_end(&both, &Facts::new(Measure::Latest, 2021, &results(&[(2020, "3"), (2021, "4")])));
    let json = serde_json::to_value(&found).expect("a value");
    assert_eq!(json["parts"][1]["evaluation"]["comparison"]["required"], "3.03");
    assert_eq!(json["achievement_rate"]["percent"], "132");
    assert_eq!(serde_json::from_value::<Evaluation>(json).expect("an evaluation"), found);
}
