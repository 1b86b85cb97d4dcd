//! A database that cannot be used is refused with the remedy.

use mikomi::db::migrations::migrate;
use mikomi::db::{Database, Url};

use crate::support::{Kind, TestDatabase, run};

/// Why the database does not open.
fn refusal(url: &Url) -> String {
    Database::open(url, 1).err().expect("a refusal").to_string()
}

#[test]
fn an_older_schema_asks_for_a_migration() {
    for kind in Kind::BOTH {
        let database = TestDatabase::empty(kind);
        let said = refusal(&database.url);
        assert!(said.contains("older than this program") && said.contains("mikomi migrate"), "{said}");
    }
}

#[test]
fn a_newer_schema_asks_for_that_version_or_a_backup() {
    for kind in Kind::BOTH {
        let database = TestDatabase::new(kind);
        run(&mut database.connect(), "INSERT INTO __diesel_schema_migrations (version) VALUES ('99991231000000')");
        for said in [refusal(&database.url), migrate(&database.url).expect_err("a refusal").to_string()] {
            assert!(
                said.contains("newer mikomi") && said.contains("99991231000000") && said.contains("restore a backup"),
                "{said}"
            );
        }
    }
}

#[test]
fn a_missing_folder_is_named() {
    let said = refusal(&"sqlite:/nowhere/at/all/mikomi.sqlite".parse().unwrap());
    assert!(said.contains("`/nowhere/at/all`") && said.contains("--database"), "{said}");
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let database = TestDatabase::empty(Kind::Sqlite);
    let Url::Sqlite(path) = &database.url else { panic!("SQLite has a path") };
    std::fs::write(path, "this is no database, but it is long enough to look like one at first").unwrap();
    let said = refusal(&database.url);
    assert!(said.contains("cannot open sqlite:") && said.contains("--database"), "{said}");
}

#[test]
fn an_unknown_scheme_is_told_which_ones_there_are() {
    for address in ["mysql://root:secret@host/db", "mikomi.sqlite", "", "sqlite"] {
        let said = address.parse::<Url>().unwrap_err().to_string();
        assert!(said.contains("sqlite:PATH") && said.contains("postgres://") && !said.contains("secret"), "{said}");
    }
}

#[test]
fn a_server_that_cannot_be_reached_is_named_without_its_password() {
    let said = refusal(&"postgres://mikomi:secret@127.0.0.1:1/mikomi".parse().unwrap());
    assert!(said.contains("127.0.0.1:1/mikomi") && said.contains("--database") && !said.contains("secret"), "{said}");
}
