//! The revisions of actuals: what was reported when, and which figure stood at a moment. They are what the history says of them.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::actuals::{Actual, Figure};
use super::audit::Entry;
use super::history::{self, Recorded};
use super::schema::actuals;
use super::{Connection, DbError, Row};

/// A figure as it was recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Revision {
    /// 1, 2, 3…
    pub revision: i64,
    /// The figure.
    pub figure: Figure,
    /// When it was recorded, in UTC.
    pub recorded_at: NaiveDateTime,
}

/// Every revision of an actual, the first one first.
///
/// # Errors
/// The database's own, and [`DbError::Failed`] where an entry of the history is none.
pub fn revisions(connection: &mut Connection, id: &str) -> Result<Vec<Revision>, DbError> {
    let revision = |entry: Entry| {
        let stood: Option<Actual> = history::content(&entry)?;
        let figure = stood.map_or_else(Figure::withdrawn, |actual| actual.figure);
        Ok(Revision { revision: entry.version, figure, recorded_at: entry.recorded_at })
    };
    history::of_resource(connection, &[Actual::KIND], id)?.into_iter().map(revision).collect()
}

/// The indicator of an actual, also of a withdrawn one.
///
/// # Errors
/// The database's own.
pub fn indicator_of(connection: &mut Connection, id: &str) -> Result<Option<String>, DbError> {
    Ok(on!(connection, |c| actuals::table.find(id).select(actuals::indicator_id).get_result(c).optional()?))
}

/// The actuals of these indicators as they were known at a moment: the revision that stood then, in the order of their
/// years and days. One that was withdrawn by then, or not yet reported, is left out.
///
/// # Errors
/// The database's own, and [`DbError::Failed`] where an entry of the history is none.
pub fn known(
    connection: &mut Connection,
    indicators: &[String],
    at: NaiveDateTime,
) -> Result<Vec<Row<Actual>>, DbError> {
    let mut rows: Vec<Row<Actual>> = history::known_in(connection, Some(indicators), at)?;
    // Those of a day stay in the order of their ids.
    rows.sort_by_key(|row| (row.content.subject.fiscal_year, row.content.subject.as_of));
    Ok(rows)
}
