//! Mikomi (見込み, outlook) tracks whether a city's wards do what they promised.
//!
//! # The map
//!
//! - [`domain`]: the rules. Pure: no web, no database, no clock; today's date is an argument. The criterion, the reading of
//!   a target's text, the year's result, the evaluation, the achievement rate, the outlook, the progress, the tally.
//! - [`db`]: the only place that knows a database. One code for SQLite and PostgreSQL; the computed states.
//! - [`oidc`]: people who sign in with the city's identity provider: what their tokens have to be and what is made of them.
//! - [`exchange`]: CSV and Excel files, read and written. Pure as well.
//! - [`api`]: the only place that knows HTTP. From a request to an input type, to the domain and the database, and back.
//! - [`cli`] and [`settings`]: how it is started.
//! - [`clock`]: the one clock.
//!
//! # What always holds
//!
//! - `api → db, oidc, exchange, domain`; `db → domain`; `oidc → domain`; `exchange → domain`; `domain` imports none of them (`tests/architecture.rs`).
//! - A decimal is never a binary float, from JSON through both databases and back.
//! - No figure is never zero: a value that is missing says why.
//! - An actual is never overwritten: it has revisions, and the last one stands.
//! - What is computed is stored in the transaction of the write that changed it; `mikomi recompute` finds no difference.
//! - Whoever has no grant reads on connections where views of what is published hide the tables ([`db::Audience`]): no query has to think of it.
//! - The numbers of a node are the sums of its children's and its own.
//! - Nothing is half-applied: a request's writes are one transaction, and it is answered after the commit.
//! - A request is judged by the schema that the OpenAPI document publishes, so the two cannot differ.
//!
//! # What is deliberately absent
//!
//! - No async database code: queries run on threads of their own ([`db::Database`]), so that a client that hangs up cannot
//!   tear a transaction, and SQLite's one writer can let waiting writes share a commit.
//! - No repository traits, no services, no `utils`: a function lives with the thing that it is about.
//! - No state in the process that the database, or the identity provider, does not have: any number of instances share one PostgreSQL.

pub mod api;
pub mod cli;
pub mod clock;
pub mod db;
pub mod domain;
pub mod exchange;
pub mod generate;
pub mod oidc;
pub mod settings;
