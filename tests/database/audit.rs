//! Whatever is done to the history is found.

use diesel::prelude::*;
use mikomi::db::audit::{Breach, Entry, Head, head, verify};
use mikomi::db::organizations::Organization;
use mikomi::db::schema::history;
use mikomi::db::{Backend, Connection, Database, DbError, Row, Stored};
use mikomi::domain::OrganizationKind;
use mikomi::domain::access::{Caller, Identity};
use proptest::prelude::Rng;
use proptest::test_runner::{RngAlgorithm, TestRng};

use crate::support::{Kind, TestDatabase, run};

/// A database with 60 changes by several people.
fn filled(kind: Kind) -> (TestDatabase, Connection) {
    let database = TestDatabase::new(kind);
    let db = Database::open(&database.url, 2).unwrap();
    actix_web::rt::System::new().block_on(async {
        for number in 0..20 {
            db.write(move |c| {
                c.caller = std::sync::Arc::new(Caller {
                    identity: Identity::only(format!("key {number}")),
                    ..Caller::operator()
                });
                (c.origin, c.reason) = (Some("192.0.2.1 x".to_owned()), (number % 3 == 0).then(|| "訂正".to_owned()));
                let mut row = Row::new(Organization {
                    code: None,
                    name: format!("課{number}"),
                    kind: OrganizationKind::Department,
                    parent_id: None,
                    fiscal_year_start_month: 4,
                    time_zone: "Asia/Tokyo".to_owned(),
                });
                Organization::insert(c, &row)?;
                row.content.name.push('!');
                assert!(Organization::update(c, &mut row)?);
                assert!(Organization::delete(c, &row)?);
                Ok::<_, DbError>(())
            })
            .await
            .unwrap();
        }
        // What fails leaves nothing, here as elsewhere.
        let failed = db.write(|c| {
            let row = Row::new(Organization { parent_id: Some("nobody".to_owned()), ..blank() });
            Organization::insert(c, &row)
        });
        assert!(failed.await.is_err());
    });
    let connection = Connection::open(&database.url).unwrap();
    (database, connection)
}

fn blank() -> Organization {
    Organization {
        code: None,
        name: "課".to_owned(),
        kind: OrganizationKind::Department,
        parent_id: None,
        fiscal_year_start_month: 4,
        time_zone: "Asia/Tokyo".to_owned(),
    }
}

fn entries(connection: &mut Connection) -> Vec<Entry> {
    let query = history::table.order(history::seq);
    match &mut connection.backend {
        Backend::Sqlite(c) => query.select(Entry::as_select()).load(c).unwrap(),
        Backend::Postgres(c) => query.select(Entry::as_select()).load(c).unwrap(),
    }
}

fn write(connection: &mut Connection, seq: i64, entry: &Entry) {
    let Entry { kind, resource_id, scope_id, version, recorded_at, actor, origin, reason, content, hash, .. } = entry;
    let set = (
        history::seq.eq(entry.seq),
        history::kind.eq(kind),
        history::resource_id.eq(resource_id),
        history::scope_id.eq(scope_id),
        history::version.eq(version),
        history::recorded_at.eq(recorded_at),
        history::actor.eq(actor),
        history::origin.eq(origin),
        history::reason.eq(reason),
        history::content.eq(content),
        history::hash.eq(hash),
    );
    let changed = match &mut connection.backend {
        Backend::Sqlite(c) => diesel::update(history::table.find(seq)).set(set).execute(c),
        Backend::Postgres(c) => diesel::update(history::table.find(seq)).set(set).execute(c),
    };
    assert_eq!(changed.unwrap(), 1);
}

fn below(random: &mut TestRng, end: usize) -> usize {
    random.next_u32() as usize % end
}

/// Another byte somewhere in a text: one bit of an ASCII letter, so that it stays a text.
fn bent(text: &str, random: &mut TestRng) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let places: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at].is_ascii_graphic()).collect();
    match places.get(below(random, places.len().max(1))) {
        Some(at) => bytes[*at] ^= 1 << below(random, 4),
        None => bytes.push(b'x'),
    }
    String::from_utf8(bytes).unwrap()
}

