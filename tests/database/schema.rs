//! The two schemas are one: the same tables, columns, keys and indexes on both databases and in src/db/schema.rs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use mikomi::db::{Audience, Backend, Connection};

use crate::support::{Kind, TestDatabase};

pub type Schema = BTreeMap<String, Table>;

/// A table, with what the two databases call by different names called by one.
#[derive(Debug, Default, PartialEq)]
pub struct Table {
    /// `name type`, with ` null` where it may be, in the table's order.
    columns: Vec<String>,
    primary_key: Vec<String>,
    unique: BTreeSet<Vec<String>>,
    /// `column -> table.column`, with what happens when that is deleted
    foreign_keys: BTreeSet<String>,
    /// `name (columns)`
    indexes: BTreeSet<String>,
    /// The words that a column may hold, as `column IN word, word`.
    words: BTreeSet<String>,
}

/// The schema as the database tells it, without diesel's own table.
pub fn read(connection: &mut Connection) -> Schema {
    match &mut connection.backend {
        Backend::Sqlite(c) => read_sqlite(c),
        Backend::Postgres(c) => {
            read_postgres(&mut |sql| diesel::sql_query(sql).load(c).unwrap_or_else(|e| panic!("{sql}: {e}")))
        }
    }
}

/// A row of up to five facts.
#[derive(QueryableByName)]
struct Fact {
    #[diesel(sql_type = Text)]
    a: String,
    #[diesel(sql_type = Text)]
    b: String,
    #[diesel(sql_type = Text)]
    c: String,
    #[diesel(sql_type = Text)]
    d: String,
    #[diesel(sql_type = BigInt)]
    n: i64,
}

fn read_sqlite(connection: &mut SqliteConnection) -> Schema {
    let mut facts =
        |sql: &str| -> Vec<Fact> { diesel::sql_query(sql).load(connection).unwrap_or_else(|e| panic!("{sql}: {e}")) };
    let mut schema = Schema::new();
    for Fact { a: name, b: definition, .. } in facts(
        "SELECT name AS a, sql AS b, '' AS c, '' AS d, 0 AS n FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_\\_diesel%' ESCAPE '\\'",
    ) {
        let mut table = Table { words: words(&definition), ..Table::default() };
        let columns = facts(&format!(
            "SELECT name AS a, type AS b, CASE \"notnull\" WHEN 1 THEN '' ELSE ' null' END AS c, '' AS d, pk AS n \
             FROM pragma_table_info('{name}') ORDER BY cid"
        ));
        let mut keys: Vec<(i64, String)> = columns.iter().filter(|c| c.n > 0).map(|c| (c.n, c.a.clone())).collect();
        keys.sort();
        table.primary_key = keys.into_iter().map(|(_, name)| name).collect();
        table.columns = columns.iter().map(|Fact { a, b, c, .. }| format!("{a} {}{c}", kind(b))).collect();
        for Fact { a: column, b: other, c: to, d: end, .. } in facts(&format!(
            "SELECT \"from\" AS a, \"table\" AS b, coalesce(\"to\", '') AS c, \
             CASE on_delete WHEN 'NO ACTION' THEN '' ELSE ' ON DELETE ' || on_delete END AS d, 0 AS n \
             FROM pragma_foreign_key_list('{name}')"
        )) {
            table.foreign_keys.insert(format!("{column} -> {other}.{to}{end}"));
        }
        for Fact { a: index, b: origin, n: unique, .. } in facts(&format!(
            "SELECT name AS a, origin AS b, '' AS c, '' AS d, \"unique\" AS n FROM pragma_index_list('{name}')"
        )) {
            let columns: Vec<String> = facts(&format!(
                "SELECT name AS a, '' AS b, '' AS c, '' AS d, 0 AS n FROM pragma_index_info('{index}') ORDER BY seqno"
            ))
            .into_iter()
            .map(|fact| fact.a)
            .collect();
            match origin.as_str() {
                "pk" => {}
                "u" => drop(table.unique.insert(columns)),
                _ => drop(table.indexes.insert(format!("{index} ({}) unique={unique}", columns.join(", ")))),
            }
        }
        schema.insert(name, table);
    }
    schema
}

