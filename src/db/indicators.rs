//! Indicators (指標): measured series that live longer than a plan.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::schema::{indicators, initiatives, organizations, plans, targets};
use super::store::{Listed, Loaded, Page};
use super::{Connection, DbError, Row};
use crate::domain::{Measure, Polarity};

/// A measured series.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset, Serialize, Deserialize)]
#[diesel(table_name = indicators, treat_none_as_null = true)]
pub struct Indicator {
    /// Whose series it is.
    pub organization_id: String,
    /// Its name.
    pub name: String,
    /// The unit as written.
    pub unit: Option<String>,
    /// Which direction is good, where it is known.
    pub polarity: Option<Polarity>,
    /// How the year's result is made from the year's values.
    pub measure: Measure,
    /// Where the figures come from.
    pub source: Option<String>,
    /// The city-wide definition that it follows.
    pub common_code: Option<String>,
}

stored!(indicators, Indicator, |content| &content.organization_id);

/// All indicators of an organization, the oldest first.
///
/// # Errors
/// The database's own.
pub fn of_organization(connection: &mut Connection, organization_id: &str) -> Result<Vec<Row<Indicator>>, DbError> {
    let rows: Vec<Loaded<Indicator>> = on!(connection, |c| indicators::table
        .filter(indicators::organization_id.eq(organization_id))
        .order(indicators::id)
        .select(row_columns!(indicators, Indicator))
        .load(c)?);
    Ok(rows.into_iter().map(Row::from).collect())
}

/// The indicators of an organization that targets of other plans than this one measure with.
///
/// # Errors
/// The database's own.
pub fn measured_elsewhere(
    connection: &mut Connection,
    organization_id: &str,
    plan_id: &str,
) -> Result<HashSet<String>, DbError> {
    let ids: Vec<String> = on!(connection, |c| targets::table
        .inner_join(initiatives::table.on(initiatives::id.eq(targets::initiative_id)))
        .inner_join(indicators::table.on(indicators::id.eq(targets::indicator_id)))
        .filter(indicators::organization_id.eq(organization_id))
        .filter(initiatives::plan_id.ne(plan_id))
        .select(indicators::id)
        .distinct()
        .load(c)?);
    Ok(ids.into_iter().collect())
}

/// The number of the initiative that last measured with each of the organization's indicators, before a fiscal year.
///
/// # Errors
/// The database's own.
pub fn last_measured_by(
    connection: &mut Connection,
    organization_id: &str,
    fiscal_year: i32,
) -> Result<HashMap<String, String>, DbError> {
    let measured: Vec<(String, String)> = on!(connection, |c| initiatives::table
        .inner_join(targets::table.on(targets::initiative_id.eq(initiatives::id)))
        .inner_join(plans::table.on(plans::id.eq(initiatives::plan_id)))
        .filter(plans::organization_id.eq(organization_id))
        .filter(plans::fiscal_year.lt(fiscal_year))
        .order((plans::fiscal_year, initiatives::number_key))
        .select((targets::indicator_id, initiatives::number))
        .load(c)?);
    Ok(measured.into_iter().collect())
}

/// Which indicators a list holds.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of this organization.
    pub organization_id: Option<String>,
    /// With exactly this name.
    pub name: Option<String>,
    /// Measured like this.
    pub measure: Option<Measure>,
    /// That follow this city-wide definition.
    pub common_code: Option<String>,
}

/// A page of indicators.
///
/// # Errors
/// The database's own.
pub fn list(connection: &mut Connection, filter: &Filter, page: &Page) -> Result<Listed<Indicator>, DbError> {
    list!(connection, page, indicators, Indicator,
    { "name" => name: String = |row| row.content.name.clone() },
    |query| {
        if let Some(organization) = &filter.organization_id {
            query = query.filter(indicators::organization_id.eq(organization.clone()));
        }
        if let Some(name) = &filter.name {
            query = query.filter(indicators::name.eq(name.clone()));
        }
        if let Some(measure) = filter.measure {
            query = query.filter(indicators::measure.eq(measure));
        }
        if let Some(code) = &filter.common_code {
            query = query.filter(indicators::common_code.eq(code.clone()));
        }
    })
}

/// Whose an indicator is.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Owner {
    /// Its id.
    pub id: String,
    /// Its national code.
    pub code: Option<String>,
    /// Its name.
    pub name: String,
}

/// The indicators with these ids and whose they are, by id.
///
/// # Errors
/// The database's own.
pub fn with_owners(connection: &mut Connection, ids: &[&str]) -> Result<HashMap<String, (Indicator, Owner)>, DbError> {
    let found: Vec<(String, Indicator, Owner)> = on!(connection, |c| indicators::table
        .inner_join(organizations::table.on(organizations::id.eq(indicators::organization_id)))
        .filter(indicators::id.eq_any(ids))
        .select(
            (indicators::id, Indicator::as_select(), (organizations::id, organizations::code, organizations::name),)
        )
        .load(c)?);
    Ok(found.into_iter().map(|(id, indicator, owner)| (id, (indicator, owner))).collect())
}

/// The indicators with these ids, by id.
///
/// # Errors
/// The database's own.
pub fn by_id(connection: &mut Connection, ids: &[&str]) -> Result<HashMap<String, Indicator>, DbError> {
    let found: Vec<(String, Indicator)> = on!(connection, |c| indicators::table
        .filter(indicators::id.eq_any(ids))
        .select((indicators::id, Indicator::as_select()))
        .load(c)?);
    Ok(found.into_iter().collect())
}
