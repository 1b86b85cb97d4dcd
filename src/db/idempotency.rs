//! Answers to requests that carried an `Idempotency-Key`.

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;

use super::schema::idempotency_keys;
use super::{Backend, Connection, DbError};

/// How long an answer is kept.
const KEPT: TimeDelta = TimeDelta::days(7);

/// An answer that was given.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = idempotency_keys, treat_none_as_default_value = false)]
pub struct Remembered {
    /// The client's key.
    pub key: String,
    /// A hash of the request.
    pub fingerprint: String,
    /// The HTTP status.
    pub status: i32,
    /// The `Location` header.
    pub location: Option<String>,
    /// The `ETag` header.
    pub etag: Option<String>,
    /// The body.
    pub body: String,
    /// When it was given.
    pub created_at: NaiveDateTime,
}

/// Makes sure that no other instance works on the same key until this transaction ends. SQLite has one writer anyway.
///
/// # Errors
/// The database's own.
pub fn lock(connection: &mut Connection, key: &str) -> Result<bool, DbError> {
    diesel::define_sql_function! {
        fn pg_try_advisory_xact_lock(key: diesel::sql_types::BigInt) -> diesel::sql_types::Bool;
    }
    match &mut connection.backend {
        Backend::Sqlite(_) => Ok(true),
        Backend::Postgres(c) => {
            // FNV-1a: any spread will do, and a clash only asks the client to send again.
            let hash = key
                .bytes()
                .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
            Ok(diesel::select(pg_try_advisory_xact_lock(hash.cast_signed())).get_result(c)?)
        }
    }
}

/// The answer that was given to this key, unless it is too old.
///
/// # Errors
/// The database's own.
pub fn find(connection: &mut Connection, key: &str) -> Result<Option<Remembered>, DbError> {
    let oldest = crate::clock::now() - KEPT;
    Ok(on!(connection, |c| idempotency_keys::table
        .find(key)
        .filter(idempotency_keys::created_at.ge(oldest))
        .select(Remembered::as_select())
        .get_result::<Remembered>(c)
        .optional()?))
}

/// Keeps an answer, and forgets those that are too old.
///
/// # Errors
/// The database's own.
pub fn remember(connection: &mut Connection, answer: &Remembered) -> Result<(), DbError> {
    let oldest = crate::clock::now() - KEPT;
    on!(connection, |c| {
        diesel::delete(idempotency_keys::table.filter(idempotency_keys::created_at.lt(oldest))).execute(c)?;
        diesel::insert_into(idempotency_keys::table).values(answer).execute(c)?;
    });
    Ok(())
}
