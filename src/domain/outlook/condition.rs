//! What a criterion asks of a figure, as bounds in the indicator's unit.

use chrono::NaiveDate;

use super::{Rule, TargetFacts};
use crate::domain::criterion::{Aggregation, Comparator, Criterion, CriterionPeriod, Operand, Reference, unit_factor};
use crate::domain::{Bilingual, Decimal, Measure, Polarity};

/// One end of what is accepted. The target's own rounding (約) makes the end a stretch.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bound {
    /// Past this the condition holds, whatever the rounding of the target.
    pub(super) surely: Decimal,
    /// Short of this it does not hold, whatever the rounding.
    pub(super) possibly: Decimal,
    /// Whether the end itself is accepted.
    pub(super) inclusive: bool,
}

/// What a criterion asks of the figure.
#[derive(Debug)]
pub(super) struct Condition {
    /// The one value that is required, in the indicator's unit; a range has none.
    pub(super) required: Option<Decimal>,
    /// `None` for the ends when the direction is not known.
    pub(super) ends: Option<(Option<Bound>, Option<Bound>)>,
    /// The condition in words.
    pub(super) words: Bilingual,
    /// What was assumed or converted.
    pub(super) notes: Vec<Bilingual>,
    /// The day by which it has to hold, when that is not the end of the year.
    pub(super) deadline: Option<NaiveDate>,
}

/// Why a criterion cannot be compared.
pub(super) type Refusal = (Rule, Bilingual);

/// What `criterion` asks, or why that cannot be evaluated.
pub(super) fn condition(facts: &TargetFacts<'_>, criterion: &Criterion) -> Result<Condition, Refusal> {
    match criterion {
        Criterion::Threshold { comparator, operand, unit, aggregation, period, deadline, approximate, .. } => {
            counts_alike(facts, *aggregation, *period)?;
            let Operand::Constant { value } = operand else { return Err(refers(operand)) };
            let mut terms = Terms::new(facts, unit.as_deref(), *approximate)?;
            let comparator = comparator.or_else(|| terms.assumed(facts));
            terms.threshold(comparator, *value, *deadline)
        }
        Criterion::Universe { total, unit, aggregation, period, deadline, approximate, .. } => {
            counts_alike(facts, *aggregation, *period)?;
            let Some(total) = total else {
                return Err((
                    Rule::TotalUnknown,
                    Bilingual::new(
                        "全体の数がわからないため、判定できません。",
                        "How many there are in all is not known, so nothing can be decided.",
                    ),
                ));
            };
            let terms = Terms::new(facts, unit.as_deref(), *approximate)?;
            terms.threshold(Some(Comparator::Gte), *total, *deadline)
        }
        Criterion::Range {
            min,
            min_inclusive,
            max,
            max_inclusive,
            unit,
            aggregation,
            period,
            deadline,
            approximate,
            ..
        } => {
            counts_alike(facts, *aggregation, *period)?;
            let terms = Terms::new(facts, unit.as_deref(), *approximate)?;
            let lower = terms.bound(*min, -1, *min_inclusive).ok_or_else(too_large)?;
            let upper = terms.bound(*max, 1, *max_inclusive).ok_or_else(too_large)?;
            let (low, high) = (
                terms.worded(if *min_inclusive { Comparator::Gte } else { Comparator::Gt }, *min)?,
                terms.worded(if *max_inclusive { Comparator::Lte } else { Comparator::Lt }, *max)?,
            );
            Ok(Condition {
                required: None,
                ends: Some((Some(lower), Some(upper))),
                words: Bilingual::new(format!("{}{}", low.ja, high.ja), format!("{} and {}", low.en, high.en)),
                notes: terms.notes,
                deadline: *deadline,
            })
        }
        _ => Err((
            Rule::NotEvaluated,
            Bilingual::new("まだ判定していない条件です。", "This condition is not evaluated yet."),
        )),
    }
}

