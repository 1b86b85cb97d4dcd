//! The progress of an initiative: its activities against their schedules (取組の進捗).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::words::words;
use super::{ActivityState, Bilingual, Decimal, ProgressVerdict, fiscal};

words! {
    /// Which rule made a progress verdict.
    ProgressRule {
        /// Less than 95 % of what was planned to date is done.
        BelowPlan = "below_plan",
        /// Something that was due by now is postponed or cancelled.
        DueAndDropped = "due_and_dropped",
        /// Something that was due by now is not done.
        DueAndNotDone = "due_and_not_done",
        /// Everything that can be compared is as planned.
        AsPlanned = "as_planned",
        /// Nothing can be compared.
        NothingToCompare = "nothing_to_compare",
    }
}

/// Something planned and done for an initiative (主な取組).
#[derive(Debug, Clone, Copy)]
pub struct Activity<'a> {
    /// What it is.
    pub title: &'a str,
    /// How much is planned for the fiscal year.
    pub planned: Option<Decimal>,
    /// How much is done so far. `None` is not reported, never zero.
    pub done: Option<Decimal>,
    /// How far it has come.
    pub state: Option<ActivityState>,
    /// The day by which it is due.
    pub due: Option<NaiveDate>,
    /// How much is planned for each quarter, by itself.
    pub schedule: Option<[Option<Decimal>; 4]>,
    /// The day of `done` and `state`, when it is not the asked day.
    pub as_of: Option<NaiveDate>,
}

/// The progress of an initiative, with the numbers and the rule that made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InitiativeProgress {
    /// What follows.
    pub verdict: ProgressVerdict,
    /// The rule that decided.
    pub rule: ProgressRule,
    /// Why, naming the figures.
    pub reason: Bilingual,
}

/// The progress of an initiative as it was at `as_of`.
pub fn initiative_progress(
    _activities: &[Activity<'_>],
    _calendar: fiscal::Calendar,
    _fiscal_year: i32,
    _as_of: NaiveDate,
) -> InitiativeProgress {
    InitiativeProgress {
        verdict: ProgressVerdict::Undetermined,
        rule: ProgressRule::NothingToCompare,
        reason: Bilingual::new("", ""),
    }
}
