//! What is stored of the computed states, and how it becomes what is computed now.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Integer, Nullable, Text};
use diesel::upsert::excluded;

use super::rows::{Flags, InitiativeRow, RollupRow, TargetRow};
use crate::db::fixed::Fixed;
use crate::db::graph::PlanGraph;
use crate::db::schema::{initiative_states, plan_rollups, target_states};
use crate::db::{Backend, Connection, DbError};
use crate::domain::{Outlook, Progress};

/// All that is computed of a plan, or a part of it.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Computed {
    pub targets: Vec<TargetRow>,
    pub initiatives: Vec<InitiativeRow>,
    pub rollups: Vec<RollupRow>,
}

/// A row that is found by two ids, and hangs on another one.
pub(super) trait Kept: PartialEq {
    /// By what it is found.
    fn key(&self) -> (&str, &str);
    /// What it hangs on: elsewhere it is another row.
    fn hangs_on(&self) -> &str;
}

impl Kept for TargetRow {
    fn key(&self) -> (&str, &str) {
        (&self.checkpoint_id, &self.target_id)
    }

    fn hangs_on(&self) -> &str {
        &self.initiative_id
    }
}

impl Kept for InitiativeRow {
    fn key(&self) -> (&str, &str) {
        (&self.flags.checkpoint_id, &self.flags.initiative_id)
    }

    fn hangs_on(&self) -> &str {
        &self.flags.objective_id
    }
}

impl Kept for RollupRow {
    fn key(&self) -> (&str, &str) {
        (&self.checkpoint_id, &self.kind)
    }

    fn hangs_on(&self) -> &str {
        &self.plan_id
    }
}

/// What has to be done to what is stored.
pub(super) struct Difference<'a, T> {
    /// Stored, and not to be found any more.
    gone: Vec<&'a T>,
    /// Computed, and not stored, or not like this.
    fresh: Vec<&'a T>,
    /// How many rows are not what they should be.
    pub rows: usize,
}

impl<'a, T: Kept> Difference<'a, T> {
    pub(super) fn between(stored: &'a [T], computed: &'a [T]) -> Self {
        let known: HashMap<(&str, &str), &T> = stored.iter().map(|row| (row.key(), row)).collect();
        let wanted: HashMap<(&str, &str), &T> = computed.iter().map(|row| (row.key(), row)).collect();
        let stale: Vec<&T> = stored.iter().filter(|row| wanted.get(&row.key()) != Some(row)).collect();
        let fresh: Vec<&T> = computed.iter().filter(|row| known.get(&row.key()) != Some(row)).collect();
        let rows = stale.len().max(fresh.len());
        let stays = |row: &&T| wanted.get(&row.key()).is_some_and(|wanted| wanted.hangs_on() == row.hangs_on());
        let gone = stale.into_iter().filter(|row| !stays(row)).collect();
        Self { gone, fresh, rows }
    }

    /// The ids of rows that are gone by their checkpoint: one statement for each, where each row would be a journey.
    fn gone_by_checkpoint(&self) -> HashMap<&'a str, Vec<&'a str>> {
        let mut ids: HashMap<&str, Vec<&str>> = HashMap::new();
        self.gone.iter().map(|row| row.key()).for_each(|(checkpoint, id)| ids.entry(checkpoint).or_default().push(id));
        ids
    }
}

impl Computed {
    /// What is stored of a plan.
    pub(super) fn stored(connection: &mut Connection, graph: &PlanGraph) -> Result<Self, DbError> {
        let checkpoints: Vec<&str> = graph.checkpoints.iter().map(|row| row.id.as_str()).collect();
        on!(connection, |c| Ok(Self {
            targets: target_states::table
                .filter(target_states::checkpoint_id.eq_any(&checkpoints))
                .select(TargetRow::as_select())
                .load(c)?,
            initiatives: initiative_states::table
                .filter(initiative_states::checkpoint_id.eq_any(&checkpoints))
                .select(InitiativeRow::as_select())
                .load(c)?,
            rollups: plan_rollups::table
                .filter(plan_rollups::plan_id.eq(&graph.plan.id))
                .select(RollupRow::as_select())
                .load(c)?,
        }))
    }

