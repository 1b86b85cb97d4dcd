//! A criterion: the condition of a target, as data. Its JSON is the form that `DESIGN.md`, section 4, gives and nothing else.
//!
//! **Members beside the condition.** `threshold`, `range` and `universe` are the criteria that compare a figure, and they share
//! one set of optional members, written flat beside the others and left out when absent:
//!
//! | member | meaning |
//! |---|---|
//! | `aggregation` | how the text says that the figure is counted (累計, 延べ, 実人数, 平均, 最大) |
//! | `period` | what one figure covers: the `year`, or each `month` |
//! | `per` | the denominator of a rate: 1,000 residents |
//! | `out_of` | what the figure is out of, in the criterion's unit: 5 (points), 24 (wards) |
//! | `deadline` | the day by which it has to hold; without one, the end of the fiscal year |
//! | `subject` | who or what is counted, where the text says so (75歳以上の利用率) |
//! | `approximate` | the text says 約, 概ね, 程度: the last significant digit is the rounding unit |
//! | `display` | the amount as it was written (15,000千円) |
//!
//! A `threshold` has one more, `stated_reference`: the value that the text itself gives for what it refers to (前年度（860件）). A
//! `milestone` carries `due`, which is its deadline, and `subject`. The criteria that hold others (`all`, `any`, `each`, `schedule`)
//! carry none: their parts do.

mod closed;
mod compare;
mod faults;
mod operand;
mod whole;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub(in crate::domain) use compare::yen;
pub use compare::{holds, unit_factor};
pub use faults::MAX_DEPTH;
pub use operand::{Change, Operand, Reference};

use self::closed::closed;
use super::Decimal;
use super::words::words;

words! {
    /// How a figure stands to the required value.
    Comparator {
        /// At least (以上).
        Gte = "gte",
        /// More than (超).
        Gt = "gt",
        /// At most (以下).
        Lte = "lte",
        /// Less than (未満).
        Lt = "lt",
        /// Exactly.
        Eq = "eq",
        /// About (約, 概ね, 程度): within half a unit of the required value's last significant digit.
        Approximately = "approximately",
    }
}

words! {
    /// How a text says that its figure is counted.
    Aggregation {
        /// Added up, possibly over several years (累計).
        Cumulative = "cumulative",
        /// Every occurrence counts (延べ).
        Gross = "gross",
        /// Every person counts once (実人数).
        Unique = "unique",
        /// The mean (平均).
        Average = "average",
        /// The largest (最大).
        Maximum = "maximum",
    }
}

words! {
    /// What stretch of time one figure of a criterion covers.
    CriterionPeriod {
        /// The fiscal year, which is also meant when nothing is said.
        Year = "year",
        /// Each month.
        Month = "month",
    }
}

/// An amount and what it counts, such as 1,000 residents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Quantity {
    /// The amount, above zero.
    pub value: Decimal,
    /// What it counts (人, 世帯).
    pub unit: String,
}

/// One year of a [`Criterion::Schedule`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The fiscal year, named by the calendar year in which it starts.
    #[serde(deserialize_with = "whole::required")]
    #[schema(minimum = 1900, maximum = 2200)]
    pub fiscal_year: i32,
    /// What has to hold in that year.
    #[schema(no_recursion)]
    pub criterion: Criterion,
}

