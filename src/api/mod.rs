//! The JSON API: from a request to an input type, to the domain and the database, and back.

#[macro_use]
mod verbs;

mod activities;
mod actual_revisions;
mod actual_subject;
mod actuals;
mod answer;
mod app;
mod bench;
mod bulk;
mod checkpoints;
mod context;
mod criteria;
mod document;
mod examples;
mod exports;
mod extract;
mod flags;
mod idempotency;
mod imports;
mod indicators;
mod initiative_filter;
mod initiative_references;
mod initiatives;
mod json;
mod language;
mod listing;
mod moment;
mod objectives;
mod organizations;
mod parents;
pub mod plan_documents;
mod plans;
mod problem;
mod representation;
mod resource;
mod reviews;
mod rollups;
mod routes;
mod rules;
mod session;
mod shape;
mod span;
mod system;
mod targets;
mod warning;

pub use app::{Extras, Server, ServerError};
pub use context::Access;
pub use criteria::Phrase;
pub use document::openapi;
pub use json::{parse as parse_json, read as read_json};
pub use plan_documents::{PlanDocument, Precondition};
pub use problem::Problem;
pub use shape::Shapes;
pub use system::plan_document_schema;
