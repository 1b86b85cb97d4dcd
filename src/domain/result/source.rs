//! Which actual a figure comes from.

use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema};

use super::Reported;
use crate::domain::{Basis, Decimal};

/// The id of an actual. Many figures of an answer name the same one, so it is shared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActualId(Arc<str>);

impl From<&str> for ActualId {
    fn from(id: &str) -> Self {
        Self(id.into())
    }
}

impl Serialize for ActualId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for ActualId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|id| Self(id.into()))
    }
}

impl PartialSchema for ActualId {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(SchemaType::new(Type::String)).into()
    }
}

impl ToSchema for ActualId {}

/// Where a reported value is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The actual.
    pub actual_id: ActualId,
    /// Its revision that was read: 1, 2, 3…
    pub revision: i64,
}

/// An actual that a computed answer rests on, as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SourceActual {
    /// Its id.
    pub actual_id: ActualId,
    /// The revision that was read: 1, 2, 3…
    pub revision: i64,
    /// The fiscal year that it speaks of.
    pub fiscal_year: i32,
    /// What stretch of time it speaks of.
    pub basis: Basis,
    /// The part of the fiscal year, where it is one: `m01` to `m12`, `q1` to `q4`, `h1`, `h2`, `year`.
    pub period: Option<String>,
    /// The last day that it speaks of.
    pub as_of: NaiveDate,
    /// The value, in the indicator's unit.
    pub value: Option<Decimal>,
    /// Of a ratio, what is above the line.
    pub numerator: Option<Decimal>,
    /// Of a ratio, what is below the line.
    pub denominator: Option<Decimal>,
    /// Whether it is rounded (約).
    pub approximate: bool,
    /// Whether it may still change (速報値).
    pub provisional: bool,
}

impl SourceActual {
    /// The reported values of these ids, each once, by year and day.
    pub fn of<'a>(ids: impl IntoIterator<Item = &'a ActualId>, reported: &[Reported]) -> Vec<Self> {
        let ids: std::collections::BTreeSet<&ActualId> = ids.into_iter().collect();
        let mut found: Vec<Self> = reported
            .iter()
            .filter_map(|it| Some((it, it.source.as_ref().filter(|source| ids.contains(&source.actual_id))?)))
            .map(|(it, source)| Self {
                actual_id: source.actual_id.clone(),
                revision: source.revision,
                fiscal_year: it.fiscal_year,
                basis: it.basis,
                period: it.period.map(|period| period.to_string()),
                as_of: it.as_of,
                value: it.value,
                numerator: it.numerator,
                denominator: it.denominator,
                approximate: it.approximate,
                provisional: it.provisional,
            })
            .collect();
        found.sort_by(|one, other| {
            (one.fiscal_year, one.as_of, &one.actual_id).cmp(&(other.fiscal_year, other.as_of, &other.actual_id))
        });
        found
    }
}
