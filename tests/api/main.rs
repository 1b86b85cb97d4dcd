//! The API as its clients see it: every test talks HTTP to the real server, once on each database.

#![recursion_limit = "256"]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test may panic and print"
)]

#[macro_use]
#[path = "../support/mod.rs"]
mod support;

mod access;
mod bulk;
mod concurrency;
mod criteria;
mod decimals;
mod errors;
mod figures;
mod flags;
mod forms;
mod history;
mod idempotency;
mod imports;
mod known_at;
mod limits;
mod minato;
mod observations;
mod organizations;
mod plan_documents;
mod published;
mod recomputed;
mod resources;
mod rollups;
mod submissions;
mod tokens;
