//! Reviews (振り返り): what is declared of an initiative at a checkpoint.

use diesel::prelude::*;

use super::schema::reviews;
use super::store::{Listed, Page};
use super::{Connection, DbError};
use crate::domain::{Outlook, Progress};

/// What a department declares of an initiative at a checkpoint.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
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

stored!(reviews, Review);
