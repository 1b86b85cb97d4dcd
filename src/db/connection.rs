//! A connection to either database, and the macro that compiles one query for both.

use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::{Arc, LazyLock};

use diesel::connection::SimpleConnection;
use diesel::{Connection as _, SqliteConnection};
use diesel_async::AsyncPgConnection;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;

use super::DbError;
use super::history::Change;
use crate::domain::access::Caller;

/// PostgreSQL without libpq, behind diesel's synchronous interface.
pub(super) type PgConnection = AsyncConnectionWrapper<AsyncPgConnection>;

/// A connection to one of the two databases, and for whom it works.
pub struct Connection {
    /// The database itself.
    pub backend: Backend,
    /// Whose queries and changes these are: the operator's, unless somebody else has been named for this job.
    pub caller: Arc<Caller>,
    /// From where they come: an address and the request's id.
    pub origin: Option<String>,
    /// Why, where the caller says so.
    pub reason: Option<String>,
    /// Whether what was published is to be corrected: the only way to change what is locked.
    pub erratum: bool,
    /// What has been changed and is not in the history yet.
    pub(super) unsealed: Vec<Change>,
    /// The plans of which something was computed anew, perhaps for the public as well.
    pub(super) touched: BTreeSet<String>,
}

/// For whom a connection reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Those who work with it: what stands.
    Insiders,
    /// Everybody: what is published. The same queries find views where the tables are for others.
    Public,
}

/// A connection as its database has it.
#[expect(clippy::large_enum_variant, reason = "there is one a thread, and every query would have to see through a box")]
pub enum Backend {
    /// SQLite, in this process.
    Sqlite(SqliteConnection),
    /// PostgreSQL, over the network.
    Postgres(PgConnection),
}

/// Runs the same diesel code on whichever connection this is: the block is compiled once for each dialect.
macro_rules! on {
    ($connection:expr, |$c:ident| $body:expr) => {
        match &mut ($connection).backend {
            $crate::db::Backend::Sqlite($c) => $body,
            $crate::db::Backend::Postgres($c) => $body,
        }
    };
}

/// Where the database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Url {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL connection string.
    Postgres(String),
}

/// A database address that cannot be used, with the remedy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// The scheme is neither of the two.
    #[error("unknown database `{0}`: use `sqlite:PATH` or `postgres://USER@HOST:PORT/NAME` for --database")]
    Scheme(String),
    /// `sqlite:` without a path.
    #[error("`sqlite:` needs a path, for instance --database sqlite:mikomi.sqlite")]
    Path,
}

impl FromStr for Url {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, UrlError> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        match text.strip_prefix("sqlite:") {
            Some("") | Some("//") => Err(UrlError::Path),
            Some(path) => Ok(Self::Sqlite(PathBuf::from(path.strip_prefix("//").unwrap_or(path)))),
            None => Err(UrlError::Scheme(text.split_once("://").map_or(text, |(scheme, _)| scheme).to_owned())),
        }
    }
}

impl fmt::Display for Url {
    /// Without the password and the parameters, of which one may be a password, so that it can be logged.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => {
                let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", url));
                // A password may hold a `?`, so what stands before the `@` goes first.
                let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
                write!(f, "{scheme}://{}", host.split_once('?').map_or(host, |(host, _)| host))
            }
        }
    }
}

static OPERATOR: LazyLock<Arc<Caller>> = LazyLock::new(|| Arc::new(Caller::operator()));

/// What every SQLite connection is set to: readers never wait for the writer, a commit is on the disk, small memory.
const SQLITE_SETTINGS: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
     PRAGMA foreign_keys = ON; PRAGMA cache_size = -2048; PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY;";

/// What is different for the one that writes: a large request changes about a thousand pages. As a rule they stay in memory until they are committed, and
/// several such requests share the work of bringing the log into the database. A commit is on the disk all the same.
const SQLITE_WRITER: &str = "PRAGMA cache_size = -8192; PRAGMA wal_autocheckpoint = 4000;";

/// The views that hide the tables from a connection to SQLite that reads for the public.
const SQLITE_PUBLISHED: &str = include_str!("published.sql");

/// Has PostgreSQL look for a table's name among the views for the public first.
const POSTGRES_PUBLISHED: &str =
    "SELECT set_config('search_path', 'published, ' || current_setting('search_path'), false)";

