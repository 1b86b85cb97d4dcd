//! What is stored of the computed states, and how it becomes what is computed now.

use std::collections::{HashMap, HashSet};

use diesel::dsl::SqlTypeOf;
use diesel::prelude::*;
use diesel::sql_types::{Array, Integer, Text};
use diesel::upsert::excluded;

use super::rows::{Flags, InitiativeRow, RollupRow, TargetRow};
use crate::db::fixed::Fixed;
use crate::db::graph::PlanGraph;
use crate::db::schema::{
    initiative_states, plan_rollups, published_initiative_states, published_plan_rollups, published_target_states,
    target_states,
};
use crate::db::{Backend, Connection, DbError};

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

/// Puts rows into a table, in the place of those with the same key. Rows are changed where they lie: what refers to them, and
/// what they refer to (`once`), need not be looked at again. One by one where the database is in this process, in one statement
/// whose text does not grow with their number where it is a journey away.
macro_rules! put {
    ($connection:expr, $rows:expr, $table:ident, key ($($key:ident),+), once ($($once:ident),*), anew ($($anew:ident),+ $(,)?)) => {
        match &mut $connection.backend {
            Backend::Sqlite(c) => {
                for row in $rows.iter() {
                    let put = diesel::insert_into($table::table)
                        .values(($($table::$key.eq(&row.$key),)+ $($table::$once.eq(&row.$once),)* $($table::$anew.eq(&row.$anew),)+))
                        .on_conflict(($($table::$key,)+))
                        .do_update()
                        .set(($($table::$anew.eq(excluded($table::$anew)),)+));
                    Fixed(put).run(c)?;
                }
            }
            Backend::Postgres(_) if $rows.is_empty() => {}
            Backend::Postgres(c) => {
                let columns = [$(stringify!($key),)+ $(stringify!($once),)* $(stringify!($anew),)+];
                let key = [$(stringify!($key)),+];
                let put = diesel::sql_query(put_arrays(stringify!($table), &columns, &key, &[$(stringify!($anew)),+]))
                    $(.bind::<Array<SqlTypeOf<$table::$key>>, _>(array!($rows, |row| &row.$key)))+
                    $(.bind::<Array<SqlTypeOf<$table::$once>>, _>(array!($rows, |row| &row.$once)))*
                    $(.bind::<Array<SqlTypeOf<$table::$anew>>, _>(array!($rows, |row| &row.$anew)))+;
                Fixed(put).run(c)?;
            }
        }
    };
}

/// Puts rows of targets into the table for insiders or into that for the public.
macro_rules! put_targets {
    ($connection:expr, $rows:expr, $table:ident) => {
        put!(
            $connection,
            $rows,
            $table,
            key(checkpoint_id, target_id),
            once(initiative_id),
            anew(state, verdict, answer)
        )
    };
}

/// The same of initiatives.
macro_rules! put_initiatives {
    ($connection:expr, $rows:expr, $table:ident) => {
        put!(
            $connection,
            $rows,
            $table,
            key(checkpoint_id, initiative_id),
            once(objective_id),
            anew(
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
                progress_answer,
            )
        )
    };
}

/// The same of rollups.
macro_rules! put_rollups {
    ($connection:expr, $rows:expr, $table:ident) => {
        put!($connection, $rows, $table, key(checkpoint_id), once(plan_id), anew(kind, tally, body))
    };
}

impl Computed {
    /// What is stored of plans.
    pub(super) fn stored(connection: &mut Connection, graphs: &[PlanGraph]) -> Result<Self, DbError> {
        let checkpoints: Vec<&str> =
            graphs.iter().flat_map(|graph| &graph.checkpoints).map(|row| row.id.as_str()).collect();
        let rollups = rollups(connection, graphs.iter().map(|graph| &graph.plan.id))?;
        on!(connection, |c| Ok(Self {
            targets: target_states::table
                .filter(target_states::checkpoint_id.eq_any(&checkpoints))
                .select(TargetRow::as_select())
                .load(c)?,
            initiatives: initiative_states::table
                .filter(initiative_states::checkpoint_id.eq_any(&checkpoints))
                .select(InitiativeRow::as_select())
                .load(c)?,
            rollups,
        }))
    }