fn read_postgres(facts: &mut dyn FnMut(&str) -> Vec<Fact>) -> Schema {
    let mut schema = Schema::new();
    for Fact { a: table, b: column, c: kind_of, d: null, .. } in facts(
        "SELECT table_name::text AS a, column_name::text AS b, data_type::text AS c, \
         CASE is_nullable WHEN 'YES' THEN ' null' ELSE '' END AS d, 0::bigint AS n \
         FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_diesel%' ORDER BY table_name, ordinal_position",
    ) {
        schema.entry(table).or_default().columns.push(format!("{column} {}{null}", kind(&kind_of)));
    }
    // contype: p, u, f, c; the columns in the constraint's order.
    for Fact { a: name, b: contype, c: columns, d: definition, .. } in facts(
        "SELECT t.relname::text AS a, c.contype::text AS b, coalesce((SELECT string_agg(a.attname, ',' ORDER BY k.n) \
         FROM unnest(c.conkey) WITH ORDINALITY AS k(attnum, n) JOIN pg_attribute a ON a.attrelid = t.oid \
         AND a.attnum = k.attnum), '') AS c, pg_get_constraintdef(c.oid) AS d, 0::bigint AS n \
         FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_namespace s ON s.oid = t.relnamespace \
         WHERE s.nspname = 'public' AND t.relname NOT LIKE '\\_\\_diesel%'",
    ) {
        let table = schema.get_mut(&name).unwrap();
        let names: Vec<String> = columns.split(',').map(str::to_owned).collect();
        match contype.as_str() {
            "p" => table.primary_key = names,
            "u" => drop(table.unique.insert(names)),
            "f" => {
                let to = definition.split("REFERENCES ").nth(1).unwrap().replace('(', ".").replace(')', "");
                table.foreign_keys.insert(format!("{columns} -> {to}"));
            }
            _ => table.words.extend(words(&definition)),
        }
    }
    for Fact { a: name, b: index, c: definition, n: unique, .. } in facts(
        "SELECT t.relname::text AS a, i.relname::text AS b, pg_get_indexdef(i.oid) AS c, '' AS d, \
         x.indisunique::int::bigint AS n FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid \
         JOIN pg_class t ON t.oid = x.indrelid JOIN pg_namespace s ON s.oid = t.relnamespace WHERE s.nspname = 'public' AND t.relname NOT LIKE '\\_\\_diesel%' \
         AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.oid AND c.contype IN ('p', 'u'))",
    ) {
        let columns = definition.split_once('(').unwrap().1.trim_end_matches(')');
        schema.get_mut(&name).unwrap().indexes.insert(format!("{index} ({columns}) unique={unique}"));
    }
    schema
}

/// One name for what both databases store alike.
fn kind(name: &str) -> &str {
    match name.to_ascii_lowercase().as_str() {
        "text" => "text",
        "integer" => "integer",
        "bigint" => "bigint",
        "boolean" => "boolean",
        "date" => "date",
        "timestamp" | "timestamp without time zone" => "timestamp",
        _ => panic!("{name} is no type that both databases store alike"),
    }
}

/// The closed vocabularies of a definition: `CHECK (kind IN ('a', 'b'))` here, `CHECK ((kind = ANY (ARRAY['a'::text …` there.
fn words(definition: &str) -> BTreeSet<String> {
    let checks = definition.split("CHECK (").skip(1).filter(|check| check.contains('\''));
    let column = |check: &str| {
        let name: String =
            check.trim_start_matches('(').chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        name
    };
    checks
        .map(|check| {
            let check = check.split(['\n', ']']).next().unwrap();
            let words: Vec<&str> = check.split('\'').skip(1).step_by(2).collect();
            format!("{} IN {}", column(check), words.join(", "))
        })
        .collect()
}

/// The tables of src/db/schema.rs: their columns and their primary keys.
fn declared() -> BTreeMap<String, (Vec<String>, Vec<String>)> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/db/schema.rs")).unwrap();
    let mut tables = BTreeMap::new();
    for table in text.split("diesel::table! {").skip(1) {
        let mut lines = table.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let (name, key) = lines.next().unwrap().split_once(" (").unwrap();
        let key = key.split(')').next().unwrap().split(", ").map(str::to_owned).collect();
        let columns = lines.take_while(|line| *line != "}").map(|line| {
            let (name, sql) = line.trim_end_matches(',').split_once(" -> ").unwrap();
            let (inner, null) = match sql.strip_prefix("Nullable<") {
                Some(inner) => (inner.trim_end_matches('>'), " null"),
                None => (sql, ""),
            };
            format!("{name} {}{null}", kind(if inner == "Bool" { "boolean" } else { inner }))
        });
        tables.insert(name.to_owned(), (columns.collect(), key));
    }
    tables
}

fn migrated(kind: Kind) -> Schema {
    read(&mut TestDatabase::new(kind).connect())
}

