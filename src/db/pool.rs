//! The threads on which queries run: several that read, and on SQLite one that writes, with group commit.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::migrations::{self, SchemaState};
use super::{Audience, Connection, DbError, Url, history};

/// At most so many writes share one commit, so that the first of them does not wait for long.
const GROUP: usize = 128;

/// A job gets a connection, or the reason why there is none. It tells whether its changes are to be kept, and gets told
/// whether they were.
pub(super) type Job = Box<dyn FnOnce(Result<&mut Connection, &DbError>) -> Ran + Send>;

/// A connection that has done nothing for so long is asked whether it is still there before it gets a job: the server
/// may have been restarted, and a job that has begun cannot be given to another connection.
const IDLE: Duration = Duration::from_secs(2);

/// What a job leaves to be done.
pub(super) struct Ran {
    /// Whether it succeeded, so that its changes are to be kept.
    pub keep: bool,
    /// To be called when they are, or when that has failed.
    pub reply: Box<dyn FnOnce(Result<(), DbError>) + Send>,
}

enum Work {
    Read(Job),
    Snapshot(Job),
    Write(Job),
}

/// What is to be done, for whom.
type Order = (Audience, Work);

/// A database that is open: cheap to clone, shared by every handler.
#[derive(Clone)]
pub struct Database {
    url: Url,
    audience: Audience,
    readers: mpsc::Sender<Order>,
    writer: mpsc::Sender<Order>,
}

/// Why a database could not be opened, with the remedy.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder of a SQLite file is missing.
    #[error("the folder `{0}` does not exist: create it, or give another path with --database sqlite:PATH")]
    Folder(String),
    /// The file or the server cannot be reached.
    #[error("cannot open {url}: {cause}. Check --database and that the server is running")]
    Unreachable {
        /// The address, without its password.
        url: String,
        /// What the driver said.
        cause: DbError,
    },
    /// The schema is older than this program.
    #[error("the schema of {0} is older than this program: run `mikomi migrate --database …` first")]
    Older(String),
    /// The schema was made by a newer program.
    #[error("the schema of {0} was made by a newer mikomi ({1}): use that version, or restore a backup")]
    Newer(String, String),
}

impl Database {
    /// Opens a database whose schema is up to date, with `threads` connections to read with, and as many again once the public asks.
    ///
    /// # Errors
    /// Each [`OpenError`] names its remedy.
    pub fn open(url: &Url, threads: usize) -> Result<Self, OpenError> {
        let mut first = connect(url)?;
        match migrations::state(&mut first).map_err(|cause| unreachable_at(url, cause))? {
            SchemaState::Current => {}
            SchemaState::Older => return Err(OpenError::Older(url.to_string())),
            SchemaState::Newer(version) => return Err(OpenError::Newer(url.to_string(), version)),
        }
        let (readers, queue) = mpsc::channel();
        let queue = Arc::new(Mutex::new(queue));
        let mut first = Some(first);
        for number in 0..threads.max(1) {
            let (queue, url, connection) = (Arc::clone(&queue), url.clone(), first.take());
            spawn(format!("db-{number}"), move || serve_one_by_one(&url, connection, &queue));
        }
        let writer = match url {
            Url::Postgres(_) => readers.clone(),
            Url::Sqlite(_) => {
                let (writer, queue) = mpsc::channel();
                let url = url.clone();
                spawn("db-writer".to_owned(), move || write_in_groups(&url, &queue));
                writer
            }
        };
        Ok(Self { url: url.clone(), audience: Audience::Insiders, readers, writer })
    }

    /// The same database, of which what is published is read and nothing else.
    pub fn published(&self) -> Self {
        Self { audience: Audience::Public, ..self.clone() }
    }

    /// For whom it is read.
    pub fn audience(&self) -> Audience {
        self.audience
    }

    /// Where the database is.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Runs a single query.
    ///
    /// # Errors
    /// The query's own, or the database's.
    pub async fn read<T, E>(&self, query: impl FnOnce(&mut Connection) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        submit(&self.readers, |job| (self.audience, Work::Read(job)), query).await
    }

    /// Gives a job to the next free thread that reads.
    pub(super) fn read_later(&self, job: Job) -> Result<(), DbError> {
        self.readers.send((self.audience, Work::Read(job))).map_err(|_| stopped())
    }

