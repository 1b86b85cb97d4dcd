//! Actuals (実績): reported values, of which the last revision stands. Those before it stay readable in the history
//! ([`super::actual_revisions`]).

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::fixed::Fixed;
use super::history::{self, Recorded, Report};
use super::schema::{actuals, indicators, initiatives, targets};
use super::store::{Listed, Loaded, Page};
use super::{Backend, Connection, DbError, Row, Stored, Violation};
use crate::domain::{Basis, Decimal, MissingReason, Origin};

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
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset, Serialize, Deserialize)]
#[diesel(table_name = actuals, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct Figure {
    /// The value; none where `missing` says why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Decimal>,
    /// Why there is no value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<MissingReason>,
    /// Of a percentage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub numerator: Option<Decimal>,
    /// Of a percentage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub denominator: Option<Decimal>,
    /// Of a survey.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample_size: Option<i64>,
    /// How it was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Parts of the value, a JSON array of labels and values.
    pub breakdown: String,
    /// Whether it is approximate (約).
    pub approximate: bool,
    /// Whether it is not final yet.
    pub provisional: bool,
    /// The first day that it speaks of, where that is stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_day: Option<NaiveDate>,
    /// A note.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Taken back: the revisions before it stay readable.
    pub withdrawn: bool,
    /// Who reported it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Why it was corrected.
    #[serde(skip_serializing_if = "Option::is_none")]
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

impl Figure {
    /// What takes a figure back: no figure, and nobody's name.
    pub fn withdrawn() -> Self {
        Self { withdrawn: true, ..Self::default() }
    }
}

/// An actual: what it speaks of and the figure that stands.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, Serialize, Deserialize)]
#[diesel(table_name = actuals)]
pub struct Actual {
    /// What it speaks of.
    #[diesel(embed)]
    pub subject: Subject,
    /// The figure that stands.
    #[diesel(embed)]
    pub figure: Figure,
}

pub mod batches;
pub mod series;

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

    fn is_of_the_plan(&self) -> bool {
        self.subject.origin == Origin::Stated.as_str()
    }

    fn is_removal(&self) -> bool {
        self.figure.withdrawn
    }
}

impl Stored for Actual {
    /// A withdrawn actual is not found; its revisions are.
    fn find(connection: &mut Connection, id: &str) -> Result<Option<Row<Self>>, DbError> {
        let found = on!(connection, |c| actuals::table
            .find(id)
            .filter(actuals::withdrawn.eq(false))
            .select(row_columns!(actuals, Self))
            .get_result::<Loaded<Self>>(c)
            .optional()?);
        Ok(found.map(Row::from))
    }

    /// Adds the actual with its first revision. [`add`] also takes up one that was withdrawn.
    fn insert(connection: &mut Connection, row: &Row<Self>) -> Result<(), DbError> {
        let values = (
            actuals::id.eq(&row.id),
            &row.content.subject,
            &row.content.figure,
            actuals::version.eq(row.version),
            actuals::created_at.eq(row.created_at),
            actuals::updated_at.eq(row.updated_at),
        );
        on!(&mut *connection, |c| Fixed(diesel::insert_into(actuals::table).values(values)).run(c)?);
        history::record(connection, std::slice::from_ref(row))
    }

    fn insert_all(connection: &mut Connection, rows: &[Row<Self>]) -> Result<(), DbError> {
        match connection.backend {
            Backend::Sqlite(_) => rows.iter().try_for_each(|row| Self::insert(connection, row)),
            Backend::Postgres(_) => batches::insert_all(connection, rows),
        }
    }

    /// Records the figure as the next revision. The subject never changes: another subject is another actual.
    fn update(connection: &mut Connection, row: &mut Row<Self>) -> Result<bool, DbError> {
        let now = crate::clock::now();
        let own = actuals::table.filter(actuals::id.eq(&row.id)).filter(actuals::version.eq(row.version));
        let set = (&row.content.figure, actuals::version.eq(row.version + 1), actuals::updated_at.eq(now));
        let changed: Vec<i64> =
            on!(&mut *connection, |c| Fixed(diesel::update(own).set(set).returning(actuals::version)).load(c)?);
        if changed.is_empty() {
            return Ok(false);
        }
        row.version += 1;
        row.updated_at = now;
        history::record(connection, std::slice::from_ref(row))?;
        Ok(true)
    }

    /// Withdraws the figure with one more revision, which has no figure and nobody's name.
    fn delete(connection: &mut Connection, row: &Row<Self>) -> Result<bool, DbError> {
        let mut withdrawn = row.clone();
        withdrawn.content.figure = Figure::withdrawn();
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
    list!(connection, page, actuals, Actual,
    { "as_of" => as_of: NaiveDate = |row| row.content.subject.as_of,
      "fiscal_year" => fiscal_year: i32 = |row| row.content.subject.fiscal_year },
    |query| {
        query = query.filter(actuals::withdrawn.eq(false));
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
    let found = on!(connection, |c| actuals::table
        .filter(actuals::indicator_id.eq(&subject.indicator_id))
        .filter(actuals::fiscal_year.eq(subject.fiscal_year))
        .filter(actuals::basis.eq(subject.basis))
        .filter(actuals::period.eq(&subject.period))
        .filter(actuals::as_of.eq(subject.as_of))
        .filter(actuals::origin.eq(&subject.origin))
        .select(row_columns!(actuals, Actual))
        .get_result::<Loaded<Actual>>(c)
        .optional()?);
    Ok(found.map(Row::from))
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
    let found: Vec<Loaded<Actual>> = on!(connection, |c| actuals::table
        .inner_join(indicators::table.on(indicators::id.eq(actuals::indicator_id)))
        .filter(indicators::organization_id.eq(organization))
        .filter(actuals::fiscal_year.between(*years.start(), *years.end()))
        .select(row_columns!(actuals, Actual))
        .load(c)?);
    Ok(found.into_iter().map(Row::from).collect())
}

/// The standing actuals of these indicators, not the withdrawn ones, in the order of their years and days.
///
/// # Errors
/// The database's own.
pub fn of_indicators(connection: &mut Connection, indicators: &[String]) -> Result<Vec<Row<Actual>>, DbError> {
    let found: Vec<Loaded<Actual>> = on!(connection, |c| actuals::table
        .filter(actuals::indicator_id.eq_any(indicators))
        .filter(actuals::withdrawn.eq(false))
        .order((actuals::fiscal_year, actuals::as_of, actuals::id))
        .select(row_columns!(actuals, Actual))
        .load(c)?);
    Ok(found.into_iter().map(Row::from).collect())
}

/// How many actuals of an indicator were withdrawn and have no figure that stands.
///
/// # Errors
/// The database's own.
pub fn count_withdrawn(connection: &mut Connection, indicator: &str) -> Result<i64, DbError> {
    Ok(on!(connection, |c| actuals::table
        .filter(actuals::indicator_id.eq(indicator))
        .filter(actuals::withdrawn.eq(true))
        .count()
        .get_result(c)?))
}
