//! Reviews (振り返り): what is declared of an initiative at a checkpoint.

use std::collections::HashMap;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::history::Report;
use super::schema::{initiative_states, initiatives, reviews};
use super::store::{Listed, Page};
use super::{Connection, DbError};
use crate::domain::{Outlook, Progress, ProgressVerdict, Verdict};

/// What a department declares of an initiative at a checkpoint.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset, Serialize, Deserialize)]
#[diesel(table_name = reviews, treat_none_as_null = true)]
pub struct Review {
    /// The initiative.
    pub initiative_id: String,
    /// The checkpoint.
    pub checkpoint_id: String,
    /// Will the targets be met (目標達成見込)?
    pub outlook: Option<Outlook>,
    /// Do the activities go as scheduled (取組の進捗)?
    pub progress: Option<Progress>,
    /// What was done, in words.
    pub results: Option<String>,
    /// The issue and the measure against it (課題・改善策).
    pub issues_and_measures: Option<String>,
}

stored!(reviews, Review, |content| &content.initiative_id,
    report Report::Review(content.initiative_id.clone(), content.checkpoint_id.clone()));

/// Which reviews a list holds.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of this initiative.
    pub initiative_id: Option<String>,
    /// At this checkpoint.
    pub checkpoint_id: Option<String>,
    /// Of the initiatives of this plan.
    pub plan_id: Option<String>,
    /// With this outlook declared.
    pub outlook: Option<Outlook>,
    /// With this progress declared.
    pub progress: Option<Progress>,
}

/// A page of reviews.
///
/// # Errors
/// The database's own.
pub fn list(connection: &mut Connection, filter: &Filter, page: &Page) -> Result<Listed<Review>, DbError> {
    list!(connection, page, reviews, Review, {}, |query| {
        if let Some(initiative) = &filter.initiative_id {
            query = query.filter(reviews::initiative_id.eq(initiative.clone()));
        }
        if let Some(checkpoint) = &filter.checkpoint_id {
            query = query.filter(reviews::checkpoint_id.eq(checkpoint.clone()));
        }
        if let Some(plan) = &filter.plan_id {
            let of_plan = initiatives::table.filter(initiatives::plan_id.eq(plan.clone())).select(initiatives::id);
            query = query.filter(reviews::initiative_id.eq_any(of_plan));
        }
        if let Some(outlook) = filter.outlook {
            query = query.filter(reviews::outlook.eq(outlook));
        }
        if let Some(progress) = filter.progress {
            query = query.filter(reviews::progress.eq(progress));
        }
    })
}

/// The computed outlook and progress of initiatives, by checkpoint and initiative.
pub type Computed = HashMap<(String, String), (Verdict, ProgressVerdict)>;

/// What was computed of these initiatives at these checkpoints.
///
/// # Errors
/// The database's own.
pub fn computed(connection: &mut Connection, checkpoints: &[&str], initiatives: &[&str]) -> Result<Computed, DbError> {
    let found: Vec<((String, String), (Verdict, ProgressVerdict))> = on!(connection, |c| initiative_states::table
        .filter(initiative_states::checkpoint_id.eq_any(checkpoints))
        .filter(initiative_states::initiative_id.eq_any(initiatives))
        .select((
            (initiative_states::checkpoint_id, initiative_states::initiative_id),
            (initiative_states::computed_outlook, initiative_states::computed_progress),
        ))
        .load(c)?);
    Ok(found.into_iter().collect())
}
