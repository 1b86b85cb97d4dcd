//! The tallies of many plans: from what is stored, and evaluated on the spot where nothing is.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::problem::Problem;
use crate::db::Connection;
use crate::db::evaluation::evaluate;
use crate::db::graph::PlanGraph;
use crate::db::rollups::{self, PlanTallies, Scope};
use crate::domain::report::Moment;
use crate::domain::rollup::Tally;

/// What rollups are grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The organization whose plan it is.
    Organization,
    /// The objective at the top of the plan: its theme.
    Objective,
    /// The department in charge.
    Department,
    /// The sustainable development goal.
    Sdg,
}

/// The tallies of a scope by key: from the stored states, and evaluated on the spot for a day, or where a plan has
/// nothing stored at the checkpoint.
pub(super) fn tallies(
    c: &mut Connection,
    scope: &Scope,
    as_of: Option<NaiveDate>,
    by: By,
) -> Result<(HashMap<Option<String>, Tally>, Moment), Problem> {
    let plans = rollups::plans_in(c, scope)?;
    let mut moment = Moment { fiscal_year: scope.fiscal_year, checkpoint: scope.checkpoint.clone(), as_of };
    let (mut found, evaluated) = if as_of.is_some() {
        (HashMap::new(), plans)
    } else {
        let stored = rollups::stored_tallies(c, scope)?;
        moment.checkpoint = moment.checkpoint.or_else(|| common(&stored, |one| one.checkpoint.clone()));
        moment.as_of = common(&stored, |one| one.as_of);
        let known: HashSet<&str> = stored.iter().map(|one| one.plan_id.as_str()).collect();
        let rest = plans.into_iter().filter(|id| !known.contains(id.as_str())).collect();
        let found = match by {
            By::Organization => {
                let mut found: HashMap<Option<String>, Tally> = HashMap::new();
                stored
                    .iter()
                    .for_each(|one| *found.entry(Some(one.organization_id.clone())).or_default() += &one.tally);
                found
            }
            By::Department => rollups::by_department(c, scope)?,
            By::Objective | By::Sdg => {
                rollups::by_objective(c, scope)?.into_iter().map(|(key, tally)| (Some(key), tally)).collect()
            }
        };
        (found, rest)
    };
    for plan_id in evaluated {
        let Some(graph) = PlanGraph::load(c, &plan_id)? else { continue };
        for (key, tally) in evaluate_now(&graph, scope, as_of, by) {
            *found.entry(key).or_default() += &tally;
        }
    }
    Ok((found, moment))
}

/// What all have in common; `None` where they differ, or where there are none.
fn common<T, V: PartialEq>(all: &[T], value: impl Fn(&T) -> V) -> Option<V> {
    let first = value(all.first()?);
    all.iter().all(|one| value(one) == first).then_some(first)
}

/// A plan's tallies by key, at a day, or at the day at which such a checkpoint would look.
fn evaluate_now(graph: &PlanGraph, scope: &Scope, day: Option<NaiveDate>, by: By) -> HashMap<Option<String>, Tally> {
    let usual = scope.checkpoint.as_deref().and_then(|kind| graph.calendar().checkpoint_day(scope.fiscal_year, kind));
    let day = day.or(usual).unwrap_or_else(|| crate::clock::today(&graph.organization.content.time_zone));
    let named = graph.checkpoints.iter().find(|row| Some(&row.content.kind) == scope.checkpoint.as_ref());
    let stands = named.or_else(|| graph.checkpoint_at(day).filter(|_| scope.checkpoint.is_none()));
    let evaluated = evaluate(graph, day, stands.map(|row| row.id.as_str()));
    PlanTallies::grouped(graph, &evaluated, |initiative| match by {
        By::Organization => Some(graph.organization.id.clone()),
        By::Department => initiative.content.department_id.clone(),
        By::Objective | By::Sdg => Some(initiative.content.objective_id.clone()),
    })
}
