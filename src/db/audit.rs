//! The history as evidence: each entry's hash covers the one before it, so that nothing in it can be changed, removed or put
//! elsewhere without being found. Whoever writes the last hash down elsewhere will also find out where the end was cut off.
//!
//! The hash of an entry is SHA-256, in hexadecimal digits, over the hash before it (nothing, for the first), a line feed, and this
//! JSON array without spaces: `[seq, kind, resource_id, scope_id, version, recorded_at, actor, origin, reason, content]`, where the moment is
//! written in UTC as `2021-11-01T09:30:00.000000` and the content is a text.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use chrono::{NaiveDateTime, Timelike};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Nullable, Text, Timestamp};
use sha2::{Digest, Sha256};

use super::fixed::Fixed;
use super::schema::{history, history_head};
use super::{Backend, Connection, DbError};

/// What a resource was after a change of it, by whom and why.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = history, treat_none_as_default_value = false)]
pub struct Entry {
    /// 1, 2, 3… in the order of the commits.
    pub seq: i64,
    /// The table in which the resource is.
    pub kind: String,
    /// The resource.
    pub resource_id: String,
    /// What it is read with.
    pub scope_id: String,
    /// Which version of it.
    pub version: i64,
    /// When, in UTC.
    pub recorded_at: NaiveDateTime,
    /// Who.
    pub actor: String,
    /// From where.
    pub origin: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// What it was then, as JSON; none where it was removed.
    pub content: Option<String>,
    /// The entry's hash.
    pub hash: String,
}

impl Entry {
    /// The hash that the entry has after one with the hash `before`.
    #[expect(clippy::expect_used, reason = "texts and numbers are always JSON")]
    pub fn hash_after(&self, before: &str) -> String {
        let Self { seq, kind, resource_id, scope_id, version, recorded_at, actor, origin, reason, content, hash: _ } =
            self;
        let (day, time) = (recorded_at.date(), recorded_at.time());
        let (hour, minute, second) = (time.hour(), time.minute(), time.second());
        let moment = format!("{day}T{hour:02}:{minute:02}:{second:02}.{:06}", time.nanosecond() / 1_000);
        let fields = (seq, kind, resource_id, scope_id, version, moment, actor, origin, reason, content);
        let mut digest = Sha256::new();
        digest.update(before.as_bytes());
        digest.update(b"\n");
        digest.update(serde_json::to_vec(&fields).expect("texts and numbers are always JSON"));
        super::hexadecimal(&digest.finalize())
    }
}

/// The last entry of a history: `1234:9f86d0…`, to be written down where the database's administrators cannot reach it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Head {
    /// Its number; 0 before the first.
    pub seq: i64,
    /// Its hash.
    pub hash: String,
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.seq, self.hash)
    }
}

impl FromStr for Head {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let read = text.split_once(':').and_then(|(seq, hash)| Some((seq.parse().ok()?, hash.to_owned())));
        let (seq, hash) =
            read.ok_or_else(|| format!("`{text}` is no head: write it as `mikomi audit head` prints it"))?;
        Ok(Self { seq, hash })
    }
}

/// The last entry.
///
/// # Errors
/// The database's own.
pub fn head(connection: &mut Connection) -> Result<Head, DbError> {
    Ok(on!(connection, |c| history_head::table
        .find(1)
        .select((history_head::seq, history_head::hash))
        .get_result(c)?))
}

/// The last entry, which stays the last until this transaction ends.
pub(super) fn locked_head(connection: &mut Connection) -> Result<Head, DbError> {
    match &mut connection.backend {
        Backend::Sqlite(_) => head(connection),
        Backend::Postgres(c) => Ok(history_head::table
            .find(1)
            .select((history_head::seq, history_head::hash))
            .for_update()
            .get_result(c)?),
    }
}

/// Adds entries to the end.
pub(super) fn append(connection: &mut Connection, entries: &[Entry]) -> Result<(), DbError> {
    match &mut connection.backend {
        Backend::Sqlite(c) => {
            for entry in entries {
                Fixed(diesel::insert_into(history::table).values(entry)).run(c)?;
            }
        }
        // One statement whose text does not grow with their number: with a parameter for each value PostgreSQL reads a thousand
        // entries longer than it takes to keep them.
        Backend::Postgres(c) => {
            Fixed(diesel::sql_query(
                "INSERT INTO history (seq, kind, resource_id, scope_id, version, recorded_at, actor, origin, reason, content, hash) \
                 SELECT unnest($1), unnest($2), unnest($3), unnest($4), unnest($5), unnest($6), unnest($7), unnest($8), \
                 unnest($9), unnest($10), unnest($11)",
            )
            .bind::<Array<BigInt>, _>(array!(entries, |one| one.seq))
            .bind::<Array<Text>, _>(array!(entries, |one| one.kind.as_str()))
            .bind::<Array<Text>, _>(array!(entries, |one| one.resource_id.as_str()))
            .bind::<Array<Text>, _>(array!(entries, |one| one.scope_id.as_str()))
            .bind::<Array<BigInt>, _>(array!(entries, |one| one.version))
            .bind::<Array<Timestamp>, _>(array!(entries, |one| one.recorded_at))
            .bind::<Array<Text>, _>(array!(entries, |one| one.actor.as_str()))
            .bind::<Array<Nullable<Text>>, _>(array!(entries, |one| one.origin.as_deref()))
            .bind::<Array<Nullable<Text>>, _>(array!(entries, |one| one.reason.as_deref()))
            .bind::<Array<Nullable<Text>>, _>(array!(entries, |one| one.content.as_deref()))
            .bind::<Array<Text>, _>(array!(entries, |one| one.hash.as_str())))
            .run(c)?;
        }
    }
    Ok(())
}