impl Connection {
    /// Opens a connection that reads for an audience.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] where the file or the server cannot be reached.
    pub fn open_for(url: &Url, audience: Audience) -> Result<Self, DbError> {
        let mut connection = Self::open(url)?;
        if audience == Audience::Public {
            match connection.backend {
                Backend::Sqlite(_) => connection.run(SQLITE_PUBLISHED)?,
                Backend::Postgres(_) => connection.run(POSTGRES_PUBLISHED)?,
            }
        }
        Ok(connection)
    }

    /// Opens a connection for the one writer of SQLite, or one more for PostgreSQL.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] where the file or the server cannot be reached.
    pub(super) fn open_to_write(url: &Url) -> Result<Self, DbError> {
        let mut connection = Self::open(url)?;
        if let Backend::Sqlite(_) = connection.backend {
            connection.run(SQLITE_WRITER)?;
        }
        Ok(connection)
    }

    /// Opens a connection.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] where the file or the server cannot be reached.
    pub fn open(url: &Url) -> Result<Self, DbError> {
        let unavailable = |error: &dyn fmt::Display| DbError::Unavailable(error.to_string());
        match url {
            Url::Sqlite(path) => {
                let mut connection =
                    SqliteConnection::establish(&path.to_string_lossy()).map_err(|error| unavailable(&error))?;
                connection.batch_execute(SQLITE_SETTINGS)?;
                Ok(Self::of(Backend::Sqlite(connection)))
            }
            Url::Postgres(url) => {
                let mut connection = PgConnection::establish(url).map_err(|error| unavailable(&error))?;
                connection.batch_execute("SET TIME ZONE 'UTC'")?;
                Ok(Self::of(Backend::Postgres(connection)))
            }
        }
    }

    fn of(backend: Backend) -> Self {
        Self {
            backend,
            caller: Arc::clone(&OPERATOR),
            origin: None,
            reason: None,
            erratum: false,
            unsealed: Vec::new(),
            touched: BTreeSet::new(),
        }
    }

    /// Forgets for whom the last job worked: the next one has to say so itself.
    pub(super) fn begin_job(&mut self) {
        self.caller = Arc::clone(&OPERATOR);
        (self.origin, self.reason, self.erratum) = (None, None, false);
        self.unsealed.clear();
        self.touched.clear();
    }

    /// Asks the database whether it is there.
    ///
    /// # Errors
    /// The database's own.
    pub fn ping(&mut self) -> Result<(), DbError> {
        self.run("SELECT 1")
    }

    /// Runs statements that return nothing.
    pub(super) fn run(&mut self, statements: &str) -> Result<(), DbError> {
        Ok(on!(self, |c| c.batch_execute(statements))?)
    }

    /// Starts a transaction: on SQLite one that takes the write lock at once, so that it cannot fail half-way.
    pub(super) fn begin(&mut self) -> Result<(), DbError> {
        match self.backend {
            Backend::Sqlite(_) => self.run("BEGIN IMMEDIATE"),
            Backend::Postgres(_) => self.run("BEGIN"),
        }
    }

    /// Starts a transaction that reads one state of the database throughout.
    pub(super) fn begin_snapshot(&mut self) -> Result<(), DbError> {
        match self.backend {
            Backend::Sqlite(_) => self.run("BEGIN DEFERRED"),
            Backend::Postgres(_) => self.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_unknown_ones_get_the_remedy() {
        assert_eq!("sqlite:a/b.sqlite".parse(), Ok(Url::Sqlite("a/b.sqlite".into())));
        assert_eq!("sqlite:///tmp/x".parse(), Ok(Url::Sqlite("/tmp/x".into())));
        assert_eq!("mysql://host/db".parse::<Url>(), Err(UrlError::Scheme("mysql".into())));
        assert_eq!("sqlite:".parse::<Url>(), Err(UrlError::Path));
        assert!("mysql://host/db".parse::<Url>().unwrap_err().to_string().contains("sqlite:PATH"));
    }

    #[test]
    fn a_password_is_never_shown() {
        let url: Url = "postgres://mikomi:secret@db:5432/mikomi".parse().unwrap();
        assert_eq!(url.to_string(), "postgres://db:5432/mikomi");
        let url: Url = "postgres://db/mikomi?user=mikomi&password=secret".parse().unwrap();
        assert_eq!(url.to_string(), "postgres://db/mikomi");
    }
}
