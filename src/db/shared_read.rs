//! Reads of many clients that one query answers: what is asked for while a query runs collects, and the next query
//! looks all of it up at once. It is to reading what group commit is to writing.
//!
//! No answer is older than it would be alone: a query answers only what was asked for before the query began.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, ThreadId};

use tokio::sync::oneshot;

use super::pool::{Job, Ran, guarded, stopped};
use super::{Audience, Connection, Database, DbError};

/// Finds what is known of some keys, each of which is given once.
type LookUp<K, V> = fn(&mut Connection, &[K]) -> Result<HashMap<K, V>, DbError>;

/// A kind of lookup that is shared by everybody who waits for one.
pub struct SharedRead<K, V> {
    look_up: LookUp<K, V>,
    insiders: Arc<Mutex<Queue<K, V>>>,
    /// Whoever reads what is published waits apart: one query is for one audience.
    public: Arc<Mutex<Queue<K, V>>>,
}

struct Queue<K, V> {
    waiting: Vec<Asked<K, V>>,
    /// Whether a query runs, or is about to.
    running: bool,
}

/// What one client waits for.
struct Asked<K, V> {
    key: K,
    /// The thread on which the client waits.
    thread: ThreadId,
    answer: oneshot::Sender<Delivery<V>>,
}

type Found<V> = Result<Option<V>, DbError>;

/// An answer, together with those of others who wait on the same thread. To wake another thread costs more than the answer
/// itself, so only the first of them is woken from the database's thread, and hands the others theirs.
struct Delivery<V> {
    own: Option<Found<V>>,
    others: Vec<(oneshot::Sender<Self>, Found<V>)>,
}

impl<V> Delivery<V> {
    fn of(own: Found<V>) -> Self {
        Self { own: Some(own), others: Vec::new() }
    }
}

impl<V> Drop for Delivery<V> {
    /// The others get theirs even where the first client has gone by then.
    fn drop(&mut self) {
        for (answer, found) in self.others.drain(..) {
            // This client may have gone.
            let _ = answer.send(Self::of(found));
        }
    }
}

impl<K, V> SharedRead<K, V>
where
    K: Eq + Hash + Clone + Send + 'static,
    V: Clone + Send + 'static,
{
    /// Shares a lookup.
    pub fn new(look_up: LookUp<K, V>) -> Self {
        let queue = || Arc::new(Mutex::new(Queue { waiting: Vec::new(), running: false }));
        Self { look_up, insiders: queue(), public: queue() }
    }

    /// Looks a key up for the database's audience, together with whoever else waits; `None` where nothing is found.
    ///
    /// # Errors
    /// The lookup's own, or the database's.
    pub async fn get(&self, database: &Database, key: K) -> Result<Option<V>, DbError> {
        let (answer, receiver) = oneshot::channel();
        let shared = match database.audience() {
            Audience::Insiders => &self.insiders,
            Audience::Public => &self.public,
        };
        let idle = {
            let mut queue = shared.lock().unwrap_or_else(PoisonError::into_inner);
            queue.waiting.push(Asked { key, thread: thread::current().id(), answer });
            !std::mem::replace(&mut queue.running, true)
        };
        if idle {
            start(database.clone(), self.look_up, Arc::clone(shared));
        }
        let own = receiver.await.ok().and_then(|mut delivery| delivery.own.take());
        own.unwrap_or_else(|| Err(stopped()))
    }
}

/// How many queries one thread runs in a row before others get their turn.
const ROUNDS: usize = 32;

/// Has the next free thread answer everybody who waits by then, and again while somebody does.
fn start<K, V>(database: Database, look_up: LookUp<K, V>, queue: Arc<Mutex<Queue<K, V>>>)
where
    K: Eq + Hash + Clone + Send + 'static,
    V: Clone + Send + 'static,
{
    let (again, theirs) = (database.clone(), Arc::clone(&queue));
    let job: Job = Box::new(move |mut connection| {
        let mut sound = true;
        let mut more = true;
        for _ in 0..ROUNDS {
            // Whoever is about to ask may do so first; where nobody is, this takes no time.
            thread::yield_now();
            let open = match &mut connection {
                Ok(open) => Ok(&mut **open),
                Err(error) => Err(*error),
            };
            (sound, more) = answer(open, look_up, &theirs);
            if !sound || !more {
                break;
            }
        }
        let go_on = move |_| {
            if more {
                start(again, look_up, theirs);
            }
        };
        Ran { keep: sound, reply: Box::new(go_on) }
    });
    if database.read_later(job).is_err() {
        // Nobody is there to answer: whoever waits is told so when the answer's sender is gone.
        let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
        queue.waiting.clear();
        queue.running = false;
    }
}

/// Answers everybody who waits. Says whether the query succeeded, and whether somebody waits by now.
fn answer<K, V>(
    connection: Result<&mut Connection, &DbError>,
    look_up: LookUp<K, V>,
    queue: &Mutex<Queue<K, V>>,
) -> (bool, bool)
where
    K: Eq + Hash + Clone,
    V: Clone,
{
    let asked = std::mem::take(&mut queue.lock().unwrap_or_else(PoisonError::into_inner).waiting);
    let found = guarded(connection, |open| {
        let keys: HashSet<K> = asked.iter().map(|one| one.key.clone()).collect();
        look_up(open, &keys.into_iter().collect::<Vec<K>>())
    });
    let sound = found.is_ok();
    let mut deliveries: HashMap<ThreadId, (oneshot::Sender<Delivery<V>>, Delivery<V>)> = HashMap::new();
    for Asked { key, thread, answer } in asked {
        let own = found.as_ref().map(|found| found.get(&key).cloned()).map_err(DbError::clone);
        match deliveries.entry(thread) {
            Entry::Occupied(first) => first.into_mut().1.others.push((answer, own)),
            Entry::Vacant(none) => drop(none.insert((answer, Delivery::of(own)))),
        }
    }
    for (answer, delivery) in deliveries.into_values() {
        // A client that has gone drops the delivery, and with that hands the others theirs.
        let _ = answer.send(delivery);
    }
    let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
    queue.running = !queue.waiting.is_empty();
    (sound, queue.running)
}
