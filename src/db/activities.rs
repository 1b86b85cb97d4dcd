//! Activities (主な取組): what is planned and done for an initiative.

use super::schema::activities;
use super::store::{Listed, Page};
use super::{Connection, DbError};
use crate::domain::{ActivityState, Decimal};
use chrono::NaiveDate;
use diesel::prelude::*;

/// Something planned and done.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = activities, treat_none_as_null = true)]
pub struct Activity {
    /// The initiative.
    pub initiative_id: String,
    /// Its place in the initiative, from 0.
    pub position: i32,
    /// What it is.
    pub title: String,
    /// How much is planned for the year.
    pub planned: Option<Decimal>,
    /// How much is done.
    pub done: Option<Decimal>,
    /// The unit of both.
    pub unit: Option<String>,
    /// How far it has come.
    pub state: Option<ActivityState>,
    /// When it is due.
    pub due: Option<NaiveDate>,
    /// What is planned for each quarter, a JSON object of `q1` to `q4`.
    pub schedule: Option<String>,
    /// The day for which `done` and `state` were reported.
    pub as_of: Option<NaiveDate>,
    /// Whether the quantity is approximate (約).
    pub approximate: bool,
    /// A note.
    pub note: Option<String>,
}

stored!(activities, Activity);
