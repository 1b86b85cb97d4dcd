//! What an evaluation answers: the outcome, and every number that it rests on.

use std::cmp::Ordering;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::achievement::AchievementRate;
use crate::domain::criterion::{Change, Comparator};
use crate::domain::result::{ActualId, YearResult};
use crate::domain::words::words;
use crate::domain::{Bilingual, Decimal};

words! {
    /// How a condition comes out.
    Outcome {
        /// It holds, and nothing that is still to come can undo that (but for provisional figures, which are flagged).
        Met = "met",
        /// It does not hold, and nothing that is still to come can undo that (but for provisional figures, which are flagged).
        Missed = "missed",
        /// The figures so far leave both possible.
        Open = "open",
        /// Something that is needed is missing, or the condition is none that figures decide.
        Unknown = "unknown",
    }
}

words! {
    /// Which rule decided, or why nothing is decided.
    Rule {
        /// The text of the target is not understood yet.
        NotUnderstood = "not_understood",
        /// The target states no criterion.
        NoCriterion = "no_criterion",
        /// The target is in words that no figure decides.
        Qualitative = "qualitative",
        /// The criterion counts in a way that is not evaluated yet.
        NotEvaluated = "not_evaluated",
        /// The criterion has no step for this fiscal year.
        NoStepThisYear = "no_step_this_year",
        /// No figure is reported, which is not zero.
        NoFigure = "no_figure",
        /// A figure of the past to which the criterion refers is not known.
        ReferenceMissing = "reference_missing",
        /// A change in percent or by a factor of a figure below zero has two meanings.
        AmbiguousChange = "ambiguous_change",
        /// No parts are reported, and every one of them has to meet the condition.
        NoBreakdown = "no_breakdown",
        /// How many there are in all is not known.
        TotalUnknown = "total_unknown",
        /// Neither the text nor the indicator says which direction is good.
        DirectionUnknown = "direction_unknown",
        /// The target and the indicator count in different units.
        UnitMismatch = "unit_mismatch",
        /// A computed value has more digits than are kept exactly.
        TooManyDigits = "too_many_digits",
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
        /// The year's result or what it is compared with is known, but may still change.
        ProvisionalResult = "provisional_result",
        /// The figure or the target is rounded, and the rounding could change the answer.
        RoundingUndecided = "rounding_undecided",
        /// The figure so far does not decide.
        FigureSoFar = "figure_so_far",
        /// The figure so far does not decide; the forecast says what is to be expected.
        Forecast = "forecast",
        /// This year's figures tell nothing yet; the forecast rests on the department's own estimate of the result.
        EstimateOnly = "estimate_only",
        /// The deadline is in a later fiscal year; the forecast carries the yearly trend on to it.
        Trend = "trend",
        /// Nothing is reported of this year; the forecast rests on past years only.
        PastYearsOnly = "past_years_only",
        /// What is measured once a year is not yet measured; earlier years suggest what is shown.
        NotDue = "not_due",
        /// What is measured once a year is measured, before the year's end: the figure that is there is the year's.
        MeasuredOnce = "measured_once",
        /// A stock before three quarters of its year, of which the forecast is too unsure for a verdict.
        StockTooEarly = "stock_too_early",
        /// Every one of several conditions has to hold.
        AllConditions = "all_conditions",
        /// One of several conditions has to hold.
        AnyCondition = "any_condition",
        /// The condition has to hold for every part of the breakdown.
        EachPart = "each_part",
    }
}

words! {
    /// What was assumed, converted or chosen.
    RemarkKind {
        /// The text states no comparator: the direction is assumed.
        DirectionAssumed = "direction_assumed",
        /// An amount was brought to the indicator's unit.
        Converted = "converted",
        /// The total is not in the criterion but beside it.
        TotalFromContext = "total_from_context",
        /// The parts are those that were reported; nobody says that there are no others.
        PartsAsReported = "parts_as_reported",
        /// No result is recorded for the figure that is referred to: the one that the text or the plan states was used.
        StatedReferenceUsed = "stated_reference_used",
        /// The recorded result, which was used, is not the figure that the text or the plan states.
        StatedReferenceDiffers = "stated_reference_differs",
        /// It is reported as done, for the first time after its due day: in time is assumed.
        DoneInTimeAssumed = "done_in_time_assumed",
        /// The figure that is referred to may still change.
        ReferenceProvisional = "reference_provisional",
    }
}