    /// How many rows are not like these.
    pub(super) fn differences(&self, stored: &Self) -> usize {
        Difference::between(&stored.targets, &self.targets).rows
            + Difference::between(&stored.initiatives, &self.initiatives).rows
            + Difference::between(&stored.rollups, &self.rollups).rows
    }

    /// Stores what differs, and tells how many rows that were.
    pub(super) fn store(&self, connection: &mut Connection, stored: &Self) -> Result<usize, DbError> {
        let targets = Difference::between(&stored.targets, &self.targets);
        for (checkpoint, ids) in targets.gone_by_checkpoint() {
            let of_checkpoint = target_states::table.filter(target_states::checkpoint_id.eq(checkpoint));
            on!(&mut *connection, |c| diesel::delete(of_checkpoint.filter(target_states::target_id.eq_any(ids)))
                .execute(c)?);
        }
        put_targets(connection, &targets.fresh)?;
        let initiatives = Difference::between(&stored.initiatives, &self.initiatives);
        for (checkpoint, ids) in initiatives.gone_by_checkpoint() {
            let of_checkpoint = initiative_states::table.filter(initiative_states::checkpoint_id.eq(checkpoint));
            on!(&mut *connection, |c| diesel::delete(
                of_checkpoint.filter(initiative_states::initiative_id.eq_any(ids))
            )
            .execute(c)?);
        }
        put_initiatives(connection, &initiatives.fresh)?;
        let rollups = Difference::between(&stored.rollups, &self.rollups);
        for row in &rollups.gone {
            on!(&mut *connection, |c| diesel::delete(plan_rollups::table.find(&row.checkpoint_id)).execute(c)?);
        }
        put_rollups(connection, &rollups.fresh)?;
        Ok(targets.rows + initiatives.rows + rollups.rows)
    }
}

// Rows are changed where they lie: what refers to them, and what they refer to, need not be looked at again.

fn put_targets(connection: &mut Connection, rows: &[&TargetRow]) -> Result<(), DbError> {
    use target_states::dsl;
    match &mut connection.backend {
        Backend::Sqlite(c) => {
            for row in rows {
                let put = diesel::insert_into(target_states::table)
                    .values(*row)
                    .on_conflict((dsl::checkpoint_id, dsl::target_id))
                    .do_update()
                    .set((
                        dsl::state.eq(excluded(dsl::state)),
                        dsl::verdict.eq(excluded(dsl::verdict)),
                        dsl::answer.eq(excluded(dsl::answer)),
                    ));
                Fixed(put).execute(c)?;
            }
        }
        Backend::Postgres(c) if !rows.is_empty() => {
            let put = diesel::sql_query(
                "INSERT INTO target_states (checkpoint_id, target_id, initiative_id, state, verdict, answer) \
                 SELECT unnest($1), unnest($2), unnest($3), unnest($4), unnest($5), unnest($6) \
                 ON CONFLICT (checkpoint_id, target_id) DO UPDATE \
                 SET state = excluded.state, verdict = excluded.verdict, answer = excluded.answer",
            )
            .bind::<Array<Text>, _>(array!(rows, |row| row.checkpoint_id.as_str()))
            .bind::<Array<Text>, _>(array!(rows, |row| row.target_id.as_str()))
            .bind::<Array<Text>, _>(array!(rows, |row| row.initiative_id.as_str()))
            .bind::<Array<Text>, _>(array!(rows, |row| row.state.as_str()))
            .bind::<Array<Text>, _>(array!(rows, |row| row.verdict.as_str()))
            .bind::<Array<Text>, _>(array!(rows, |row| row.answer.as_str()));
            Fixed(put).execute(c)?;
        }
        Backend::Postgres(_) => {}
    }
    Ok(())
}

