//! The only place that knows a database.
//!
//! One code for SQLite and PostgreSQL: an enum of two connections and the macro [`on!`], in which each query is written
//! once and compiled for each dialect. Queries are synchronous and run on the threads of [`Database`], so that
//! a query can never hold up the web server's event loop and a client that hangs up can never tear a transaction.

#[macro_use]
mod connection;
#[macro_use]
pub mod store;

#[macro_use]
pub mod access;

pub mod activities;
pub mod actual_revisions;
pub mod actuals;
pub mod addresses;
pub mod audit;
pub mod budget_lines;
pub mod budgeted_initiatives;
pub mod checkpoints;
mod columns;
pub mod dependents;
pub mod errata;
mod error;
pub mod evaluation;
mod fixed;
pub mod graph;
pub mod history;
pub mod idempotency;
pub mod indicators;
pub mod initiatives;
pub mod keys;
pub mod locks;
pub mod migrations;
pub mod objectives;
pub mod organizations;
pub mod plans;
mod pool;
pub mod review_flags;
pub mod reviews;
pub mod rollups;
pub mod schema;
mod shared_read;
pub mod states;
pub mod submissions;
pub mod targets;
pub mod withheld;

pub use connection::{Audience, Backend, Connection, Url, UrlError};
pub use error::{DbError, Violation};
pub use pool::{Database, OpenError};
pub use shared_read::SharedRead;
pub use store::{Row, Stored};

/// A new opaque identifier: a UUID of version 7 (RFC 9562), so that rows lie in the order of their making.
pub fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0xf)]).collect()
}
