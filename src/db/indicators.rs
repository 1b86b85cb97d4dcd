//! Indicators (指標): measured series that live longer than a plan.

use std::collections::HashMap;

use diesel::prelude::*;

use super::schema::indicators;
use super::store::{Listed, Page};
use super::{Connection, DbError};
use crate::domain::{Measure, Polarity};

/// A measured series.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
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

stored!(indicators, Indicator);

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
