//! The computed state of each target and each initiative at each checkpoint, kept in the transaction of the write that
//! changed it. Rollups read these and nothing else.

use std::collections::{BTreeSet, HashMap};
use std::slice;

use chrono::NaiveDate;
use diesel::prelude::*;

use self::rows::RollupRow;
use self::stored::Computed;
use super::evaluation::Sorted;
use super::graph::PlanGraph;
use super::rollups::{PlanTallies, PlanTree};
use super::schema::{self, checkpoints, initiative_states, initiatives, plan_rollups, target_states, targets};
use super::submissions::standings;
use super::{Audience, Connection, DbError, plans, review_flags};

mod figures;
mod published;
mod rows;
mod stored;

pub(super) use self::published::forget as forget_published;
pub(super) use self::published::refresh as refresh_published;
pub use self::rows::{Flags, InitiativeRow, TargetRow};

/// Computes the states of a plan anew and stores what differs. A plan that is gone has none.
///
/// # Errors
/// The database's own.
pub fn refresh_plan(connection: &mut Connection, plan_id: &str) -> Result<(), DbError> {
    recompute(connection, plan_id).map(drop)
}

/// Computes what may look at the figures of an indicator from this day on; at any of them where there is no day.
///
/// # Errors
/// The database's own.
pub fn refresh_indicator(
    connection: &mut Connection,
    indicator_id: &str,
    since: Option<NaiveDate>,
) -> Result<(), DbError> {
    refresh_indicators(connection, &HashMap::from([(indicator_id, since.unwrap_or(NaiveDate::MIN))]))
}

/// So many plans are looked at together: in few statements, and in little memory.
pub const TOGETHER: usize = 4;

/// Computes what may look at the figures of these indicators from these days on.
///
/// # Errors
/// The database's own.
pub fn refresh_indicators(connection: &mut Connection, since: &HashMap<&str, NaiveDate>) -> Result<(), DbError> {
    for plans in concerned(connection, since)?.chunks(TOGETHER) {
        plans::lock_all(connection, plans)?;
        published::keep(connection, plans)?;
        connection.touched.extend(plans.iter().cloned());
        for plan in figures::refresh(connection, plans, since)? {
            // What was kept of it may be as incomplete.
            published::forget(connection, &[&plan])?;
            refresh_plan(connection, &plan)?;
        }
    }
    Ok(())
}

/// The plans that have a target on one of these indicators and look at its figures from its day on, in the order in which
/// everybody locks them, so that two writes never wait for each other. A figure that speaks of a day after all of a plan's
/// checkpoints does not concern it.
///
/// # Errors
/// The database's own.
pub fn concerned(connection: &mut Connection, since: &HashMap<&str, NaiveDate>) -> Result<Vec<String>, DbError> {
    let ids: Vec<&str> = since.keys().copied().collect();
    let looking: Vec<(String, String, NaiveDate)> = on!(connection, |c| initiatives::table
        .inner_join(targets::table.on(targets::initiative_id.eq(initiatives::id)))
        .inner_join(checkpoints::table.on(checkpoints::plan_id.eq(initiatives::plan_id)))
        .filter(targets::indicator_id.eq_any(ids))
        .select((targets::indicator_id, initiatives::plan_id, checkpoints::as_of))
        .distinct()
        .load(c)?);
    let concerned = |(indicator, plan, day): (String, String, NaiveDate)| {
        since.get(indicator.as_str()).is_some_and(|since| day >= *since).then_some(plan)
    };
    let plans: BTreeSet<String> = looking.into_iter().filter_map(concerned).collect();
    Ok(plans.into_iter().collect())
}

/// Computes the states of a plan and of every plan that measures one of its indicators: a document may bring figures
/// of other years.
///
/// # Errors
/// The database's own.
pub fn refresh_series_of(connection: &mut Connection, plan_id: &str) -> Result<(), DbError> {
    let measured: Vec<String> = on!(&mut *connection, |c| initiatives::table
        .inner_join(targets::table.on(targets::initiative_id.eq(initiatives::id)))
        .filter(initiatives::plan_id.eq(plan_id))
        .select(targets::indicator_id)
        .distinct()
        .load(c)?);
    let mut concerned: Vec<String> = on!(&mut *connection, |c| initiatives::table
        .inner_join(targets::table.on(targets::initiative_id.eq(initiatives::id)))
        .filter(targets::indicator_id.eq_any(measured))
        .select(initiatives::plan_id)
        .distinct()
        .load(c)?);
    concerned.push(plan_id.to_owned());
    // In one order for everybody, so that two writes never wait for each other.
    concerned.sort_unstable();
    concerned.dedup();
    concerned.iter().try_for_each(|plan| refresh_plan(connection, plan))
}

