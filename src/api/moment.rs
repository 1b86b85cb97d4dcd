//! The moment that a computed answer speaks of: a checkpoint of the plan, or any day, with what was known by then.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde::Deserialize;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, OneOfBuilder, Schema, SchemaFormat, SchemaType, Type};
use utoipa::{IntoParams, PartialSchema, ToSchema};

use super::problem::{Code, Fault, Place, Problem};
use crate::clock;
use crate::db::Connection;
use crate::db::access::{self, Placed};
use crate::db::graph::PlanGraph;
use crate::db::organizations;
use crate::db::plans::Plan;
use crate::domain::report::Moment;

/// At which moment.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct At {
    /// At this checkpoint; at the plan's current one unless it says otherwise
    #[param(pattern = "^[a-z][a-z0-9_]{0,39}$")]
    pub(super) checkpoint: Option<String>,
    /// As of this day, computed from what was reported up to it
    pub(super) as_of: Option<NaiveDate>,
    /// With what had been recorded by then: corrections that came later are left out. A day means its end
    #[param(inline)]
    pub(super) known_at: Option<KnownAt>,
}

/// By when something had been recorded: a moment, or a day with all that was recorded on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(super) enum KnownAt {
    Day(NaiveDate),
    Moment(DateTime<Utc>),
}

impl KnownAt {
    /// The moment in UTC, where the day is one of a time zone.
    pub(super) fn moment(self, time_zone: &str) -> NaiveDateTime {
        match self {
            Self::Day(day) => clock::end_of(day, time_zone),
            Self::Moment(moment) => moment.naive_utc(),
        }
    }
}

impl PartialSchema for KnownAt {
    fn schema() -> RefOr<Schema> {
        let text = |format| {
            ObjectBuilder::new()
                .schema_type(SchemaType::new(Type::String))
                .format(Some(SchemaFormat::KnownFormat(format)))
        };
        OneOfBuilder::new().item(text(KnownFormat::Date)).item(text(KnownFormat::DateTime)).into()
    }
}

impl ToSchema for KnownAt {}

/// A plan as it is, or as it was known.
///
/// # Errors
/// [`Code::NotFound`] where there is no such plan, or was none then.
pub(super) fn plan(c: &mut Connection, id: &str, known_at: Option<KnownAt>) -> Result<PlanGraph, Problem> {
    let moment = match known_at {
        None => None,
        Some(KnownAt::Moment(moment)) => Some(moment.naive_utc()),
        Some(day @ KnownAt::Day(_)) => {
            let organization = organizations::of_plan(c, id)?.ok_or_else(|| Problem::new(Code::NotFound))?;
            Some(day.moment(&organization.content.time_zone))
        }
    };
    let not_found = || Problem::new(Code::NotFound);
    if moment.is_none() {
        let graph = PlanGraph::load(c, id, None)?.ok_or_else(not_found)?;
        return if graph.plan.content.is_seen(c, id)? { Ok(graph) } else { Err(not_found()) };
    }
    // As it stands now: whoever may see a plan may see what was known of it.
    access::find::<Plan>(c, id)?.ok_or_else(not_found)?;
    PlanGraph::load(c, id, moment)?.ok_or_else(not_known_then)
}

/// What did not exist by the moment that is asked for.
pub(super) fn not_known_then() -> Problem {
    let fault = Fault::at(
        "",
        "not_known_then",
        "指定された時点では、まだ登録されていません。",
        "It had not been recorded by this moment.",
    );
    Problem::faults(Code::NotFound, vec![Fault { place: Place::Parameter("known_at".to_owned()), ..fault }])
}

/// The day that is meant, and the checkpoint whose declarations stand at it.
///
/// # Errors
/// [`Code::NotFound`] where the plan has no such checkpoint.
pub(super) fn of(
    graph: &PlanGraph,
    checkpoint: Option<&str>,
    as_of: Option<NaiveDate>,
) -> Result<(Moment, Option<String>), Problem> {
    let fiscal_year = graph.plan.content.fiscal_year;
    let named = checkpoint;
    let wanted = named.or(graph.plan.content.checkpoint.as_deref().filter(|_| as_of.is_none()));
    let checkpoint = graph.checkpoints.iter().find(|row| Some(row.content.kind.as_str()) == wanted);
    if let (Some(kind), None) = (named, checkpoint) {
        let kinds: Vec<&str> = graph.checkpoints.iter().map(|row| row.content.kind.as_str()).collect();
        let fault =
            Fault::at("", "unknown_reference", "この計画にその時点はありません。", "The plan has no such checkpoint.");
        let fault = Fault { place: Place::Parameter("checkpoint".to_owned()), ..fault };
        return Err(Problem::faults(Code::NotFound, vec![fault.received(kind).accepted(kinds)]));
    }
    let as_of = as_of.or(checkpoint.map(|row| row.content.as_of)).unwrap_or_else(|| graph.today());
    let stands = checkpoint.or_else(|| graph.checkpoint_at(as_of));
    let moment = Moment {
        fiscal_year,
        checkpoint: checkpoint.map(|row| row.content.kind.clone()),
        as_of: Some(as_of),
        known_at: graph.known_at,
    };
    Ok((moment, stands.map(|row| row.id.clone())))
}