#[test]
fn both_databases_have_the_same_schema() {
    let [sqlite, postgres] = Kind::BOTH.map(migrated);
    assert_eq!(sqlite.keys().collect::<Vec<_>>(), postgres.keys().collect::<Vec<_>>());
    assert!(sqlite.len() > 10);
    // What is read at all is compared: a query that finds nothing would compare equal.
    assert_eq!(sqlite["plans"].words.first().map(String::as_str), Some("status IN draft, proposed, adopted, closed"));
    assert!(
        !sqlite["plans"].foreign_keys.is_empty()
            && !sqlite["plans"].indexes.is_empty()
            && !sqlite["plans"].unique.is_empty()
    );
    for (name, table) in &sqlite {
        assert_eq!(table, &postgres[name], "the table {name}: SQLite on the left, PostgreSQL on the right");
    }
}

#[test]
fn the_schema_in_the_source_is_the_one_in_the_databases() {
    let declared = declared();
    for kind in Kind::BOTH {
        let found: BTreeMap<String, (Vec<String>, Vec<String>)> =
            migrated(kind).into_iter().map(|(name, table)| (name, (table.columns, table.primary_key))).collect();
        assert_eq!(declared.keys().collect::<Vec<_>>(), found.keys().collect::<Vec<_>>());
        for (name, table) in &found {
            assert_eq!(table, &declared[name], "the table {name}: {kind:?} on the left, src/db/schema.rs on the right");
        }
    }
}

/// The views that hide tables from whoever reads for the public, with their columns.
fn views(connection: &mut Connection) -> BTreeMap<String, Vec<String>> {
    let sqlite = "SELECT v.name AS a, i.name AS b, '' AS c, '' AS d, 0 AS n FROM sqlite_temp_master v, pragma_table_info(v.name, 'temp') i \
         WHERE v.type = 'view' ORDER BY v.name, i.cid";
    let postgres = "SELECT table_name::text AS a, column_name::text AS b, '' AS c, '' AS d, 0::bigint AS n \
         FROM information_schema.columns WHERE table_schema = 'published' ORDER BY table_name, ordinal_position";
    let facts: Vec<Fact> = match &mut connection.backend {
        Backend::Sqlite(c) => diesel::sql_query(sqlite).load(c).unwrap(),
        Backend::Postgres(c) => diesel::sql_query(postgres).load(c).unwrap(),
    };
    let mut views: BTreeMap<String, Vec<String>> = BTreeMap::new();
    facts.into_iter().for_each(|fact| views.entry(fact.a).or_default().push(fact.b));
    views
}

#[test]
fn what_the_public_is_shown_looks_like_the_tables_that_it_hides() {
    let hidden = [
        "activities",
        "actuals",
        "history",
        "initiative_states",
        "plan_rollups",
        "review_flags",
        "reviews",
        "submissions",
        "target_states",
    ];
    for kind in Kind::BOTH {
        let database = TestDatabase::new(kind);
        let tables = read(&mut database.connect());
        let mut public = Connection::open_for(&database.url, Audience::Public).unwrap();
        let views = views(&mut public);
        assert_eq!(views.keys().collect::<Vec<_>>(), hidden, "{kind:?}");
        for (name, columns) in views {
            let names = |column: &String| column.split(' ').next().unwrap().to_owned();
            assert_eq!(columns, tables[&name].columns.iter().map(names).collect::<Vec<_>>(), "{kind:?}: {name}");
            // And it can be read.
            let count = format!("SELECT '{name}' AS a, '' AS b, '' AS c, '' AS d, count(*) AS n FROM {name}");
            let counted: Vec<Fact> = match &mut public.backend {
                Backend::Sqlite(c) => diesel::sql_query(count).load(c).unwrap(),
                Backend::Postgres(c) => diesel::sql_query(count).load(c).unwrap(),
            };
            assert_eq!(counted[0].n, 0, "{kind:?}: {name}");
        }
    }
}

#[test]
fn every_foreign_key_can_be_followed_through_an_index() {
    for (name, table) in migrated(Kind::Sqlite) {
        for key in &table.foreign_keys {
            let column = key.split(" -> ").next().unwrap();
            let leads = |columns: &[String]| columns.first().is_some_and(|first| first == column);
            let indexed = table.indexes.iter().any(|index| {
                let columns = index.split(['(', ')']).nth(1).unwrap();
                columns.split(", ").next() == Some(column)
            });
            assert!(
                indexed || leads(&table.primary_key) || table.unique.iter().any(|unique| leads(unique)),
                "{name}.{column} refers to another table but no index leads with it: deleting there reads all of {name}"
            );
        }
    }
}
