//! The databases themselves: migrations, the two schemas, opening, and what a write promises.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::panic,
    reason = "a test may panic and print"
)]

#[path = "../support/mod.rs"]
mod support;

mod audit;
mod migrations;
mod opening;
mod schema;
mod shared_reads;
mod writing;
