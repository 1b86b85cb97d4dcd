//! The moment that a computed answer speaks of: a checkpoint of the plan, or any day.

use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;

use super::problem::{Code, Fault, Place, Problem};
use crate::db::graph::PlanGraph;
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
    let today = crate::clock::today(&graph.organization.content.time_zone);
    let as_of = as_of.or(checkpoint.map(|row| row.content.as_of)).unwrap_or(today);
    let stands = checkpoint.or_else(|| graph.checkpoint_at(as_of));
    let moment = Moment { fiscal_year, checkpoint: checkpoint.map(|row| row.content.kind.clone()), as_of: Some(as_of) };
    Ok((moment, stands.map(|row| row.id.clone())))
}
