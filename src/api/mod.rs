//! The JSON API: from a request to an input type, to the domain and the database, and back.

#[macro_use]
mod verbs;

mod activities;
mod actual_revisions;
mod actual_subject;
mod actuals;
mod answer;
mod app;
mod checkpoints;
mod context;
mod document;
mod extract;
mod idempotency;
mod indicators;
mod initiative_filter;
mod initiative_references;
mod initiatives;
mod json;
mod language;
mod listing;
mod objectives;
mod organizations;
mod parents;
mod plan_documents;
mod plans;
mod problem;
mod representation;
mod resource;
mod reviews;
mod rules;
mod shape;
mod targets;
mod warning;

pub use app::{Server, ServerError};
pub use document::openapi;
