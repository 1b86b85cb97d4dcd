//! Targets (めざす指標・目標): a criterion on an indicator for a fiscal year, for an initiative.

use diesel::prelude::*;

use super::schema::targets;
use super::store::{Listed, Page};
use super::{Connection, DbError};
use crate::domain::Decimal;

/// A target, as written and as understood.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = targets, treat_none_as_null = true)]
pub struct Target {
    /// The initiative.
    pub initiative_id: String,
    /// What is measured.
    pub indicator_id: String,
    /// For which year.
    pub fiscal_year: i32,
    /// Its place in the initiative, from 0.
    pub position: i32,
    /// As written.
    pub text: String,
    /// As understood: the JSON of [`crate::domain::Criterion`].
    pub criterion: Option<String>,
    /// Whether a person gave the criterion; it then stands whatever the reading says.
    pub criterion_given: bool,
    /// Whether a person has to look at the reading.
    pub needs_review: bool,
    /// For "all of them": how many there are.
    pub universe: Option<Decimal>,
    /// The top of the scale, such as 5 points.
    pub scale_max: Option<Decimal>,
    /// The year that the target compares with.
    pub baseline_year: Option<i32>,
    /// Over how many years the stated average goes.
    pub history_average_years: Option<i32>,
    /// The average of earlier years that the plan states.
    pub history_average_value: Option<Decimal>,
    /// Parts of the target, a JSON array of labels and values.
    pub breakdown: String,
    /// What the plan says of the parts.
    pub breakdown_note: Option<String>,
}

stored!(targets, Target);