fn put_initiatives(connection: &mut Connection, rows: &[&InitiativeRow]) -> Result<(), DbError> {
    use initiative_states::dsl;
    match &mut connection.backend {
        Backend::Sqlite(c) => {
            for row in rows {
                let put = diesel::insert_into(initiative_states::table)
                    .values(*row)
                    .on_conflict((dsl::checkpoint_id, dsl::initiative_id))
                    .do_update()
                    .set((
                        dsl::cross_reference.eq(excluded(dsl::cross_reference)),
                        dsl::declared_outlook.eq(excluded(dsl::declared_outlook)),
                        dsl::declared_progress.eq(excluded(dsl::declared_progress)),
                        dsl::computed_outlook.eq(excluded(dsl::computed_outlook)),
                        dsl::computed_progress.eq(excluded(dsl::computed_progress)),
                        dsl::already_met.eq(excluded(dsl::already_met)),
                        dsl::already_missed.eq(excluded(dsl::already_missed)),
                        dsl::open.eq(excluded(dsl::open)),
                        dsl::final_met.eq(excluded(dsl::final_met)),
                        dsl::final_missed.eq(excluded(dsl::final_missed)),
                        dsl::progress_answer.eq(excluded(dsl::progress_answer)),
                    ));
                Fixed(put).execute(c)?;
            }
        }
        Backend::Postgres(c) if !rows.is_empty() => {
            let put = diesel::sql_query(
                "INSERT INTO initiative_states (checkpoint_id, initiative_id, objective_id, cross_reference, declared_outlook, \
                 declared_progress, computed_outlook, computed_progress, already_met, already_missed, open, final_met, \
                 final_missed, progress_answer) \
                 SELECT unnest($1), unnest($2), unnest($3), unnest($4), unnest($5), unnest($6), unnest($7), unnest($8), \
                 unnest($9), unnest($10), unnest($11), unnest($12), unnest($13), unnest($14) \
                 ON CONFLICT (checkpoint_id, initiative_id) DO UPDATE \
                 SET cross_reference = excluded.cross_reference, declared_outlook = excluded.declared_outlook, \
                 declared_progress = excluded.declared_progress, computed_outlook = excluded.computed_outlook, \
                 computed_progress = excluded.computed_progress, already_met = excluded.already_met, \
                 already_missed = excluded.already_missed, open = excluded.open, final_met = excluded.final_met, \
                 final_missed = excluded.final_missed, progress_answer = excluded.progress_answer",
            )
            .bind::<Array<Text>, _>(array!(rows, |row| row.flags.checkpoint_id.as_str()))
            .bind::<Array<Text>, _>(array!(rows, |row| row.flags.initiative_id.as_str()))
            .bind::<Array<Text>, _>(array!(rows, |row| row.flags.objective_id.as_str()))
            .bind::<Array<Bool>, _>(array!(rows, |row| row.flags.cross_reference))
            .bind::<Array<Nullable<Text>>, _>(array!(rows, |row| row.flags.declared_outlook.map(Outlook::as_str)))
            .bind::<Array<Nullable<Text>>, _>(array!(rows, |row| row.flags.declared_progress.map(Progress::as_str)))
            .bind::<Array<Text>, _>(array!(rows, |row| row.flags.computed_outlook.as_str()))
            .bind::<Array<Text>, _>(array!(rows, |row| row.flags.computed_progress.as_str()))
            .bind::<Array<Integer>, _>(array!(rows, |row| row.flags.already_met))
            .bind::<Array<Integer>, _>(array!(rows, |row| row.flags.already_missed))
            .bind::<Array<Integer>, _>(array!(rows, |row| row.flags.open))
            .bind::<Array<Integer>, _>(array!(rows, |row| row.flags.final_met))
            .bind::<Array<Integer>, _>(array!(rows, |row| row.flags.final_missed))
            .bind::<Array<Text>, _>(array!(rows, |row| row.progress_answer.as_str()));
            Fixed(put).execute(c)?;
        }
        Backend::Postgres(_) => {}
    }
    Ok(())
}

