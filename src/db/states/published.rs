//! What is computed of plans of which something is kept back, as the public is shown it: with the same rules, from what is published. Such a plan has
//! an edition of its own for the public; of every other one the public is shown what is computed anyway.

use std::collections::HashSet;

use diesel::dsl::exists;
use diesel::prelude::*;

use super::compute;
use super::rows::{Flags, InitiativeRow, RollupRow, TargetRow};
use super::stored::Computed;
use crate::db::evaluation::Sorted;
use crate::db::schema::{
    initiatives, published_initiative_states, published_plan_rollups, published_target_states, targets, withheld,
};
use crate::db::{Audience, Connection, DbError, withheld as kept_back};

/// Brings the editions of the plans that this transaction has touched up to date. `is_public`: whether it has changed anything that is
/// public; if not, what the public is shown stays as it is.
///
/// # Errors
/// The database's own.
pub(in crate::db) fn refresh(connection: &mut Connection, is_public: bool) -> Result<(), DbError> {
    let plans = std::mem::take(&mut connection.touched);
    if plans.is_empty() {
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

/// Whether what the public is shown of a plan is what the published figures say.
///
/// # Errors
/// The database's own.
pub(super) fn is_current(connection: &mut Connection, plan: &str) -> Result<bool, DbError> {
    let known = with_edition(connection, &[plan])?.contains(plan);
    if !with_withheld(connection, &[plan])?.contains(plan) {
        return Ok(!known);
    }
    let Some(graph) = kept_back::published_graph(connection, plan)? else { return Ok(true) };
    let mut computed = compute(&graph, &Sorted::of(&graph), Audience::Public)?;
    let mut shown = if known { stored(connection, plan)? } else { Computed::stored(connection, &graph)? };
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
    if is_current(connection, plan)? {
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
    let computed = compute(&graph, &Sorted::of(&graph), Audience::Public)?;
    let differences = computed.differences(&stored(connection, plan)?);
    if differences > 0 {
        forget(connection, &[plan])?;
        insert(connection, &computed)?;
    }
    Ok(differences)
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

/// Those of some plans of which something is kept back.
fn with_withheld(connection: &mut Connection, plans: &[&str]) -> Result<HashSet<String>, DbError> {
    // Most of the time there is nothing anywhere.
    if !on!(&mut *connection, |c| diesel::select(exists(withheld::table.select(withheld::seq)))
        .get_result::<bool>(c)?)
    {
        return Ok(HashSet::new());
    }
    let (reported, measured): (Vec<String>, Vec<String>) = on!(connection, |c| (
        initiatives::table
            .inner_join(withheld::table.on(withheld::scope_id.eq(initiatives::id)))
            .filter(initiatives::plan_id.eq_any(plans))
            .select(initiatives::plan_id)
            .distinct()
            .load(c)?,
        initiatives::table
            .inner_join(targets::table.on(targets::initiative_id.eq(initiatives::id)))
            .inner_join(withheld::table.on(withheld::scope_id.eq(targets::indicator_id)))
            .filter(initiatives::plan_id.eq_any(plans))
            .select(initiatives::plan_id)
            .distinct()
            .load(c)?,
    ));
    Ok(reported.into_iter().chain(measured).collect())
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

fn insert(connection: &mut Connection, computed: &Computed) -> Result<(), DbError> {
    use {
        published_initiative_states as of_initiative, published_plan_rollups as rollup,
        published_target_states as of_target,
    };
    let Computed { targets, initiatives, rollups } = computed;
    let row = |row: &RollupRow| {
        let RollupRow { checkpoint_id, plan_id, kind, tally, body } = row.clone();
        (
            rollup::checkpoint_id.eq(checkpoint_id),
            rollup::plan_id.eq(plan_id),
            rollup::kind.eq(kind),
            rollup::tally.eq(tally),
            rollup::body.eq(body),
        )
    };
    let rows: Vec<_> = rollups.iter().map(row).collect();
    insert_all!(&mut *connection, published_plan_rollups, rows);
    let row = |row: &TargetRow| {
        let TargetRow { checkpoint_id, target_id, initiative_id, state, verdict, answer } = row.clone();
        (
            of_target::checkpoint_id.eq(checkpoint_id),
            of_target::target_id.eq(target_id),
            of_target::initiative_id.eq(initiative_id),
            of_target::state.eq(state),
            of_target::verdict.eq(verdict),
            of_target::answer.eq(answer),
        )
    };
    let rows: Vec<_> = targets.iter().map(row).collect();
    insert_all!(&mut *connection, published_target_states, rows);
    let row = |row: &InitiativeRow| {
        let InitiativeRow { flags, progress_answer } = row.clone();
        let Flags {
            checkpoint_id,
            initiative_id,
            objective_id,
            cross_reference,
            declared_outlook,
            declared_progress,
            computed_outlook,
            computed_progress,
            already_met,
            already_missed,
            open,
            final_met,
            final_missed,
        } = flags;
        (
            of_initiative::checkpoint_id.eq(checkpoint_id),
            of_initiative::initiative_id.eq(initiative_id),
            of_initiative::objective_id.eq(objective_id),
            of_initiative::cross_reference.eq(cross_reference),
            of_initiative::declared_outlook.eq(declared_outlook),
            of_initiative::declared_progress.eq(declared_progress),
            of_initiative::computed_outlook.eq(computed_outlook),
            of_initiative::computed_progress.eq(computed_progress),
            of_initiative::already_met.eq(already_met),
            of_initiative::already_missed.eq(already_missed),
            of_initiative::open.eq(open),
            of_initiative::final_met.eq(final_met),
            of_initiative::final_missed.eq(final_missed),
            of_initiative::progress_answer.eq(progress_answer),
        )
    };
    let rows: Vec<_> = initiatives.iter().map(row).collect();
    insert_all!(connection, published_initiative_states, rows);
    Ok(())
}