    /// Runs several queries that all see the same state.
    ///
    /// # Errors
    /// The queries' own, or the database's.
    pub async fn snapshot<T, E>(
        &self,
        queries: impl FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        submit(&self.readers, |job| (self.audience, Work::Snapshot(job)), queries).await
    }

    /// Runs a change, for which everything is read as it stands: all of it is on the disk when this returns `Ok`, nothing of it when it returns `Err`.
    ///
    /// # Errors
    /// The change's own, or the database's.
    pub async fn write<T, E>(
        &self,
        change: impl FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        submit(&self.writer, |job| (Audience::Insiders, Work::Write(job)), change).await
    }
}

async fn submit<T, E>(
    queue: &mpsc::Sender<Order>,
    order: impl FnOnce(Job) -> Order,
    job: impl FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
) -> Result<T, E>
where
    T: Send + 'static,
    E: From<DbError> + Send + 'static,
{
    let (sender, receiver) = oneshot::channel();
    let job: Job = Box::new(move |connection| {
        let answer = guarded(connection, job);
        Ran {
            keep: answer.is_ok(),
            reply: Box::new(move |committed| {
                // The client may have gone; the work is done all the same.
                let _ = sender.send(committed.map_err(E::from).and(answer));
            }),
        }
    });
    queue.send(order(job)).map_err(|_| stopped())?;
    receiver.await.map_err(|_| stopped())?
}

/// The answer where nobody is there to do the work.
pub(super) fn stopped() -> DbError {
    DbError::Unavailable("the database threads have stopped".to_owned())
}

/// Does something with the connection, if there is one; a panic is a failure of the query's own.
pub(super) fn guarded<T, E: From<DbError>>(
    connection: Result<&mut Connection, &DbError>,
    query: impl FnOnce(&mut Connection) -> Result<T, E>,
) -> Result<T, E> {
    match connection {
        Ok(open) => {
            open.begin_job();
            catch_unwind(AssertUnwindSafe(|| query(open))).unwrap_or_else(|panic| Err(panicked(&*panic)))
        }
        Err(error) => Err(E::from(error.clone())),
    }
}

fn panicked<E: From<DbError>>(panic: &(dyn Any + Send)) -> E {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    E::from(DbError::Failed(format!("a query panicked: {text}")))
}

pub(super) fn connect(url: &Url) -> Result<Connection, OpenError> {
    if let Url::Sqlite(path) = url {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
            return Err(OpenError::Folder(folder.display().to_string()));
        }
    }
    Connection::open(url).map_err(|cause| unreachable_at(url, cause))
}

pub(super) fn unreachable_at(url: &Url, cause: DbError) -> OpenError {
    OpenError::Unreachable { url: url.to_string(), cause }
}

fn spawn(name: String, work: impl FnOnce() + Send + 'static) {
    if let Err(error) = thread::Builder::new().name(name).spawn(work) {
        tracing::error!(%error, "cannot start a database thread");
    }
}

/// Takes one job at a time and finishes it: every reader, and on PostgreSQL the writers as well.
fn serve_one_by_one(url: &Url, connection: Option<Connection>, queue: &Mutex<mpsc::Receiver<Order>>) {
    let now = Instant::now();
    let mut insiders = Line { audience: Audience::Insiders, connection, last: now };
    let mut public = Line { audience: Audience::Public, connection: None, last: now };
    loop {
        let Ok((audience, work)) = queue.lock().unwrap_or_else(PoisonError::into_inner).recv() else { return };
        match audience {
            Audience::Insiders => insiders.serve(url, work),
            Audience::Public => public.serve(url, work),
        }
    }
}

/// A connection for an audience: opened when it is needed, and anew where it is gone.
struct Line {
    audience: Audience,
    connection: Option<Connection>,
    last: Instant,
}

impl Line {
    fn serve(&mut self, url: &Url, work: Work) {
        if self.last.elapsed() > IDLE && self.connection.as_mut().is_some_and(|open| open.ping().is_err()) {
            self.connection = None;
        }
        let open = match self.connection.take() {
            Some(open) => Ok(open),
            None => Connection::open_for(url, self.audience),
        };
        match open {
            Ok(mut open) => {
                let finished = finish(&mut open, work);
                // A connection that cannot even answer this is replaced with the next job.
                if finished.is_ok() || open.run("SELECT 1").is_ok() {
                    self.connection = Some(open);
                }
            }
            Err(error) => refuse(work, &error),
        }
        self.last = Instant::now();
    }
}

