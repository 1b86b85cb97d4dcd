//! The parts of a figure (内訳): do they add up to the whole that is stated beside them?
//!
//! Both stay as they are written; where they differ, that is said. Parts count in the indicator's unit, a criterion in
//! its own (money in yen), so the whole is brought to the indicator's unit first.

use super::criterion::{Aggregation, Criterion, Operand, unit_factor, yen};
use super::{Decimal, Measure};

/// The sum of the parts, where it is not the total. `None` where they agree, where there are no parts, and where the
/// sum is too long to be kept exactly.
///
/// ```
/// use mikomi::domain::{Decimal, breakdown::mismatch};
/// let parts = [5338, 2941, 3152, 3937, 100].map(Decimal::from);
/// assert_eq!(mismatch(parts, 15_000.into()), Some(15_468.into()));
/// assert_eq!(mismatch(parts, 15_468.into()), None);
/// assert_eq!(mismatch([], 15_000.into()), None);
/// ```
pub fn mismatch(parts: impl IntoIterator<Item = Decimal>, total: Decimal) -> Option<Decimal> {
    let mut parts = parts.into_iter();
    let first = parts.next()?;
    let sum = parts.try_fold(first, Decimal::plus)?;
    (sum != total).then_some(sum)
}

/// Parts that do not add up to the whole, both in the indicator's unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mismatch {
    /// What the parts add up to.
    pub sum: Decimal,
    /// The whole that is stated.
    pub total: Decimal,
}

/// Whether the parts of an indicator's figures add up at all. Averages, extremes, ratios and percentages do not.
pub fn adds_up(measure: Measure, unit: Option<&str>) -> bool {
    let share = matches!(unit.map(str::trim), Some("%" | "％" | "パーセント" | "ポイント" | "点"));
    matches!(measure, Measure::Sum | Measure::Latest) && !share
}

/// Whether the parts of an actual differ from its value. A value that is rounded (約) may be off by its rounding.
pub fn of_actual(
    parts: impl IntoIterator<Item = Decimal>,
    value: Decimal,
    approximate: bool,
    measure: Measure,
    unit: Option<&str>,
) -> Option<Mismatch> {
    if !adds_up(measure, unit) {
        return None;
    }
    let sum = mismatch(parts, value)?;
    let off = sum.minus(value)?;
    let error = if approximate { value.rounding_error() } else { Decimal::ZERO };
    (off > error || off < error.negated()).then_some(Mismatch { sum, total: value })
}

/// Whether the parts of a target, which count in the indicator's unit, differ from the whole that its criterion states.
///
/// ```
/// use mikomi::domain::{Measure, breakdown::{Mismatch, of_target}, criterion::Criterion};
/// let yen = Criterion::constant(None, 15_000_000.into(), Some("円"));
/// let parts = [5338, 2941, 3152, 3937, 100].map(mikomi::domain::Decimal::from);
/// let mismatch = Mismatch { sum: 15_468.into(), total: 15_000.into() };
/// assert_eq!(of_target(parts, &yen, Measure::Sum, Some("千円")), Some(mismatch));
/// ```
pub fn of_target(
    parts: impl IntoIterator<Item = Decimal>,
    criterion: &Criterion,
    measure: Measure,
    unit: Option<&str>,
) -> Option<Mismatch> {
    let (total, approximate) = stated_total(criterion, unit)?;
    of_actual(parts, total, approximate, measure, unit)
}

/// The whole that a criterion states, in the indicator's unit, and whether it is rounded. `None` where it states none,
/// or one that parts do not add up to, or one in a unit that cannot be brought to the indicator's.
fn stated_total(criterion: &Criterion, unit: Option<&str>) -> Option<(Decimal, bool)> {
    let (value, own, aggregation, per, approximate) = match criterion {
        Criterion::Threshold { operand: Operand::Constant { value }, unit, aggregation, per, approximate, .. } => {
            (*value, unit, aggregation, per, *approximate)
        }
        Criterion::Universe { total: Some(total), unit, aggregation, per, approximate, .. } => {
            (*total, unit, aggregation, per, *approximate)
        }
        _ => return None,
    };
    // One person may be counted in several parts, and a mean or a rate is no sum.
    let sums = matches!(aggregation, None | Some(Aggregation::Cumulative | Aggregation::Gross)) && per.is_none();
    if !sums {
        return None;
    }
    let present = |unit: Option<&str>| unit.map(str::trim).filter(|unit| !unit.is_empty()).map(str::to_owned);
    let total = match (present(own.as_deref()), present(unit)) {
        (Some(own), Some(unit)) => value.times(unit_factor(&own, &unit)?)?,
        // Money is kept in yen whatever it was written in, so without the indicator's unit the parts' is not known.
        (Some(own), None) if yen(&own).is_some() => return None,
        _ => value,
    };
    Some((total, approximate))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARTS: [i64; 5] = [5338, 2941, 3152, 3937, 100];

    fn of(criterion: &Criterion, measure: Measure, unit: Option<&str>) -> Option<(String, String)> {
        let found = of_target(PARTS.map(Decimal::from), criterion, measure, unit)?;
        Some((found.sum.to_string(), found.total.to_string()))
    }

    #[test]
    fn the_whole_is_brought_to_the_unit_of_the_parts() {
        let yen = Criterion::constant(None, 15_000_000.into(), Some("円"));
        let differ = |total: &str| Some(("15468".to_owned(), total.to_owned()));
        assert_eq!(of(&yen, Measure::Sum, Some("千円")), differ("15000"));
        assert_eq!(of(&yen, Measure::Sum, Some("円")), differ("15000000"));
        assert_eq!(of(&yen, Measure::Sum, None), None);
        assert_eq!(of(&yen, Measure::Sum, Some("件")), None);
        let bare = Criterion::constant(None, 15_000.into(), None);
        assert_eq!(of(&bare, Measure::Sum, Some("千円")), differ("15000"));
        let counted = Criterion::universe(Some(15_000.into()), Some("か所"));
        assert_eq!(of(&counted, Measure::Latest, Some("箇所")), differ("15000"));
        assert_eq!(of(&Criterion::constant(None, 15_468_000.into(), Some("円")), Measure::Sum, Some("千円")), None);
    }

    #[test]
    fn what_does_not_add_up_by_its_nature_is_not_complained_of() {
        let share = Criterion::constant(None, 70.into(), Some("%"));
        assert_eq!(of(&share, Measure::Latest, Some("%")), None);
        let mean = Criterion::constant(None, 3_000.into(), Some("件"));
        assert_eq!(of(&mean, Measure::Average, Some("件")), None);
        assert_eq!(of(&Criterion::Qualitative {}, Measure::Sum, Some("件")), None);
    }

    #[test]
    fn a_rounded_value_may_be_off_by_its_rounding() {
        let parts = || [1_210, 1_795].map(Decimal::from);
        assert_eq!(of_actual(parts(), 3_000.into(), true, Measure::Sum, Some("件")), None);
        assert!(of_actual(parts(), 3_000.into(), false, Measure::Sum, Some("件")).is_some());
        assert!(of_actual(parts(), 4_000.into(), true, Measure::Sum, Some("件")).is_some());
    }
}