/// Refuses a text that counts in another way than the indicator does.
fn counts_alike(
    facts: &TargetFacts<'_>,
    aggregation: Option<Aggregation>,
    period: Option<CriterionPeriod>,
) -> Result<(), Refusal> {
    let alike = match aggregation {
        None => true,
        Some(Aggregation::Gross) => facts.measure == Measure::Sum,
        Some(Aggregation::Average) => facts.measure == Measure::Average,
        Some(Aggregation::Maximum) => facts.measure == Measure::Maximum,
        // Over several years, or of persons who may come back: the year's values do not tell.
        Some(Aggregation::Cumulative | Aggregation::Unique) => false,
    };
    if alike && period != Some(CriterionPeriod::Month) {
        return Ok(());
    }
    Err((
        Rule::NotEvaluated,
        Bilingual::new(
            "目標の数え方（累計・実人数・月ごとなど）は、まだ判定していません。",
            "The way in which the target counts (cumulative, unique, by month and the like) is not evaluated yet.",
        ),
    ))
}

fn refers(operand: &Operand) -> Refusal {
    let (ja, en) = match operand {
        Operand::Reference(Reference::PreviousYear { .. }) => {
            ("前年度の実績".to_owned(), "last year's result".to_owned())
        }
        Operand::Reference(Reference::SamePeriodPreviousYear { .. }) => {
            ("前年同時期の実績".to_owned(), "the figure of the same period last year".to_owned())
        }
        Operand::Reference(Reference::AverageOfYears { years, .. }) => {
            (format!("過去{years}年の平均"), format!("the average of {years} years"))
        }
        Operand::Reference(Reference::FiscalYear { fiscal_year, .. }) => {
            (format!("{fiscal_year}年度の実績"), format!("the result of fiscal year {fiscal_year}"))
        }
        Operand::Constant { .. } => ("値".to_owned(), "a value".to_owned()),
    };
    (
        Rule::NotEvaluated,
        Bilingual::new(
            format!("{ja}と比べる目標は、まだ判定していません。"),
            format!("The target refers to {en}, which is not evaluated yet."),
        ),
    )
}

fn too_large() -> Refusal {
    (
        Rule::UnitMismatch,
        Bilingual::new(
            "単位の換算で桁があふれます。",
            "Converted to the indicator's unit, the value has too many digits.",
        ),
    )
}

/// How a criterion's amounts are brought to the indicator's unit and worded.
struct Terms<'a> {
    factor: Decimal,
    stated: &'a str,
    approximate: bool,
    unit: &'a str,
    notes: Vec<Bilingual>,
}

impl<'a> Terms<'a> {
    fn new(facts: &TargetFacts<'a>, stated: Option<&'a str>, approximate: bool) -> Result<Self, Refusal> {
        let stated = stated.map(str::trim).filter(|unit| !unit.is_empty());
        let counted = facts.unit.map(str::trim).filter(|unit| !unit.is_empty());
        let (from, to) = (stated.or(counted).unwrap_or(""), counted.or(stated).unwrap_or(""));
        let Some(factor) = unit_factor(from, to) else {
            return Err((
                Rule::UnitMismatch,
                Bilingual::new(
                    format!("目標の単位「{from}」と指標の単位「{to}」が違うため、比べられません。"),
                    format!("The target counts in {from} and the indicator in {to}, which cannot be compared."),
                ),
            ));
        };
        if to == "%" && facts.measure == Measure::Sum {
            return Err((
                Rule::PercentageSummed,
                Bilingual::new(
                    "割合は足し合わせられません。指標の集計方法を見直してください。",
                    "Percentages do not add up; the indicator's measure has to be reviewed.",
                ),
            ));
        }
        Ok(Self { factor, stated: from, approximate, unit: to, notes: Vec::new() })
    }