words! {
    /// What is missing.
    MissingKind {
        /// A figure of the year of the target.
        Figure = "figure",
        /// A figure of the past.
        Reference = "reference",
        /// The exact figure instead of the rounded one.
        ExactFigure = "exact_figure",
        /// How many there are in all.
        Total = "total",
        /// The parts of the figure.
        Breakdown = "breakdown",
        /// Which direction is good.
        Direction = "direction",
        /// What the target asks of the year.
        Step = "step",
    }
}

words! {
    /// Which figure of the past.
    ReferenceKind {
        /// The result of the fiscal year before.
        PreviousYear = "previous_year",
        /// The figure at the same moment of the fiscal year before.
        SamePeriodPreviousYear = "same_period_previous_year",
        /// The mean of the results of the years before.
        AverageOfYears = "average_of_years",
        /// The result of a named fiscal year.
        FiscalYear = "fiscal_year",
    }
}

words! {
    /// Where a figure of the past comes from.
    ReferenceSource {
        /// Recorded results.
        Results = "results",
        /// The text or the plan of the target states it.
        Stated = "stated",
    }
}

/// How a criterion comes out, as a tree: criteria that hold others have a part for each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Evaluation {
    /// Met, missed, open, or unknown.
    pub outcome: Outcome,
    /// The rule that decided, or why nothing is decided.
    pub rule: Rule,
    /// Whether it rests on a figure that may still change (速報値).
    pub provisional: bool,
    /// Whether the outcome is that of the finished year.
    pub is_final: bool,
    /// Whether the figures as they stand, taken for the result, would meet the condition; `null` where that is not known.
    pub holds_so_far: Option<bool>,
    /// The numbers of a criterion that compares one figure; `null` for the others.
    pub comparison: Option<Comparison>,
    /// What was assumed, converted or chosen.
    pub notes: Vec<Remark>,
    /// What is missing, its parts' included.
    pub missing: Vec<Missing>,
    /// The conditions, parts of the breakdown or years that it is made of.
    pub parts: Vec<EvaluatedPart>,
    /// How much of the target is achieved (達成率).
    pub achievement_rate: AchievementRate,
    /// Why, naming the figures.
    pub reason: Bilingual,
}

/// A condition, a part of the breakdown or a year inside an evaluation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EvaluatedPart {
    /// The name of the part of the breakdown.
    pub label: Option<String>,
    /// The year of the step.
    pub fiscal_year: Option<i32>,
    /// Whether it counts: the steps of other years are shown and do not.
    pub decides: bool,
    /// How it comes out.
    #[schema(no_recursion)]
    pub evaluation: Evaluation,
}

/// A figure and what is asked of it, all in the indicator's unit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Comparison {
    /// How the figure has to stand to the required value: as stated, or else as assumed; a range has none.
    pub comparator: Option<Comparator>,
    /// The required value, with its reference and change worked out; a range has none.
    pub required: Option<Decimal>,
    /// From where on a figure is accepted.
    pub lower: Option<Limit>,
    /// Up to where a figure is accepted.
    pub upper: Option<Limit>,
    /// The unit of all these numbers.
    pub unit: Option<String>,
    /// The day by which it has to hold.
    pub by: Option<NaiveDate>,
    /// The actual; `null` where none is reported, which is not zero.
    pub figure: Option<YearResult>,
    /// The figure of the past that the required value is made from.
    pub reference: Option<ReferenceUsed>,
    /// What the figure so far is compared with, where the required value is that of another moment than the figure's.
    pub so_far: Option<SoFar>,
}

/// One end of what is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Limit {
    /// Where it lies.
    pub value: Decimal,
    /// How far it may lie to either side because it is made from rounded numbers (約); zero when it is exact.
    pub rounding: Decimal,
    /// Whether the end itself is accepted.
    pub inclusive: bool,
}

/// What is asked at the moment of a figure that is not the year's result yet (前年同時期).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SoFar {
    /// The value that is required of a figure of this moment.
    pub required: Option<Decimal>,
    /// From where on a figure of this moment is accepted.
    pub lower: Option<Limit>,
    /// Up to where a figure of this moment is accepted.
    pub upper: Option<Limit>,
    /// The figure of the past that it is made from.
    pub reference: Option<ReferenceUsed>,
}

