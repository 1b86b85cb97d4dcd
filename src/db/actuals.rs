//! Actuals (実績): reported values, each a row of revisions of which the last stands. Nothing is overwritten.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::schema::{actual_revisions, actuals};
use super::{Connection, DbError, Row, Stored};
use crate::domain::{Basis, Decimal, MissingReason};

/// What a figure speaks of, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Queryable, Selectable, Insertable)]
#[diesel(table_name = actuals)]
pub struct Subject {
    /// What is measured.
    pub indicator_id: String,
    /// The fiscal year that it belongs to.
    pub fiscal_year: i32,
    /// What stretch of time it speaks of.
    pub basis: Basis,
    /// The period as [`crate::domain::fiscal::Period`] writes it; empty where there is only a day.
    pub period: String,
    /// The last day that it speaks of.
    pub as_of: NaiveDate,
    /// `reported` by a department, or `stated` by a plan as an earlier year's result.
    pub origin: String,
}

/// A figure, or why there is none.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = actual_revisions)]
pub struct Figure {
    /// The value; none where `missing` says why.
    pub value: Option<Decimal>,
    /// Why there is no value.
    pub missing: Option<MissingReason>,
    /// Of a percentage.
    pub numerator: Option<Decimal>,
    /// Of a percentage.
    pub denominator: Option<Decimal>,
    /// Of a survey.
    pub sample_size: Option<i64>,
    /// How it was measured.
    pub method: Option<String>,
    /// Parts of the value, a JSON array of labels and values.
    pub breakdown: String,
    /// Whether it is approximate (約).
    pub approximate: bool,
    /// Whether it is not final yet.
    pub provisional: bool,
    /// The first day that it speaks of, where that is stated.
    pub from_day: Option<NaiveDate>,
    /// A note.
    pub note: Option<String>,
    /// Taken back: the revisions before it stay readable.
    pub withdrawn: bool,
    /// Who reported it.
    pub author: Option<String>,
    /// Why it was corrected.
    pub reason: Option<String>,
}

impl Default for Figure {
    /// Nothing: no value, no parts.
    fn default() -> Self {
        Self {
            value: None,
            missing: None,
            numerator: None,
            denominator: None,
            sample_size: None,
            method: None,
            breakdown: "[]".to_owned(),
            approximate: false,
            provisional: false,
            from_day: None,
            note: None,
            withdrawn: false,
            author: None,
            reason: None,
        }
    }
}

/// An actual: what it speaks of and the figure that stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Actual {
    /// What it speaks of.
    pub subject: Subject,
    /// The figure that stands.
    pub figure: Figure,
}

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

type Loaded = (String, Subject, i64, NaiveDateTime, NaiveDateTime, Figure);

fn row((id, subject, version, created_at, updated_at, figure): Loaded) -> Row<Actual> {
    Row { id, content: Actual { subject, figure }, version, created_at, updated_at }
}

/// The actuals with the revision that stands.
macro_rules! standing {
    () => {
        actuals::table.inner_join(
            actual_revisions::table
                .on(actual_revisions::actual_id.eq(actuals::id).and(actual_revisions::revision.eq(actuals::version))),
        )
    };
}

macro_rules! columns {
    () => {
        (
            actuals::id,
            Subject::as_select(),
            actuals::version,
            actuals::created_at,
            actuals::updated_at,
            Figure::as_select(),
        )
    };
}

fn record(connection: &mut Connection, id: &str, revision: i64, figure: &Figure) -> Result<(), DbError> {
    on!(connection, |c| diesel::insert_into(actual_revisions::table)
        .values((
            actual_revisions::actual_id.eq(id),
            actual_revisions::revision.eq(revision),
            figure,
            actual_revisions::recorded_at.eq(crate::clock::now()),
        ))
        .execute(c)?);
    Ok(())
}

impl Stored for Actual {
    /// A withdrawn actual is not found; its revisions are.
    fn find(connection: &mut Connection, id: &str) -> Result<Option<Row<Self>>, DbError> {
        let found = on!(connection, |c| standing!()
            .filter(actuals::id.eq(id))
            .filter(actual_revisions::withdrawn.eq(false))
            .select(columns!())
            .first::<Loaded>(c)
            .optional()?);
        Ok(found.map(row))
    }

    /// Adds the actual, or the next revision where the same subject was withdrawn before: the row's id and version
    /// are those given only in the first case.
    fn insert(connection: &mut Connection, row: &Row<Self>) -> Result<(), DbError> {
        on!(connection, |c| diesel::insert_into(actuals::table)
            .values((
                actuals::id.eq(&row.id),
                &row.content.subject,
                actuals::version.eq(row.version),
                actuals::created_at.eq(row.created_at),
                actuals::updated_at.eq(row.updated_at),
            ))
            .execute(c)?);
        record(connection, &row.id, row.version, &row.content.figure)
    }

    /// Records the figure as the next revision. The subject never changes: another subject is another actual.
    fn update(connection: &mut Connection, row: &mut Row<Self>) -> Result<bool, DbError> {
        let now = crate::clock::now();
        let changed = on!(connection, |c| diesel::update(
            actuals::table.filter(actuals::id.eq(&row.id)).filter(actuals::version.eq(row.version))
        )
        .set((actuals::version.eq(row.version + 1), actuals::updated_at.eq(now)))
        .execute(c)?);
        if changed == 0 {
            return Ok(false);
        }
        row.version += 1;
        row.updated_at = now;
        record(connection, &row.id, row.version, &row.content.figure)?;
        Ok(true)
    }

    /// Withdraws the figure with one more revision.
    fn delete(connection: &mut Connection, row: &Row<Self>) -> Result<bool, DbError> {
        let mut withdrawn = row.clone();
        withdrawn.content.figure.withdrawn = true;
        Self::update(connection, &mut withdrawn)
    }
}

/// The actual with this subject, withdrawn or not.
///
/// # Errors
/// The database's own.
pub fn find_by_subject(connection: &mut Connection, subject: &Subject) -> Result<Option<Row<Actual>>, DbError> {
    let found = on!(connection, |c| standing!()
        .filter(actuals::indicator_id.eq(&subject.indicator_id))
        .filter(actuals::fiscal_year.eq(subject.fiscal_year))
        .filter(actuals::basis.eq(subject.basis))
        .filter(actuals::period.eq(&subject.period))
        .filter(actuals::as_of.eq(subject.as_of))
        .filter(actuals::origin.eq(&subject.origin))
        .select(columns!())
        .first::<Loaded>(c)
        .optional()?);
    Ok(found.map(row))
}

/// The standing actuals of these indicators, not the withdrawn ones, in the order of their years and days.
///
/// # Errors
/// The database's own.
pub fn of_indicators(connection: &mut Connection, indicators: &[String]) -> Result<Vec<Row<Actual>>, DbError> {
    let found = on!(connection, |c| standing!()
        .filter(actuals::indicator_id.eq_any(indicators))
        .filter(actual_revisions::withdrawn.eq(false))
        .order((actuals::fiscal_year, actuals::as_of, actuals::id))
        .select(columns!())
        .load::<Loaded>(c)?);
    Ok(found.into_iter().map(row).collect())
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
