//! Actuals (実績): reported values, each a row of revisions of which the last stands. Nothing is overwritten.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::history::{self, Recorded, Report};
use super::schema::{actual_revisions, actuals, indicators, initiatives, targets};
use super::store::{Listed, Page};
use super::{Connection, DbError, Row, Stored, Violation};
use crate::domain::{Basis, Decimal, MissingReason};

/// What a figure speaks of, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Queryable, Selectable, Insertable, Serialize, Deserialize)]
#[diesel(table_name = actuals, treat_none_as_default_value = false)]
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

impl Subject {
    /// What a figure of it reports.
    pub fn report(&self) -> Report {
        Report::Figure(self.indicator_id.clone(), self.as_of)
    }
}

/// A figure, or why there is none.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, Serialize, Deserialize)]
#[diesel(table_name = actual_revisions, treat_none_as_default_value = false)]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Actual {
    /// What it speaks of.
    pub subject: Subject,
    /// The figure that stands.
    pub figure: Figure,
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

pub mod batches;

impl Recorded for Actual {
    const KIND: &'static str = "actuals";

    fn scope(&self) -> &str {
        &self.subject.indicator_id
    }

    fn reason(&self) -> Option<&str> {
        self.figure.reason.as_deref()
    }

    fn report(&self) -> Option<Report> {
        Some(self.subject.report())
    }

    fn is_removal(&self) -> bool {
        self.figure.withdrawn
    }
}

/// Records the figure that a row carries as its next revision.
fn record(connection: &mut Connection, row: &Row<Actual>) -> Result<(), DbError> {
    on!(&mut *connection, |c| diesel::insert_into(actual_revisions::table)
        .values((
            actual_revisions::actual_id.eq(&row.id),
            actual_revisions::revision.eq(row.version),
            &row.content.figure,
            actual_revisions::recorded_at.eq(crate::clock::now()),
        ))
        .execute(c)?);
    history::record(connection, std::slice::from_ref(row))
}

impl Stored for Actual {
    /// A withdrawn actual is not found; its revisions are.
    fn find(connection: &mut Connection, id: &str) -> Result<Option<Row<Self>>, DbError> {
        let found = on!(connection, |c| standing!()
            .filter(actuals::id.eq(id))
            .filter(actual_revisions::withdrawn.eq(false))
            .select(columns!())
            .get_result::<Loaded>(c)
            .optional()?);
        Ok(found.map(row))
    }

    /// Adds the actual with its first revision. [`add`] also takes up one that was withdrawn.
    fn insert(connection: &mut Connection, row: &Row<Self>) -> Result<(), DbError> {
        on!(&mut *connection, |c| diesel::insert_into(actuals::table)
            .values((
                actuals::id.eq(&row.id),
                &row.content.subject,
                actuals::version.eq(row.version),
                actuals::created_at.eq(row.created_at),
                actuals::updated_at.eq(row.updated_at),
            ))
            .execute(c)?);
        record(connection, row)
    }

    fn insert_all(connection: &mut Connection, rows: &[Row<Self>]) -> Result<(), DbError> {
        let now = crate::clock::now();
        let subjects: Vec<_> = rows
            .iter()
            .map(|row| {
                (
                    actuals::id.eq(&row.id),
                    &row.content.subject,
                    actuals::version.eq(row.version),
                    actuals::created_at.eq(row.created_at),
                    actuals::updated_at.eq(row.updated_at),
                )
            })
            .collect();
        insert_all!(&mut *connection, actuals, subjects);
        let figures: Vec<_> = rows
            .iter()
            .map(|row| {
                (
                    actual_revisions::actual_id.eq(&row.id),
                    actual_revisions::revision.eq(row.version),
                    &row.content.figure,
                    actual_revisions::recorded_at.eq(now),
                )
            })
            .collect();
        insert_all!(&mut *connection, actual_revisions, figures);
        history::record(connection, rows)
    }

    /// Records the figure as the next revision. The subject never changes: another subject is another actual.
    fn update(connection: &mut Connection, row: &mut Row<Self>) -> Result<bool, DbError> {
        let now = crate::clock::now();
        let changed = on!(&mut *connection, |c| diesel::update(
            actuals::table.filter(actuals::id.eq(&row.id)).filter(actuals::version.eq(row.version))
        )
        .set((actuals::version.eq(row.version + 1), actuals::updated_at.eq(now)))
        .execute(c)?);
        if changed == 0 {
            return Ok(false);
        }
        row.version += 1;
        row.updated_at = now;
        record(connection, row)?;
        Ok(true)
    }

    /// Withdraws the figure with one more revision, which has no figure and nobody's name.
    fn delete(connection: &mut Connection, row: &Row<Self>) -> Result<bool, DbError> {
        let mut withdrawn = row.clone();
        withdrawn.content.figure = Figure { withdrawn: true, ..Figure::default() };
        Self::update(connection, &mut withdrawn)
    }
}

/// Adds an actual. Where the same subject was withdrawn before, the figure becomes its next revision, and the row gets
/// the id and the version of that one.
///
/// # Errors
/// [`DbError::Duplicate`] where the subject has a figure that stands.
pub fn add(connection: &mut Connection, row: &mut Row<Actual>) -> Result<(), DbError> {
    match find_by_subject(connection, &row.content.subject)? {
        None => Actual::insert(connection, row),
        Some(Row { id, content, version, created_at, updated_at }) if content.figure.withdrawn => {
            let content = row.content.clone();
            *row = Row { id, content, version, created_at, updated_at };
            if Actual::update(connection, row)? { Ok(()) } else { Err(already_there(&row.content.subject)) }
        }
        Some(_) => Err(already_there(&row.content.subject)),
    }
}

