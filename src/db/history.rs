//! What every resource was at any time: each write leaves the content that it made, and nothing of it is ever changed.
//! That is how an answer can be given as it would have been given with what was known by then.
//!
//! Actuals keep revisions of their own, which people read and reason about ([`super::actuals`]).

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::schema::history;
use super::{Connection, DbError, Row};

/// A content of which every state is kept.
pub trait Recorded: Clone + Serialize + DeserializeOwned {
    /// What it is: the name of its table.
    const KIND: &'static str;

    /// What it is read with: the plan of an objective, the initiative of an activity.
    fn scope(&self) -> &str;
}

/// A state of a resource.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = history)]
struct Entry<'a> {
    /// In the order of recording.
    id: String,
    kind: &'static str,
    resource_id: &'a str,
    scope_id: &'a str,
    version: i64,
    recorded_at: NaiveDateTime,
    /// The content as JSON; none where the resource was removed.
    content: Option<String>,
}

/// Records rows as they are now.
///
/// # Errors
/// The database's own.
pub(super) fn record<T: Recorded>(connection: &mut Connection, rows: &[Row<T>]) -> Result<(), DbError> {
    let entry = |row| {
        let Row { id, content, version, created_at: _, updated_at }: &Row<T> = row;
        let json = serde_json::to_string(content).map_err(|error| DbError::Failed(error.to_string()))?;
        Ok(entry::<T>(id, content, *version, *updated_at, Some(json)))
    };
    let entries = rows.iter().map(entry).collect::<Result<Vec<_>, DbError>>()?;
    insert_all!(connection, history, entries);
    Ok(())
}

/// Records that a row was removed.
///
/// # Errors
/// The database's own.
pub(super) fn record_removal<T: Recorded>(connection: &mut Connection, row: &Row<T>) -> Result<(), DbError> {
    let entries = vec![entry::<T>(&row.id, &row.content, row.version + 1, crate::clock::now(), None)];
    insert_all!(connection, history, entries);
    Ok(())
}

fn entry<'a, T: Recorded>(
    id: &'a str,
    content: &'a T,
    version: i64,
    recorded_at: NaiveDateTime,
    json: Option<String>,
) -> Entry<'a> {
    let scope_id = content.scope();
    Entry { id: super::new_id(), kind: T::KIND, resource_id: id, scope_id, version, recorded_at, content: json }
}

/// The rows in these scopes, or in all where there are none to choose, as they were known at a moment.
///
/// # Errors
/// The database's own.
pub fn known_in<T: Recorded>(
    connection: &mut Connection,
    scopes: Option<&[String]>,
    at: NaiveDateTime,
) -> Result<Vec<Row<T>>, DbError> {
    let ids: Vec<String> = on!(&mut *connection, |c| {
        let mut entries = history::table
            .filter(history::kind.eq(T::KIND))
            .filter(history::recorded_at.le(at))
            .select(history::resource_id)
            .distinct()
            .into_boxed();
        if let Some(scopes) = scopes {
            entries = entries.filter(history::scope_id.eq_any(scopes));
        }
        entries.load(c)?
    });
    let mut rows = known(connection, &ids, at)?;
    // It may have moved elsewhere by then.
    rows.retain(|row: &Row<T>| scopes.is_none_or(|scopes| scopes.iter().any(|scope| scope == row.content.scope())));
    Ok(rows)
}

/// These rows as they were known at a moment, in the order of their ids. One that was not there then is left out.
///
/// # Errors
/// The database's own, and [`DbError::Failed`] where an entry is none.
pub fn known<T: Recorded>(
    connection: &mut Connection,
    ids: &[String],
    at: NaiveDateTime,
) -> Result<Vec<Row<T>>, DbError> {
    let entries: Vec<(String, i64, NaiveDateTime, Option<String>)> = on!(connection, |c| history::table
        .filter(history::kind.eq(T::KIND))
        .filter(history::resource_id.eq_any(ids))
        .filter(history::recorded_at.le(at))
        .order((history::resource_id, history::version, history::id))
        .select((history::resource_id, history::version, history::recorded_at, history::content))
        .load(c)?);
    let mut first: HashMap<String, NaiveDateTime> = HashMap::new();
    let mut rows = Vec::new();
    let mut entries = entries.into_iter().peekable();
    while let Some((id, version, updated_at, content)) = entries.next() {
        let created_at = *first.entry(id.clone()).or_insert(updated_at);
        if entries.peek().is_some_and(|(next, ..)| *next == id) {
            continue;
        }
        let Some(json) = content else { continue };
        let content =
            serde_json::from_str(&json).map_err(|error| DbError::Failed(format!("history of {id}: {error}")))?;
        rows.push(Row { id, content, version, created_at, updated_at });
    }
    Ok(rows)
}
