//! The revisions of an actual: every figure that was ever reported, who reported it, and why it was corrected.

use actix_web::{HttpRequest, HttpResponse, get};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::actuals::{ActualPart, parts};
use super::extract::Id;
use super::problem::{Code, Problem};
use super::representation::{to_json, whole};
use super::routes::Routes;
use super::session::Session;
use crate::db::actual_revisions::{self, Revision};
use crate::db::actuals::Figure;
use crate::db::{Connection, access};
use crate::domain::{Decimal, MissingReason};

/// A figure as it was recorded.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActualRevision {
    /// 1, 2, 3…
    revision: i64,
    /// Whether this revision takes the figure back.
    withdrawn: bool,
    /// The value.
    value: Option<Decimal>,
    /// Why there is no value.
    #[schema(inline)]
    missing: Option<MissingReason>,
    /// Of a percentage: what is above the line.
    numerator: Option<Decimal>,
    /// Of a percentage: what is below the line.
    denominator: Option<Decimal>,
    /// Of a survey: how many answered.
    sample_size: Option<i64>,
    /// How it was measured.
    method: Option<String>,
    /// Parts of the value.
    #[schema(inline)]
    breakdown: Vec<ActualPart>,
    /// Whether it is approximate (約).
    approximate: bool,
    /// Whether it may still change (速報値).
    provisional: bool,
    /// The first day that it speaks of.
    from: Option<NaiveDate>,
    /// A note.
    note: Option<String>,
    /// Who reported it.
    author: Option<String>,
    /// Why it was corrected.
    reason: Option<String>,
    /// When it was recorded.
    recorded_at: DateTime<Utc>,
}

/// Every revision of an actual, the first one first. They are never parted into pages.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActualRevisionPage {
    /// The revisions.
    items: Vec<ActualRevision>,
    /// How many there are.
    total: usize,
    /// Always `null`.
    next_cursor: Option<String>,
}

impl From<Revision> for ActualRevision {
    fn from(Revision { revision, figure, recorded_at }: Revision) -> Self {
        let Figure {
            value,
            missing,
            numerator,
            denominator,
            sample_size,
            method,
            breakdown,
            approximate,
            provisional,
            from_day,
            note,
            withdrawn,
            author,
            reason,
        } = figure;
        Self {
            revision,
            withdrawn,
            value,
            missing,
            numerator,
            denominator,
            sample_size,
            method,
            breakdown: parts(&breakdown),
            approximate,
            provisional,
            from: from_day,
            note,
            author,
            reason,
            recorded_at: recorded_at.and_utc(),
        }
    }
}

#[utoipa::path(tag = "actuals", summary = "List every revision of an actual, also of a withdrawn one",
            params(("id" = String, Path, description = "Its id")),
            responses((status = 200, description = "Its revisions", body = ActualRevisionPage)))]
#[get("/actuals/{id}/revisions")]
async fn list_actual_revisions(session: Session, request: HttpRequest, id: Id) -> Result<HttpResponse, Problem> {
    let read = move |c: &mut Connection| {
        let revisions = actual_revisions::revisions(c, &id.0)?;
        match actual_revisions::indicator_of(c, &id.0)? {
            Some(indicator) if access::sees_indicator(c, &indicator)? => Ok(revisions),
            _ => Err(Problem::new(Code::NotFound)),
        }
    };
    let revisions = session.read(read).await?;
    let items: Vec<ActualRevision> = revisions.into_iter().map(ActualRevision::from).collect();
    let body = to_json(&ActualRevisionPage { total: items.len(), items, next_cursor: None })?;
    Ok(whole(&request, body))
}

/// The route of the revisions.
pub(super) fn routes(config: &mut impl Routes) {
    config.service(list_actual_revisions);
}