fn put_rollups(connection: &mut Connection, rows: &[&RollupRow]) -> Result<(), DbError> {
    use plan_rollups::dsl;
    match &mut connection.backend {
        Backend::Sqlite(c) => {
            for row in rows {
                let put = diesel::insert_into(plan_rollups::table)
                    .values(*row)
                    .on_conflict(dsl::checkpoint_id)
                    .do_update()
                    .set((
                        dsl::kind.eq(excluded(dsl::kind)),
                        dsl::tally.eq(excluded(dsl::tally)),
                        dsl::body.eq(excluded(dsl::body)),
                    ));
                Fixed(put).execute(c)?;
            }
        }
        Backend::Postgres(c) if !rows.is_empty() => {
            let put = diesel::sql_query(
                "INSERT INTO plan_rollups (checkpoint_id, plan_id, kind, tally, body) \
                 SELECT unnest($1), unnest($2), unnest($3), unnest($4), unnest($5) \
                 ON CONFLICT (checkpoint_id) DO UPDATE \
                 SET kind = excluded.kind, tally = excluded.tally, body = excluded.body",
            )
            .bind::<Array<Text>, _>(array!(rows, |row| row.checkpoint_id.as_str()))
            .bind::<Array<Text>, _>(array!(rows, |row| row.plan_id.as_str()))
            .bind::<Array<Text>, _>(array!(rows, |row| row.kind.as_str()))
            .bind::<Array<Text>, _>(array!(rows, |row| row.tally.as_str()))
            .bind::<Array<Text>, _>(array!(rows, |row| row.body.as_str()));
            Fixed(put).execute(c)?;
        }
        Backend::Postgres(_) => {}
    }
    Ok(())
}

/// Writes what figures change of the flags of initiatives that are stored.
pub(super) fn put_flags(connection: &mut Connection, rows: &[Flags]) -> Result<(), DbError> {
    use initiative_states::dsl;
    match &mut connection.backend {
        Backend::Sqlite(c) => {
            for row in rows {
                let own = initiative_states::table.find((&row.checkpoint_id, &row.initiative_id));
                let put = diesel::update(own).set((
                    dsl::computed_outlook.eq(row.computed_outlook),
                    dsl::already_met.eq(row.already_met),
                    dsl::already_missed.eq(row.already_missed),
                    dsl::open.eq(row.open),
                    dsl::final_met.eq(row.final_met),
                    dsl::final_missed.eq(row.final_missed),
                ));
                Fixed(put).execute(c)?;
            }
        }
        Backend::Postgres(c) if !rows.is_empty() => {
            let put = diesel::sql_query(
                "UPDATE initiative_states SET computed_outlook = new.computed_outlook, already_met = new.already_met, \
                 already_missed = new.already_missed, open = new.open, final_met = new.final_met, \
                 final_missed = new.final_missed \
                 FROM unnest($1, $2, $3, $4, $5, $6, $7, $8) AS new (checkpoint_id, initiative_id, computed_outlook, \
                 already_met, already_missed, open, final_met, final_missed) \
                 WHERE initiative_states.checkpoint_id = new.checkpoint_id \
                 AND initiative_states.initiative_id = new.initiative_id",
            )
            .bind::<Array<Text>, _>(array!(rows, |row| row.checkpoint_id.as_str()))
            .bind::<Array<Text>, _>(array!(rows, |row| row.initiative_id.as_str()))
            .bind::<Array<Text>, _>(array!(rows, |row| row.computed_outlook.as_str()))
            .bind::<Array<Integer>, _>(array!(rows, |row| row.already_met))
            .bind::<Array<Integer>, _>(array!(rows, |row| row.already_missed))
            .bind::<Array<Integer>, _>(array!(rows, |row| row.open))
            .bind::<Array<Integer>, _>(array!(rows, |row| row.final_met))
            .bind::<Array<Integer>, _>(array!(rows, |row| row.final_missed));
            Fixed(put).execute(c)?;
        }
        Backend::Postgres(_) => {}
    }
    Ok(())
}
