//! The revisions of actuals: what was reported when, and which figure stood at a moment.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::actuals::{Actual, Figure, Subject};
use super::schema::{actual_revisions, actuals};
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
/// The database's own.
pub fn revisions(connection: &mut Connection, id: &str) -> Result<Vec<Revision>, DbError> {
    let found: Vec<(i64, Figure, NaiveDateTime)> = on!(connection, |c| actual_revisions::table
        .filter(actual_revisions::actual_id.eq(id))
        .order(actual_revisions::revision)
        .select((actual_revisions::revision, Figure::as_select(), actual_revisions::recorded_at))
        .load(c)?);
    Ok(found.into_iter().map(|(revision, figure, recorded_at)| Revision { revision, figure, recorded_at }).collect())
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
/// The database's own.
pub fn known(
    connection: &mut Connection,
    indicators: &[String],
    at: NaiveDateTime,
) -> Result<Vec<Row<Actual>>, DbError> {
    type Loaded = (String, Subject, NaiveDateTime, i64, NaiveDateTime, Figure);
    let revisions: Vec<Loaded> = on!(connection, |c| actuals::table
        .inner_join(actual_revisions::table.on(actual_revisions::actual_id.eq(actuals::id)))
        .filter(actuals::indicator_id.eq_any(indicators))
        .filter(actual_revisions::recorded_at.le(at))
        .order((actuals::fiscal_year, actuals::as_of, actuals::id, actual_revisions::revision.desc()))
        .select((
            actuals::id,
            Subject::as_select(),
            actuals::created_at,
            actual_revisions::revision,
            actual_revisions::recorded_at,
            Figure::as_select(),
        ))
        .load(c)?);
    let mut rows: Vec<Row<Actual>> = Vec::new();
    for (id, subject, created_at, version, updated_at, figure) in revisions {
        // The latest one comes first.
        if rows.last().is_none_or(|last| last.id != id) {
            rows.push(Row { id, content: Actual { subject, figure }, version, created_at, updated_at });
        }
    }
    rows.retain(|row| !row.content.figure.withdrawn);
    Ok(rows)
}
