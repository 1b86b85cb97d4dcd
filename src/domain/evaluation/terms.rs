//! How a criterion's amounts are brought to the indicator's unit and worded, and which direction a text means that states none.

use super::answer::{Limit, Remark, RemarkKind};
use super::{Facts, Rule};
use crate::domain::criterion::{Aggregation, Change, Comparator, CriterionPeriod, Quantity, unit_factor};
use crate::domain::{Bilingual, Decimal, Measure, Polarity};

type Refusal = (Rule, Bilingual);

/// The units of a criterion and of its indicator.
#[derive(Debug)]
pub(super) struct Terms<'a> {
    /// How many of the indicator's units one of the criterion's is.
    pub(super) factor: Decimal,
    /// The criterion's unit.
    pub(super) stated: &'a str,
    /// Whether the criterion's amounts are rounded.
    pub(super) approximate: bool,
    /// The indicator's unit.
    pub(super) unit: &'a str,
    pub(super) notes: Vec<Remark>,
}

/// Refuses a text that counts in another way than the indicator does.
pub(super) fn counts_alike(
    facts: &Facts<'_>,
    aggregation: Option<Aggregation>,
    period: Option<CriterionPeriod>,
    per: Option<&Quantity>,
) -> Result<(), Refusal> {
    let alike = match aggregation {
        None => true,
        Some(Aggregation::Gross) => facts.measure == Measure::Sum,
        Some(Aggregation::Average) => facts.measure == Measure::Average,
        Some(Aggregation::Maximum) => facts.measure == Measure::Maximum,
        // Over several years, or of persons who may come back: the year's values do not tell.
        Some(Aggregation::Cumulative | Aggregation::Unique) => false,
    };
    // So many a week, or for each household: no sum of them.
    let rate = per.is_some() && facts.measure == Measure::Sum;
    if alike && !rate && period != Some(CriterionPeriod::Month) {
        return Ok(());
    }
    Err((
        Rule::NotEvaluated,
        Bilingual::new(
            "目標の数え方（累計・実人数・月ごと・単位当たりなど）は、まだ判定していません。",
            "The way in which the target counts (cumulative, unique, by month, so many for each and the like) is not evaluated yet.",
        ),
    ))
}

/// The direction of a text that states none (`DESIGN.md`, section 4): the indicator's polarity decides; without one, a text that
/// asks for a decrease means at most, one that asks for an increase at least, and of a sum at least.
pub(super) fn assumed(facts: &Facts<'_>, change: Option<&Change>, notes: &mut Vec<Remark>) -> Option<Comparator> {
    use std::cmp::Ordering::{Greater, Less};
    let (comparator, ja, en) = match (facts.polarity, change.map(direction), facts.measure) {
        (Some(Polarity::HigherIsBetter), ..) => (
            Comparator::Gte,
            "目標に「以上・以下」の別がないため、指標の向き（高いほど良い）から「以上」とみなしました。",
            "The text states no comparator; at least is assumed, because more is better for the indicator.",
        ),
        (Some(Polarity::LowerIsBetter), ..) => (
            Comparator::Lte,
            "目標に「以上・以下」の別がないため、指標の向き（低いほど良い）から「以下」とみなしました。",
            "The text states no comparator; at most is assumed, because less is better for the indicator.",
        ),
        (None, Some(Less), _) => (
            Comparator::Lte,
            "目標に「以上・以下」の別がないため、減らす目標であることから「以下」とみなしました。",
            "The text states no comparator; at most is assumed, because it asks for a decrease.",
        ),
        (None, Some(Greater), _) => (
            Comparator::Gte,
            "目標に「以上・以下」の別がないため、増やす目標であることから「以上」とみなしました。",
            "The text states no comparator; at least is assumed, because it asks for an increase.",
        ),
        (None, _, Measure::Sum) => (
            Comparator::Gte,
            "目標に「以上・以下」の別も指標の向きもないため、「以上」とみなしました。",
            "Neither the text nor the indicator says which direction is good; at least is assumed.",
        ),
        (None, ..) => return None,
    };
    notes.push(Remark::new(RemarkKind::DirectionAssumed, ja, en));
    Some(comparator)
}

/// Whether a change asks for more or for less.
fn direction(change: &Change) -> std::cmp::Ordering {
    match change {
        Change::Relative { percent: by } | Change::Points { points: by } | Change::Absolute { amount: by } => {
            by.cmp(&Decimal::ZERO)
        }
        Change::Factor { factor } => factor.cmp(&Decimal::from(1)),
    }
}

impl<'a> Terms<'a> {
    pub(super) fn new(facts: &Facts<'a>, stated: Option<&'a str>, approximate: bool) -> Result<Self, Refusal> {
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
        if facts.measure == Measure::Sum && unit_factor(to, "%").is_some() {
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

    /// The end at a stated value, with its own rounding.
    pub(super) fn limit(&self, value: Decimal, inclusive: bool) -> Option<Limit> {
        let off = if self.approximate { value.rounding_error() } else { Decimal::ZERO };
        Some(Limit { value: value.times(self.factor)?, rounding: off.times(self.factor)?, inclusive })
    }

    /// Says that a stated value was converted, where it was.
    pub(super) fn note_conversion(&mut self, value: Decimal, converted: Decimal) {
        if self.factor == Decimal::from(1) {
            return;
        }
        let written = format!("{}{}", value.grouped(), self.stated);
        let converted = self.amount(converted);
        self.notes.push(Remark::new(
            RemarkKind::Converted,
            format!("目標の{written}を、指標の単位で{converted}に換算して比べます。"),
            format!("The target of {written} is compared as {converted}, the indicator's unit."),
        ));
    }

    /// A value in the indicator's unit.
    pub(super) fn amount(&self, value: Decimal) -> String {
        format!("{}{}", value.grouped(), self.unit)
    }

    /// A comparison with a value in the indicator's unit.
    pub(super) fn worded(&self, comparator: Comparator, value: Decimal) -> Bilingual {
        let amount = self.amount(value);
        let (about_ja, about_en) = if self.approximate { ("約", "about ") } else { ("", "") };
        let (ja, en) = match comparator {
            Comparator::Gte => ("以上", "at least "),
            Comparator::Gt => ("超", "more than "),
            Comparator::Lte => ("以下", "at most "),
            Comparator::Lt => ("未満", "less than "),
            Comparator::Eq => ("ちょうど", "exactly "),
            Comparator::Approximately => ("程度", "about "),
        };
        Bilingual::new(format!("{about_ja}{amount}{ja}"), format!("{en}{about_en}{amount}"))
    }
}
