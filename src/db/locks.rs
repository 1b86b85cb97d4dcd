//! What was submitted stands still: until it is returned, or corrected by an erratum. Looked at where every change comes by, whoever makes
//! it and by whichever way.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::history::{Change, Report};
use super::schema::{checkpoints, initiatives, plans, submissions, targets};
use super::{Connection, DbError};
use crate::domain::submission::SubmissionState;

/// A submission that is locked, and what it is of.
struct Lock {
    submission_id: String,
    checkpoint_id: String,
    /// The day at which its checkpoint looks.
    day: NaiveDate,
    initiative_id: String,
    /// What one of the initiative's targets measures.
    indicator_id: Option<String>,
}

/// Refuses changes of what is locked.
///
/// # Errors
/// [`DbError::Locked`], and the database's own.
pub(super) fn check(connection: &mut Connection, changes: &[Change]) -> Result<(), DbError> {
    if connection.erratum {
        return Ok(());
    }
    let reports: Vec<&Report> = changes.iter().filter_map(|change| change.report.as_ref()).collect();
    match holding(connection, &reports)? {
        Some(submission) => Err(DbError::Locked(submission)),
        None => Ok(()),
    }
}

/// The submission that keeps one of these reports from being changed; `None` where nothing does.
///
/// # Errors
/// The database's own.
pub fn holding(connection: &mut Connection, reports: &[&Report]) -> Result<Option<String>, DbError> {
    let locks = Locks::of(connection, reports)?;
    Ok(reports.iter().find_map(|report| locks.holding(report)).map(str::to_owned))
}

/// What stands still of some reports.
pub struct Locks(Vec<Lock>);

impl Locks {
    /// Looks them up for all of these reports at once.
    ///
    /// # Errors
    /// The database's own.
    pub fn of(connection: &mut Connection, reports: &[&Report]) -> Result<Self, DbError> {
        let locked = SubmissionState::ALL.iter().copied().filter(|state| state.is_locked());
        Self::by(connection, reports, &locked.collect::<Vec<_>>())
    }

    /// Looks up what is published of these reports.
    pub(super) fn published(connection: &mut Connection, reports: &[&Report]) -> Result<Self, DbError> {
        Self::by(connection, reports, &[SubmissionState::Published])
    }

    fn by(connection: &mut Connection, reports: &[&Report], states: &[SubmissionState]) -> Result<Self, DbError> {
        let (indicators, initiatives) = concerned(reports.iter().copied());
        let mut locks = of_initiatives(connection, &initiatives, states)?;
        locks.extend(of_indicators(connection, &indicators, states)?);
        Ok(Self(locks))
    }

    /// The submission that keeps a report from being changed; `None` where nothing does.
    pub fn holding(&self, report: &Report) -> Option<&str> {
        let lock = self.0.iter().find(|lock| lock.holds(report));
        lock.map(|lock| lock.submission_id.as_str())
    }
}

/// The indicators and the initiatives that reports speak of.
pub(super) fn concerned<'r>(reports: impl Iterator<Item = &'r Report>) -> (BTreeSet<&'r str>, BTreeSet<&'r str>) {
    let (mut indicators, mut initiatives) = (BTreeSet::new(), BTreeSet::new());
    for report in reports {
        match report {
            Report::Figure(indicator, _) => indicators.insert(indicator.as_str()),
            Report::Activity(initiative, _) | Report::Review(initiative, _) => initiatives.insert(initiative.as_str()),
        };
    }
    (indicators, initiatives)
}

impl Lock {
    fn holds(&self, report: &Report) -> bool {
        match report {
            Report::Figure(indicator, day) => self.indicator_id.as_ref() == Some(indicator) && *day <= self.day,
            Report::Activity(initiative, day) => {
                self.initiative_id == *initiative && day.is_none_or(|day| day <= self.day)
            }
            Report::Review(initiative, checkpoint) => {
                self.initiative_id == *initiative && self.checkpoint_id == *checkpoint
            }
        }
    }
}

/// The submissions in some states, with the initiatives that they are of.
macro_rules! submitted {
    ($states:expr) => {
        submissions::table
            .inner_join(checkpoints::table.on(checkpoints::id.eq(submissions::checkpoint_id)))
            .inner_join(plans::table.on(plans::id.eq(submissions::plan_id)))
            .inner_join(initiatives::table.on(initiatives::plan_id.eq(submissions::plan_id)))
            .filter(submissions::state.eq_any($states))
            .filter(
                initiatives::department_id.eq(submissions::organization_id.nullable()).or(initiatives::department_id
                    .is_null()
                    .and(plans::organization_id.eq(submissions::organization_id))),
            )
    };
}

fn of_initiatives(
    connection: &mut Connection,
    initiatives: &BTreeSet<&str>,
    states: &[SubmissionState],
) -> Result<Vec<Lock>, DbError> {
    if initiatives.is_empty() {
        return Ok(Vec::new());
    }
    let found: Vec<(String, String, NaiveDate, String)> = on!(connection, |c| submitted!(states)
        .filter(initiatives::id.eq_any(initiatives.iter().copied()))
        .select((submissions::id, checkpoints::id, checkpoints::as_of, initiatives::id))
        .load(c)?);
    let lock = |(submission_id, checkpoint_id, day, initiative_id)| Lock {
        submission_id,
        checkpoint_id,
        day,
        initiative_id,
        indicator_id: None,
    };
    Ok(found.into_iter().map(lock).collect())
}

fn of_indicators(
    connection: &mut Connection,
    indicators: &BTreeSet<&str>,
    states: &[SubmissionState],
) -> Result<Vec<Lock>, DbError> {
    if indicators.is_empty() {
        return Ok(Vec::new());
    }
    let found: Vec<(String, String, NaiveDate, String, String)> = on!(connection, |c| submitted!(states)
        .inner_join(targets::table.on(targets::initiative_id.eq(initiatives::id)))
        .filter(targets::indicator_id.eq_any(indicators.iter().copied()))
        .select((submissions::id, checkpoints::id, checkpoints::as_of, initiatives::id, targets::indicator_id))
        .load(c)?);
    let lock = |(submission_id, checkpoint_id, day, initiative_id, indicator)| Lock {
        submission_id,
        checkpoint_id,
        day,
        initiative_id,
        indicator_id: Some(indicator),
    };
    Ok(found.into_iter().map(lock).collect())
}
