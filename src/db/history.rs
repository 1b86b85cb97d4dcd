//! What every resource was at any time: each write leaves the content that it made, and nothing of it is ever changed.
//! That is how an answer can be given as it would have been given with what was known by then, and how everybody can see who
//! changed what ([`super::audit`]).
//!
//! The revisions of actuals are what it says of them ([`super::actual_revisions`]).

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::access::Placed;
use super::audit::{self, Entry, Head};
use super::schema::history;
use super::{Connection, DbError, Row, locks, states, withheld};

/// A content of which every state is kept.
pub trait Recorded: Clone + Serialize + DeserializeOwned {
    /// What it is: the name of its table.
    const KIND: &'static str;

    /// What it is read with: the plan of an objective, the initiative of an activity.
    fn scope(&self) -> &str;

    /// Why it is so, where the content itself says it.
    fn reason(&self) -> Option<&str> {
        None
    }

    /// What it reports, where it is a report, which stands still once it is submitted.
    fn report(&self) -> Option<Report> {
        None
    }

    /// Whether it is the plan's own word and no report: what is promised, or what a plan states of earlier years.
    fn is_of_the_plan(&self) -> bool {
        false
    }

    /// Whether it says that there is nothing any more.
    fn is_removal(&self) -> bool {
        false
    }
}

/// What a report speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Report {
    /// A figure of an indicator, as of a day.
    Figure(String, NaiveDate),
    /// An activity of an initiative, as of a day, or at the checkpoint at which the plan stands.
    Activity(String, Option<NaiveDate>),
    /// What is declared of an initiative at a checkpoint.
    Review(String, String),
}

/// A content whose changes can be read one after the other.
pub trait Remembered: Placed {
    /// Every change with what there was after it; `None` where there was nothing any more.
    ///
    /// # Errors
    /// The database's own, and [`DbError::Failed`] where an entry is none.
    fn past(connection: &mut Connection, id: &str) -> Result<Vec<(Entry, Option<Self>)>, DbError>;
}

impl<T: Recorded + Placed> Remembered for T {
    fn past(connection: &mut Connection, id: &str) -> Result<Vec<(Entry, Option<Self>)>, DbError> {
        let entries = of_resource(connection, &[T::KIND], id)?;
        let read = |entry: Entry| {
            let content = content(&entry)?;
            Ok((entry, content))
        };
        entries.into_iter().map(read).collect()
    }
}

/// What an entry says that there was.
///
/// # Errors
/// [`DbError::Failed`] where it says nothing of the kind.
pub(super) fn content<T: DeserializeOwned>(entry: &Entry) -> Result<Option<T>, DbError> {
    let read = |json: &String| serde_json::from_str(json);
    let content = entry.content.as_ref().map(read).transpose();
    content.map_err(|error| DbError::Failed(format!("entry {} of the history: {error}", entry.seq)))
}

/// A change that is to be written into the history when the transaction ends.
#[derive(Debug, Clone)]
pub struct Change {
    pub(super) kind: &'static str,
    pub(super) resource_id: String,
    pub(super) scope_id: String,
    pub(super) version: i64,
    recorded_at: NaiveDateTime,
    reason: Option<String>,
    pub(super) report: Option<Report>,
    /// Whether what was made or removed is the plan's own word.
    pub(super) of_the_plan: bool,
    /// The content as JSON; none where the resource was removed.
    content: Option<String>,
}

impl Change {
    /// Whether the resource was removed.
    pub(super) fn is_removal(&self) -> bool {
        self.content.is_none()
    }
}

/// Notes rows as they are now.
///
/// # Errors
/// [`DbError::Failed`] where a content is not JSON.
pub(super) fn record<T: Recorded>(connection: &mut Connection, rows: &[Row<T>]) -> Result<(), DbError> {
    for Row { id, content, version, created_at: _, updated_at } in rows {
        let json = match content.is_removal() {
            true => None,
            false => Some(serde_json::to_string(content).map_err(|error| DbError::Failed(error.to_string()))?),
        };
        connection.unsealed.push(change(id, content, *version, *updated_at, json));
    }
    Ok(())
}

/// Notes that a row was removed.
pub(super) fn record_removal<T: Recorded>(connection: &mut Connection, row: &Row<T>) {
    let change = change(&row.id, &row.content, row.version + 1, crate::clock::now(), None);
    connection.unsealed.push(change);
}

fn change<T: Recorded>(
    id: &str,
    content: &T,
    version: i64,
    recorded_at: NaiveDateTime,
    json: Option<String>,
) -> Change {
    let (resource_id, scope_id) = (id.to_owned(), content.scope().to_owned());
    let reason = content.reason().map(str::to_owned);
    let (report, of_the_plan) = (content.report(), content.is_of_the_plan());
    Change { kind: T::KIND, resource_id, scope_id, version, recorded_at, reason, report, of_the_plan, content: json }
}

/// Keeps back what is not published yet, and writes what has been changed into the history, as the last thing that a transaction does: from then
/// to the commit nobody else adds to it.
///
/// # Errors
/// [`DbError::Locked`] where a change touches what was submitted, and the database's own.
pub(super) fn seal(connection: &mut Connection) -> Result<(), DbError> {
    if connection.unsealed.is_empty() {
        return Ok(());
    }
    let changes = std::mem::take(&mut connection.unsealed);
    let is_public = withheld::keep_back(connection, &changes)?;
    states::refresh_published(connection, is_public)?;
    let mut head = audit::locked_head(connection)?;
    // Only now: whoever submits at the same moment is either seen here, or waits for what is changed here.
    locks::check(connection, &changes)?;
    let (actor, origin, reason) =
        (connection.caller.identity.to_string(), connection.origin.clone(), connection.reason.clone());
    let sealed = |change: Change| {
        let Change { kind, resource_id, scope_id, version, recorded_at, reason: own, content, .. } = change;
        let mut entry = Entry {
            seq: head.seq + 1,
            kind: kind.to_owned(),
            resource_id,
            scope_id,
            version,
            recorded_at,
            actor: actor.clone(),
            origin: origin.clone(),
            reason: own.or_else(|| reason.clone()),
            content,
            hash: String::new(),
        };
        entry.hash = entry.hash_after(&head.hash);
        head = Head { seq: entry.seq, hash: entry.hash.clone() };
        entry
    };
    let entries: Vec<Entry> = changes.into_iter().map(sealed).collect();
    audit::append(connection, &entries)?;
    audit::move_head(connection, &head)
}

/// Every change of these kinds of one thing, the first one first.
///
/// # Errors
/// The database's own.
pub(super) fn of_resource(connection: &mut Connection, kinds: &[&str], id: &str) -> Result<Vec<Entry>, DbError> {
    Ok(on!(connection, |c| history::table
        .filter(history::resource_id.eq(id))
        .filter(history::kind.eq_any(kinds))
        .order(history::seq)
        .select(Entry::as_select())
        .load(c)?))
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
        .order((history::resource_id, history::seq))
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
