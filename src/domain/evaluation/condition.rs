//! What a criterion asks of a figure, as limits in the indicator's unit.

use chrono::NaiveDate;

use super::answer::{Limit, Missing, MissingKind, ReferenceUsed, Remark, RemarkKind};
use super::reference::{Moment, resolve};
use super::terms::{Terms, assumed, counts_alike};
use super::{Facts, Rule};
use crate::domain::criterion::{Comparator, Criterion, Operand, Reference};
use crate::domain::{Bilingual, Decimal};

/// What a criterion asks of the figure.
#[derive(Debug, Clone, Default)]
pub(super) struct Condition {
    /// How the figure has to stand to it, as stated or as assumed.
    pub(super) comparator: Option<Comparator>,
    /// The one value that is required, in the indicator's unit; a range has none.
    pub(super) required: Option<Decimal>,
    /// From where on, and up to where; neither when the direction is not known.
    pub(super) lower: Option<Limit>,
    pub(super) upper: Option<Limit>,
    /// The condition in words.
    pub(super) words: Option<Bilingual>,
    /// What was assumed or converted.
    pub(super) notes: Vec<Remark>,
    /// The figure of the past that it is made from.
    pub(super) reference: Option<ReferenceUsed>,
}

/// Why a criterion cannot be compared, and as much of it as is known.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) rule: Rule,
    pub(super) reason: Bilingual,
    pub(super) missing: Vec<Missing>,
    /// The notes and the reference.
    pub(super) known: Condition,
}

impl From<(Rule, Bilingual)> for Box<Refusal> {
    fn from((rule, reason): (Rule, Bilingual)) -> Self {
        Self::new(Refusal { rule, reason, missing: Vec::new(), known: Condition::default() })
    }
}

impl Condition {
    /// Whether nobody knows which direction is good.
    pub(super) fn lacks_direction(&self) -> bool {
        self.lower.is_none() && self.upper.is_none()
    }
}

/// The day by which a criterion has to hold, when that is not the end of the year.
pub(super) fn deadline(criterion: &Criterion) -> Option<NaiveDate> {
    match criterion {
        Criterion::Threshold { deadline, .. }
        | Criterion::Range { deadline, .. }
        | Criterion::Universe { deadline, .. } => *deadline,
        _ => None,
    }
}

/// Whether what is asked of a figure depends on the moment of the figure.
pub(super) fn moves_with_the_moment(criterion: &Criterion) -> bool {
    let Criterion::Threshold { operand, .. } = criterion else { return false };
    matches!(operand, Operand::Reference(Reference::SamePeriodPreviousYear { .. }))
}

/// What `criterion` asks of a figure of that moment, or why that cannot be evaluated.
pub(super) fn condition(facts: &Facts<'_>, criterion: &Criterion, moment: Moment) -> Result<Condition, Box<Refusal>> {
    match criterion {
        Criterion::Threshold {
            comparator,
            operand,
            unit,
            aggregation,
            period,
            per,
            approximate,
            stated_reference,
            ..
        } => {
            counts_alike(facts, *aggregation, *period, per.as_ref())?;
            let terms = Terms::new(facts, unit.as_deref(), *approximate)?;
            match operand {
                Operand::Constant { value } => constant(facts, terms, *comparator, *value),
                Operand::Reference(reference) => {
                    referring(facts, terms, *comparator, reference, *stated_reference, moment)
                }
            }
        }
        Criterion::Universe { total, unit, aggregation, period, per, approximate, .. } => {
            counts_alike(facts, *aggregation, *period, per.as_ref())?;
            let terms = Terms::new(facts, unit.as_deref(), *approximate)?;
            universe(facts, terms, *total)
        }
        Criterion::Range {
            min,
            min_inclusive,
            max,
            max_inclusive,
            unit,
            aggregation,
            period,
            per,
            approximate,
            ..
        } => {
            counts_alike(facts, *aggregation, *period, per.as_ref())?;
            let mut terms = Terms::new(facts, unit.as_deref(), *approximate)?;
            let lower = terms.limit(*min, *min_inclusive).ok_or_else(too_large)?;
            let upper = terms.limit(*max, *max_inclusive).ok_or_else(too_large)?;
            let low = terms.worded(if *min_inclusive { Comparator::Gte } else { Comparator::Gt }, lower.value);
            let high = terms.worded(if *max_inclusive { Comparator::Lte } else { Comparator::Lt }, upper.value);
            terms.note_conversion(*min, lower.value);
            terms.note_conversion(*max, upper.value);
            Ok(Condition {
                lower: Some(lower),
                upper: Some(upper),
                words: Some(Bilingual::new(format!("{}{}", low.ja, high.ja), format!("{} and {}", low.en, high.en))),
                notes: terms.notes,
                ..Condition::default()
            })
        }
        _ => Err((
            Rule::NotEvaluated,
            Bilingual::new("まだ判定していない条件です。", "This condition is not evaluated yet."),
        )
            .into()),
    }
}

fn constant(
    facts: &Facts<'_>,
    mut terms: Terms<'_>,
    comparator: Option<Comparator>,
    value: Decimal,
) -> Result<Condition, Box<Refusal>> {
    let comparator = comparator.or_else(|| assumed(facts, None, &mut terms.notes));
    let limit = terms.limit(value, true).ok_or_else(too_large)?;
    let half = value.rounding_error().times(terms.factor).ok_or_else(too_large)?;
    let condition = threshold(&terms, comparator, limit, half).ok_or_else(too_large)?;
    terms.note_conversion(value, limit.value);
    Ok(Condition { notes: terms.notes, ..condition })
}

