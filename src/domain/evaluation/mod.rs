//! How a criterion comes out: met, missed, open, or which figure is missing, with all the numbers (`DESIGN.md`, sections 4 and 5).
//!
//! This is the one place where figures are compared with what a target asks; the outlook, the achievement rate and the flags
//! follow from it. Nothing is forecast here.
//!
//! - A figure decides when nothing that can still come could change the answer: a sum or a maximum only grows (a sum, unless
//!   something negative was reported), a minimum only falls, the final result stays. A rounded figure decides only when every value
//!   that it may stand for gives the same answer. Comparisons are exact: 80 % is 80 % or more, and not more than 80 %.
//! - A *reference* (前年度, 過去3年平均…) becomes a number from the results of its year, known at the asked day; else from what the text
//!   or the plan states; else it is missing, and nothing is guessed. A provisional one gives a provisional outcome. *The same period
//!   of the year before* means for the final result that year's result; before, the figure so far is held against that of the same
//!   day (of a level: the same month), which decides nothing yet and is shown as `so_far`.
//! - *All, any, each part:* see [`Outcome`] and the logic of three values in `compound`.
//! - *Schedule:* the step of the year; the steps of other years are shown and decide nothing. A year without a step has no target.
//! - *Universe:* a total that the criterion does not know is taken from what stands beside the target, else it is missing.

mod answer;
mod compare;
mod compound;
mod condition;
mod milestone;
mod parts;
mod reference;
mod terms;

use chrono::NaiveDate;

pub use self::answer::{
    Comparison, EvaluatedPart, Evaluation, Limit, Missing, MissingKind, Outcome, ReferenceKind, ReferenceSource,
    ReferenceUsed, Remark, RemarkKind, Rule, SoFar, YearUsed,
};
pub use self::parts::{PartFacts, part_facts};
pub(in crate::domain) use self::reference::{back_to, same_point};
use super::criterion::{Criterion, Reference};
use super::result::{Measurements, Reported};
use super::{Bilingual, Decimal, Measure, Polarity, fiscal};

/// What a criterion is evaluated against.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
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
    /// The parts of its breakdown; empty where there are none.
    pub parts: &'a [PartFacts],
    /// How many there are in all, in the indicator's unit, where that is said beside the target.
    pub universe: Option<Decimal>,
    /// The mean of earlier years that the plan states beside the target.
    pub stated_average: Option<StatedAverage>,
}

/// A mean of earlier years that a plan states, in the indicator's unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatedAverage {
    /// Of how many years.
    pub years: u32,
    /// The mean.
    pub value: Decimal,
}

impl StatedAverage {
    fn is_of(&self, reference: &Reference) -> bool {
        matches!(reference, Reference::AverageOfYears { years, .. } if *years == self.years)
    }
}

impl<'a> Facts<'a> {
    /// The facts of an indicator of which nothing is known but its figures.
    pub fn new(measure: Measure, fiscal_year: i32, reported: &'a [Reported]) -> Self {
        Self {
            measure,
            polarity: None,
            unit: None,
            fiscal_year,
            calendar: fiscal::Calendar::default(),
            reported,
            parts: &[],
            universe: None,
            stated_average: None,
        }
    }

    /// What was measured of it, as it was known at a day.
    pub(in crate::domain) fn measurements(&self, as_of: NaiveDate) -> Measurements<'a> {
        let Self { measure, calendar, fiscal_year, reported, .. } = *self;
        Measurements { measure, calendar, fiscal_year, reported, as_of }
    }
}

impl Criterion {
    /// How the criterion comes out by what is known at `as_of`.
    ///
    /// ```
    /// use mikomi::domain::{Basis, Criterion, Measure, result::Reported};
    /// use mikomi::domain::evaluation::{Facts, Outcome};
    /// let result = |fiscal_year: i32, as_of: &str, value: &str| Ok::<_, Box<dyn std::error::Error>>(Reported {
    ///     fiscal_year,
    ///     basis: Basis::Snapshot,
    ///     period: None,
    ///     as_of: as_of.parse()?,
    ///     value: Some(value.parse()?),
    ///     missing: None,
    ///     numerator: None,
    ///     denominator: None,
    ///     approximate: false,
    ///     provisional: false,
    ///     source: None,
    /// });
    /// // 50.3%以上（かつ前年度実績以上）
    /// let criterion: Criterion = serde_json::from_str(r#"{"kind": "all", "of": [
    ///     {"kind": "threshold", "comparator": "gte", "operand": {"kind": "constant", "value": "50.3"}, "unit": "%"},
    ///     {"kind": "threshold", "comparator": "gte", "operand": {"kind": "reference", "to": "previous_year"}, "unit": "%"}]}"#)?;
    /// let figures = [result(2020, "2021-03-31", "52.0")?, result(2021, "2022-03-31", "51.0")?];
    /// let facts = Facts { unit: Some("%"), ..Facts::new(Measure::Latest, 2021, &figures) };
    /// let evaluation = criterion.evaluate(&facts, "2022-03-31".parse()?);
    /// assert_eq!(evaluation.outcome, Outcome::Missed); // above 50.3 %, below last year
    /// assert_eq!(evaluation.achievement_rate.percent, Some("98".parse()?)); // 51 of 52, the worse of both
    /// let unknown = criterion.evaluate(&Facts { reported: &figures[1..], ..facts }, "2022-03-31".parse()?);
    /// assert_eq!(unknown.outcome, Outcome::Unknown);
    /// assert_eq!(unknown.missing[0].text.en, "the result of fiscal year 2020");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn evaluate(&self, facts: &Facts<'_>, as_of: NaiveDate) -> Evaluation {
        evaluate(facts, self, as_of)
    }

    /// Whether it looks at the parts of a breakdown.
    pub fn looks_at_parts(&self) -> bool {
        match self {
            Self::Each { .. } => true,
            Self::All { of } | Self::Any { of } => of.iter().any(Self::looks_at_parts),
            Self::Schedule { steps } => steps.iter().any(|step| step.criterion.looks_at_parts()),
            _ => false,
        }
    }
}

fn evaluate(facts: &Facts<'_>, criterion: &Criterion, as_of: NaiveDate) -> Evaluation {
    match criterion {
        Criterion::Threshold { .. } | Criterion::Range { .. } | Criterion::Universe { .. } => {
            compare::evaluate(facts, criterion, as_of)
        }
        Criterion::Milestone { action, due, .. } => milestone::evaluate(facts, action, *due, as_of),
        Criterion::All { of } => compound::several(facts, of, Rule::AllConditions, as_of),
        Criterion::Any { of } => compound::several(facts, of, Rule::AnyCondition, as_of),
        Criterion::Each { of } => compound::each(facts, of, as_of),
        Criterion::Schedule { steps } => compound::schedule(facts, steps, as_of),
        Criterion::Qualitative {} => Evaluation::unknown(
            Rule::Qualitative,
            Bilingual::new("数値では決まらない目標です。", "The target is in words that no figure decides."),
        ),
        Criterion::None {} => Evaluation::unknown(
            Rule::NoCriterion,
            Bilingual::new("目標に達成の条件が書かれていません。", "The target states no criterion."),
        ),
    }
}

#[cfg(test)]
mod tests;
