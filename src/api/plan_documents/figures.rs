//! The measured parts of a plan document: targets, activities, actuals, reviews.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::document::is_false;
use crate::domain::{ActivityState, Basis, Criterion, Decimal, Measure, MissingReason, Outlook, Polarity, Progress};

/// A target (めざす指標・目標).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetDocument {
    /// The name of the indicator.
    #[schema(min_length = 1, max_length = 500)]
    pub indicator: String,
    /// The target as the ward writes it.
    #[schema(min_length = 1, max_length = 2000)]
    pub text: String,
    /// The unit as written; may be empty.
    #[schema(max_length = 40)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// How the year's result is made from the year's values.
    pub measure: Measure,
    /// Where the figures come from.
    #[schema(max_length = 500)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Which direction is good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub polarity: Option<Polarity>,
    /// The city-wide definition that the indicator follows.
    #[schema(min_length = 1, max_length = 100)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub common_code: Option<String>,
    /// The criterion, where a person gives it. Otherwise the text is read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub criterion: Option<Criterion>,
    /// For "all of them": how many there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub universe: Option<Decimal>,
    /// The top of the scale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale_max: Option<Decimal>,
    /// The year that the target compares with.
    #[schema(minimum = 1900, maximum = 2200)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline_year: Option<i32>,
    /// Results of earlier years that the plan states, by fiscal year.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub history: BTreeMap<Year, Decimal>,
    /// An average of earlier years that the plan states.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub history_average: Option<HistoryAverage>,
    /// Parts of the target.
    #[schema(max_items = 200)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub breakdown: Vec<TargetPart>,
    /// What the plan says of the parts.
    #[schema(max_length = 2000)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub breakdown_note: Option<String>,
}

/// A fiscal year as the name of a member.
pub type Year = String;

/// The average of earlier years.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HistoryAverage {
    /// Over how many years.
    #[schema(minimum = 1, maximum = 50)]
    pub years: i32,
    /// The average.
    pub value: Decimal,
}

/// A part of a target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetPart {
    /// What the part is.
    #[schema(min_length = 1, max_length = 200)]
    pub label: String,
    /// Its share, in the indicator's unit.
    pub target: Decimal,
}

/// Something planned and done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActivityDocument {
    /// What it is.
    #[schema(min_length = 1, max_length = 500)]
    pub title: String,
    /// How much is planned for the year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned: Option<Decimal>,
    /// How much is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done: Option<Decimal>,
    /// The unit of both.
    #[schema(max_length = 40)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// How far it has come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<ActivityState>,
    /// When it is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<NaiveDate>,
    /// What is planned for each quarter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Schedule>,
    /// The day for which it was reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<NaiveDate>,
    /// Whether the quantity is approximate (約).
    #[serde(default, skip_serializing_if = "is_false")]
    pub approximate: bool,
    /// A note.
    #[schema(max_length = 2000)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What is planned for each quarter, each by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// April to June, where the year starts in April.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q1: Option<Decimal>,
    /// July to September.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q2: Option<Decimal>,
    /// October to December.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q3: Option<Decimal>,
    /// January to March.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q4: Option<Decimal>,
}

/// A reported value, or why there is none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "value_or_missing"))]
#[validate(schema(function = "period_or_day"))]
pub struct ActualDocument {
    /// Which of the initiative's targets, counted from 0.
    #[schema(minimum = 0, maximum = 99)]
    pub target: usize,
    /// The value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Decimal>,
    /// Why there is no value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<MissingReason>,
    /// What stretch of time it speaks of.
    pub basis: Basis,
    /// The fiscal year, where it is not the plan's.
    #[schema(minimum = 1900, maximum = 2200)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fiscal_year: Option<i32>,
    /// `m01` to `m12` (months of the fiscal year), `q1` to `q4`, `h1`, `h2`, `year`.
    #[schema(pattern = "^(m0[1-9]|m1[0-2]|q[1-4]|h[12]|year)$")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// The last day that it speaks of; the period's last day unless it says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<NaiveDate>,
    /// The first day that it speaks of, where that is stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// Whether it is approximate (約).
    #[serde(default, skip_serializing_if = "is_false")]
    pub approximate: bool,
    /// Whether it is not final yet.
    #[serde(default, skip_serializing_if = "is_false")]
    pub provisional: bool,
    /// Of a percentage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numerator: Option<Decimal>,
    /// Of a percentage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denominator: Option<Decimal>,
    /// Of a survey.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample_size: Option<i64>,
    /// How it was measured.
    #[schema(max_length = 500)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Parts of the value.
    #[schema(max_items = 200)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub breakdown: Vec<ActualPart>,
    /// A note.
    #[schema(max_length = 2000)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A value and the reason for its absence exclude each other.
pub(in crate::api) fn value_or_missing(actual: &ActualDocument) -> Result<(), ValidationError> {
    if actual.value.is_some() == actual.missing.is_some() {
        Err(ValidationError::new("value_or_missing"))
    } else {
        Ok(())
    }
}

fn period_or_day(actual: &ActualDocument) -> Result<(), ValidationError> {
    if actual.period.is_none() && actual.as_of.is_none() { Err(ValidationError::new("period_or_day")) } else { Ok(()) }
}

/// A part of a value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActualPart {
    /// What the part is.
    #[schema(min_length = 1, max_length = 200)]
    pub label: String,
    /// Its value.
    pub value: Decimal,
}

/// What a department declares of an initiative.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewDocument {
    /// Will the targets be met (目標達成見込)?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outlook: Option<Outlook>,
    /// Do the activities go as scheduled (取組の進捗)?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<Progress>,
    /// What was done, in words.
    #[schema(max_length = 20000)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub results: Option<String>,
    /// The issue and the measure against it (課題・改善策).
    #[schema(max_length = 20000)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issues_and_measures: Option<String>,
}
