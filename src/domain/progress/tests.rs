use super::*;

const NOTHING: Activity<'static> =
    Activity { title: "取組", planned: None, done: None, state: None, due: None, schedule: None, as_of: None };

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn number(text: &str) -> Option<Decimal> {
    Some(text.parse().expect("a decimal"))
}

fn rule(activities: &[Activity<'_>], as_of: &str) -> ProgressRule {
    initiative_progress(activities, Calendar::default(), 2021, day(as_of)).rule
}

fn quarters(planned: [i64; 4]) -> Option<[Option<Decimal>; 4]> {
    Some(planned.map(|planned| (planned >= 0).then(|| Decimal::from(planned))))
}

#[test]
fn what_is_done_is_compared_with_what_was_planned_to_date() {
    let quantities = |planned: &str, done: &str| Activity { planned: number(planned), done: number(done), ..NOTHING };
    let scheduled = |done: &str, planned| Activity { done: number(done), schedule: quarters(planned), ..NOTHING };
    let due = |done: &str, due: &str| Activity { due: Some(day(due)), ..quantities("10", done) };
    for (activity, as_of, expected) in [
        // An even pace: 12 in the year are 6 at the end of September.
        (quantities("12", "6"), "2021-09-30", ProgressRule::AsPlanned),
        (quantities("12", "5.7"), "2021-09-30", ProgressRule::AsPlanned),
        (quantities("12", "5.699999"), "2021-09-30", ProgressRule::BelowPlan),
        (quantities("12", "0"), "2021-09-30", ProgressRule::BelowPlan),
        (quantities("12", "0"), "2021-04-29", ProgressRule::NothingToCompare),
        (Activity { as_of: Some(day("2021-05-31")), ..quantities("12", "2") }, "2021-09-30", ProgressRule::AsPlanned),
        (
            Activity { as_of: Some(day("2021-10-31")), ..quantities("12", "2") },
            "2021-09-30",
            ProgressRule::NothingToCompare,
        ),
        (Activity { planned: number("12"), ..NOTHING }, "2021-09-30", ProgressRule::NothingToCompare),
        (Activity { done: number("12"), ..NOTHING }, "2021-09-30", ProgressRule::NothingToCompare),
        (quantities("0", "0"), "2021-09-30", ProgressRule::NothingToCompare),
        // A schedule: the quarters that are over.
        (scheduled("3", [1, 2, 4, 4]), "2021-09-30", ProgressRule::AsPlanned),
        (scheduled("2", [1, 2, 4, 4]), "2021-09-30", ProgressRule::BelowPlan),
        (scheduled("1", [1, 2, 4, 4]), "2021-09-29", ProgressRule::AsPlanned),
        (scheduled("0", [-1, -1, 5, -1]), "2021-09-30", ProgressRule::AsPlanned),
        (Activity { planned: number("12"), ..scheduled("3", [-1; 4]) }, "2021-09-30", ProgressRule::BelowPlan),
        // A due date: all of it from that day, nothing before.
        (due("9", "2021-09-30"), "2021-09-30", ProgressRule::BelowPlan),
        (due("10", "2021-09-30"), "2021-09-30", ProgressRule::AsPlanned),
        (due("0", "2021-10-01"), "2021-09-30", ProgressRule::AsPlanned),
    ] {
        assert_eq!(rule(&[activity], as_of), expected, "{activity:?} at {as_of}");
    }
}

#[test]
fn what_was_due_by_now_and_is_put_off_given_up_or_unfinished_is_behind() {
    let state = |state| Activity { state: Some(state), ..NOTHING };
    let due = |activity, due: &str| Activity { due: Some(day(due)), ..activity };
    for (activity, as_of, expected) in [
        (due(state(ActivityState::Postponed), "2021-09-30"), "2021-09-30", ProgressRule::DueAndDropped),
        (due(state(ActivityState::Cancelled), "2021-06-30"), "2021-09-30", ProgressRule::DueAndDropped),
        (due(state(ActivityState::Postponed), "2021-10-01"), "2021-09-30", ProgressRule::AsPlanned),
        (state(ActivityState::Postponed), "2021-09-30", ProgressRule::NothingToCompare),
        (state(ActivityState::Cancelled), "2022-03-30", ProgressRule::NothingToCompare),
        (state(ActivityState::Cancelled), "2022-03-31", ProgressRule::DueAndDropped),
        (
            Activity { schedule: quarters([-1, 1, -1, -1]), ..state(ActivityState::Cancelled) },
            "2021-09-30",
            ProgressRule::DueAndDropped,
        ),
        (due(state(ActivityState::Planned), "2021-09-30"), "2021-09-30", ProgressRule::DueAndNotDone),
        (due(state(ActivityState::InProgress), "2021-10-31"), "2021-09-30", ProgressRule::AsPlanned),
        (due(state(ActivityState::Done), "2021-09-30"), "2021-09-30", ProgressRule::AsPlanned),
        (state(ActivityState::Done), "2021-09-30", ProgressRule::AsPlanned),
        (state(ActivityState::InProgress), "2021-09-30", ProgressRule::NothingToCompare),
    ] {
        assert_eq!(rule(&[activity], as_of), expected, "{activity:?} at {as_of}");
    }
}

#[test]
fn one_activity_behind_makes_the_initiative_behind() {
    let ahead = Activity { title: "講座", planned: number("4"), done: number("4"), ..NOTHING };
    let late = Activity { title: "相談会", planned: number("12"), done: number("5"), ..NOTHING };
    let progress = initiative_progress(&[ahead, NOTHING, late], Calendar::default(), 2021, day("2021-09-30"));
    assert_eq!((progress.verdict, progress.rule), (ProgressVerdict::Behind, ProgressRule::BelowPlan));
    assert_eq!(
        progress.reason,
        Bilingual::new(
            "「相談会」は2021-09-30までの計画6（均等な進み方を仮定）に対し実績5（83.3%）です。",
            "\"相談会\": 5 done by 2021-09-30 of 6 planned (83.3%), by an even pace, which is assumed.",
        )
    );
    assert_eq!(rule(&[ahead, NOTHING], "2021-09-30"), ProgressRule::AsPlanned);
    assert_eq!(rule(&[], "2021-09-30"), ProgressRule::NothingToCompare);
}

#[test]
fn a_report_older_than_what_has_come_due_since_says_nothing_of_now() {
    let reported = |on: &str, activity| Activity { as_of: Some(day(on)), ..activity };
    let due =
        |done: &str| Activity { planned: number("10"), done: number(done), due: Some(day("2021-12-01")), ..NOTHING };
    let scheduled = |done: &str| Activity { done: number(done), schedule: quarters([3, 3, 3, 3]), ..NOTHING };
    let even = |done: &str| Activity { planned: number("12"), done: number(done), ..NOTHING };
    let state = |state| Activity { state: Some(state), due: Some(day("2021-12-01")), ..NOTHING };
    for (activity, as_of, expected) in [
        // Nothing was due by the report; all of it has been since.
        (reported("2021-09-30", due("3")), "2021-11-30", ProgressRule::AsPlanned),
        (reported("2021-09-30", due("3")), "2021-12-31", ProgressRule::NothingToCompare),
        (reported("2021-09-30", due("10")), "2021-12-31", ProgressRule::AsPlanned),
        (reported("2021-12-01", due("3")), "2021-12-31", ProgressRule::BelowPlan),
        // Another quarter has gone by.
        (reported("2021-06-30", scheduled("3")), "2021-09-29", ProgressRule::AsPlanned),
        (reported("2021-06-30", scheduled("3")), "2021-09-30", ProgressRule::NothingToCompare),
        (reported("2021-06-30", scheduled("6")), "2021-09-30", ProgressRule::AsPlanned),
        // What was behind then is behind until something else is reported.
        (reported("2021-06-30", scheduled("1")), "2021-09-30", ProgressRule::BelowPlan),
        // An even pace is that of the report, until the year is over.
        (reported("2021-09-30", even("6")), "2022-03-30", ProgressRule::AsPlanned),
        (reported("2021-09-30", even("6")), "2022-03-31", ProgressRule::NothingToCompare),
        // A state holds until it is changed.
        (reported("2021-09-30", state(ActivityState::Postponed)), "2021-12-31", ProgressRule::DueAndDropped),
        (reported("2021-09-30", state(ActivityState::InProgress)), "2021-12-31", ProgressRule::NothingToCompare),
        (reported("2021-09-30", state(ActivityState::Done)), "2021-12-31", ProgressRule::AsPlanned),
    ] {
        assert_eq!(rule(&[activity], as_of), expected, "{activity:?} at {as_of}");
    }
    let progress =
        initiative_progress(&[reported("2021-09-30", due("3"))], Calendar::default(), 2021, day("2021-12-31"));
    assert_eq!(progress.verdict, ProgressVerdict::Undetermined);
    assert!(progress.reason.en.contains("nothing is reported of it after 2021-09-30"), "{}", progress.reason.en);
}
