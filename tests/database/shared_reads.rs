//! Lookups that wait at the same time are answered by one query, and by one that began after they were asked for.

use std::cell::Cell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use mikomi::db::{Connection, Database, DbError, SharedRead};

use crate::support::{Kind, TestDatabase};

/// How many queries have begun, how many keys they were asked for, and what is written down for them to find.
static BEGUN: AtomicUsize = AtomicUsize::new(0);
static ASKED: AtomicUsize = AtomicUsize::new(0);
static STANDS: AtomicUsize = AtomicUsize::new(0);
/// Queries wait while it is shut.
static SHUT: AtomicBool = AtomicBool::new(false);
/// One test at a time: they share what is above.
static TURN: Mutex<()> = Mutex::new(());

fn look_up(_: &mut Connection, keys: &[u32]) -> Result<HashMap<u32, usize>, DbError> {
    let stands = STANDS.load(Ordering::SeqCst);
    ASKED.fetch_add(keys.len(), Ordering::SeqCst);
    BEGUN.fetch_add(1, Ordering::SeqCst);
    while SHUT.load(Ordering::SeqCst) {
        std::thread::yield_now();
    }
    if keys.contains(&13) {
        return Err(DbError::Failed("thirteen".to_owned()));
    }
    Ok(keys.iter().filter(|key| **key < 100).map(|key| (*key, stands)).collect())
}

fn asked(kind: Kind, first: u32, others: &[u32]) -> (Vec<Result<Option<usize>, DbError>>, usize, usize) {
    asked_and_left(kind, first, others, 0)
}

/// Asks for the first key, waits until its query has begun, asks for the others, of whom the first `left` go away, and lets
/// the queries end.
fn asked_and_left(
    kind: Kind,
    first: u32,
    others: &[u32],
    left: usize,
) -> (Vec<Result<Option<usize>, DbError>>, usize, usize) {
    let test = TestDatabase::new(kind);
    let (begun, keys) = (BEGUN.load(Ordering::SeqCst), ASKED.load(Ordering::SeqCst));
    let database = Database::open(&test.url, 3).unwrap();
    let answers = actix_web::rt::System::new().block_on(async {
        let (shared, waiting_now) = (Rc::new(SharedRead::new(look_up)), Rc::new(Cell::new(0)));
        SHUT.store(true, Ordering::SeqCst);
        STANDS.store(1, Ordering::SeqCst);
        let ask = |key: u32| {
            let (shared, database) = (shared.clone(), database.clone());
            let waiting_now = waiting_now.clone();
            actix_web::rt::spawn(async move {
                // One thread runs all tasks, so this one is in the queue before anybody sees the number.
                waiting_now.set(waiting_now.get() + 1);
                shared.get(&database, key).await
            })
        };
        let mut waiting = vec![ask(first)];
        while BEGUN.load(Ordering::SeqCst) == begun {
            actix_web::rt::task::yield_now().await;
        }
        // What is written now has been missed by the query that has begun, and nobody who asks from here on may miss it.
        STANDS.store(2, Ordering::SeqCst);
        waiting.extend(others.iter().map(|key| ask(*key)));
        while waiting_now.get() <= others.len() {
            actix_web::rt::task::yield_now().await;
        }
        for gone in waiting.drain(1..=left) {
            gone.abort();
            assert!(gone.await.unwrap_err().is_cancelled());
        }
        SHUT.store(false, Ordering::SeqCst);
        let mut answers = Vec::new();
        for one in waiting {
            answers.push(one.await.unwrap());
        }
        answers
    });
    (answers, BEGUN.load(Ordering::SeqCst) - begun, ASKED.load(Ordering::SeqCst) - keys)
}

fn who_asks_while_a_query_runs_is_answered_by_the_next(kind: Kind) {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let (answers, queries, keys) = asked(kind, 1, &[1, 1, 2, 2, 200]);
    let found: Vec<Option<usize>> = answers.into_iter().map(Result::unwrap).collect();
    assert_eq!(found, [Some(1), Some(2), Some(2), Some(2), Some(2), None]);
    assert_eq!((queries, keys), (2, 4), "two queries, for one key and for three");
}

fn a_query_that_fails_fails_for_all_who_shared_it_and_nobody_else(kind: Kind) {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let (answers, _, _) = asked(kind, 1, &[13, 2]);
    assert!(matches!(answers.as_slice(), [Ok(Some(1)), Err(DbError::Failed(_)), Err(DbError::Failed(_))]));
    let (answers, _, _) = asked(kind, 13, &[2]);
    assert!(matches!(answers.as_slice(), [Err(DbError::Failed(_)), Ok(Some(2))]));
}

/// The client that would have handed the others their answers is one of those who go.
fn who_goes_away_takes_nobodys_answer_along(kind: Kind) {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let (answers, _, _) = asked_and_left(kind, 1, &[1, 2, 2, 1, 200], 2);
    let found: Vec<Option<usize>> = answers.into_iter().map(Result::unwrap).collect();
    assert_eq!(found, [Some(1), Some(2), Some(2), None]);
}

#[test]
fn lookups_share_queries_on_sqlite() {
    who_asks_while_a_query_runs_is_answered_by_the_next(Kind::Sqlite);
    a_query_that_fails_fails_for_all_who_shared_it_and_nobody_else(Kind::Sqlite);
    who_goes_away_takes_nobodys_answer_along(Kind::Sqlite);
}

#[test]
fn lookups_share_queries_on_postgres() {
    who_asks_while_a_query_runs_is_answered_by_the_next(Kind::Postgres);
    a_query_that_fails_fails_for_all_who_shared_it_and_nobody_else(Kind::Postgres);
    who_goes_away_takes_nobodys_answer_along(Kind::Postgres);
}
