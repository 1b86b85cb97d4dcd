//! The rules: what a plan, a target, an actual and a flag are, and how one follows from the other.
//!
//! Everything here is pure. No web, no database, no clock: today's date is an argument, and the same input
//! gives the same answer on every machine. `tests/architecture.rs` holds the layer to that.

pub mod access;
pub mod achievement;
pub mod asked;
pub mod bilingual;
pub mod breakdown;
pub mod chart;
pub mod criterion;
pub mod decimal;
pub mod evaluation;
pub mod fiscal;
pub mod fold;
pub mod forecast;
pub mod natural;
pub mod outlook;
pub mod pace;
pub mod phrase;
pub mod progress;

pub mod report;
pub mod result;
pub mod rollup;
pub mod submission;
pub mod words;

pub use bilingual::Bilingual;
pub use criterion::Criterion;

pub use decimal::Decimal;
pub use words::{
    ActivityState, Basis, BudgetKind, Measure, MissingReason, OrganizationKind, Origin, Outlook, PlanStatus, Polarity,
    Progress, ProgressVerdict, TargetState, Verdict,
};
