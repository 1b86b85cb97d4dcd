//! The JSON API: from a request to an input type, to the domain and the database, and back.

#[macro_use]
mod verbs;

mod answer;
mod app;
mod context;
mod document;
mod extract;
mod idempotency;
mod json;
mod language;
mod listing;
mod organizations;
mod plan_documents;
mod problem;
mod representation;
mod resource;
mod rollups;
mod rules;
mod shape;

pub use app::{Server, ServerError};
pub use document::openapi;
