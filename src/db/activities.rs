//! Activities (主な取組): what is planned and done for an initiative.

use super::history::Report;
use super::schema::{activities, initiatives};
use super::store::{Listed, Page};
use super::{Connection, DbError};
use crate::domain::{ActivityState, Decimal};
use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

/// Something planned and done.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset, Serialize, Deserialize)]
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

stored!(activities, Activity, |content| &content.initiative_id,
    report Report::Activity(content.initiative_id.clone(), content.as_of), of the plan content.is_promised());

impl Activity {
    /// Whether it is only promised, and nothing is said of what has become of it.
    fn is_promised(&self) -> bool {
        let Self { done, state, as_of, note, .. } = self;
        let untouched = matches!(state, None | Some(ActivityState::Planned));
        untouched && done.is_none() && as_of.is_none() && note.is_none()
    }
}

/// Which activities a list holds.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// For this initiative.
    pub initiative_id: Option<String>,
    /// For the initiatives of this plan.
    pub plan_id: Option<String>,
    /// This far.
    pub state: Option<ActivityState>,
}

/// A page of activities.
///
/// # Errors
/// The database's own.
pub fn list(connection: &mut Connection, filter: &Filter, page: &Page) -> Result<Listed<Activity>, DbError> {
    list!(connection, page, activities, Activity,
    { "title" => title: String = |row| row.content.title.clone() },
    |query| {
        if let Some(initiative) = &filter.initiative_id {
            query = query.filter(activities::initiative_id.eq(initiative.clone()));
        }
        if let Some(plan) = &filter.plan_id {
            let of_plan = initiatives::table.filter(initiatives::plan_id.eq(plan.clone())).select(initiatives::id);
            query = query.filter(activities::initiative_id.eq_any(of_plan));
        }
        if let Some(state) = filter.state {
            query = query.filter(activities::state.eq(state));
        }
    })
}

/// The place after the initiative's other activities.
///
/// # Errors
/// The database's own.
pub fn next_position(connection: &mut Connection, initiative_id: &str) -> Result<i32, DbError> {
    let last: Option<i32> = on!(connection, |c| activities::table
        .filter(activities::initiative_id.eq(initiative_id))
        .select(diesel::dsl::max(activities::position))
        .get_result(c)?);
    Ok(last.map_or(0, |last| last.saturating_add(1)))
}