/// Computes the states of a plan anew, stores what differs and tells how many rows differed.
///
/// # Errors
/// The database's own.
pub fn recompute(connection: &mut Connection, plan_id: &str) -> Result<usize, DbError> {
    plans::lock(connection, plan_id)?;
    connection.touched.insert(plan_id.to_owned());
    let (mut graphs, series) = PlanGraph::with_series(connection, &[plan_id.to_owned()])?;
    let Some(graph) = graphs.pop() else { return Ok(0) };
    let computed = compute(&graph, &Sorted::with(&graph, &series), Audience::Insiders)?;
    let stored = Computed::stored(connection, slice::from_ref(&graph))?;
    review_flags::keep(connection, &graph.reviews, &computed.initiatives)?;
    computed.store(connection, &stored)
}

/// Computes the states of a plan anew, those that the public is shown as well, stores what differs and tells how many rows differed.
///
/// # Errors
/// The database's own.
pub fn mend(connection: &mut Connection, plan_id: &str) -> Result<usize, DbError> {
    Ok(recompute(connection, plan_id)? + published::mend(connection, plan_id)?)
}

/// Whether what is stored of plans, also for the public, is what their figures say. Reads only, so that many plans can be looked at side by side; the
/// insiders' states in few statements, however many plans there are.
///
/// # Errors
/// The database's own.
pub fn are_current(connection: &mut Connection, plans: &[String]) -> Result<bool, DbError> {
    let (graphs, series) = PlanGraph::with_series(connection, plans)?;
    let stored = Computed::stored(connection, &graphs)?;
    let mut computed = Computed::default();
    for graph in &graphs {
        computed.extend(compute(graph, &Sorted::with(graph, &series), Audience::Insiders)?);
    }
    let plans: Vec<&str> = graphs.iter().map(|graph| graph.plan.id.as_str()).collect();
    Ok(computed.differences(&stored) == 0 && published::are_current(connection, &plans)?)
}

/// What is computed of a plan at each of its checkpoints. How far its departments have come is not for the public.
fn compute(graph: &PlanGraph, sorted: &Sorted<'_>, audience: Audience) -> Result<Computed, DbError> {
    let mut computed = Computed::default();
    let tree = PlanTree::of(graph);
    for checkpoint in &graph.checkpoints {
        let evaluated = sorted.evaluate_all(checkpoint.content.as_of, Some(&checkpoint.id));
        for initiative in &evaluated {
            for (target_id, outlook) in &initiative.targets {
                let row = TargetRow::of(&checkpoint.id, &initiative.initiative_id, target_id, outlook)?;
                computed.targets.push(row);
            }
            computed.initiatives.push(InitiativeRow::of(&checkpoint.id, initiative)?);
        }
        let own = PlanTallies::by_objective(graph, &evaluated);
        let submissions = match audience {
            Audience::Insiders => Some(standings(graph, &checkpoint.id).into_values().collect()),
            Audience::Public => None,
        };
        let tallies = tree.tallies(&own, submissions);
        computed.rollups.push(RollupRow::of(checkpoint, &tree, &tallies, graph.plan.content.fiscal_year)?);
    }
    Ok(computed)
}

/// Removes what was computed at a checkpoint, before it is removed itself.
///
/// # Errors
/// The database's own.
pub fn forget_checkpoint(connection: &mut Connection, checkpoint_id: &str) -> Result<(), DbError> {
    on!(connection, |c| {
        diesel::delete(target_states::table.filter(target_states::checkpoint_id.eq(checkpoint_id))).execute(c)?;
        diesel::delete(initiative_states::table.filter(initiative_states::checkpoint_id.eq(checkpoint_id)))
            .execute(c)?;
        diesel::delete(plan_rollups::table.find(checkpoint_id)).execute(c)?;
    });
    Ok(())
}

/// Removes what was computed of an initiative, before it is removed itself.
///
/// # Errors
/// The database's own.
pub fn forget_initiative(connection: &mut Connection, initiative_id: &str) -> Result<(), DbError> {
    on!(connection, |c| {
        diesel::delete(target_states::table.filter(target_states::initiative_id.eq(initiative_id))).execute(c)?;
        diesel::delete(initiative_states::table.filter(initiative_states::initiative_id.eq(initiative_id)))
            .execute(c)?;
    });
    Ok(())
}

/// Removes what was computed of a target, before it is removed itself.
///
/// # Errors
/// The database's own.
pub fn forget_target(connection: &mut Connection, target_id: &str) -> Result<(), DbError> {
    on!(connection, |c| diesel::delete(target_states::table.filter(target_states::target_id.eq(target_id)))
        .execute(c)?);
    Ok(())
}

/// The ids of all plans, in their order.
///
/// # Errors
/// The database's own.
pub fn all_plans(connection: &mut Connection) -> Result<Vec<String>, DbError> {
    Ok(on!(connection, |c| schema::plans::table.select(schema::plans::id).order(schema::plans::id).load(c)?))
}
