//! Plans: one organization, one fiscal year.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::schema::{organizations, plans};
use super::store::{Listed, Page};
use super::{Backend, Connection, DbError, Stored};
use crate::domain::PlanStatus;

/// A ward's operating policy (運営方針) for a fiscal year.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset, Serialize, Deserialize)]
#[diesel(table_name = plans, treat_none_as_null = true)]
pub struct Plan {
    /// Whose plan it is.
    pub organization_id: String,
    /// The year, named by the calendar year in which it starts.
    pub fiscal_year: i32,
    /// Its title.
    pub title: String,
    /// How far it has come.
    pub status: PlanStatus,
    /// The vision (区の目標・将来像).
    pub vision: Option<String>,
    /// The mission (区の使命).
    pub mission: Option<String>,
    /// The kind of the checkpoint at which the plan stands now.
    pub checkpoint: Option<String>,
    /// The organization's name as the plan prints it.
    pub organization_name: Option<String>,
    /// The parent's name as the plan prints it.
    pub parent_name: Option<String>,
}

stored!(plans, Plan, |content| &content.organization_id);

/// Makes other writes that concern the plan's tree or what is computed of it wait until this one is committed: both
/// would decide from a state that lacks the other's change. SQLite has one writer anyway.
///
/// It does not stand in the way of a new row that refers to the plan; two of those that both come to lock the plan
/// afterwards would wait for each other for ever.
///
/// # Errors
/// The database's own.
pub fn lock(connection: &mut Connection, id: &str) -> Result<(), DbError> {
    lock_all(connection, &[id.to_owned()])
}

/// Locks plans as [`lock`] does, in the order of their ids, so that two writes never wait for each other.
///
/// # Errors
/// The database's own.
pub fn lock_all(connection: &mut Connection, ids: &[String]) -> Result<(), DbError> {
    if let Backend::Postgres(c) = &mut connection.backend {
        plans::table
            .filter(plans::id.eq_any(ids))
            .select(plans::id)
            .order(plans::id)
            .for_no_key_update()
            .load::<String>(c)?;
    }
    Ok(())
}

/// Moves a plan that stands at the checkpoint `from` to `to`, as a change of the plan; another plan stays as it is.
///
/// # Errors
/// The database's own.
pub fn stand_at(connection: &mut Connection, id: &str, from: Option<&str>, to: Option<&str>) -> Result<(), DbError> {
    let Some(mut row) = Plan::find(connection, id)?.filter(|row| row.content.checkpoint.as_deref() == from) else {
        return Ok(());
    };
    row.content.checkpoint = to.map(str::to_owned);
    if Plan::update(connection, &mut row)? {
        return Ok(());
    }
    Err(DbError::Unavailable("the plan was changed at the same moment".to_owned()))
}

/// The plan of the organization with this national code for this year.
///
/// # Errors
/// The database's own.
pub fn find_by_address(connection: &mut Connection, code: &str, fiscal_year: i32) -> Result<Option<String>, DbError> {
    Ok(on!(connection, |c| plans::table
        .inner_join(organizations::table.on(organizations::id.eq(plans::organization_id)))
        .filter(organizations::code.eq(code))
        .filter(plans::fiscal_year.eq(fiscal_year))
        .select(plans::id)
        .get_result(c)
        .optional()?))
}

/// Which plans a list holds.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of this organization, by its id.
    pub organization_id: Option<String>,
    /// Of this fiscal year.
    pub fiscal_year: Option<i32>,
    /// That have come so far.
    pub status: Option<PlanStatus>,
}

/// A page of plans.
///
/// # Errors
/// The database's own.
pub fn list(connection: &mut Connection, filter: &Filter, page: &Page) -> Result<Listed<Plan>, DbError> {
    list!(connection, page, plans, Plan,
    { "fiscal_year" => fiscal_year: i32 = |row| row.content.fiscal_year,
      "title" => title: String = |row| row.content.title.clone() },
    |query| {
        if let Some(organization) = &filter.organization_id {
            query = query.filter(plans::organization_id.eq(organization.clone()));
        }
        if let Some(fiscal_year) = filter.fiscal_year {
            query = query.filter(plans::fiscal_year.eq(fiscal_year));
        }
        if let Some(status) = filter.status {
            query = query.filter(plans::status.eq(status));
        }
    })
}
