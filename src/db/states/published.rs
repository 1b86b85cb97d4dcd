//! What is computed of plans of which something is kept back, as the public is shown it: with the same rules, from what is published. Such a plan has
//! an edition of its own for the public; of every other one the public is shown what is computed anyway.

use std::collections::HashSet;
use std::slice;

use diesel::dsl::{exists, not};
use diesel::prelude::*;

use super::compute;
use super::rows::{InitiativeRow, RollupRow, TargetRow};
use super::stored::{Computed, copy_to_editions};
use crate::db::evaluation::{Sorted, series_of};
use crate::db::schema::{
    self, checkpoints, initiatives, plan_rollups, published_initiative_states, published_plan_rollups,
    published_target_states, targets, withheld,
};
use crate::db::{Audience, Connection, DbError, withheld as kept_back};

/// Brings the editions of the plans that this transaction has touched up to date. `is_public`: whether it has changed anything that is
/// public; if not, what the public is shown stays as it is.
///
/// # Errors
/// The database's own.
pub(in crate::db) fn refresh(connection: &mut Connection, is_public: bool) -> Result<(), DbError> {
    let plans = std::mem::take(&mut connection.touched);
    if plans.is_empty() || !differs_anywhere(connection)? {
        return Ok(());
    }
    let plans: Vec<&str> = plans.iter().map(String::as_str).collect();
    let (known, needed) = (with_edition(connection, &plans)?, with_withheld(connection, &plans)?);
    for plan in plans {
        match (known.contains(plan), needed.contains(plan)) {
            (false, false) => {}
            (true, false) => forget(connection, &[plan])?,
            (true, true) if !is_public => {}
            (_, true) => store(connection, plan).map(drop)?,
        }
    }
    Ok(())
}

/// Keeps what stands of plans as their editions, before figures that may wait to be published change it: until now the public was shown just that.
/// [`refresh`] leaves such an edition as it is where nothing but what waits has changed, makes it anew where that is not so, and removes it where
/// nothing waits. Where a plan has an edition, or was touched before, nothing is kept.
///
/// # Errors
/// The database's own.
pub(super) fn keep(connection: &mut Connection, plans: &[String]) -> Result<(), DbError> {
    if connection.erratum {
        return Ok(());
    }
    let mut plans: Vec<&str> =
        plans.iter().filter(|plan| !connection.touched.contains(*plan)).map(String::as_str).collect();
    let known = with_edition(connection, &plans)?;
    plans.retain(|plan| !known.contains(*plan));
    if plans.is_empty() {
        return Ok(());
    }
    let mut in_a_cycle = kept_back::plans_in_a_cycle(connection, &plans)?;
    if in_a_cycle.is_empty() {
        return Ok(());
    }
    let plans: Vec<&str> = in_a_cycle.iter().map(String::as_str).collect();
    let incomplete = without_some_states(connection, &plans)?;
    in_a_cycle.retain(|plan| !incomplete.contains(plan));
    copy_to_editions(connection, &in_a_cycle)
}

/// Those of the plans of which nothing is stored for one of their checkpoints: an edition that is copied from it would be as incomplete.
fn without_some_states(connection: &mut Connection, plans: &[&str]) -> Result<HashSet<String>, DbError> {
    let stored = plan_rollups::table.filter(plan_rollups::checkpoint_id.eq(checkpoints::id));
    let found: Vec<String> = on!(connection, |c| checkpoints::table
        .filter(checkpoints::plan_id.eq_any(plans))
        .filter(not(exists(stored)))
        .select(checkpoints::plan_id)
        .distinct()
        .load(c)?);
    Ok(found.into_iter().collect())
}

/// Removes the editions of plans: those that still need one get it with [`refresh`], where they are touched.
///
/// # Errors
/// The database's own.
pub(in crate::db) fn forget(connection: &mut Connection, plans: &[&str]) -> Result<(), DbError> {
    let checkpoints = || {
        let of_plans = published_plan_rollups::table.filter(published_plan_rollups::plan_id.eq_any(plans));
        of_plans.select(published_plan_rollups::checkpoint_id)
    };
    on!(connection, |c| {
        diesel::delete(
            published_target_states::table.filter(published_target_states::checkpoint_id.eq_any(checkpoints())),
        )
        .execute(c)?;
        diesel::delete(
            published_initiative_states::table.filter(published_initiative_states::checkpoint_id.eq_any(checkpoints())),
        )
        .execute(c)?;
        diesel::delete(published_plan_rollups::table.filter(published_plan_rollups::plan_id.eq_any(plans)))
            .execute(c)?;
    });
    Ok(())
}

