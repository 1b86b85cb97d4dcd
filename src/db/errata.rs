//! Errata (正誤): corrections of what was published, with reason and author; both figures stay readable.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::schema::errata;
use super::store::{Listed, Page};
use super::{Connection, DbError};
use crate::domain::submission::Corrected;

/// A correction of what was published.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset, Serialize, Deserialize)]
#[diesel(table_name = errata, treat_none_as_null = true)]
pub struct Erratum {
    /// What was published.
    pub submission_id: String,
    /// What is corrected.
    pub resource: Corrected,
    /// Which of them.
    pub resource_id: String,
    /// Why.
    pub reason: String,
    /// Who says so.
    pub author: String,
    /// What was published, as JSON.
    pub before: String,
    /// What stands instead, as JSON.
    pub after: String,
}

stored!(errata, Erratum, |content| &content.submission_id);

/// Which errata a list holds.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of this submission.
    pub submission_id: Option<String>,
    /// Of this figure, activity or review.
    pub resource_id: Option<String>,
}

/// A page of errata.
///
/// # Errors
/// The database's own.
pub fn list(connection: &mut Connection, filter: &Filter, page: &Page) -> Result<Listed<Erratum>, DbError> {
    list!(connection, page, errata, Erratum, {}, |query| {
        if let Some(submission) = &filter.submission_id {
            query = query.filter(errata::submission_id.eq(submission.clone()));
        }
        if let Some(resource) = &filter.resource_id {
            query = query.filter(errata::resource_id.eq(resource.clone()));
        }
    })
}