fn universe(facts: &Facts<'_>, mut terms: Terms<'_>, total: Option<Decimal>) -> Result<Condition, Box<Refusal>> {
    if let Some(total) = total {
        return constant(facts, terms, Some(Comparator::Gte), total);
    }
    let Some(total) = facts.universe else {
        let missing = Missing::new(MissingKind::Total, None, "全体の数", "how many there are in all");
        return Err(Box::new(Refusal {
            rule: Rule::TotalUnknown,
            reason: Bilingual::new(
                "全体の数がわからないため、判定できません。",
                "How many there are in all is not known, so nothing can be decided.",
            ),
            missing: vec![missing],
            known: Condition::default(),
        }));
    };
    let amount = terms.amount(total);
    terms.notes.push(Remark::new(
        RemarkKind::TotalFromContext,
        format!("全体の数は、目標に添えられた{amount}としました。"),
        format!("The total is the {amount} that is stated beside the target."),
    ));
    let limit = Limit { value: total, rounding: Decimal::ZERO, inclusive: true };
    let condition = threshold(&terms, Some(Comparator::Gte), limit, Decimal::ZERO).ok_or_else(too_large)?;
    Ok(Condition { notes: terms.notes, ..condition })
}

fn referring(
    facts: &Facts<'_>,
    mut terms: Terms<'_>,
    comparator: Option<Comparator>,
    reference: &Reference,
    stated: Option<Decimal>,
    moment: Moment,
) -> Result<Condition, Box<Refusal>> {
    let comparator = comparator.or_else(|| assumed(facts, reference.change(), &mut terms.notes));
    let stated = match stated {
        Some(stated) => Some(stated.times(terms.factor).ok_or_else(too_large)?),
        None => None,
    };
    let resolved = match resolve(facts, reference, stated, moment) {
        Ok(resolved) => resolved,
        Err(unresolved) => {
            let list = |pick: fn(&Missing) -> &str, between: &str| {
                unresolved.missing.iter().map(pick).collect::<Vec<_>>().join(between)
            };
            return Err(Box::new(Refusal {
                rule: Rule::ReferenceMissing,
                reason: Bilingual::new(
                    format!("目標が参照する{}がわからないため、判定できません。", list(|it| &it.text.ja, "、")),
                    format!(
                        "What the target refers to is not known: {}. Nothing can be decided.",
                        list(|it| &it.text.en, ", ")
                    ),
                ),
                missing: unresolved.missing,
                known: Condition {
                    comparator,
                    notes: terms.notes,
                    reference: Some(unresolved.used),
                    ..Condition::default()
                },
            }));
        }
    };
    let (required, off) = match resolved.required(facts, terms.factor) {
        Ok(required) => required,
        Err((rule, reason)) => {
            let known = Condition { comparator, reference: Some(resolved.used), ..Condition::default() };
            return Err(Box::new(Refusal { rule, reason, missing: Vec::new(), known }));
        }
    };
    let own = if terms.approximate { required.rounding_error() } else { Decimal::ZERO };
    let rounding = off.plus(own).ok_or_else(too_large)?;
    let limit = Limit { value: required, rounding, inclusive: true };
    let mut condition = threshold(&terms, comparator, limit, required.rounding_error()).ok_or_else(too_large)?;
    let formula = resolved.used.formula(terms.unit, terms.stated);
    condition.words = condition.words.map(|words| {
        Bilingual::new(format!("{}（{}）", words.ja, formula.ja), format!("{} ({})", words.en, formula.en))
    });
    let notes = terms.notes.into_iter().chain(resolved.notes).collect();
    Ok(Condition { notes, reference: Some(resolved.used), ..condition })
}

/// A threshold at `limit`; `half` is half a unit of its last significant digit. `None` when that is too long.
fn threshold(terms: &Terms<'_>, comparator: Option<Comparator>, limit: Limit, half: Decimal) -> Option<Condition> {
    let strict = Limit { inclusive: false, ..limit };
    let (lower, upper) = match comparator {
        Some(Comparator::Gte) => (Some(limit), None),
        Some(Comparator::Gt) => (Some(strict), None),
        Some(Comparator::Lte) => (None, Some(limit)),
        Some(Comparator::Lt) => (None, Some(strict)),
        Some(Comparator::Eq) => (Some(limit), Some(limit)),
        Some(Comparator::Approximately) => {
            // The word "about" is in the comparator; it is not counted once more as the target's rounding.
            let exact = |value| Limit { value, rounding: Decimal::ZERO, inclusive: true };
            (Some(exact(limit.value.minus(half)?)), Some(exact(limit.value.plus(half)?)))
        }
        None => (None, None),
    };
    let words = match comparator {
        Some(comparator) => terms.worded(comparator, limit.value),
        None => Bilingual::new(terms.amount(limit.value), terms.amount(limit.value)),
    };
    Some(Condition {
        comparator,
        required: Some(limit.value),
        lower,
        upper,
        words: Some(words),
        ..Condition::default()
    })
}

pub(super) fn too_large() -> (Rule, Bilingual) {
    (
        Rule::TooManyDigits,
        Bilingual::new(
            "目標の値の桁が多すぎて、正確に計算できません。",
            "The required value has more digits than are kept exactly.",
        ),
    )
}
