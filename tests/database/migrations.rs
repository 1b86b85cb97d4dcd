//! Up, down, up again.

use std::path::Path;

use mikomi::db::migrations::{SchemaState, migrate, revert_all, state};

use crate::schema;
use crate::support::{Kind, TestDatabase};

#[test]
fn every_migration_can_be_taken_back_and_run_again() {
    for kind in Kind::BOTH {
        let database = TestDatabase::empty(kind);
        let mut connection = database.connect();
        let nothing = schema::read(&mut connection);
        assert_eq!(nothing, schema::Schema::new(), "{kind:?}");

        let run = migrate(&database.url).unwrap();
        assert!(!run.is_empty());
        let first = schema::read(&mut connection);
        assert_eq!(state(&mut connection).unwrap(), SchemaState::Current);

        revert_all(&mut connection).unwrap();
        assert_eq!(schema::read(&mut connection), nothing, "{kind:?}: something is left after every down.sql");
        assert_eq!(state(&mut connection).unwrap(), SchemaState::Older);

        assert_eq!(migrate(&database.url).unwrap(), run);
        assert_eq!(schema::read(&mut connection), first, "{kind:?}: the second time made another schema");
        assert_eq!(migrate(&database.url).unwrap(), Vec::<String>::new());
    }
}

#[test]
fn both_databases_have_the_same_migrations_and_each_can_be_taken_back() {
    let names = |dialect: &str| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(dialect);
        let mut names: Vec<String> = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            for script in ["up.sql", "down.sql"] {
                let text = std::fs::read_to_string(entry.path().join(script)).unwrap_or_default();
                assert!(!text.trim().is_empty(), "{dialect}/{:?} has no {script}", entry.file_name());
            }
            names.push(entry.file_name().into_string().unwrap());
        }
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
}
