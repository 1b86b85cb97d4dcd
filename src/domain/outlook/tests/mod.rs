mod between;
mod conditions;
mod ends;
mod expected;
mod gaps;
mod laws;
mod speed;
mod yearly;

use serde_json::{Value, json};

use super::*;
use crate::domain::result::Reported;
use crate::domain::{Basis, Measure, Polarity};

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// `to_date 2021-09-30 72`; `~` before the figure means about, `?` after it provisional, `-` not reported.
fn reported(text: &str) -> Reported {
    let words: Vec<&str> = text.split(' ').collect();
    let figure = words[2].trim_end_matches('?').trim_start_matches('~');
    Reported {
        fiscal_year: 2021,
        basis: words[0].parse().expect("a basis"),
        period: None,
        as_of: day(words[1]),
        value: figure.parse().ok(),
        missing: None,
        numerator: None,
        denominator: None,
        approximate: words[2].starts_with('~'),
        provisional: words[2].ends_with('?'),
        source: None,
    }
}

struct Case<'a> {
    criterion: Value,
    measure: Measure,
    polarity: Option<Polarity>,
    unit: &'a str,
    reported: &'a [&'a str],
}

impl Case<'_> {
    fn at(&self, as_of: &str) -> TargetOutlook {
        let criterion: Criterion = serde_json::from_value(self.criterion.clone()).expect("a criterion");
        let reported: Vec<Reported> = self.reported.iter().map(|text| reported(text)).collect();
        let facts =
            Facts { polarity: self.polarity, unit: Some(self.unit), ..Facts::new(self.measure, 2021, &reported) };
        target_outlook(Some(&criterion), &facts, day(as_of))
    }
}

/// `state verdict rule`.
fn summary(outlook: &TargetOutlook) -> String {
    format!("{} {} {}", outlook.state, outlook.verdict, outlook.rule)
}

fn threshold(comparator: Option<&str>, value: &str) -> Value {
    json!({"kind": "threshold", "comparator": comparator, "operand": {"kind": "constant", "value": value}})
}