fn already_there(subject: &Subject) -> DbError {
    let columns = ["indicator_id", "fiscal_year", "basis", "period", "as_of"];
    DbError::Duplicate(Violation::of(&columns, format!("{subject:?} has a figure")))
}

/// Which actuals a list holds.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of this indicator.
    pub indicator_id: Option<String>,
    /// Of the indicators on which this initiative has targets.
    pub initiative_id: Option<String>,
    /// Of the indicators on which this plan has targets.
    pub plan_id: Option<String>,
    /// Of this organization's indicators.
    pub organization_id: Option<String>,
    /// Of this fiscal year.
    pub fiscal_year: Option<i32>,
    /// That speak of such a stretch of time.
    pub basis: Option<Basis>,
    /// Of this period.
    pub period: Option<String>,
    /// As of this day or later.
    pub as_of_from: Option<NaiveDate>,
    /// As of this day or earlier.
    pub as_of_to: Option<NaiveDate>,
}

/// A page of actuals, not the withdrawn ones.
///
/// # Errors
/// The database's own.
pub fn list(connection: &mut Connection, filter: &Filter, page: &Page) -> Result<Listed<Actual>, DbError> {
    let Listed { rows, total, next } = list_subjects(connection, filter, page)?;
    let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let mut figures: HashMap<String, Figure> = on!(connection, |c| standing!()
        .filter(actuals::id.eq_any(ids))
        .select((actuals::id, Figure::as_select()))
        .load::<(String, Figure)>(c)?)
    .into_iter()
    .collect();
    let whole = |Row { id, content: subject, version, created_at, updated_at }: Row<Subject>| {
        let figure = figures.remove(&id)?;
        Some(Row { id, content: Actual { subject, figure }, version, created_at, updated_at })
    };
    Ok(Listed { rows: rows.into_iter().filter_map(whole).collect(), total, next })
}

/// A page of the subjects of standing actuals: the part of an actual by which lists are filtered and ordered.
fn list_subjects(connection: &mut Connection, filter: &Filter, page: &Page) -> Result<Listed<Subject>, DbError> {
    list!(connection, page, actuals, Subject,
    { "as_of" => as_of: NaiveDate = |row| row.content.as_of,
      "fiscal_year" => fiscal_year: i32 = |row| row.content.fiscal_year },
    |query| {
        let stands = actual_revisions::table
            .filter(actual_revisions::actual_id.eq(actuals::id))
            .filter(actual_revisions::revision.eq(actuals::version))
            .filter(actual_revisions::withdrawn.eq(false));
        query = query.filter(diesel::dsl::exists(stands));
        if let Some(indicator) = &filter.indicator_id {
            query = query.filter(actuals::indicator_id.eq(indicator.clone()));
        }
        if let Some(initiative) = &filter.initiative_id {
            let aimed_at = targets::table
                .filter(targets::initiative_id.eq(initiative.clone()))
                .select(targets::indicator_id);
            query = query.filter(actuals::indicator_id.eq_any(aimed_at));
        }
        if let Some(plan) = &filter.plan_id {
            let aimed_at = targets::table
                .inner_join(initiatives::table.on(initiatives::id.eq(targets::initiative_id)))
                .filter(initiatives::plan_id.eq(plan.clone()))
                .select(targets::indicator_id);
            query = query.filter(actuals::indicator_id.eq_any(aimed_at));
        }
        if let Some(organization) = &filter.organization_id {
            let own = indicators::table
                .filter(indicators::organization_id.eq(organization.clone()))
                .select(indicators::id);
            query = query.filter(actuals::indicator_id.eq_any(own));
        }
        if let Some(year) = filter.fiscal_year {
            query = query.filter(actuals::fiscal_year.eq(year));
        }
        if let Some(basis) = filter.basis {
            query = query.filter(actuals::basis.eq(basis));
        }
        if let Some(period) = &filter.period {
            query = query.filter(actuals::period.eq(period.clone()));
        }
        if let Some(day) = filter.as_of_from {
            query = query.filter(actuals::as_of.ge(day));
        }
        if let Some(day) = filter.as_of_to {
            query = query.filter(actuals::as_of.le(day));
        }
    })
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
        .get_result::<Loaded>(c)
        .optional()?);
    Ok(found.map(row))
}

/// Every actual of an organization's indicators for these years, those withdrawn as well.
///
/// # Errors
/// The database's own.
pub fn of_organization(
    connection: &mut Connection,
    organization: &str,
    years: std::ops::RangeInclusive<i32>,
) -> Result<Vec<Row<Actual>>, DbError> {
    let found = on!(connection, |c| standing!()
        .inner_join(indicators::table.on(indicators::id.eq(actuals::indicator_id)))
        .filter(indicators::organization_id.eq(organization))
        .filter(actuals::fiscal_year.between(*years.start(), *years.end()))
        .select(columns!())
        .load::<Loaded>(c)?);
    Ok(found.into_iter().map(row).collect())
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

/// How many actuals of an indicator were withdrawn and have no figure that stands.
///
/// # Errors
/// The database's own.
pub fn count_withdrawn(connection: &mut Connection, indicator: &str) -> Result<i64, DbError> {
    Ok(on!(connection, |c| standing!()
        .filter(actuals::indicator_id.eq(indicator))
        .filter(actual_revisions::withdrawn.eq(true))
        .count()
        .get_result(c)?))
}
