//! Submissions (提出): what a department hands in at a checkpoint, and what is missing of it.

use std::collections::{BTreeMap, HashMap};

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::checkpoints::Checkpoint;
use super::graph::PlanGraph;
use super::initiatives::Initiative;
use super::schema::{checkpoints, organizations, plans, submissions};
use super::store::{Listed, Loaded, Page};
use super::{Connection, DbError, Row};
use crate::domain::submission::{Declared, Duty, SubmissionState};

/// What a department hands in at a checkpoint.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset, Serialize, Deserialize)]
#[diesel(table_name = submissions, treat_none_as_null = true)]
pub struct Submission {
    /// The plan.
    pub plan_id: String,
    /// The checkpoint.
    pub checkpoint_id: String,
    /// The department, or the plan's organization for initiatives without one.
    pub organization_id: String,
    /// How far it has come.
    pub state: SubmissionState,
    /// It may come late, up to this day.
    pub extended_until: Option<NaiveDate>,
    /// Who handed it in.
    pub submitted_by: Option<String>,
    /// When, in UTC.
    pub submitted_at: Option<NaiveDateTime>,
    /// Who returned, approved or published it last.
    pub decided_by: Option<String>,
    /// When, in UTC.
    pub decided_at: Option<NaiveDateTime>,
    /// What the approver says of single fields, a JSON array.
    pub comments: String,
}

stored!(submissions, Submission, |content| &content.plan_id);

/// Which submissions a list holds.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of this plan.
    pub plan_id: Option<String>,
    /// At this checkpoint.
    pub checkpoint_id: Option<String>,
    /// Of this department.
    pub organization_id: Option<String>,
    /// That have come so far.
    pub state: Option<SubmissionState>,
}

/// A page of submissions.
///
/// # Errors
/// The database's own.
pub fn list(connection: &mut Connection, filter: &Filter, page: &Page) -> Result<Listed<Submission>, DbError> {
    list!(connection, page, submissions, Submission, {}, |query| {
        if let Some(plan) = &filter.plan_id {
            query = query.filter(submissions::plan_id.eq(plan.clone()));
        }
        if let Some(checkpoint) = &filter.checkpoint_id {
            query = query.filter(submissions::checkpoint_id.eq(checkpoint.clone()));
        }
        if let Some(organization) = &filter.organization_id {
            query = query.filter(submissions::organization_id.eq(organization.clone()));
        }
        if let Some(state) = filter.state {
            query = query.filter(submissions::state.eq(state));
        }
    })
}

/// The submissions at a checkpoint.
///
/// # Errors
/// The database's own.
pub fn at_checkpoint(connection: &mut Connection, checkpoint_id: &str) -> Result<Vec<Row<Submission>>, DbError> {
    let rows: Vec<Loaded<Submission>> = on!(connection, |c| submissions::table
        .filter(submissions::checkpoint_id.eq(checkpoint_id))
        .order(submissions::id)
        .select(row_columns!(submissions, Submission))
        .load(c)?);
    Ok(rows.into_iter().map(Row::from).collect())
}

/// The checkpoints at which something is submitted, by their ids, each with the time zone in which its days are.
///
/// # Errors
/// The database's own.
pub fn calendar(
    connection: &mut Connection,
    submissions: &[Row<Submission>],
) -> Result<HashMap<String, (Checkpoint, String)>, DbError> {
    let ids: Vec<&str> = submissions.iter().map(|row| row.content.checkpoint_id.as_str()).collect();
    let rows: Vec<(String, Checkpoint, String)> = on!(connection, |c| checkpoints::table
        .inner_join(plans::table.on(plans::id.eq(checkpoints::plan_id)))
        .inner_join(organizations::table.on(organizations::id.eq(plans::organization_id)))
        .filter(checkpoints::id.eq_any(ids))
        .select((checkpoints::id, Checkpoint::as_select(), organizations::time_zone))
        .load(c)?);
    Ok(rows.into_iter().map(|(id, checkpoint, zone)| (id, (checkpoint, zone))).collect())
}

/// Who is in charge of an initiative: its department, or the organization itself.
pub fn in_charge<'g>(graph: &'g PlanGraph, initiative: &'g Initiative) -> &'g String {
    initiative.department_id.as_ref().unwrap_or(&graph.organization.id)
}

/// How far the report of each department has come at a checkpoint, by the department's id: of those with something to report, and of those that have reported
/// anyway. `None` where nothing is begun.
pub fn standings(graph: &PlanGraph, checkpoint_id: &str) -> BTreeMap<String, Option<SubmissionState>> {
    let due = graph.initiatives.iter().filter(|row| row.content.same_as_id.is_none());
    let due = due.map(|row| (in_charge(graph, &row.content).clone(), None));
    let begun = graph.submissions.iter().map(|row| &row.content).filter(|it| it.checkpoint_id == checkpoint_id);
    due.chain(begun.map(|it| (it.organization_id.clone(), Some(it.state)))).collect()
}

/// What each department has to report at a checkpoint, by the department's id; the organization's own is that of initiatives without one.
/// Those that stand for others have nothing to report.
pub fn duties(graph: &PlanGraph, checkpoint: &Row<Checkpoint>) -> BTreeMap<String, Vec<Duty>> {
    let mut duties: BTreeMap<String, Vec<Duty>> = BTreeMap::new();
    for row in graph.initiatives.iter().filter(|row| row.content.same_as_id.is_none()) {
        let in_charge = in_charge(graph, &row.content);
        let review = graph
            .reviews
            .iter()
            .map(|review| &review.content)
            .find(|review| review.checkpoint_id == checkpoint.id && review.initiative_id == row.id);
        let review = review.map(|review| Declared {
            outlook: review.outlook,
            progress: review.progress,
            explained: review.issues_and_measures.as_deref().is_some_and(|text| !text.trim().is_empty()),
        });
        let own = graph.targets.iter().filter(|target| target.content.initiative_id == row.id);
        let without_figure = own.filter(|target| !has_figure(graph, &target.content.indicator_id, checkpoint));
        duties.entry(in_charge.clone()).or_default().push(Duty {
            initiative_id: row.id.clone(),
            number: row.content.number.clone(),
            review,
            without_figure: without_figure.map(|target| target.id.clone()).collect(),
        });
    }
    duties
}

/// Whether something was reported of an indicator in the plan's year up to a checkpoint's day, be it why there is no figure.
fn has_figure(graph: &PlanGraph, indicator_id: &str, checkpoint: &Row<Checkpoint>) -> bool {
    graph.actuals.iter().map(|row| &row.content.subject).any(|subject| {
        subject.indicator_id == indicator_id
            && subject.fiscal_year == graph.plan.content.fiscal_year
            && subject.as_of <= checkpoint.content.as_of
    })
}