/// Whether what the public is shown of plans is what the published figures say.
///
/// # Errors
/// The database's own.
pub(super) fn are_current(connection: &mut Connection, plans: &[&str]) -> Result<bool, DbError> {
    if !differs_anywhere(connection)? {
        return Ok(true);
    }
    for plan in plans {
        if !is_current(connection, plan)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn is_current(connection: &mut Connection, plan: &str) -> Result<bool, DbError> {
    let known = with_edition(connection, &[plan])?.contains(plan);
    if !with_withheld(connection, &[plan])?.contains(plan) {
        return Ok(!known);
    }
    let Some(graph) = kept_back::published_graph(connection, plan)? else { return Ok(true) };
    let mut computed = compute(&graph, &Sorted::with(&graph, &series_of(&graph)), Audience::Public)?;
    let mut shown =
        if known { stored(connection, plan)? } else { Computed::stored(connection, slice::from_ref(&graph))? };
    if !known {
        // It is kept back from after all of the plan's checkpoints. The rollups differ in what departments have reported, which is nobody else's.
        (computed.rollups, shown.rollups) = (Vec::new(), Vec::new());
    }
    Ok(computed.differences(&shown) == 0)
}

/// Makes what the public is shown of a plan what the published figures say, and tells how many rows were not.
///
/// # Errors
/// The database's own.
pub(super) fn mend(connection: &mut Connection, plan: &str) -> Result<usize, DbError> {
    if are_current(connection, &[plan])? {
        return Ok(0);
    }
    if with_withheld(connection, &[plan])?.contains(plan) {
        return store(connection, plan);
    }
    forget(connection, &[plan])?;
    Ok(1)
}

/// Computes the edition of a plan, stores it where it differs, and tells in how many rows.
fn store(connection: &mut Connection, plan: &str) -> Result<usize, DbError> {
    let Some(graph) = kept_back::published_graph(connection, plan)? else { return Ok(0) };
    let computed = compute(&graph, &Sorted::with(&graph, &series_of(&graph)), Audience::Public)?;
    let differences = computed.differences(&stored(connection, plan)?);
    if differences > 0 {
        forget(connection, &[plan])?;
        computed.store_edition(connection)?;
    }
    Ok(differences)
}

/// Whether the public is shown anything that is not what stands. Most of the time it is not.
fn differs_anywhere(connection: &mut Connection) -> Result<bool, DbError> {
    let kept = exists(withheld::table.select(withheld::seq));
    let editions = exists(published_plan_rollups::table.select(published_plan_rollups::plan_id));
    Ok(on!(connection, |c| diesel::select(kept.or(editions)).get_result(c)?))
}

/// Those of some plans that have an edition.
fn with_edition(connection: &mut Connection, plans: &[&str]) -> Result<HashSet<String>, DbError> {
    let found: Vec<String> = on!(connection, |c| published_plan_rollups::table
        .filter(published_plan_rollups::plan_id.eq_any(plans))
        .select(published_plan_rollups::plan_id)
        .distinct()
        .load(c)?);
    Ok(found.into_iter().collect())
}

/// Those of some plans of which something is kept back: of each, the first thing that is found decides.
fn with_withheld(connection: &mut Connection, plans: &[&str]) -> Result<HashSet<String>, DbError> {
    let measured = initiatives::table
        .inner_join(targets::table.on(targets::initiative_id.eq(initiatives::id)))
        .inner_join(withheld::table.on(withheld::scope_id.eq(targets::indicator_id)))
        .filter(initiatives::plan_id.eq(schema::plans::id));
    let reported = initiatives::table
        .inner_join(withheld::table.on(withheld::scope_id.eq(initiatives::id)))
        .filter(initiatives::plan_id.eq(schema::plans::id));
    let found: Vec<String> = on!(connection, |c| schema::plans::table
        .filter(schema::plans::id.eq_any(plans))
        .filter(exists(measured).or(exists(reported)))
        .select(schema::plans::id)
        .load(c)?);
    Ok(found.into_iter().collect())
}

/// The edition that is stored of a plan.
fn stored(connection: &mut Connection, plan: &str) -> Result<Computed, DbError> {
    use {
        published_initiative_states as of_initiative, published_plan_rollups as rollup,
        published_target_states as of_target,
    };
    let checkpoints = || rollup::table.filter(rollup::plan_id.eq(plan.to_owned())).select(rollup::checkpoint_id);
    Ok(on!(connection, |c| Computed {
        targets: of_target::table.filter(of_target::checkpoint_id.eq_any(checkpoints())).load::<TargetRow>(c)?,
        initiatives: of_initiative::table
            .filter(of_initiative::checkpoint_id.eq_any(checkpoints()))
            .select((
                (
                    of_initiative::checkpoint_id,
                    of_initiative::initiative_id,
                    of_initiative::objective_id,
                    of_initiative::cross_reference,
                    of_initiative::declared_outlook,
                    of_initiative::declared_progress,
                    of_initiative::computed_outlook,
                    of_initiative::computed_progress,
                    of_initiative::already_met,
                    of_initiative::already_missed,
                    of_initiative::open,
                    of_initiative::final_met,
                    of_initiative::final_missed,
                ),
                of_initiative::progress_answer,
            ))
            .load::<InitiativeRow>(c)?,
        rollups: rollup::table.filter(rollup::plan_id.eq(plan)).load::<RollupRow>(c)?,
    }))
}