/// Runs a job in the transaction that its kind asks for. An error means that the connection may be broken.
fn finish(connection: &mut Connection, work: Work) -> Result<(), DbError> {
    let (begun, job) = match work {
        Work::Read(job) => {
            let ran = job(Ok(connection));
            let sound = if ran.keep { Ok(()) } else { Err(DbError::Failed(String::new())) };
            (ran.reply)(Ok(()));
            return sound;
        }
        Work::Snapshot(job) => (connection.begin_snapshot(), job),
        Work::Write(job) => (connection.begin(), job),
    };
    if let Err(error) = begun {
        refuse(Work::Write(job), &error);
        return Err(error);
    }
    let ran = job(Ok(connection));
    let ended = match ran.keep {
        true => history::seal(connection).and_then(|()| connection.run("COMMIT")),
        false => connection.run("ROLLBACK"),
    };
    if ended.is_err() {
        let _ = connection.run("ROLLBACK");
    }
    (ran.reply)(if ran.keep { ended.clone() } else { Ok(()) });
    ended
}

/// Answers a job that cannot be run with the reason, which goes to the log with the request that waits for it.
fn refuse(work: Work, error: &DbError) {
    let (Work::Read(job) | Work::Snapshot(job) | Work::Write(job)) = work;
    (job(Err(error)).reply)(Ok(()));
}

/// SQLite's one writer: what has queued up while the disk was busy shares the next commit.
fn write_in_groups(url: &Url, queue: &mpsc::Receiver<Order>) {
    let mut connection = None;
    while let Ok((_, first)) = queue.recv() {
        let open = match &mut connection {
            Some(open) => open,
            None => match Connection::open_to_write(url) {
                Ok(open) => connection.insert(open),
                Err(error) => {
                    refuse(first, &error);
                    continue;
                }
            },
        };
        if let Err(error) = open.begin() {
            refuse(first, &error);
            // Whatever is wrong with it, the next one is opened anew.
            connection = None;
            continue;
        }
        let (mut replies, mut broken) = (Vec::new(), None);
        let group = std::iter::once(first)
            .chain(std::iter::from_fn(|| queue.try_recv().ok().map(|(_, work)| work)))
            .take(GROUP);
        for work in group {
            let (Work::Read(job) | Work::Snapshot(job) | Work::Write(job)) = work;
            let (reply, sound) = run_in_savepoint(open, job);
            replies.push(reply);
            if let Err(error) = sound {
                // SQLite gives up the whole transaction where, say, the disk is full: nothing may follow in it.
                broken = Some(error);
                break;
            }
        }
        let committed = match broken {
            None => open.run("COMMIT"),
            Some(error) => Err(error),
        };
        if committed.is_err() {
            let _ = open.run("ROLLBACK");
            connection = None;
        }
        for reply in replies {
            reply(committed.clone());
        }
    }
}

type Reply = Box<dyn FnOnce(Result<(), DbError>) + Send>;

/// Runs a job that leaves nothing behind unless its changes are to be kept. An error means that the transaction around
/// it cannot be relied on any more.
fn run_in_savepoint(connection: &mut Connection, job: Job) -> (Reply, Result<(), DbError>) {
    if let Err(error) = connection.run("SAVEPOINT job") {
        return (job(Err(&error)).reply, Err(error));
    }
    let ran = job(Ok(connection));
    let sealed = if ran.keep { history::seal(connection).map(|()| true) } else { Ok(false) };
    let ended = connection.run(match sealed {
        Ok(true) => "RELEASE job",
        Ok(false) | Err(_) => "ROLLBACK TO job; RELEASE job",
    });
    let reply = ran.reply;
    match sealed {
        // What the history does not take is this job's failure, and no other's.
        Err(error) => (Box::new(move |committed: Result<(), DbError>| reply(committed.and(Err(error)))), ended),
        Ok(_) => (reply, ended),
    }
}
