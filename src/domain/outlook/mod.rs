//! The outlook of a target at a date (目標達成見込).

mod prospect;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use self::prospect::Foretold;
use super::achievement::AchievementRate;
use super::criterion::Criterion;
use super::evaluation::{Evaluation, Facts, Outcome, Rule};
use super::forecast::{Band, Confidence, Explained};
use super::result::ActualId;
use super::{Bilingual, Decimal, TargetState, Verdict};

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
    /// The probability of meeting the target, 0 to 1: of one that is open, between 0.02 and 0.98; `null` where nothing is known. Of several
    /// conditions that all have to hold it is the least of theirs, which are not multiplied.
    pub probability: Option<Decimal>,
    /// How sure the verdict is; `null` without a probability.
    pub confidence: Option<Confidence>,
    /// The expected result of the year, of a target that is open.
    pub forecast: Option<Band>,
    /// How the forecast was made, for each condition that has one.
    pub forecast_basis: Vec<Explained>,
    /// How much of the target is achieved by the figure so far (達成率).
    pub achievement_rate: AchievementRate,
    /// How the condition comes out, with every number that was used, what was assumed and what is missing.
    pub basis: Evaluation,
    /// Why, naming the figures.
    pub reason: Bilingual,
}

impl TargetOutlook {
    /// The actuals that it rests on; one may come more than once.
    pub fn actual_ids(&self) -> Vec<&ActualId> {
        let inputs = self.forecast_basis.iter().flat_map(|it| &it.inputs).flat_map(|input| &input.actual_ids);
        self.basis.actual_ids().into_iter().chain(inputs).collect()
    }
}

/// The outlook of a target as it was at `as_of` (`DESIGN.md`, section 5): what follows from the evaluation of its criterion. `None`
/// is a text that is not understood.
///
/// A condition that is met or missed settles the target, at the year's end or already before. One that rests on provisional figures
/// gives a verdict and leaves the target open. Of one that the figures so far leave open, the forecast of the year's result gives verdict and
/// probability. Everything else is `open` and `undetermined`, and the reason says why.
///
/// ```
/// use mikomi::domain::{Measure, Verdict, criterion::{Comparator, Criterion}};
/// use mikomi::domain::{evaluation::{Facts, Rule}, outlook::target_outlook};
/// let criterion = Criterion::constant(Some(Comparator::Gte), 60.into(), Some("件"));
/// let facts = Facts { unit: Some("件"), ..Facts::new(Measure::Sum, 2021, &[]) };
/// let outlook = target_outlook(Some(&criterion), &facts, "2021-09-30".parse()?);
/// assert_eq!((outlook.verdict, outlook.rule), (Verdict::Undetermined, Rule::NoFigure));
/// # Ok::<(), chrono::ParseError>(())
/// ```
pub fn target_outlook(criterion: Option<&Criterion>, facts: &Facts<'_>, as_of: NaiveDate) -> TargetOutlook {
    let (outlook, foretold) = outlook(criterion, facts, as_of);
    let forecast_basis = foretold.into_iter().map(Foretold::explained).collect();
    TargetOutlook { forecast_basis, ..outlook }
}

/// The same without how the forecast was made: what is kept of every target at every checkpoint.
pub fn brief_outlook(criterion: Option<&Criterion>, facts: &Facts<'_>, as_of: NaiveDate) -> TargetOutlook {
    outlook(criterion, facts, as_of).0
}

fn outlook(criterion: Option<&Criterion>, facts: &Facts<'_>, as_of: NaiveDate) -> (TargetOutlook, Vec<Foretold>) {
    let basis = match criterion {
        Some(criterion) => criterion.evaluate(facts, as_of),
        None => Evaluation::unknown(
            Rule::NotUnderstood,
            Bilingual::new(
                "目標の文が読み取れていないため、判定できません。",
                "The text of the target is not understood, so nothing can be decided.",
            ),
        ),
    };
    let prospect = criterion.and_then(|criterion| prospect::prospect(facts, criterion, &basis, as_of));
    let state = match (basis.outcome, basis.is_final) {
        _ if basis.provisional => TargetState::Open,
        (Outcome::Met, true) => TargetState::FinalMet,
        (Outcome::Missed, true) => TargetState::FinalMissed,
        (Outcome::Met, false) => TargetState::AlreadyMet,
        (Outcome::Missed, false) => TargetState::AlreadyMissed,
        (Outcome::Open | Outcome::Unknown, _) => TargetState::Open,
    };
    let figure = basis.shown().and_then(|shown| shown.figure.as_ref());
    let mut reason = basis.reason.clone();
    if let Some(why) = prospect.as_ref().and_then(|it| it.reason.as_ref()) {
        reason.ja.push_str(&why.ja);
        reason.en.push_str(&format!(" {}", why.en));
    }
    // What provisional figures say is no certainty.
    let probability = prospect.as_ref().and_then(|it| it.probability).filter(|_| !basis.provisional);
    let outlook = TargetOutlook {
        state,
        verdict: prospect.as_ref().map_or(Verdict::Undetermined, |it| it.verdict),
        rule: prospect.as_ref().map_or(basis.rule, |it| it.rule),
        figure: figure.map(|figure| figure.value),
        required: basis.shown().and_then(|shown| shown.required),
        figure_as_of: figure.map(|figure| figure.as_of),
        probability: probability.and_then(prospect::told),
        confidence: probability.map(Confidence::of),
        forecast: prospect.as_ref().and_then(|it| it.band.clone()),
        forecast_basis: Vec::new(),
        achievement_rate: basis.achievement_rate.clone(),
        reason,
        basis,
    };
    (outlook, prospect.map(|it| it.foretold).unwrap_or_default())
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