#[track_caller]
fn check(measure: Measure, cases: &[(Value, &[&str], &str, &str)]) {
    let wrong = |(criterion, reported, as_of, expected): &(Value, &[&str], &str, &str)| {
        let case = Case { criterion: criterion.clone(), measure, polarity: None, unit: "件", reported };
        let found = summary(&case.at(as_of));
        (found != *expected).then(|| format!("{criterion} {reported:?} at {as_of}: {found}, not {expected}"))
    };
    let wrong: Vec<String> = cases.iter().filter_map(wrong).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_sum_decides_as_soon_as_nothing_later_can_undo_it() {
    let (gte, lte) = (threshold(Some("gte"), "60"), threshold(Some("lte"), "60"));
    let range = json!({"kind": "range", "min": "50", "min_inclusive": true, "max": "60", "max_inclusive": false});
    let universe = json!({"kind": "universe", "total": "11", "unit": "件"});
    check(
        Measure::Sum,
        &[
            (gte.clone(), &["to_date 2021-09-30 72"], "2021-09-30", "already_met achieve reached"),
            (gte.clone(), &["to_date 2021-09-30 60"], "2021-09-30", "already_met achieve reached"),
            (gte.clone(), &["to_date 2021-09-30 59.9"], "2021-09-30", "open achieve forecast"),
            (gte.clone(), &["to_date 2021-09-30 0"], "2021-09-30", "open undetermined figure_so_far"),
            (gte.clone(), &["to_date 2021-09-30 -"], "2021-09-30", "open undetermined no_figure"),
            (gte.clone(), &["to_date 2021-09-30 72"], "2021-09-29", "open undetermined no_figure"),
            (gte.clone(), &["year_end_forecast 2021-09-30 72"], "2021-09-30", "open achieve estimate_only"),
            (gte.clone(), &["year_end_forecast 2021-09-30 72"], "2021-09-29", "open undetermined no_figure"),
            (gte.clone(), &["to_date 2021-09-30 72?"], "2021-09-30", "open achieve provisional_result"),
            (gte.clone(), &["to_date 2021-06-30 -5", "to_date 2021-09-30 72"], "2021-09-30", "open achieve forecast"),
            (gte.clone(), &["to_date 2022-03-31 72"], "2022-03-31", "final_met achieve final_result"),
            (gte.clone(), &["to_date 2022-03-31 59"], "2022-03-31", "final_missed miss final_result"),
            (gte.clone(), &["to_date 2022-03-31 59?"], "2022-03-31", "open miss provisional_result"),
            (gte.clone(), &["to_date 2022-02-28 59"], "2022-05-31", "open achieve forecast"),
            (gte, &["to_date 2022-02-28 72"], "2022-05-31", "already_met achieve reached"),
            (lte.clone(), &["to_date 2021-09-30 61"], "2021-09-30", "already_missed miss past_limit"),
            (lte.clone(), &["to_date 2021-09-30 60"], "2021-09-30", "open miss forecast"),
            (lte, &["to_date 2022-03-31 60"], "2022-03-31", "final_met achieve final_result"),
            (threshold(Some("lt"), "60"), &["to_date 2021-09-30 60"], "2021-09-30", "already_missed miss past_limit"),
            (threshold(Some("gt"), "60"), &["to_date 2021-09-30 60"], "2021-09-30", "open achieve forecast"),
            (threshold(Some("eq"), "60"), &["to_date 2021-09-30 61"], "2021-09-30", "already_missed miss past_limit"),
            (threshold(Some("eq"), "0"), &["to_date 2022-03-31 0"], "2022-03-31", "final_met achieve final_result"),
            (range.clone(), &["to_date 2021-09-30 60"], "2021-09-30", "already_missed miss past_limit"),
            (range.clone(), &["to_date 2021-09-30 55"], "2021-09-30", "open miss forecast"),
            (range, &["to_date 2022-03-31 50"], "2022-03-31", "final_met achieve final_result"),
            (universe.clone(), &["to_date 2021-09-30 11"], "2021-09-30", "already_met achieve universe_complete"),
            (universe, &["to_date 2021-09-30 10"], "2021-09-30", "open achieve forecast"),
            (json!({"kind": "universe"}), &["to_date 2021-09-30 10"], "2021-09-30", "open undetermined total_unknown"),
        ],
    );
}

#[test]
fn a_survey_decides_only_by_its_final_result() {
    let gte = threshold(Some("gte"), "60");
    check(
        Measure::Latest,
        &[
            (gte.clone(), &["snapshot 2021-09-30 90"], "2021-09-30", "open achieve forecast"),
            (gte.clone(), &["snapshot 2022-03-31 60"], "2022-03-31", "final_met achieve final_result"),
            (gte, &["snapshot 2022-03-31 59.99"], "2022-03-31", "final_missed miss final_result"),
            (threshold(None, "60"), &["snapshot 2022-03-31 60"], "2022-03-31", "open undetermined direction_unknown"),
        ],
    );
    check(
        Measure::Maximum,
        &[(threshold(Some("gte"), "6"), &["snapshot 2021-09-30 7"], "2021-09-30", "already_met achieve reached")],
    );
    check(
        Measure::Minimum,
        &[(threshold(Some("gte"), "6"), &["snapshot 2021-09-30 5"], "2021-09-30", "already_missed miss past_limit")],
    );
}

#[test]
fn a_rounded_figure_decides_only_when_its_rounding_cannot_change_the_answer() {
    let about = json!({"kind": "threshold", "comparator": "gte", "operand": {"kind": "constant", "value": "3000"}, "approximate": true});
    check(
        Measure::Sum,
        &[
            (
                threshold(Some("gte"), "2500"),
                &["to_date 2021-08-31 ~3000"],
                "2021-09-30",
                "already_met achieve reached",
            ),
            (threshold(Some("gte"), "2501"), &["to_date 2021-08-31 ~3000"], "2021-09-30", "open achieve forecast"),
            (
                threshold(Some("lte"), "2400"),
                &["to_date 2021-08-31 ~3000"],
                "2021-09-30",
                "already_missed miss past_limit",
            ),
            (
                threshold(Some("gte"), "4400"),
                &["to_date 2022-03-31 ~3000"],
                "2022-03-31",
                "final_missed miss final_result",
            ),
            (about.clone(), &["to_date 2022-03-31 3100"], "2022-03-31", "open undetermined rounding_undecided"),
            (about.clone(), &["to_date 2022-03-31 3500"], "2022-03-31", "final_met achieve final_result"),
            (about, &["to_date 2022-03-31 2499"], "2022-03-31", "final_missed miss final_result"),
            (
                threshold(Some("approximately"), "3000"),
                &["to_date 2022-03-31 2600"],
                "2022-03-31",
                "final_met achieve final_result",
            ),
        ],
    );
}

#[test]
fn without_a_comparator_the_polarity_decides_and_the_answer_says_so() {
    for (polarity, measure, expected, assumed) in [
        (None, Measure::Sum, "already_met achieve reached", "at least is assumed"),
        (Some(Polarity::HigherIsBetter), Measure::Sum, "already_met achieve reached", "at least is assumed"),
        (Some(Polarity::LowerIsBetter), Measure::Sum, "already_missed miss past_limit", "at most is assumed"),
        (Some(Polarity::LowerIsBetter), Measure::Latest, "open miss forecast", "at most is assumed"),
    ] {
        let case = Case {
            criterion: threshold(None, "60"),
            measure,
            polarity,
            unit: "件",
            reported: &["to_date 2021-09-30 61"],
        };
        let outlook = case.at("2021-09-30");
        assert_eq!(summary(&outlook), expected, "{polarity:?} {measure}");
        assert!(outlook.reason.en.contains(assumed), "{}", outlook.reason.en);
    }
}

#[test]
fn the_reason_names_the_figures_in_both_languages() {
    let case = Case {
        criterion: threshold(Some("gte"), "4400"),
        measure: Measure::Sum,
        polarity: None,
        unit: "件",
        reported: &["to_date 2021-08-31 ~3000"],
    };
    let outlook = case.at("2021-09-30");
    assert_eq!(
        outlook.basis.reason,
        Bilingual::new(
            "実績は約3,000件（2021-08-31時点）、目標は4,400件以上です。ここまでの実績だけでは決まりません。",
            "The figure is about 3,000件 as of 2021-08-31; the target is at least 4,400件. The figure so far does not decide.",
        )
    );
    assert!(outlook.reason.ja.starts_with(&outlook.basis.reason.ja) && outlook.reason.ja.contains("7,200件"));
    assert!(outlook.reason.en.starts_with(&outlook.basis.reason.en) && outlook.reason.en.contains("7,200件"));
    assert_eq!((outlook.figure, outlook.required), (Some(3000.into()), Some(4400.into())));
    assert_eq!(outlook.figure_as_of, Some(day("2021-08-31")));
}

#[test]
fn money_is_compared_in_the_indicators_unit_and_the_answer_says_so() {
    let criterion = json!({"kind": "threshold", "comparator": null, "operand": {"kind": "constant", "value": "15000000"},
        "unit": "円", "display": "15,000千円"});
    let case =
        |unit, reported| Case { criterion: criterion.clone(), measure: Measure::Sum, polarity: None, unit, reported };
    let met = case("千円", &["to_date 2021-09-30 15000"]).at("2021-09-30");
    assert_eq!(summary(&met), "already_met achieve reached");
    assert_eq!(met.required, Some(15000.into()));
    assert!(met.reason.ja.contains("目標の15,000,000円を、指標の単位で15,000千円に換算"), "{}", met.reason.ja);
    assert_eq!(summary(&case("円", &["to_date 2021-09-30 14999999"]).at("2021-09-30")), "open achieve forecast");
    assert_eq!(summary(&case("件", &["to_date 2021-09-30 15000"]).at("2021-09-30")), "open undetermined unit_mismatch");
    assert_eq!(summary(&case("%", &["to_date 2021-09-30 15000"]).at("2021-09-30")), "open undetermined unit_mismatch");
}

#[test]
fn percentages_are_not_compared_as_a_sum() {
    let case = Case {
        criterion: threshold(Some("gte"), "60"),
        measure: Measure::Sum,
        polarity: None,
        unit: "%",
        reported: &["to_date 2021-09-30 72"],
    };
    assert_eq!(summary(&case.at("2021-09-30")), "open undetermined percentage_summed");
}

#[test]
fn an_initiative_misses_with_any_target_and_achieves_with_all() {
    use Verdict::{Achieve, Miss, Undetermined};
    for (verdicts, expected) in [
        (vec![], Undetermined),
        (vec![Achieve], Achieve),
        (vec![Achieve, Achieve], Achieve),
        (vec![Achieve, Undetermined], Undetermined),
        (vec![Undetermined, Achieve], Undetermined),
        (vec![Undetermined, Achieve, Miss], Miss),
    ] {
        assert_eq!(initiative_outlook(verdicts.clone()), expected, "{verdicts:?}");
    }
}

#[test]
fn an_outlook_passes_json_unchanged() {
    let case = Case {
        criterion: threshold(Some("gte"), "60"),
        measure: Measure::Sum,
        polarity: None,
        unit: "件",
        reported: &["to_date 2021-09-30 72.5"],
    };
    let outlook = case.at("2021-09-30");
    let json = serde_json::to_value(&outlook).expect("a value");
    assert_eq!(
        (&json["state"], &json["rule"], &json["figure"]),
        (&json!("already_met"), &json!("reached"), &json!("72.5"))
    );
    assert_eq!(serde_json::from_value::<TargetOutlook>(json).expect("an outlook"), outlook);
    assert_eq!(reported("to_date 2021-09-30 1").basis, Basis::ToDate);
}
