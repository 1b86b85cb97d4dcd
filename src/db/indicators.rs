//! Indicators (指標): measured series that live longer than a plan.

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
