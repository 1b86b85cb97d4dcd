//! What the tests share: the real server on a fresh database, and a client that holds every answer against the OpenAPI
//! document.

#![allow(dead_code, unused_imports, unused_macros, reason = "no test binary uses all of it")]

mod client;
mod contract;
mod database;
mod log;

use std::net::SocketAddr;
use std::sync::mpsc;
use std::thread::JoinHandle;

use actix_web::dev::ServerHandle;
use mikomi::api::Server;
use mikomi::db::Database;

pub use client::{Client, Response};
pub use contract::{Contract, OperationId};
pub use database::{Kind, TestDatabase, run};
pub use log::errors as logged_errors;

/// Makes two tests of one sentence: `sentence::sqlite` and `sentence::postgres`.
macro_rules! on_both {
    ($(fn $sentence:ident($app:ident: &TestApp) $body:block)+) => { $(
        mod $sentence {
            use super::*;

            fn holds($app: &TestApp) $body

            #[test]
            fn sqlite() {
                holds(&TestApp::start($crate::support::Kind::Sqlite));
            }

            #[test]
            fn postgres() {
                holds(&TestApp::start($crate::support::Kind::Postgres));
            }
        }
    )+ };
}

/// The server, listening on a port of its own with a database of its own. It stops when this is dropped.
pub struct TestApp {
    /// Talks to it.
    pub client: Client,
    pub address: SocketAddr,
    handle: ServerHandle,
    server: Option<JoinHandle<()>>,
    // After the server, so that it is removed last.
    pub database: TestDatabase,
}

impl TestApp {
    pub fn start(kind: Kind) -> Self {
        log::listen();
        let database = TestDatabase::new(kind);
        let db = Database::open(&database.url, 3).expect("the database opens");
        let (sender, started) = mpsc::channel();
        let server = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async {
                let server = Server::start("127.0.0.1:0", db).expect("the server starts");
                sender.send((server.address(), server.handle())).unwrap();
                server.run().await.expect("the server runs");
            });
        });
        let (address, handle) = started.recv().expect("the server says where it listens");
        Self { client: Client::new(address), address, handle, server: Some(server), database }
    }
}

impl std::ops::Deref for TestApp {
    type Target = Client;
    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        // The command is sent at once; the future would only wait for it.
        drop(self.handle.stop(false));
        if let Some(server) = self.server.take() {
            let _ = server.join();
        }
    }
}