    /// The direction of a text that states none (`DESIGN.md`, section 4): the indicator's polarity decides; of a sum, at least.
    fn assumed(&mut self, facts: &TargetFacts<'_>) -> Option<Comparator> {
        let (comparator, ja, en) = match (facts.polarity, facts.measure) {
            (Some(Polarity::HigherIsBetter), _) => (
                Comparator::Gte,
                "目標に「以上・以下」の別がないため、指標の向き（高いほど良い）から「以上」とみなしました。",
                "The text states no comparator; at least is assumed, because more is better for the indicator.",
            ),
            (Some(Polarity::LowerIsBetter), _) => (
                Comparator::Lte,
                "目標に「以上・以下」の別がないため、指標の向き（低いほど良い）から「以下」とみなしました。",
                "The text states no comparator; at most is assumed, because less is better for the indicator.",
            ),
            (None, Measure::Sum) => (
                Comparator::Gte,
                "目標に「以上・以下」の別も指標の向きもないため、「以上」とみなしました。",
                "Neither the text nor the indicator says which direction is good; at least is assumed.",
            ),
            (None, _) => return None,
        };
        self.notes.push(Bilingual::new(ja, en));
        Some(comparator)
    }

    fn threshold(
        mut self,
        comparator: Option<Comparator>,
        value: Decimal,
        deadline: Option<NaiveDate>,
    ) -> Result<Condition, Refusal> {
        let required = value.times(self.factor).ok_or_else(too_large)?;
        let bound = |side: i64, inclusive: bool| self.bound(value, side, inclusive).ok_or_else(too_large);
        let ends = match comparator {
            Some(Comparator::Gte) => Some((Some(bound(-1, true)?), None)),
            Some(Comparator::Gt) => Some((Some(bound(-1, false)?), None)),
            Some(Comparator::Lte) => Some((None, Some(bound(1, true)?))),
            Some(Comparator::Lt) => Some((None, Some(bound(1, false)?))),
            Some(Comparator::Eq) => Some((Some(bound(-1, true)?), Some(bound(1, true)?))),
            Some(Comparator::Approximately) => {
                let half = value.rounding_error();
                let end = |end: Option<Decimal>| {
                    let at = end.and_then(|end| end.times(self.factor)).ok_or_else(too_large)?;
                    Ok(Bound { surely: at, possibly: at, inclusive: true })
                };
                Some((Some(end(value.minus(half))?), Some(end(value.plus(half))?)))
            }
            None => None,
        };
        let words = match comparator {
            Some(comparator) => self.worded(comparator, value)?,
            None => self.amount(required),
        };
        if self.factor != Decimal::from(1) {
            let written = format!("{}{}", value.grouped(), self.stated);
            let converted = self.amount(required).ja;
            self.notes.push(Bilingual::new(
                format!("目標の{written}を、指標の単位で{converted}に換算して比べます。"),
                format!("The target of {written} is compared as {converted}, the indicator's unit."),
            ));
        }
        Ok(Condition { required: Some(required), ends, words, notes: self.notes, deadline })
    }

    /// The end at `value`, of which `side` (-1 lower, 1 upper) says on which side of it lies what is not accepted.
    fn bound(&self, value: Decimal, side: i64, inclusive: bool) -> Option<Bound> {
        let off = if self.approximate { value.rounding_error() } else { Decimal::ZERO };
        let outward = off.times(Decimal::from(side))?;
        Some(Bound {
            surely: value.minus(outward)?.times(self.factor)?,
            possibly: value.plus(outward)?.times(self.factor)?,
            inclusive,
        })
    }

    fn amount(&self, value: Decimal) -> Bilingual {
        let text = format!("{}{}", value.grouped(), self.unit);
        Bilingual::new(text.clone(), text)
    }

    fn worded(&self, comparator: Comparator, value: Decimal) -> Result<Bilingual, Refusal> {
        let amount = self.amount(value.times(self.factor).ok_or_else(too_large)?).ja;
        let (about_ja, about_en) = if self.approximate { ("約", "about ") } else { ("", "") };
        let (ja, en) = match comparator {
            Comparator::Gte => ("以上", "at least "),
            Comparator::Gt => ("超", "more than "),
            Comparator::Lte => ("以下", "at most "),
            Comparator::Lt => ("未満", "less than "),
            Comparator::Eq => ("ちょうど", "exactly "),
            Comparator::Approximately => ("程度", "about "),
        };
        Ok(Bilingual::new(format!("{about_ja}{amount}{ja}"), format!("{en}{about_en}{amount}")))
    }
}
