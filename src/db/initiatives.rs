//! Initiatives (具体的取組): what is done.

use diesel::prelude::*;

use super::schema::{initiatives, plans};
use super::store::{Listed, Page};
use super::{Connection, DbError};

/// What is done for an objective.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = initiatives, treat_none_as_null = true)]
pub struct Initiative {
    /// The plan.
    pub plan_id: String,
    /// The objective that it serves.
    pub objective_id: String,
    /// Its place in the objective, from 0.
    pub position: i32,
    /// Its number, which is a name: `3-1-2`, `R-1`.
    pub number: String,
    /// Sorts as people sort numbers: [`crate::domain::natural`].
    pub number_key: String,
    /// Its title.
    pub title: String,
    /// What is done, in words.
    pub description: Option<String>,
    /// The department in charge, an organization.
    pub department_id: Option<String>,
    /// The initiative that it stands for (再掲); it has no flags of its own then.
    pub same_as_id: Option<String>,
    /// The number of last year's initiative that it continues.
    pub continues: Option<String>,
    /// That initiative, where it is known.
    pub continues_id: Option<String>,
}

stored!(initiatives, Initiative);

/// The initiative with this number in the organization's plan of the year before.
///
/// # Errors
/// The database's own.
pub fn last_years(
    connection: &mut Connection,
    organization_id: &str,
    fiscal_year: i32,
    number: &str,
) -> Result<Option<String>, DbError> {
    Ok(on!(connection, |c| initiatives::table
        .inner_join(plans::table.on(plans::id.eq(initiatives::plan_id)))
        .filter(plans::organization_id.eq(organization_id))
        .filter(plans::fiscal_year.eq(fiscal_year - 1))
        .filter(initiatives::number.eq(number))
        .select(initiatives::id)
        .first(c)
        .optional()?))
}

/// Takes an initiative out of those that continue it, before it is removed. Its number stays with them.
///
/// # Errors
/// The database's own.
pub fn forget_continuations(connection: &mut Connection, id: &str) -> Result<(), DbError> {
    on!(connection, |c| diesel::update(initiatives::table.filter(initiatives::continues_id.eq(id)))
        .set(initiatives::continues_id.eq(None::<String>))
        .execute(c)?);
    Ok(())
}