fn a_thousand_changes_are_found(kind: Kind) {
    let (_database, mut connection) = filled(kind);
    let c = &mut connection;
    let sound = entries(c);
    assert_eq!(sound.len(), 60, "what failed left nothing");
    let last = head(c).unwrap();
    assert_eq!(verify(c, std::slice::from_ref(&last)).unwrap(), (60, vec![]));
    let mut random = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    for _ in 0..1_000 {
        let original = &sound[below(&mut random, sound.len())];
        let mut changed = original.clone();
        match below(&mut random, 10) {
            0 => changed.kind = bent(&changed.kind, &mut random),
            1 => changed.resource_id = bent(&changed.resource_id, &mut random),
            2 => changed.scope_id = bent(&changed.scope_id, &mut random),
            3 => changed.version ^= 1 << below(&mut random, 8),
            4 => changed.recorded_at += chrono::TimeDelta::microseconds(1 << below(&mut random, 30)),
            5 => changed.actor = bent(&changed.actor, &mut random),
            6 => changed.origin = changed.origin.map(|text| bent(&text, &mut random)),
            7 => {
                changed.reason =
                    Some(changed.reason.map_or(String::new(), |text| bent(&format!("{text}."), &mut random)))
            }
            8 => changed.hash = bent(&changed.hash, &mut random),
            _ => changed.content = Some(changed.content.map_or(String::new(), |text| bent(&text, &mut random))),
        }
        assert_ne!(*original, changed);
        write(c, original.seq, &changed);
        let (_, breaches) = verify(c, &[]).unwrap();
        assert!(breaches.contains(&Breach::Changed(original.seq)), "{original:?}\n{changed:?}\n{breaches:?}");
        write(c, original.seq, original);
    }
    assert_eq!(verify(c, &[]).unwrap(), (60, vec![]));
}

#[test]
fn a_thousand_changes_are_found_on_sqlite() {
    a_thousand_changes_are_found(Kind::Sqlite);
}

#[test]
fn a_thousand_changes_are_found_on_postgres() {
    a_thousand_changes_are_found(Kind::Postgres);
}

fn what_is_removed_or_moved_is_found(kind: Kind) {
    let (_database, mut connection) = filled(kind);
    let c = &mut connection;
    let sound = entries(c);
    let last = head(c).unwrap();
    // Two change places.
    let (mut a, mut b) = (sound[10].clone(), sound[30].clone());
    std::mem::swap(&mut a.seq, &mut b.seq);
    run(c, "DELETE FROM history WHERE seq = 31");
    write(c, 11, &a);
    let missing = verify(c, &[]).unwrap().1;
    assert!(missing.contains(&Breach::Missing(11, 11)), "{missing:?}");
    assert!(missing.contains(&Breach::Changed(31)), "{missing:?}");
    // The end is cut off, by somebody who knows of the head as well.
    run(c, "DELETE FROM history WHERE seq > 5");
    assert!(verify(c, &[]).unwrap().1.contains(&Breach::Head { named: last.clone(), found: None }));
    run(c, &format!("UPDATE history_head SET seq = 5, hash = '{}'", sound[4].hash));
    assert_eq!(verify(c, &[]).unwrap(), (5, vec![]), "nothing in the database knows of it any more");
    assert_eq!(verify(c, std::slice::from_ref(&last)).unwrap().1, [Breach::Head { named: last, found: None }]);
    let early = Head { seq: 3, hash: sound[2].hash.clone() };
    assert_eq!(verify(c, &[early]).unwrap(), (5, vec![]));
    // Everything is gone.
    run(c, "DELETE FROM history");
    assert_eq!(verify(c, &[]).unwrap().1.len(), 1);
}

#[test]
fn what_is_removed_or_moved_is_found_on_sqlite() {
    what_is_removed_or_moved_is_found(Kind::Sqlite);
}

#[test]
fn what_is_removed_or_moved_is_found_on_postgres() {
    what_is_removed_or_moved_is_found(Kind::Postgres);
}

#[test]
fn another_way_to_write_the_same_moment_is_found() {
    let (_database, mut connection) = filled(Kind::Sqlite);
    run(&mut connection, "UPDATE history SET recorded_at = replace(recorded_at, ' ', 'T') WHERE seq = 7");
    assert_eq!(verify(&mut connection, &[]).unwrap().1, [Breach::Changed(7)]);
}

fn those_who_write_at_once_make_one_chain(kind: Kind) {
    let database = TestDatabase::new(kind);
    let db = Database::open(&database.url, 4).unwrap();
    actix_web::rt::System::new().block_on(async {
        let add = |number: usize| {
            db.write(move |c| {
                Organization::insert(c, &Row::new(Organization { name: format!("課{number}"), ..blank() }))
            })
        };
        let results = futures_util::future::join_all((0..200).map(add)).await;
        assert!(results.into_iter().all(|result| result.is_ok()));
    });
    let mut connection = Connection::open(&database.url).unwrap();
    assert_eq!(verify(&mut connection, &[]).unwrap(), (200, vec![]));
}

#[test]
fn those_who_write_at_once_make_one_chain_on_sqlite() {
    those_who_write_at_once_make_one_chain(Kind::Sqlite);
}

#[test]
fn those_who_write_at_once_make_one_chain_on_postgres() {
    those_who_write_at_once_make_one_chain(Kind::Postgres);
}
