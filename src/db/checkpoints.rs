//! Checkpoints (時点): moments at which everybody reports.

use super::schema::checkpoints;
use super::store::{Listed, Page};
use super::{Connection, DbError};
use crate::domain::submission::Window;
use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

/// A moment at which everybody reports.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset, Serialize, Deserialize)]
#[diesel(table_name = checkpoints, treat_none_as_null = true)]
pub struct Checkpoint {
    /// The plan.
    pub plan_id: String,
    /// Its kind: `q1`, `mid_year`, `q3`, `year_end`, or a name of the plan's own.
    pub kind: String,
    /// The day that it looks at.
    pub as_of: NaiveDate,
    /// When reporting opens.
    pub opens: Option<NaiveDate>,
    /// When reporting closes.
    pub closes: Option<NaiveDate>,
}

stored!(checkpoints, Checkpoint, |content| &content.plan_id);

impl Checkpoint {
    /// When it takes what a department submits.
    pub fn window(&self, extended_until: Option<NaiveDate>) -> Window {
        Window { opens: self.opens, closes: self.closes, extended_until }
    }
}

/// The kinds of a plan's checkpoints, the earliest first.
///
/// # Errors
/// The database's own.
pub fn kinds(connection: &mut Connection, plan_id: &str) -> Result<Vec<String>, DbError> {
    Ok(on!(connection, |c| checkpoints::table
        .filter(checkpoints::plan_id.eq(plan_id))
        .order((checkpoints::as_of, checkpoints::kind))
        .select(checkpoints::kind)
        .load(c)?))
}

/// Which checkpoints a list holds.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of this plan.
    pub plan_id: Option<String>,
    /// Of this kind.
    pub kind: Option<String>,
}

/// A page of checkpoints.
///
/// # Errors
/// The database's own.
pub fn list(connection: &mut Connection, filter: &Filter, page: &Page) -> Result<Listed<Checkpoint>, DbError> {
    list!(connection, page, checkpoints, Checkpoint,
    { "as_of" => as_of: NaiveDate = |row| row.content.as_of,
      "kind" => kind: String = |row| row.content.kind.clone() },
    |query| {
        if let Some(plan) = &filter.plan_id {
            query = query.filter(checkpoints::plan_id.eq(plan.clone()));
        }
        if let Some(kind) = &filter.kind {
            query = query.filter(checkpoints::kind.eq(kind.clone()));
        }
    })
}
