//! Keys by which programs and spreadsheets come in.
//!
//! A key is `mikomi_`, a prefix by which people know it, and 256 random bits. Only its SHA-256 is kept: with so much chance in it
//! there is nothing to guess, and a slow hash, which passwords need, would only slow every request down.

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::history::{self, Recorded};
use super::schema::{api_keys, organizations};
use super::{Connection, DbError, Row, access, hexadecimal};
use crate::domain::access::{Caller, Grant, Identity, Reach, Role};

/// What a key is made for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purpose {
    /// Who uses it, in words.
    pub label: String,
    /// What it may do.
    pub role: Role,
    /// Where, by the id of the organization; everywhere where `None`.
    pub organization_id: Option<String>,
    /// Until when; for ever where `None`.
    pub expires_at: Option<NaiveDateTime>,
}

/// A key as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, Serialize, Deserialize)]
#[diesel(table_name = api_keys, treat_none_as_default_value = false)]
pub struct ApiKey {
    /// Opaque.
    pub id: String,
    /// By which people know it.
    pub prefix: String,
    /// SHA-256 of the whole key, in hexadecimal digits.
    #[serde(skip)]
    pub hash: String,
    /// Who uses it, in words.
    pub label: String,
    /// What it may do.
    pub role: Role,
    /// Where, by the id of the organization; everywhere where `None`.
    pub organization_id: Option<String>,
    /// When it was made, in UTC.
    pub created_at: NaiveDateTime,
    /// Until when it counts.
    pub expires_at: Option<NaiveDateTime>,
    /// When it was used, to some minutes.
    pub last_used_at: Option<NaiveDateTime>,
    /// Since when it does not count any more.
    pub revoked_at: Option<NaiveDateTime>,
}

impl Recorded for ApiKey {
    const KIND: &'static str = "api_keys";

    fn scope(&self) -> &str {
        self.organization_id.as_deref().unwrap_or_default()
    }
}

/// How often it is noted that a key is used.
const NOTED: TimeDelta = TimeDelta::minutes(5);

impl ApiKey {
    /// Whether it counts at a moment.
    pub fn counts(&self, now: NaiveDateTime) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }

    /// Whether it should be noted that it is used.
    pub fn is_due(&self, now: NaiveDateTime) -> bool {
        self.last_used_at.is_none_or(|noted| noted + NOTED < now)
    }

    /// Who it is.
    pub fn identity(&self) -> Identity {
        Identity::marked(format!("key {}", self.label), &self.prefix)
    }
}

/// Makes a key and keeps its hash. The key itself is what is given back, this once.
///
/// # Errors
/// [`DbError::Reference`] for an organization that is not there, and [`DbError::Failed`] where the system has no chance
/// to give.
pub fn issue(connection: &mut Connection, purpose: Purpose) -> Result<(String, ApiKey), DbError> {
    let Purpose { label, role, organization_id, expires_at } = purpose;
    let mut bytes = [0; 36];
    getrandom::fill(&mut bytes).map_err(|error| DbError::Failed(error.to_string()))?;
    let (prefix, secret) = bytes.split_at(4);
    let prefix = hexadecimal(prefix);
    let text = format!("mikomi_{prefix}_{}", hexadecimal(secret));
    let key = ApiKey {
        id: super::new_id(),
        hash: hash(&text),
        prefix,
        label,
        role,
        organization_id,
        created_at: crate::clock::now(),
        expires_at,
        last_used_at: None,
        revoked_at: None,
    };
    on!(&mut *connection, |c| diesel::insert_into(api_keys::table).values(&key).execute(c)?);
    record(connection, key.clone(), 1)?;
    Ok((text, key))
}

/// The key that this text is, whether it counts or not.
///
/// # Errors
/// The database's own.
pub fn find(connection: &mut Connection, text: &str) -> Result<Option<ApiKey>, DbError> {
    Ok(on!(connection, |c| api_keys::table
        .filter(api_keys::hash.eq(hash(text)))
        .select(ApiKey::as_select())
        .get_result(c)
        .optional()?))
}

/// Who comes with a key: it shows what is theirs, and nothing that others publish.
///
/// # Errors
/// The database's own.
pub fn caller(connection: &mut Connection, key: &ApiKey) -> Result<Caller, DbError> {
    let reach = match &key.organization_id {
        None => Reach::Everything,
        Some(organization) => access::reach(connection, organization)?,
    };
    Ok(Caller { identity: key.identity(), grants: vec![Grant { role: key.role, reach }], published: false })
}

/// Notes that a key is used.
///
/// # Errors
/// The database's own.
pub fn note_use(connection: &mut Connection, id: &str) -> Result<(), DbError> {
    on!(connection, |c| diesel::update(api_keys::table.find(id))
        .set(api_keys::last_used_at.eq(crate::clock::now()))
        .execute(c)?);
    Ok(())
}

/// All keys with the names of their organizations, the oldest first.
///
/// # Errors
/// The database's own.
pub fn all(connection: &mut Connection) -> Result<Vec<(ApiKey, Option<String>)>, DbError> {
    Ok(on!(connection, |c| api_keys::table
        .left_join(organizations::table.on(organizations::id.nullable().eq(api_keys::organization_id)))
        .order(api_keys::id)
        .select((ApiKey::as_select(), organizations::name.nullable()))
        .load(c)?))
}

/// Ends a key at once. `false` where there is none with this prefix that has not been ended before.
///
/// # Errors
/// The database's own.
pub fn revoke(connection: &mut Connection, prefix: &str) -> Result<bool, DbError> {
    let open = api_keys::table.filter(api_keys::prefix.eq(prefix)).filter(api_keys::revoked_at.is_null());
    let ended: Option<ApiKey> = on!(&mut *connection, |c| diesel::update(open)
        .set(api_keys::revoked_at.eq(crate::clock::now()))
        .returning(ApiKey::as_returning())
        .get_result(c)
        .optional()?);
    let Some(key) = ended else { return Ok(false) };
    record(connection, key, 2)?;
    Ok(true)
}

fn record(connection: &mut Connection, key: ApiKey, version: i64) -> Result<(), DbError> {
    let row = Row { id: key.id.clone(), version, ..Row::new(key) };
    history::record(connection, &[row])
}

fn hash(text: &str) -> String {
    hexadecimal(&Sha256::digest(text.as_bytes()))
}
