//! What the tests share: the real server on a fresh database, and a client that holds every answer against the OpenAPI
//! document.

#![allow(dead_code, unused_imports, unused_macros, reason = "no test binary uses all of it")]

mod client;
mod contract;
mod database;
mod issuer;
mod log;
mod workbook;

use std::net::SocketAddr;
use std::sync::mpsc;
use std::thread::JoinHandle;

use actix_web::dev::ServerHandle;
use chrono::NaiveDateTime;
use mikomi::api::{Extras, Server};
use mikomi::db::keys::{self, Purpose};
use mikomi::db::{Connection, Database, DbError, organizations};
use mikomi::domain::access::Role;

pub use client::{Client, Response};
pub use contract::{Contract, OperationId};
pub use database::{Kind, TestDatabase, run};
pub use issuer::{Issuer, Signer};
pub use log::errors as logged_errors;
pub use workbook::Workbook;

/// Makes two tests of one sentence: `sentence::sqlite` and `sentence::postgres`.
macro_rules! on_both {
    ($(fn $sentence:ident($app:ident: &$what:ident) $body:block)+) => { $(
        mod $sentence {
            use super::*;

            fn holds($app: &$what) $body

            #[test]
            fn sqlite() {
                holds(&$what::start($crate::support::Kind::Sqlite));
            }

            #[test]
            fn postgres() {
                holds(&$what::start($crate::support::Kind::Postgres));
            }
        }
    )+ };
}

/// What a key is made for that counts everywhere.
pub fn everywhere(role: Role) -> Purpose {
    Purpose { label: format!("test {role}"), role, organization_id: None, expires_at: None }
}

/// Does something in the database itself.
fn run_on<T>(database: &TestDatabase, work: impl FnOnce(&mut Connection) -> Result<T, DbError>) -> T {
    work(&mut Connection::open(&database.url).expect("the database opens")).expect("the database does it")
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
        Self::start_with(kind, Extras::default())
    }

    /// With what a server has only when it is told to.
    pub fn start_with(kind: Kind, extras: Extras) -> Self {
        log::listen();
        let database = TestDatabase::new(kind);
        let db = Database::open(&database.url, 3).expect("the database opens");
        let key = run_on(&database, |c| keys::issue(c, everywhere(Role::Admin))).0;
        let (sender, started) = mpsc::channel();
        let server = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async {
                let server = Server::start("127.0.0.1:0", db, extras).expect("the server starts");
                sender.send((server.address(), server.handle())).unwrap();
                server.run().await.expect("the server runs");
            });
        });
        let (address, handle) = started.recv().expect("the server says where it listens");
        Self { client: Client::new(address).with_key(&key), address, handle, server: Some(server), database }
    }
}

impl TestApp {
    /// A new key, for an organization by its id or code: its text and its prefix.
    pub fn key(&self, role: Role, organization: Option<&str>, expires_at: Option<NaiveDateTime>) -> (String, String) {
        run_on(&self.database, |c| {
            let found = organization.map(|name| organizations::find_by_id_or_code(c, name)).transpose()?.flatten();
            let organization_id = found.map(|row| row.id);
            assert_eq!(organization_id.is_some(), organization.is_some(), "{organization:?} is not there");
            let (text, key) = keys::issue(c, Purpose { organization_id, expires_at, ..everywhere(role) })?;
            Ok((text, key.prefix))
        })
    }

    /// Somebody with a key of their own.
    pub fn client_with(&self, role: Role, organization: Option<&str>) -> Client {
        Client::new(self.address).with_key(&self.key(role, organization, None).0)
    }

    /// Somebody without a key.
    pub fn client_without_key(&self) -> Client {
        Client::new(self.address)
    }

    /// Ends a key.
    pub fn revoke(&self, prefix: &str) -> bool {
        run_on(&self.database, |c| keys::revoke(c, prefix))
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