closed! {
    /// The condition of a target.
    pub enum Criterion tagged "kind", refers to (Comparator, Operand, Aggregation, CriterionPeriod, Quantity, Decimal, Step) {
        /// The figure compared with one value.
        Threshold {
            /// How; `null` where the text states none: then the indicator's polarity decides.
            #[serde(default)]
            comparator: Option<Comparator>,
            /// With what.
            operand: Operand,
            /// The unit of the value. Money is in yen (円).
            #[serde(default, skip_serializing_if = "Option::is_none")]
            unit: Option<String>,
            /// How the text says that the figure is counted.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            aggregation: Option<Aggregation>,
            /// What one figure covers.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            period: Option<CriterionPeriod>,
            /// The denominator of a rate.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            per: Option<Quantity>,
            /// What the figure is out of, in the criterion's unit.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            out_of: Option<Decimal>,
            /// The day by which it has to hold.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            deadline: Option<NaiveDate>,
            /// Who or what is counted.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            subject: Option<String>,
            /// The value that the text itself gives for what the operand refers to, in the criterion's unit.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            stated_reference: Option<Decimal>,
            /// Whether the value is rounded to its last significant digit.
            #[serde(default, skip_serializing_if = "is_false")]
            approximate: bool,
            /// The amount as it was written.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            display: Option<String>,
        },
        /// The figure between two values.
        Range {
            /// The lower bound.
            min: Decimal,
            /// Whether the lower bound itself is inside.
            min_inclusive: bool,
            /// The upper bound, not below the lower one.
            max: Decimal,
            /// Whether the upper bound itself is inside.
            max_inclusive: bool,
            /// The unit of the bounds. Money is in yen (円).
            #[serde(default, skip_serializing_if = "Option::is_none")]
            unit: Option<String>,
            /// How the text says that the figure is counted.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            aggregation: Option<Aggregation>,
            /// What one figure covers.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            period: Option<CriterionPeriod>,
            /// The denominator of a rate.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            per: Option<Quantity>,
            /// What the figure is out of, in the criterion's unit.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            out_of: Option<Decimal>,
            /// The day by which it has to hold.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            deadline: Option<NaiveDate>,
            /// Who or what is counted.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            subject: Option<String>,
            /// Whether the bounds are rounded to their last significant digit.
            #[serde(default, skip_serializing_if = "is_false")]
            approximate: bool,
            /// The amounts as they were written.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            display: Option<String>,
        },
        /// Every one of the conditions.
        All {
            /// At least one condition.
            of: Vec<Criterion>,
        },
        /// At least one of the conditions.
        Any {
            /// At least one condition.
            of: Vec<Criterion>,
        },
        /// All of them (全地域).
        Universe {
            /// How many there are, above zero; `null` when that is not known. Never guessed.
            #[serde(default)]
            total: Option<Decimal>,
            /// What is counted.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            unit: Option<String>,
            /// How the text says that the figure is counted.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            aggregation: Option<Aggregation>,
            /// What one figure covers.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            period: Option<CriterionPeriod>,
            /// The denominator of a rate.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            per: Option<Quantity>,
            /// What the figure is out of, in the criterion's unit.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            out_of: Option<Decimal>,
            /// The day by which it has to hold.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            deadline: Option<NaiveDate>,
            /// Who or what is counted.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            subject: Option<String>,
            /// Whether the total is rounded to its last significant digit.
            #[serde(default, skip_serializing_if = "is_false")]
            approximate: bool,
            /// The amount as it was written.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            display: Option<String>,
        },
        /// The condition, for every part of the breakdown (全項目とも).
        Each {
            /// What has to hold for each part.
            of: Box<Criterion>,
        },
        /// Something that is done or not done.
        Milestone {
            /// What is to be done.
            action: String,
            /// By when; without a day, by the end of the fiscal year.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            due: Option<NaiveDate>,
            /// Who or what it is about.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            subject: Option<String>,
        },
        /// A condition of its own for each of several years.
        Schedule {
            /// At least one step, no year twice.
            steps: Vec<Step>,
        },
        /// A target in words that no figure decides.
        Qualitative {},
        /// The text states no criterion.
        None {},
    }
}

impl Criterion {
    /// A threshold on a constant, without any of the optional members.
    ///
    /// ```
    /// use mikomi::domain::criterion::{Comparator, Criterion, Operand};
    /// let text = r#"{"kind":"threshold","comparator":"gte","operand":{"kind":"constant","value":"55"},"unit":"%"}"#;
    /// let criterion: Criterion = serde_json::from_str(text)?;
    /// assert_eq!(criterion, Criterion::constant(Some(Comparator::Gte), 55.into(), Some("%")));
    /// assert_eq!(serde_json::to_string(&criterion)?, text);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn constant(comparator: Option<Comparator>, value: Decimal, unit: Option<&str>) -> Self {
        Self::Threshold {
            comparator,
            operand: Operand::Constant { value },
            unit: unit.map(str::to_owned),
            aggregation: None,
            period: None,
            per: None,
            out_of: None,
            deadline: None,
            subject: None,
            stated_reference: None,
            approximate: false,
            display: None,
        }
    }

    /// All of `total` things, without any of the optional members.
    pub fn universe(total: Option<Decimal>, unit: Option<&str>) -> Self {
        Self::Universe {
            total,
            unit: unit.map(str::to_owned),
            aggregation: None,
            period: None,
            per: None,
            out_of: None,
            deadline: None,
            subject: None,
            approximate: false,
            display: None,
        }
    }
}

fn is_false(value: &bool) -> bool {
    !value
}

#[cfg(test)]
mod tests;