/// A figure of the past, and what it was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReferenceUsed {
    /// Which one.
    pub to: ReferenceKind,
    /// The years that it looks at, and what is known of each.
    pub years: Vec<YearUsed>,
    /// The figure: a result, or a mean, to 12 places; `null` where something is missing.
    pub value: Option<Decimal>,
    /// Where it comes from.
    pub source: Option<ReferenceSource>,
    /// Whether it may still change.
    pub provisional: bool,
    /// How the required value differs from it.
    pub change: Option<Change>,
}

/// What is known of one year that a reference looks at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct YearUsed {
    /// The fiscal year.
    pub fiscal_year: i32,
    /// Its figure; `null` where it is missing.
    pub value: Option<Decimal>,
    /// The day up to which the figure speaks.
    pub as_of: Option<NaiveDate>,
    /// Whether it may still change.
    pub provisional: bool,
    /// The actuals that it is made from.
    pub actual_ids: Vec<ActualId>,
}

/// Something that was assumed, converted or chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Remark {
    /// What kind of thing.
    pub kind: RemarkKind,
    /// In words, with the figures.
    pub text: Bilingual,
}

/// Something that is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Missing {
    /// What kind of thing.
    pub kind: MissingKind,
    /// Of which fiscal year.
    pub fiscal_year: Option<i32>,
    /// Of which part of the breakdown.
    pub part: Option<String>,
    /// In words.
    pub text: Bilingual,
}

impl Evaluation {
    /// Nothing decided, and nothing to compare.
    pub(in crate::domain) fn unknown(rule: Rule, reason: Bilingual) -> Self {
        Self {
            outcome: Outcome::Unknown,
            rule,
            provisional: false,
            is_final: false,
            holds_so_far: None,
            comparison: None,
            notes: Vec::new(),
            missing: Vec::new(),
            parts: Vec::new(),
            achievement_rate: AchievementRate::not_defined(rule),
            reason,
        }
    }

    /// Whether it is met or missed.
    pub fn is_decided(&self) -> bool {
        matches!(self.outcome, Outcome::Met | Outcome::Missed)
    }

    /// The actuals that it rests on, its parts' included; one may come more than once.
    pub fn actual_ids(&self) -> Vec<&ActualId> {
        let comparison = self.comparison.iter();
        let figures = comparison.clone().flat_map(|it| &it.figure).flat_map(|figure| &figure.actual_ids);
        let references = comparison
            .flat_map(|it| it.reference.iter().chain(it.so_far.iter().filter_map(|it| it.reference.as_ref())));
        let referred = references.flat_map(|it| &it.years).flat_map(|year| &year.actual_ids);
        let parts = self.parts.iter().flat_map(|part| part.evaluation.actual_ids());
        figures.chain(referred).chain(parts).collect()
    }

    /// The comparison to show for the whole: its own, else that of the part that decides, else of the first with a figure.
    pub fn shown(&self) -> Option<&Comparison> {
        if self.comparison.is_some() {
            return self.comparison.as_ref();
        }
        let parts = || self.parts.iter().filter(|part| part.decides).map(|part| &part.evaluation);
        let deciding = parts()
            .filter(|part| self.is_decided() && part.outcome == self.outcome)
            .min_by_key(|part| (part.provisional, part.is_final));
        let with_figure = || parts().filter_map(Self::shown).find(|comparison| comparison.figure.is_some());
        deciding.and_then(Self::shown).or_else(with_figure).or_else(|| parts().find_map(Self::shown))
    }
}

impl Limit {
    /// Whether `value` is accepted, and whether it is refused, whatever the rounding of the limit; `lower` says on which end of
    /// what is accepted the limit lies. Neither, where the rounding makes the difference.
    pub(super) fn judges(&self, value: Decimal, lower: bool) -> (bool, bool) {
        let accepts = |limit: Decimal| match value.cmp(&limit) {
            Ordering::Greater => lower,
            Ordering::Less => !lower,
            Ordering::Equal => self.inclusive,
        };
        let (low, high) = (self.value.minus(self.rounding), self.value.plus(self.rounding));
        let (strictest, mildest) = if lower { (high, low) } else { (low, high) };
        (strictest.is_some_and(accepts), mildest.is_some_and(|limit| !accepts(limit)))
    }
}

impl Remark {
    pub(super) fn new(kind: RemarkKind, ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self { kind, text: Bilingual::new(ja, en) }
    }
}

impl Missing {
    pub(super) fn new(
        kind: MissingKind,
        fiscal_year: Option<i32>,
        ja: impl Into<String>,
        en: impl Into<String>,
    ) -> Self {
        Self { kind, fiscal_year, part: None, text: Bilingual::new(ja, en) }
    }
}
