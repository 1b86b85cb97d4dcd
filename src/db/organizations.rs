//! Organizations: the city, its wards, their departments.

use std::collections::HashSet;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::schema::{actuals, checkpoints, indicators, organizations, plans};
use super::store::{Listed, Loaded, Page};
use super::{Backend, Connection, DbError, Row};
use crate::domain::OrganizationKind;
use crate::domain::fiscal::Calendar;

/// A city, a ward or a department.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset, Serialize, Deserialize)]
#[diesel(table_name = organizations, treat_none_as_null = true)]
pub struct Organization {
    /// The six-digit national code, where there is one.
    pub code: Option<String>,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: OrganizationKind,
    /// What it belongs to.
    pub parent_id: Option<String>,
    /// The month in which its fiscal year starts.
    pub fiscal_year_start_month: i32,
    /// The time zone of its dates, by its IANA name.
    pub time_zone: String,
}

stored!(organizations, Organization, |content| content.parent_id.as_deref().unwrap_or_default());

impl Organization {
    /// Its fiscal calendar.
    pub fn calendar(&self) -> Calendar {
        Calendar::starting_in(self.fiscal_year_start_month)
    }
}

/// Which organizations a list holds.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// With this code.
    pub code: Option<String>,
    /// Of this kind.
    pub kind: Option<OrganizationKind>,
    /// Directly below this one.
    pub parent_id: Option<String>,
}

/// A page of organizations.
///
/// # Errors
/// The database's own.
pub fn list(connection: &mut Connection, filter: &Filter, page: &Page) -> Result<Listed<Organization>, DbError> {
    list!(connection, page, organizations, Organization,
    { "name" => name: String = |row| row.content.name.clone() },
    |query| {
        if let Some(code) = &filter.code {
            query = query.filter(organizations::code.eq(code.clone()));
        }
        if let Some(kind) = filter.kind {
            query = query.filter(organizations::kind.eq(kind));
        }
        if let Some(parent) = &filter.parent_id {
            query = query.filter(organizations::parent_id.eq(parent.clone()));
        }
    })
}

/// Makes other changes of the tree wait until this one is committed: two that each are sound could close a ring
/// together. SQLite has one writer anyway.
///
/// # Errors
/// The database's own.
pub fn lock_tree(connection: &mut Connection) -> Result<(), DbError> {
    match connection.backend {
        Backend::Sqlite(_) => Ok(()),
        // Any number that nobody else takes, in the space of two keys: that of one key is taken by Idempotency-Keys.
        Backend::Postgres(_) => connection.run("SELECT pg_advisory_xact_lock(0, 1)"),
    }
}

/// Whether days hang on an organization's fiscal calendar: those of its plans' checkpoints, and those of what was reported of its indicators, withdrawn or not.
///
/// # Errors
/// The database's own.
pub fn has_days(connection: &mut Connection, id: &str) -> Result<bool, DbError> {
    Ok(on!(connection, |c| {
        let checkpoint: Option<String> = checkpoints::table
            .inner_join(plans::table.on(plans::id.eq(checkpoints::plan_id)))
            .filter(plans::organization_id.eq(id))
            .select(checkpoints::id)
            .first(c)
            .optional()?;
        let actual: Option<String> = actuals::table
            .inner_join(indicators::table.on(indicators::id.eq(actuals::indicator_id)))
            .filter(indicators::organization_id.eq(id))
            .select(actuals::id)
            .first(c)
            .optional()?;
        checkpoint.is_some() || actual.is_some()
    }))
}

/// The organization with this id or this national code.
///
/// # Errors
/// The database's own.
pub fn find_by_id_or_code(connection: &mut Connection, name: &str) -> Result<Option<Row<Organization>>, DbError> {
    let row = on!(connection, |c| organizations::table
        .filter(organizations::id.eq(name).or(organizations::code.eq(name)))
        .select(row_columns!(organizations, Organization))
        .get_result::<Loaded<Organization>>(c)
        .optional()?);
    Ok(row.map(Row::from))
}

/// The organization whose plan it is.
///
/// # Errors
/// The database's own.
pub fn of_plan(connection: &mut Connection, plan_id: &str) -> Result<Option<Row<Organization>>, DbError> {
    let row = on!(connection, |c| organizations::table
        .inner_join(plans::table.on(plans::organization_id.eq(organizations::id)))
        .filter(plans::id.eq(plan_id))
        .select(row_columns!(organizations, Organization))
        .get_result::<Loaded<Organization>>(c)
        .optional()?);
    Ok(row.map(Row::from))
}

/// An organization and everything below it, by id.
///
/// # Errors
/// The database's own.
pub fn subtree(connection: &mut Connection, root: &str) -> Result<Vec<String>, DbError> {
    let mut found = vec![root.to_owned()];
    let mut seen: HashSet<String> = found.iter().cloned().collect();
    let mut level = found.clone();
    while !level.is_empty() {
        let parents: Vec<Option<&str>> = level.iter().map(|id| Some(id.as_str())).collect();
        let below: Vec<String> = on!(connection, |c| organizations::table
            .filter(organizations::parent_id.eq_any(parents))
            .select(organizations::id)
            .order(organizations::id)
            .load(c)?);
        level = below.into_iter().filter(|id| seen.insert(id.clone())).collect();
        found.extend(level.iter().cloned());
    }
    Ok(found)
}

/// All organizations, each after what it belongs to as far as they were made in that order.
///
/// # Errors
/// The database's own.
pub fn all(connection: &mut Connection) -> Result<Vec<Row<Organization>>, DbError> {
    let rows = on!(connection, |c| organizations::table
        .order(organizations::id)
        .select(row_columns!(organizations, Organization))
        .load::<Loaded<Organization>>(c)?);
    Ok(rows.into_iter().map(Row::from).collect())
}

/// An organization and everything below it.
///
/// # Errors
/// The database's own.
pub fn tree(connection: &mut Connection, root: &str) -> Result<Vec<Row<Organization>>, DbError> {
    let ids = subtree(connection, root)?;
    let rows = on!(connection, |c| organizations::table
        .filter(organizations::id.eq_any(ids))
        .order(organizations::id)
        .select(row_columns!(organizations, Organization))
        .load::<Loaded<Organization>>(c)?);
    Ok(rows.into_iter().map(Row::from).collect())
}

/// The department of this name directly below an organization.
///
/// # Errors
/// The database's own.
pub fn department(connection: &mut Connection, organization: &str, name: &str) -> Result<Option<String>, DbError> {
    Ok(on!(connection, |c| organizations::table
        .filter(organizations::parent_id.eq(organization))
        .filter(organizations::kind.eq(OrganizationKind::Department))
        .filter(organizations::name.eq(name))
        .select(organizations::id)
        .order(organizations::id)
        .get_result(c)
        .optional()?))
}
