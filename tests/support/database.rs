//! A fresh database for each test, copied from one that was migrated once.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use mikomi::db::{Backend, Connection, Url, migrations, new_id};
use sha2::{Digest, Sha256};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

impl Kind {
    pub const BOTH: [Self; 2] = [Self::Sqlite, Self::Postgres];
}

/// A database of its own. It is gone when this is dropped.
pub struct TestDatabase {
    pub url: Url,
    pub kind: Kind,
    place: Place,
}

enum Place {
    Folder(PathBuf),
    Server(String),
}

impl TestDatabase {
    /// With the schema as it is today.
    pub fn new(kind: Kind) -> Self {
        let database = match kind {
            Kind::Sqlite => None,
            Kind::Postgres => Some(template()),
        };
        let database = Self::make(kind, database.as_deref());
        if kind == Kind::Sqlite {
            migrations::migrate(&database.url).expect("the migrations run");
        }
        database
    }

    /// Without any schema.
    pub fn empty(kind: Kind) -> Self {
        Self::make(kind, None)
    }

    fn make(kind: Kind, template: Option<&str>) -> Self {
        let name = format!("mikomi_test_{}", new_id().replace('-', ""));
        let (url, place) = match kind {
            Kind::Sqlite => {
                let folder = std::env::temp_dir().join(&name);
                std::fs::create_dir(&folder).expect("a temporary folder can be made");
                (Url::Sqlite(folder.join("mikomi.sqlite")), Place::Folder(folder))
            }
            Kind::Postgres => {
                let like = template.unwrap_or("template0");
                run(&mut admin(), &format!("CREATE DATABASE {name} TEMPLATE {like}"));
                (on_the_server(&name), Place::Server(name))
            }
        };
        Self { url, kind, place }
    }

    pub fn connect(&self) -> Connection {
        Connection::open(&self.url).expect("the database can be reached")
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        match &self.place {
            Place::Folder(folder) => drop(std::fs::remove_dir_all(folder)),
            Place::Server(name) => {
                run(&mut admin(), &format!("DROP DATABASE {name} WITH (FORCE)"));
            }
        }
    }
}

/// Runs one statement, and tells how many rows it concerned.
pub fn run(connection: &mut Connection, statement: &str) -> usize {
    let ran = match &mut connection.backend {
        Backend::Sqlite(c) => diesel::sql_query(statement).execute(c),
        Backend::Postgres(c) => diesel::sql_query(statement).execute(c),
    };
    ran.unwrap_or_else(|error| panic!("{statement}: {error}"))
}

/// The server's address, or the way to get one: a test that is skipped in silence tests nothing.
fn server() -> String {
    std::env::var("MIKOMI_TEST_POSTGRES").unwrap_or_else(|_| {
        panic!(
            "MIKOMI_TEST_POSTGRES names no PostgreSQL server. `tests/run` starts one and runs everything; \
                `tests/postgres run cargo test …` starts one for a single command"
        )
    })
}

fn on_the_server(database: &str) -> Url {
    let server = server();
    let (address, _) = server.rsplit_once('/').expect("MIKOMI_TEST_POSTGRES ends in /postgres");
    format!("{address}/{database}").parse().expect("MIKOMI_TEST_POSTGRES is an address of PostgreSQL")
}

fn admin() -> Connection {
    Connection::open(&server().parse().expect("MIKOMI_TEST_POSTGRES is an address of PostgreSQL"))
        .expect("MIKOMI_TEST_POSTGRES names a server that can be reached")
}

/// The name of a migrated database, made by whoever comes first, whichever process that is. Its name tells the
/// migrations, so that a server that outlives a change of them serves the next one too.
fn template() -> String {
    static NAME: OnceLock<String> = OnceLock::new();
    NAME.get_or_init(|| {
        let name = format!("mikomi_template_{}", fingerprint());
        let mut admin = admin();
        run(&mut admin, "SELECT pg_advisory_lock(20191121)");
        let Backend::Postgres(c) = &mut admin.backend else { unreachable!("the server is a PostgreSQL") };
        let there: i64 = diesel::sql_query("SELECT count(*) AS count FROM pg_database WHERE datname = $1")
            .bind::<Text, _>(&name)
            .get_result::<Count>(c)
            .expect("the databases can be counted")
            .count;
        if there == 0 {
            // Renamed when it is whole, so that a half-made one is never used.
            let half = format!("{name}_half");
            run(&mut admin, &format!("DROP DATABASE IF EXISTS {half} WITH (FORCE)"));
            run(&mut admin, &format!("CREATE DATABASE {half} TEMPLATE template0"));
            migrations::migrate(&on_the_server(&half)).expect("the migrations run");
            run(&mut admin, &format!("ALTER DATABASE {half} RENAME TO {name}"));
        }
        run(&mut admin, "SELECT pg_advisory_unlock(20191121)");
        name
    })
    .clone()
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

fn fingerprint() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/postgres");
    let mut scripts: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path().join("up.sql")).collect();
    scripts.sort();
    let mut hash = Sha256::new();
    scripts.iter().for_each(|script| hash.update(std::fs::read(script).unwrap_or_default()));
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
