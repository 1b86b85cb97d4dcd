//! Connections that are kept open. The framework limits the time for the head of a connection's first request only:
//! whoever sent a later one byte by byte would keep the connection for ever.

use std::any::Any;
use std::net::Shutdown;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::dev::Extensions;
use actix_web::rt::net::TcpStream;
use socket2::{SockRef, Socket};

/// A connection, as seen beside the framework.
#[derive(Debug)]
struct Line {
    socket: Socket,
    /// One more when a request has come, one more when it is answered: odd while it is worked on.
    turns: AtomicU64,
}

/// Begins to look after a connection: it is closed when between one and two `patience` have passed since an answer and
/// no request has come.
pub(super) fn watch(connection: &dyn Any, data: &mut Extensions, patience: Duration) {
    let socket = connection.downcast_ref::<TcpStream>().map(|stream| SockRef::from(stream).try_clone());
    // Without one more descriptor nobody looks after it; the framework answers all the same.
    let Some(Ok(socket)) = socket else { return };
    let line = Arc::new(Line { socket, turns: AtomicU64::new(0) });
    let watched = Arc::downgrade(&line);
    data.insert(line);
    actix_web::rt::spawn(async move {
        let mut seen = 0;
        loop {
            tokio::time::sleep(patience).await;
            let Some(line) = watched.upgrade() else { return };
            let turns = line.turns.load(Ordering::Relaxed);
            if turns == seen && turns % 2 == 0 {
                let _ = line.socket.shutdown(Shutdown::Both);
                return;
            }
            seen = turns;
        }
    });
}

/// A request that is worked on; it is answered when this is dropped.
pub(super) struct Turn(Option<Arc<Line>>);

impl Turn {
    /// A request has come.
    pub(super) fn begin(request: &HttpRequest) -> Self {
        let line = request.conn_data::<Arc<Line>>().cloned();
        if let Some(line) = &line {
            line.turns.fetch_add(1, Ordering::Relaxed);
        }
        Self(line)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(line) = &self.0 {
            line.turns.fetch_add(1, Ordering::Relaxed);
        }
    }
}
