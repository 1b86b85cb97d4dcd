//! The outlook of a target at a date (目標達成見込).

mod compare;
mod condition;
mod milestone;

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

/// The outlook of a target as it was at `as_of` (`DESIGN.md`, section 5).
///
/// A figure decides when nothing that can still come could change the answer: a sum or a maximum only grows (a sum, unless
/// something negative was reported), a minimum only falls, the final result stays. A rounded figure decides only when every
/// value that it may stand for gives the same answer, a provisional one gives a verdict and leaves the target open. Everything
/// else is `open` and `undetermined`, and the reason says why.
///
/// ```
/// use mikomi::domain::{Measure, Verdict, criterion::{Comparator, Criterion}, fiscal::Calendar};
/// use mikomi::domain::outlook::{Rule, TargetFacts, target_outlook};
/// let criterion = Criterion::constant(Some(Comparator::Gte), 60.into(), Some("件"));
/// let facts = TargetFacts {
///     criterion: Some(&criterion),
///     measure: Measure::Sum,
///     polarity: None,
///     unit: Some("件"),
///     fiscal_year: 2021,
///     calendar: Calendar::default(),
///     reported: &[],
/// };
/// let outlook = target_outlook(&facts, "2021-09-30".parse()?);
/// assert_eq!((outlook.verdict, outlook.rule), (Verdict::Undetermined, Rule::NoFigure));
/// # Ok::<(), chrono::ParseError>(())
/// ```
pub fn target_outlook(facts: &TargetFacts<'_>, as_of: NaiveDate) -> TargetOutlook {
    match facts.criterion {
        Some(criterion) => evaluate(facts, criterion, as_of),
        None => undetermined(
            Rule::NotUnderstood,
            Bilingual::new(
                "目標の文が読み取れていないため、判定できません。",
                "The text of the target is not understood, so nothing can be decided.",
            ),
        ),
    }
}

fn evaluate(facts: &TargetFacts<'_>, criterion: &Criterion, as_of: NaiveDate) -> TargetOutlook {
    match criterion {
        Criterion::Threshold { .. } | Criterion::Range { .. } | Criterion::Universe { .. } => {
            compare::outlook(facts, criterion, as_of)
        }
        Criterion::Milestone { action, due, .. } => milestone::outlook(facts, action, *due, as_of),
        Criterion::All { of } => compound(facts, of, Rule::AllConditions, as_of),
        Criterion::Any { of } => compound(facts, of, Rule::AnyCondition, as_of),
        Criterion::Schedule { steps } => match steps.iter().find(|step| step.fiscal_year == facts.fiscal_year) {
            Some(step) => evaluate(facts, &step.criterion, as_of),
            None => undetermined(
                Rule::NoStepThisYear,
                Bilingual::new(
                    format!("{}年度の目標が定められていません。", facts.fiscal_year),
                    format!("The target sets nothing for fiscal year {}.", facts.fiscal_year),
                ),
            ),
        },
        Criterion::Each { .. } => undetermined(
            Rule::NotEvaluated,
            Bilingual::new(
                "内訳ごとの目標は、まだ判定していません。",
                "A condition on every part of a breakdown is not evaluated yet.",
            ),
        ),
        Criterion::Qualitative {} => undetermined(
            Rule::Qualitative,
            Bilingual::new("数値では決まらない目標です。", "The target is in words that no figure decides."),
        ),
        Criterion::None {} => undetermined(
            Rule::NoCriterion,
            Bilingual::new("目標に達成の条件が書かれていません。", "The target states no criterion."),
        ),
    }
}

/// Several conditions, of which all (or one) have to hold. What decides is the first condition that settles it.
fn compound(facts: &TargetFacts<'_>, of: &[Criterion], rule: Rule, as_of: NaiveDate) -> TargetOutlook {
    let parts: Vec<TargetOutlook> = of.iter().map(|criterion| evaluate(facts, criterion, as_of)).collect();
    let (settles, otherwise) = match rule {
        Rule::AnyCondition => (Verdict::Achieve, Verdict::Miss),
        _ => (Verdict::Miss, Verdict::Achieve),
    };
    let settled =
        parts.iter().filter(|part| part.verdict == settles).min_by_key(|part| part.state == TargetState::Open);
    let (state, verdict) = if let Some(part) = settled {
        (part.state, settles)
    } else if let Some(first) = parts.first()
        && parts.iter().all(|part| part.verdict == otherwise)
    {
        let open = parts.iter().any(|part| part.state == TargetState::Open);
        (if open { TargetState::Open } else { first.state }, otherwise)
    } else {
        (TargetState::Open, Verdict::Undetermined)
    };
    let (ja, en) = match rule {
        Rule::AnyCondition => ("いずれかの条件が必要です。", "One of these has to hold."),
        _ => ("全ての条件が必要です。", "All of these have to hold."),
    };
    let mut reason = Bilingual::new(ja, en);
    for (index, part) in parts.iter().enumerate() {
        reason.ja.push_str(&format!("（{}）{}", index + 1, part.reason.ja));
        reason.en.push_str(&format!(" ({}) {}", index + 1, part.reason.en));
    }
    let shown = settled.or_else(|| parts.iter().find(|part| part.figure.is_some()));
    TargetOutlook {
        state,
        verdict,
        rule,
        figure: shown.and_then(|part| part.figure),
        required: shown.and_then(|part| part.required),
        figure_as_of: shown.and_then(|part| part.figure_as_of),
        reason,
    }
}

fn undetermined(rule: Rule, reason: Bilingual) -> TargetOutlook {
    TargetOutlook {
        state: TargetState::Open,
        verdict: Verdict::Undetermined,
        rule,
        figure: None,
        required: None,
        figure_as_of: None,
        reason,
    }
}

/// The state and the verdict of a target that the figures decide.
fn decided(met: bool, provisional: bool, year_is_over: bool) -> (TargetState, Verdict) {
    let verdict = if met { Verdict::Achieve } else { Verdict::Miss };
    let state = match (provisional, year_is_over, met) {
        (true, _, _) => TargetState::Open,
        (false, true, true) => TargetState::FinalMet,
        (false, true, false) => TargetState::FinalMissed,
        (false, false, true) => TargetState::AlreadyMet,
        (false, false, false) => TargetState::AlreadyMissed,
    };
    (state, verdict)
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

#[cfg(test)]
mod tests;