    /// Adds what is computed of another plan, or of another part of one.
    pub(super) fn extend(&mut self, other: Self) {
        let Self { targets, initiatives, rollups } = other;
        self.targets.extend(targets);
        self.initiatives.extend(initiatives);
        self.rollups.extend(rollups);
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
        put_targets!(connection, targets.fresh, target_states);
        let initiatives = Difference::between(&stored.initiatives, &self.initiatives);
        for (checkpoint, ids) in initiatives.gone_by_checkpoint() {
            let of_checkpoint = initiative_states::table.filter(initiative_states::checkpoint_id.eq(checkpoint));
            on!(&mut *connection, |c| diesel::delete(
                of_checkpoint.filter(initiative_states::initiative_id.eq_any(ids))
            )
            .execute(c)?);
        }
        put_initiatives!(connection, initiatives.fresh, initiative_states);
        let rollups = Difference::between(&stored.rollups, &self.rollups);
        for row in &rollups.gone {
            on!(&mut *connection, |c| diesel::delete(plan_rollups::table.find(&row.checkpoint_id)).execute(c)?);
        }
        put_rollups!(connection, rollups.fresh, plan_rollups);
        Ok(targets.rows + initiatives.rows + rollups.rows)
    }

    /// Stores all of it as a plan's edition for the public, which has none.
    pub(super) fn store_edition(&self, connection: &mut Connection) -> Result<(), DbError> {
        put_rollups!(connection, self.rollups, published_plan_rollups);
        put_targets!(connection, self.targets, published_target_states);
        put_initiatives!(connection, self.initiatives, published_initiative_states);
        Ok(())
    }
}

/// What is stored of some plans' rollups.
fn rollups<'p>(
    connection: &mut Connection,
    plans: impl IntoIterator<Item = &'p String>,
) -> Result<Vec<RollupRow>, DbError> {
    Ok(on!(connection, |c| plan_rollups::table
        .filter(plan_rollups::plan_id.eq_any(plans))
        .select(RollupRow::as_select())
        .load(c)?))
}

/// Makes what is stored of plans their editions for the public, of which they have none.
pub(super) fn copy_to_editions(connection: &mut Connection, plans: &HashSet<String>) -> Result<(), DbError> {
    let rollups = rollups(connection, plans)?;
    let rollups = rollups.into_iter().map(RollupRow::without_submissions).collect::<Result<Vec<_>, _>>()?;
    let checkpoints: Vec<&str> = rollups.iter().map(|row| row.checkpoint_id.as_str()).collect();
    on!(&mut *connection, |c| {
        target_states::table
            .filter(target_states::checkpoint_id.eq_any(&checkpoints))
            .insert_into(published_target_states::table)
            .execute(c)?;
        initiative_states::table
            .filter(initiative_states::checkpoint_id.eq_any(&checkpoints))
            .insert_into(published_initiative_states::table)
            .execute(c)?;
    });
    put_rollups!(connection, rollups, published_plan_rollups);
    Ok(())
}

/// The statement that puts columns, which are given as arrays, into a table: `anew` where there is a row with the same key.
fn put_arrays(table: &str, columns: &[&str], key: &[&str], anew: &[&str]) -> String {
    let arrays: Vec<String> = (1..=columns.len()).map(|number| format!("unnest(${number})")).collect();
    let anew: Vec<String> = anew.iter().map(|column| format!("{column} = excluded.{column}")).collect();
    let (columns, arrays, key, anew) = (columns.join(", "), arrays.join(", "), key.join(", "), anew.join(", "));
    format!("INSERT INTO {table} ({columns}) SELECT {arrays} ON CONFLICT ({key}) DO UPDATE SET {anew}")
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
                Fixed(put).run(c)?;
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
            Fixed(put).run(c)?;
        }
        Backend::Postgres(_) => {}
    }
    Ok(())
}