pub(super) fn move_head(connection: &mut Connection, head: &Head) -> Result<(), DbError> {
    let moved = diesel::update(history_head::table.find(1))
        .set((history_head::seq.eq(head.seq), history_head::hash.eq(&head.hash)));
    on!(connection, |c| Fixed(moved).run(c)?);
    Ok(())
}

/// What is wrong with a history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Breach {
    /// The entry is not what it was when it was written, or not after the one it was written after.
    Changed(i64),
    /// These entries are gone, from the first to the last.
    Missing(i64, i64),
    /// The head does not name the last entry.
    Head {
        /// What it names.
        named: Head,
        /// What is there.
        found: Option<String>,
    },
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed(seq) => write!(f, "entry {seq} was changed or moved"),
            Self::Missing(first, last) if first == last => write!(f, "entry {first} is missing"),
            Self::Missing(first, last) => write!(f, "entries {first} to {last} are missing"),
            Self::Head { named, found: None } => write!(f, "entry {}, which the head names, is missing", named.seq),
            Self::Head { named, found: Some(hash) } => {
                write!(f, "entry {} has the hash {hash}, the head says {}", named.seq, named.hash)
            }
        }
    }
}

/// How many entries are looked at together.
const BATCH: i64 = 2_000;

/// Checks every entry against the one before it, and heads that were written down against the entries that they name. Gives the
/// number of entries, and what is wrong.
///
/// # Errors
/// The database's own.
pub fn verify(connection: &mut Connection, written_down: &[Head]) -> Result<(i64, Vec<Breach>), DbError> {
    let own = head(connection)?;
    let mut heads: BTreeMap<i64, Vec<&Head>> = BTreeMap::new();
    for head in written_down.iter().chain([&own]).filter(|head| head.seq > 0) {
        heads.entry(head.seq).or_default().push(head);
    }
    let (mut last, mut before, mut number) = (0, String::new(), 0);
    let mut breaches = Vec::new();
    loop {
        let entries = batch(connection, last)?;
        if entries.is_empty() {
            break;
        }
        for (entry, moment_is_sound) in entries {
            if entry.seq > last + 1 {
                breaches.push(Breach::Missing(last + 1, entry.seq - 1));
            }
            if !moment_is_sound || entry.hash_after(&before) != entry.hash {
                breaches.push(Breach::Changed(entry.seq));
            }
            let named = heads.remove(&entry.seq).unwrap_or_default();
            let differs = named.into_iter().filter(|head| head.hash != entry.hash);
            breaches.extend(differs.map(|head| Breach::Head { named: head.clone(), found: Some(entry.hash.clone()) }));
            (last, before) = (entry.seq, entry.hash);
            number += 1;
        }
    }
    breaches.extend(heads.into_values().flatten().map(|head| Breach::Head { named: head.clone(), found: None }));
    if number > 0 && own.seq < last {
        breaches.push(Breach::Head { named: own, found: Some(before) });
    }
    Ok((number, breaches))
}

/// The entries after one, with whether the moment of each is written as it always is: SQLite keeps it as a text, of which another
/// may mean the same.
fn batch(connection: &mut Connection, after: i64) -> Result<Vec<(Entry, bool)>, DbError> {
    let found: Vec<(Entry, String)> = on!(connection, |c| history::table
        .filter(history::seq.gt(after))
        .order(history::seq)
        .limit(BATCH)
        .select((Entry::as_select(), sql::<Text>("CAST(recorded_at AS TEXT)")))
        .load(c)?);
    let of_text = matches!(connection.backend, Backend::Sqlite(_));
    let sound = |entry: &Entry, text: &str| !of_text || entry.recorded_at.format("%F %T%.f").to_string() == text;
    let judged = |(entry, text): (Entry, String)| {
        let sound = sound(&entry, &text);
        (entry, sound)
    };
    Ok(found.into_iter().map(judged).collect())
}
