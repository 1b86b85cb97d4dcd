//! The tallies of many plans: from what is stored, and evaluated on the spot where nothing is.

use std::collections::{HashMap, HashSet};

use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::problem::Problem;
use crate::db::Connection;
use crate::db::evaluation::evaluate;
use crate::db::graph::PlanGraph;
use crate::db::rollups::{self, PlanTallies, Scope};
use crate::db::submissions::standings;
use crate::domain::access::Limits;
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
    (as_of, known_at): (Option<NaiveDate>, Option<NaiveDateTime>),
    by: By,
) -> Result<(HashMap<Option<String>, Tally>, Moment), Problem> {
    let plans = rollups::plans_in(c, scope, known_at)?;
    let mut moment = Moment { fiscal_year: scope.fiscal_year, checkpoint: scope.checkpoint.clone(), as_of, known_at };
    let (mut found, evaluated) = if as_of.is_some() || known_at.is_some() {
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
                for one in stored {
                    let submissions = one.tally.submissions.filter(|_| works_there(scope, &one.organization_id));
                    let tally = Tally { submissions, ..one.tally };
                    *found.entry(Some(one.organization_id)).or_default() += &tally;
                }
                found
            }
            By::Department => {
                let mut found = rollups::by_department(c, scope)?;
                for (key, counts) in rollups::submissions_by_department(c, scope)? {
                    *found.entry(key).or_default().submissions.get_or_insert_default() += &counts;
                }
                found
            }
            By::Objective | By::Sdg => {
                rollups::by_objective(c, scope)?.into_iter().map(|(key, tally)| (Some(key), tally)).collect()
            }
        };
        (found, rest)
    };
    let mut looked_at = Vec::new();
    for plan_id in evaluated {
        let Some(graph) = PlanGraph::load(c, &plan_id, known_at)? else { continue };
        let (at, tallies) = evaluate_now(&graph, scope, as_of, by);
        tallies.into_iter().for_each(|(key, tally)| *found.entry(key).or_default() += &tally);
        looked_at.push(at);
    }
    if known_at.is_some() && as_of.is_none() {
        moment.checkpoint = moment.checkpoint.or_else(|| common(&looked_at, |(kind, _)| kind.clone()).flatten());
        moment.as_of = common(&looked_at, |(_, day)| *day);
    }
    Ok((found, moment))
}

/// Whether the caller sees more of an organization's plans than what is published: only then how far its departments have come.
fn works_there(scope: &Scope, organization_id: &str) -> bool {
    let own = |limits: &Limits| limits.organizations.iter().any(|id| id == organization_id);
    scope.limits.as_ref().is_none_or(own)
}

/// What all have in common; `None` where they differ, or where there are none.
fn common<T, V: PartialEq>(all: &[T], value: impl Fn(&T) -> V) -> Option<V> {
    let first = value(all.first()?);
    all.iter().all(|one| value(one) == first).then_some(first)
}

/// A plan's tallies by key, at a day, or at the day at which such a checkpoint would look; with the kind of checkpoint and the day.
fn evaluate_now(
    graph: &PlanGraph,
    scope: &Scope,
    day: Option<NaiveDate>,
    by: By,
) -> ((Option<String>, NaiveDate), HashMap<Option<String>, Tally>) {
    let kind = scope.checkpoint.as_ref().or(graph.plan.content.checkpoint.as_ref().filter(|_| day.is_none()));
    let named = graph.checkpoints.iter().find(|row| Some(&row.content.kind) == kind);
    let usual = || kind.and_then(|kind| graph.calendar().checkpoint_day(scope.fiscal_year, kind));
    let day = day.or_else(|| named.map(|row| row.content.as_of)).or_else(usual).unwrap_or_else(|| graph.today());
    let stands = named.or_else(|| graph.checkpoint_at(day).filter(|_| scope.checkpoint.is_none()));
    let evaluated = evaluate(graph, day, stands.map(|row| row.id.as_str()));
    let mut tallies = PlanTallies::grouped(graph, &evaluated, |initiative| match by {
        By::Organization => Some(graph.organization.id.clone()),
        By::Department => initiative.content.department_id.clone(),
        By::Objective | By::Sdg => Some(initiative.content.objective_id.clone()),
    });
    let own = &graph.organization.id;
    let reported_at = stands.filter(|_| works_there(scope, own));
    for (department, state) in reported_at.map(|row| standings(graph, &row.id)).into_iter().flatten() {
        let key = match by {
            By::Organization => Some(own.clone()),
            By::Department => Some(department).filter(|id| id != own),
            By::Objective | By::Sdg => continue,
        };
        tallies.entry(key).or_default().submissions.get_or_insert_default().add(state, 1);
    }
    ((kind.cloned(), day), tallies)
}
