//! What a threshold compares with: a constant, or a figure of the past and a change to it.

use serde::{Deserialize, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{AdditionalProperties, ObjectBuilder, OneOfBuilder, Ref, Schema, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema};

use super::closed::{closed, collect};
use super::whole;
use crate::domain::{Decimal, fiscal};

/// How many years an average may reach back.
pub(super) const YEARS_BACK: std::ops::RangeInclusive<u32> = 1..=20;

/// What a threshold compares with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Operand {
    /// A value that the text states.
    Constant {
        /// The value, in the criterion's unit.
        value: Decimal,
    },
    /// A figure of the past.
    Reference(Reference),
}

/// Which figure of the past, and the change that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "to", rename_all = "snake_case", deny_unknown_fields)]
pub enum Reference {
    /// The result of the fiscal year before (前年度).
    PreviousYear {
        /// How the required value differs from it; not at all when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        change: Option<Change>,
    },
    /// The figure at the same moment of the fiscal year before (前年同時期).
    SamePeriodPreviousYear {
        /// How the required value differs from it; not at all when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        change: Option<Change>,
    },
    /// The mean of the results of the years before (過去3年平均).
    AverageOfYears {
        /// How many years, 1 to 20.
        #[serde(deserialize_with = "whole::required")]
        years: u32,
        /// How the required value differs from it; not at all when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        change: Option<Change>,
    },
    /// The result of a named fiscal year (令和6年度実績).
    FiscalYear {
        /// The year, named by the calendar year in which it starts.
        #[serde(deserialize_with = "whole::required")]
        fiscal_year: i32,
        /// How the required value differs from it; not at all when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        change: Option<Change>,
    },
}

impl Reference {
    /// The change that is asked for, if any.
    pub fn change(&self) -> Option<&Change> {
        match self {
            Self::PreviousYear { change }
            | Self::SamePeriodPreviousYear { change }
            | Self::AverageOfYears { change, .. }
            | Self::FiscalYear { change, .. } => change.as_ref(),
        }
    }
}

closed! {
    /// How a required value differs from the figure that it refers to.
    pub enum Change tagged "kind", refers to (Decimal) {
        /// By a share of the figure: 1 means times 1.01, -10 means times 0.9.
        Relative {
            /// Percent of the figure.
            percent: Decimal,
        },
        /// By percentage points (ポイント).
        Points {
            /// Percentage points.
            points: Decimal,
        },
        /// By an amount.
        Absolute {
            /// In the criterion's unit.
            amount: Decimal,
        },
        /// Times a number (2倍; 前年度比110% is 1.1).
        Factor {
            /// The number, above zero.
            factor: Decimal,
        },
    }
}

// Written by hand because a tag inside a tagged value (`kind`, then `to`) is beyond the derive: it would join two closed objects
// with `allOf`, and each would refuse the members of the other.
impl PartialSchema for Operand {
    fn schema() -> RefOr<Schema> {
        let whole = |low: i64, high: i64, description: &str| {
            ObjectBuilder::new()
                .schema_type(SchemaType::new(Type::Integer))
                .description(Some(description))
                .minimum(Some(low))
                .maximum(Some(high))
        };
        let years = whole(
            i64::from(*YEARS_BACK.start()),
            i64::from(*YEARS_BACK.end()),
            "How many years, counted back from the one before.",
        );
        let year = whole(
            i64::from(*fiscal::YEARS.start()),
            i64::from(*fiscal::YEARS.end()),
            "The fiscal year, named by the calendar year in which it starts.",
        );
        OneOfBuilder::new()
            .description(Some(
                "What a threshold compares with: a constant, or a figure of the past and a change to it.",
            ))
            .item(
                closed("A value that the text states.", "constant")
                    .property("value", Ref::from_schema_name(Decimal::name()))
                    .required("value"),
            )
            .item(reference("The result of the fiscal year before (前年度).", "previous_year"))
            .item(reference(
                "The figure at the same moment of the fiscal year before (前年同時期).",
                "same_period_previous_year",
            ))
            .item(
                reference("The mean of the results of the years before (過去3年平均).", "average_of_years")
                    .property("years", years)
                    .required("years"),
            )
            .item(
                reference("The result of a named fiscal year (令和6年度実績).", "fiscal_year")
                    .property("fiscal_year", year)
                    .required("fiscal_year"),
            )
            .into()
    }
}

impl ToSchema for Operand {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        collect::<Decimal>(schemas);
        collect::<Change>(schemas);
    }
}

/// An object with the tag `kind` and no members beyond those named.
fn closed(description: &str, kind: &str) -> ObjectBuilder {
    ObjectBuilder::new()
        .description(Some(description))
        .property("kind", word(kind))
        .required("kind")
        .additional_properties(Some(AdditionalProperties::FreeForm(false)))
}

fn reference(description: &str, to: &str) -> ObjectBuilder {
    let change = OneOfBuilder::new()
        .description(Some("How the required value differs from the figure; not at all when absent."))
        .item(ObjectBuilder::new().schema_type(SchemaType::new(Type::Null)))
        .item(Ref::from_schema_name(Change::name()));
    closed(description, "reference").property("to", word(to)).required("to").property("change", change)
}

fn word(word: &str) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::new(Type::String)).enum_values(Some([word]))
}
