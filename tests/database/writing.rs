//! What a write promises: all of it or nothing, and nobody else's failure.

use std::time::Duration;

use diesel::prelude::*;
use mikomi::db::organizations::Organization;
use mikomi::db::schema::organizations;
use mikomi::db::{Backend, Connection, Database, DbError, Row, Stored};
use mikomi::domain::OrganizationKind;

use crate::support::{Kind, TestDatabase};

fn organization(name: &str) -> Row<Organization> {
    Row::new(Organization {
        code: None,
        name: name.to_owned(),
        kind: OrganizationKind::City,
        parent_id: None,
        fiscal_year_start_month: 4,
        time_zone: "Asia/Tokyo".to_owned(),
    })
}

/// The names of all organizations, as another connection sees them.
async fn names(db: &Database) -> Vec<String> {
    let names = |connection: &mut Connection| {
        let query = organizations::table.select(organizations::name).order(organizations::name);
        Ok::<_, DbError>(match &mut connection.backend {
            Backend::Sqlite(c) => query.load(c)?,
            Backend::Postgres(c) => query.load(c)?,
        })
    };
    db.read(names).await.unwrap()
}

/// Runs a test on an open database of each kind.
fn on_each(test: impl AsyncFn(&Database)) {
    for kind in Kind::BOTH {
        let database = TestDatabase::new(kind);
        let db = Database::open(&database.url, 3).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(test(&db));
    }
}

/// Panics, without a trace in the tests' output.
fn bang() -> ! {
    std::panic::resume_unwind(Box::new("on purpose"))
}

/// Starts a write at once, whoever waits for it.
fn start(
    db: &Database,
    change: impl FnOnce(&mut Connection) -> Result<(), DbError> + Send + 'static,
) -> tokio::task::JoinHandle<Result<(), DbError>> {
    let db = db.clone();
    tokio::spawn(async move { db.write(change).await })
}

#[test]
fn a_failing_write_does_not_take_the_others_with_it() {
    on_each(async |db| {
        // The first write holds the writer up until the others have queued, so that they share a commit.
        let (release, held) = std::sync::mpsc::channel::<()>();
        let first = start(db, move |_| {
            let _ = held.recv_timeout(Duration::from_secs(10));
            Ok(())
        });
        tokio::time::sleep(Duration::from_millis(50)).await;
        let writes: Vec<_> = (0..30)
            .map(|number| {
                start(db, move |c| {
                    Organization::insert(c, &organization(&format!("{number:02}")))?;
                    match number % 5 {
                        0 => Err(DbError::Failed("on purpose".to_owned())),
                        1 => {
                            // The database itself refuses this one.
                            let mut orphan = organization("orphan");
                            orphan.content.parent_id = Some("nobody".to_owned());
                            Organization::insert(c, &orphan)
                        }
                        2 => bang(),
                        _ => Ok(()),
                    }
                })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(50)).await;
        release.send(()).unwrap();
        first.await.unwrap().unwrap();
        for (number, write) in writes.into_iter().enumerate() {
            let answer = write.await.unwrap();
            match number % 5 {
                0 | 2 => assert!(matches!(answer, Err(DbError::Failed(_))), "{number} {answer:?}"),
                1 => assert!(matches!(answer, Err(DbError::Reference(_))), "{number} {answer:?}"),
                _ => assert!(answer.is_ok(), "{number} {answer:?}"),
            }
        }
        let expected: Vec<String> =
            (0..30).filter(|number| number % 5 > 2).map(|number| format!("{number:02}")).collect();
        assert_eq!(names(db).await, expected);
    });
}

#[test]
fn a_panic_is_answered_and_leaves_the_database_usable() {
    on_each(async |db| {
        for round in 0..5 {
            let wrote = db.write::<(), DbError>(|c| {
                Organization::insert(c, &organization("lost"))?;
                bang()
            });
            assert!(matches!(wrote.await, Err(DbError::Failed(said)) if said.contains("on purpose")));
            let read = db.read::<(), DbError>(|_| bang()).await;
            assert!(matches!(read, Err(DbError::Failed(_))));
            let snapshot = db.snapshot::<(), DbError>(|_| bang()).await;
            assert!(matches!(snapshot, Err(DbError::Failed(_))));
            db.write(move |c| Organization::insert(c, &organization(&format!("{round}")))).await.unwrap();
        }
        assert_eq!(names(db).await, ["0", "1", "2", "3", "4"]);
    });
}

#[test]
fn a_write_whose_client_has_gone_is_done_wholly_or_not_at_all() {
    on_each(async |db| {
        for number in 0..20 {
            let mut write = Box::pin(db.write(move |c| {
                Organization::insert(c, &organization(&format!("{number:02} first")))?;
                std::thread::sleep(Duration::from_millis(1));
                Organization::insert(c, &organization(&format!("{number:02} second")))
            }));
            // Asked once, so that it is on its way, and dropped at a moment that differs from round to round.
            let pause = tokio::time::sleep(Duration::from_micros(150 * number));
            let _ = tokio::time::timeout(Duration::ZERO, &mut write).await;
            pause.await;
            drop(write);
        }
        // This one comes after all of those.
        db.write(|c| Organization::insert(c, &organization("last"))).await.unwrap();
        tokio::time::sleep(Duration::from_millis(200)).await;
        let mut found = names(db).await;
        assert_eq!(found.pop().as_deref(), Some("last"));
        assert_eq!(found.len() % 2, 0, "{found:?}");
        for pair in found.chunks(2) {
            assert_eq!(pair[0][..2], pair[1][..2], "{found:?}");
        }
        assert!(!found.is_empty());
    });
}

#[test]
fn a_snapshot_sees_one_state_whatever_is_written_meanwhile() {
    on_each(async |db| {
        db.write(|c| Organization::insert(c, &organization("before"))).await.unwrap();
        let count = |connection: &mut Connection| -> Result<i64, DbError> {
            let query = organizations::table.count();
            Ok(match &mut connection.backend {
                Backend::Sqlite(c) => query.get_result(c)?,
                Backend::Postgres(c) => query.get_result(c)?,
            })
        };
        let (begun, has_begun) = std::sync::mpsc::channel();
        let (written, is_written) = std::sync::mpsc::channel();
        let reader = db.clone();
        let counted = tokio::spawn(async move {
            let both = reader.snapshot(move |c| {
                let first = count(c)?;
                begun.send(()).unwrap();
                is_written.recv_timeout(Duration::from_secs(10)).unwrap();
                Ok::<_, DbError>((first, count(c)?))
            });
            both.await.unwrap()
        });
        while has_begun.try_recv().is_err() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        db.write(|c| Organization::insert(c, &organization("meanwhile"))).await.unwrap();
        written.send(()).unwrap();
        assert_eq!(counted.await.unwrap(), (1, 1));
        assert_eq!(names(db).await.len(), 2);
    });
}
