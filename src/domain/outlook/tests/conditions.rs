//! Milestones, deadlines, conditions that hold conditions, and what cannot be decided.

use super::*;

#[test]
fn a_milestone_is_a_matter_of_dates_and_states() {
    let due = json!({"kind": "milestone", "action": "計画の策定", "due": "2021-12-31"});
    let open = json!({"kind": "milestone", "action": "計画の策定"});
    check(
        Measure::Milestone,
        &[
            (due.clone(), &[], "2022-01-31", "open undetermined no_figure"),
            (due.clone(), &["to_date 2021-09-30 1"], "2021-09-30", "already_met achieve milestone_done"),
            (due.clone(), &["to_date 2021-09-30 0"], "2022-01-31", "open undetermined figure_so_far"),
            (due.clone(), &["to_date 2021-12-31 0"], "2022-01-31", "already_missed miss milestone_overdue"),
            (due.clone(), &["to_date 2021-12-31 0"], "2021-12-30", "open undetermined no_figure"),
            (
                due.clone(),
                &["to_date 2021-12-31 0", "to_date 2022-02-28 1"],
                "2022-03-01",
                "already_missed miss milestone_overdue",
            ),
            (
                due.clone(),
                &["to_date 2021-12-30 1", "to_date 2022-03-31 1"],
                "2022-03-31",
                "final_met achieve milestone_done",
            ),
            (due, &["to_date 2021-12-31 0"], "2022-03-31", "final_missed miss milestone_overdue"),
            (open.clone(), &["to_date 2022-03-30 0"], "2022-03-30", "open undetermined figure_so_far"),
            (open, &["to_date 2022-03-31 0"], "2022-04-15", "final_missed miss milestone_overdue"),
        ],
    );
}

#[test]
fn a_deadline_ends_the_counting() {
    let by = |deadline: &str| json!({"kind": "threshold", "comparator": "gte", "operand": {"kind": "constant", "value": "60"}, "deadline": deadline});
    let reported: &[&str] = &["to_date 2021-12-31 50", "to_date 2022-03-31 70"];
    check(
        Measure::Sum,
        &[
            (by("2021-12-31"), reported, "2022-01-31", "already_missed miss final_result"),
            (by("2021-12-31"), reported, "2022-03-31", "final_missed miss final_result"),
            (by("2023-03-31"), &["to_date 2022-03-31 50"], "2022-03-31", "open undetermined figure_so_far"),
            (by("2021-12-31"), &["to_date 2021-09-30 50"], "2021-09-30", "open achieve forecast"),
            (by("2021-12-31"), &["to_date 2021-09-30 30"], "2021-09-30", "open miss forecast"),
            (by("2021-12-31"), &["to_date 2021-09-30 60"], "2021-09-30", "already_met achieve reached"),
        ],
    );
}

#[test]
fn several_conditions_are_decided_as_soon_as_one_settles_them() {
    let (met, open, missed) =
        (threshold(Some("gte"), "60"), threshold(Some("gte"), "99"), threshold(Some("lte"), "60"));
    let qualitative = json!({"kind": "qualitative"});
    let all = |of: Vec<&Value>| json!({"kind": "all", "of": of});
    let any = |of: Vec<&Value>| json!({"kind": "any", "of": of});
    let reported: &[&str] = &["to_date 2021-09-30 72"];
    let at = "2021-09-30";
    check(
        Measure::Sum,
        &[
            (all(vec![&met, &met]), reported, at, "already_met achieve all_conditions"),
            (all(vec![&met, &open]), reported, at, "open achieve forecast"),
            (all(vec![&qualitative, &missed]), reported, at, "already_missed miss all_conditions"),
            (any(vec![&missed, &met]), reported, at, "already_met achieve any_condition"),
            (any(vec![&missed, &open]), reported, at, "open achieve forecast"),
            (any(vec![&missed, &missed]), reported, at, "already_missed miss any_condition"),
            (any(vec![&all(vec![&met, &missed]), &met]), reported, at, "already_met achieve any_condition"),
            (all(vec![]), reported, at, "open undetermined all_conditions"),
        ],
    );
}

#[test]
fn what_cannot_be_decided_says_why() {
    let step = json!({"kind": "schedule", "steps": [{"fiscal_year": 2021, "criterion": threshold(Some("gte"), "60")}]});
    let later =
        json!({"kind": "schedule", "steps": [{"fiscal_year": 2022, "criterion": threshold(Some("gte"), "60")}]});
    let unique = json!({"kind": "threshold", "comparator": "gte", "operand": {"kind": "constant", "value": "60"}, "aggregation": "unique"});
    let gross = json!({"kind": "threshold", "comparator": "gte", "operand": {"kind": "constant", "value": "60"}, "aggregation": "gross"});
    let percent =
        json!({"kind": "threshold", "comparator": "gte", "operand": {"kind": "constant", "value": "60"}, "unit": "%"});
    let reported: &[&str] = &["to_date 2021-09-30 72"];
    let at = "2021-09-30";
    let previous =
        json!({"kind": "threshold", "comparator": "gte", "operand": {"kind": "reference", "to": "previous_year"}});
    check(
        Measure::Sum,
        &[
            (previous, reported, at, "open undetermined reference_missing"),
            (
                json!({"kind": "each", "of": threshold(Some("gte"), "60")}),
                reported,
                at,
                "open undetermined no_breakdown",
            ),
            (unique, reported, at, "open undetermined not_evaluated"),
            (gross, reported, at, "already_met achieve reached"),
            (percent, reported, at, "open undetermined unit_mismatch"),
            (step, reported, at, "already_met achieve reached"),
            (later, reported, at, "open undetermined no_step_this_year"),
            (json!({"kind": "qualitative"}), reported, at, "open undetermined qualitative"),
            (json!({"kind": "none"}), reported, at, "open undetermined no_criterion"),
        ],
    );
    let facts = Facts::new(Measure::Latest, 2021, &[]);
    assert_eq!(summary(&target_outlook(None, &facts, day(at))), "open undetermined not_understood");
}
