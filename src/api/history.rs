//! The changes of one thing, one after the other: who, when, from where, why, before and after.

use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::problem::{Code, Problem};
use super::representation::{to_json, whole};
use super::resource::Resource;
use super::session::Session;
use crate::db::Connection;
use crate::db::audit::Entry;

/// One change.
#[derive(Debug, Serialize, ToSchema)]
pub struct HistoryEntry {
    /// Its place in the service's whole history.
    seq: i64,
    /// Which version of the thing it made.
    version: i64,
    /// When, in UTC.
    recorded_at: DateTime<Utc>,
    /// Who: a key by its label and prefix, or `operator` for the command line.
    actor: String,
    /// From where: the client's address and the request's id.
    origin: Option<String>,
    /// Why, where that was said.
    reason: Option<String>,
    /// What there was before; `null` where there was nothing.
    #[schema(value_type = Option<Object>)]
    before: Option<Value>,
    /// What there was after it; `null` where it was removed.
    #[schema(value_type = Option<Object>)]
    after: Option<Value>,
    /// The entry's hash, which covers the entry before it in the whole history.
    hash: String,
}

/// The changes of one thing, all on one page.
#[derive(Debug, Serialize, ToSchema)]
pub struct HistoryPage {
    /// The changes, the first one first.
    items: Vec<HistoryEntry>,
    /// How many there are.
    total: usize,
    /// Always `null`.
    next_cursor: Option<String>,
}

/// `GET /{resources}/{id}/history`
///
/// # Errors
/// [`Code::NotFound`] where there never was such a thing, or the caller may not see it.
pub async fn history<R: Resource>(session: Session, request: HttpRequest, id: String) -> Result<HttpResponse, Problem> {
    let read = move |c: &mut Connection| {
        let past = R::past(c, &id)?;
        // Whoever saw it last may see what became of it.
        let last = past.iter().rev().find_map(|(_, state)| state.as_ref());
        match last.map(|last| last.is_seen(c, &id)).transpose()? {
            Some(true) => Ok(past),
            _ => Err(Problem::new(Code::NotFound)),
        }
    };
    let mut before = None;
    let shown = |(entry, state): (Entry, Option<R>)| {
        let after = state.map(|state| serde_json::to_value(state.input())).transpose();
        let after = after.map_err(|error| Problem::new(Code::Internal).cause(error))?;
        let before = std::mem::replace(&mut before, after.clone());
        let Entry { seq, version, recorded_at, actor, origin, reason, hash, .. } = entry;
        Ok(HistoryEntry {
            seq,
            version,
            recorded_at: recorded_at.and_utc(),
            actor,
            origin,
            reason,
            before,
            after,
            hash,
        })
    };
    let items: Vec<HistoryEntry> = session.read(read).await?.into_iter().map(shown).collect::<Result<_, Problem>>()?;
    let body = to_json(&HistoryPage { total: items.len(), items, next_cursor: None })?;
    Ok(whole(&request, body))
}
