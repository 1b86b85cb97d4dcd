//! The outlook of a target at a date (目標達成見込).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::criterion::Criterion;
use super::result::Reported;
use super::words::words;
use super::{Bilingual, Decimal, Measure, Polarity, TargetState, Verdict, fiscal};

words! {
    /// Which rule made an outlook.
    Rule {
        /// The text of the target is not understood yet.
        NotUnderstood = "not_understood",
        /// The target states no criterion.
        NoCriterion = "no_criterion",
        /// The target is in words that no figure decides.
        Qualitative = "qualitative",
        /// The criterion refers to figures, or counts in a way, that is not evaluated yet.
        NotEvaluated = "not_evaluated",
        /// The criterion has no step for this fiscal year.
        NoStepThisYear = "no_step_this_year",
        /// No figure is reported, which is not zero.
        NoFigure = "no_figure",
        /// How many there are in all is not known.
        TotalUnknown = "total_unknown",
        /// Neither the text nor the indicator says which direction is good.
        DirectionUnknown = "direction_unknown",
        /// The target and the indicator count in different units.
        UnitMismatch = "unit_mismatch",
        /// The indicator is a percentage that is said to add up, which percentages do not.
        PercentageSummed = "percentage_summed",
        /// A figure that cannot go back has reached the required value.
        Reached = "reached",
        /// A figure that cannot go back is past what was allowed.
        PastLimit = "past_limit",
        /// All of them are done.
        UniverseComplete = "universe_complete",
        /// It is reported as done.
        MilestoneDone = "milestone_done",
        /// It was due and is reported as not done.
        MilestoneOverdue = "milestone_overdue",
        /// The year's final result decides.
        FinalResult = "final_result",
        /// The year's result is known, but may still change.
        ProvisionalResult = "provisional_result",
        /// The figure is rounded, and the rounding could change the answer.
        RoundingUndecided = "rounding_undecided",
        /// The figure so far does not decide.
        FigureSoFar = "figure_so_far",
        /// Every one of several conditions has to hold.
        AllConditions = "all_conditions",
        /// One of several conditions has to hold.
        AnyCondition = "any_condition",
    }
}

/// What the outlook of a target follows from.
#[derive(Debug, Clone, Copy)]
pub struct TargetFacts<'a> {
    /// The condition; `None` when the text is not understood.
    pub criterion: Option<&'a Criterion>,
    /// How the year's result is made.
    pub measure: Measure,
    /// Which direction of the indicator is good.
    pub polarity: Option<Polarity>,
    /// The unit in which the indicator counts.
    pub unit: Option<&'a str>,
    /// The target's fiscal year, named by the calendar year in which it starts.
    pub fiscal_year: i32,
    /// The organization's fiscal calendar.
    pub calendar: fiscal::Calendar,
    /// Everything that was reported of the indicator, of all years.
    pub reported: &'a [Reported],
}

/// The outlook of a target, with the numbers and the rule that made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TargetOutlook {
    /// Where the target stands.
    pub state: TargetState,
    /// What follows for the year's end.
    pub verdict: Verdict,
    /// The rule that decided.
    pub rule: Rule,
    /// The figure so far, in the indicator's unit.
    pub figure: Option<Decimal>,
    /// The required value, in the indicator's unit.
    pub required: Option<Decimal>,
    /// The day up to which the figure speaks.
    pub figure_as_of: Option<NaiveDate>,
    /// Why, naming the figures.
    pub reason: Bilingual,
}

/// The outlook of a target as it was at `as_of`.
pub fn target_outlook(_facts: &TargetFacts<'_>, _as_of: NaiveDate) -> TargetOutlook {
    TargetOutlook {
        state: TargetState::Open,
        verdict: Verdict::Undetermined,
        rule: Rule::NotUnderstood,
        figure: None,
        required: None,
        figure_as_of: None,
        reason: Bilingual::new("", ""),
    }
}

/// The outlook of an initiative: `miss` if any target misses, `achieve` if there is at least one and all achieve, else
/// `undetermined`.
pub fn initiative_outlook(verdicts: impl IntoIterator<Item = Verdict>) -> Verdict {
    let mut outlook = None;
    for verdict in verdicts {
        outlook = match (outlook, verdict) {
            (_, Verdict::Miss) => return Verdict::Miss,
            (None | Some(Verdict::Achieve), Verdict::Achieve) => Some(Verdict::Achieve),
            _ => Some(Verdict::Undetermined),
        };
    }
    outlook.unwrap_or(Verdict::Undetermined)
}
