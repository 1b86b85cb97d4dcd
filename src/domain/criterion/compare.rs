//! Comparing a figure with a required value, exactly, and bringing money to one unit.

use super::Comparator;
use crate::domain::Decimal;

/// Whether `value` stands to `required` as the comparator asks. Exact: no binary floating point, no tolerance.
///
/// [`Comparator::Approximately`] asks that `value` lies within half a unit of the last significant digit of `required`, by the
/// rule that a rounded figure's last significant digit is its rounding unit (`DESIGN.md`, section 3): about 60 is 55 to 65.
///
/// ```
/// use mikomi::domain::criterion::{Comparator, holds};
/// assert!(holds(Comparator::Gte, "0.3".parse()?, "0.3".parse()?));
/// assert!(holds(Comparator::Approximately, 64.into(), 60.into()));
/// assert!(!holds(Comparator::Approximately, 66.into(), 60.into()));
/// # Ok::<(), mikomi::domain::decimal::DecimalError>(())
/// ```
pub fn holds(comparator: Comparator, value: Decimal, required: Decimal) -> bool {
    match comparator {
        Comparator::Gte => value >= required,
        Comparator::Gt => value > required,
        Comparator::Lte => value <= required,
        Comparator::Lt => value < required,
        Comparator::Eq => value == required,
        Comparator::Approximately => {
            let half = required.rounding_error();
            value.minus(required).is_some_and(|off| off <= half && off >= half.negated())
        }
    }
}

/// How many `to` one `from` is, for units of money (円, 千円, 万円, 百万円, 億円) and for two spellings of the same unit; `None` when
/// the two cannot be compared.
///
/// ```
/// use mikomi::domain::criterion::unit_factor;
/// assert_eq!(unit_factor("円", "千円"), "0.001".parse().ok());
/// assert_eq!(unit_factor("か所", "箇所"), Some(1.into()));
/// assert_eq!(unit_factor("件", "人"), None);
/// ```
pub fn unit_factor(from: &str, to: &str) -> Option<Decimal> {
    if spelling(from) == spelling(to) {
        return Some(Decimal::from(1));
    }
    yen(from)?.over(yen(to)?)
}

/// How many yen a unit of money is.
pub(in crate::domain) fn yen(unit: &str) -> Option<Decimal> {
    let yen: i64 = match unit.trim() {
        "円" => 1,
        "千円" => 1_000,
        "万円" => 10_000,
        "百万円" => 1_000_000,
        "億円" => 100_000_000,
        _ => return None,
    };
    Some(Decimal::from(yen))
}

/// One spelling for the ways in which the same unit is written.
fn spelling(unit: &str) -> &str {
    match unit.trim() {
        "％" | "パーセント" => "%",
        "か所" | "カ所" | "ヶ所" | "ヵ所" | "ケ所" | "個所" => "箇所",
        "名" => "人",
        other => other,
    }
}
