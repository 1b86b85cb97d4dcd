//! The schema: one folder of migrations for each dialect, both compiled into the program.

use diesel::migration::{Migration, MigrationSource, MigrationVersion};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::pool::{connect, unreachable_at};
use super::{Backend, Connection, DbError, OpenError, Url};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// The schema of a database, compared with the one that this program needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SchemaState {
    /// The same.
    Current,
    /// Some migrations have not been run, perhaps none.
    Older,
    /// A migration was run that this program does not know.
    Newer(String),
}

/// Compares the schema with the one that this program needs. Changes nothing.
///
/// # Errors
/// The database's own.
pub fn state(connection: &mut Connection) -> Result<SchemaState, DbError> {
    let known = known(connection)?;
    let applied = match &mut connection.backend {
        Backend::Sqlite(c) => c.applied_migrations(),
        Backend::Postgres(c) => c.applied_migrations(),
    };
    let applied: Vec<String> = applied.map_err(failed)?.iter().map(MigrationVersion::to_string).collect();
    Ok(match applied.iter().find(|version| !known.contains(version)) {
        Some(version) => SchemaState::Newer(version.clone()),
        None if applied.len() < known.len() => SchemaState::Older,
        None => SchemaState::Current,
    })
}

/// Brings the schema up to date and tells which migrations were run.
///
/// # Errors
/// [`OpenError::Newer`] where the schema is ahead of this program, and the errors of opening.
pub fn migrate(url: &Url) -> Result<Vec<String>, OpenError> {
    let mut connection = connect(url)?;
    let failure = |cause| unreachable_at(url, cause);
    if let Backend::Postgres(_) = connection.backend {
        // Until the connection is closed: several instances may be started at the same moment.
        connection.run("SELECT pg_advisory_lock(0, 2)").map_err(failure)?;
    }
    if let SchemaState::Newer(version) = state(&mut connection).map_err(failure)? {
        return Err(OpenError::Newer(url.to_string(), version));
    }
    let names = |run: Vec<MigrationVersion<'_>>| run.iter().map(MigrationVersion::to_string).collect();
    let run = match &mut connection.backend {
        Backend::Sqlite(c) => c.immediate_transaction(|c| c.run_pending_migrations(SQLITE).map(names)),
        Backend::Postgres(c) => c.run_pending_migrations(POSTGRES).map(names),
    };
    run.map_err(|error| failure(failed(error)))
}

/// Takes back every migration. For tests: it removes all data.
///
/// # Errors
/// The database's own.
pub fn revert_all(connection: &mut Connection) -> Result<(), DbError> {
    match &mut connection.backend {
        Backend::Sqlite(c) => c.revert_all_migrations(SQLITE).map(drop),
        Backend::Postgres(c) => c.revert_all_migrations(POSTGRES).map(drop),
    }
    .map_err(failed)
}

fn known(connection: &Connection) -> Result<Vec<String>, DbError> {
    let versions = |migrations: Vec<String>| migrations;
    match connection.backend {
        Backend::Sqlite(_) => {
            let all: Vec<Box<dyn Migration<diesel::sqlite::Sqlite>>> = SQLITE.migrations().map_err(failed)?;
            Ok(versions(all.iter().map(|migration| migration.name().version().to_string()).collect()))
        }
        Backend::Postgres(_) => {
            let all: Vec<Box<dyn Migration<diesel::pg::Pg>>> = POSTGRES.migrations().map_err(failed)?;
            Ok(versions(all.iter().map(|migration| migration.name().version().to_string()).collect()))
        }
    }
}

fn failed(error: Box<dyn std::error::Error + Send + Sync>) -> DbError {
    DbError::Failed(error.to_string())
}
