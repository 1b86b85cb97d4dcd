//! What figures change of what is computed: the initiatives with targets on their indicators, at the checkpoints that come
//! after them. Nothing else of a plan can change by them, so all else stays as it is stored.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::panic::resume_unwind;
use std::thread;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::rows::{Flags, RollupRow, TargetRow};
use super::stored::{Computed, put_flags};
use crate::db::actuals::series;
use crate::db::checkpoints::Checkpoint;
use crate::db::evaluation::{Measured, Series, SeriesById};
use crate::db::indicators::{self, Indicator};
use crate::db::rollups::PlanTree;
use crate::db::schema::{
    budget_lines, checkpoints, initiative_states, initiatives, objectives, organizations, plan_rollups, plans,
    target_states, targets,
};
use crate::db::store::Loaded;
use crate::db::targets::Target;
use crate::db::{Connection, DbError, Row};
use crate::domain::fiscal::Calendar;
use crate::domain::outlook::TargetOutlook;
use crate::domain::rollup::{BudgetSum, Tally};
use crate::domain::{BudgetKind, Criterion, Decimal};

/// A plan that looks at the figures.
struct Looking {
    id: String,
    fiscal_year: i32,
    calendar: Calendar,
    tree: PlanTree,
    /// Its checkpoints that may look at any of the figures.
    checkpoints: Vec<Row<Checkpoint>>,
    /// The targets of the initiatives that measure with the indicators, by their initiatives.
    targets: BTreeMap<String, Vec<Asked>>,
    /// The budgets by objective.
    budgets: HashMap<String, Tally>,
}

/// A target and the criterion by which it is decided.
struct Asked {
    row: Row<Target>,
    criterion: Option<Criterion>,
}

/// What is computed of a plan at a checkpoint.
struct Change {
    targets: Vec<TargetRow>,
    /// The flags that are not what they were.
    flags: Vec<Flags>,
    rollup: RollupRow,
}

/// So few targets are computed sooner than a thread is started.
const FEW: usize = 8;

/// What is stored at a checkpoint, from which the plan's tally is made: the flags of its initiatives, and the rollup, of which
/// what the departments have reported stays.
#[derive(Default)]
struct Stood {
    flags: Vec<Flags>,
    rollup: Option<RollupRow>,
}

/// What is stored, by checkpoint.
type Stored = HashMap<String, Stood>;

/// Computes anew what figures of these indicators from these days on may change in these plans, which are locked. Gives the
/// plans that have to be computed as a whole, because something is not stored of them.
pub(super) fn refresh(
    connection: &mut Connection,
    plans: &[String],
    since: &HashMap<&str, NaiveDate>,
) -> Result<Vec<String>, DbError> {
    let looking = load(connection, plans, since)?;
    let mut stored = stored(connection, &looking)?;
    let (looking, incomplete): (Vec<Looking>, Vec<Looking>) =
        looking.into_iter().partition(|plan| plan.is_stored(&stored));
    let targets = || looking.iter().flat_map(|plan| plan.targets.values()).flatten();
    let measured: BTreeSet<&str> = targets().map(|asked| asked.row.content.indicator_id.as_str()).collect();
    let measured: Vec<&str> = measured.into_iter().collect();
    let indicators = indicators::by_id(connection, &measured)?;
    let series = series::of_indicators(connection, &measured)?;
    let mut before = Computed { targets: stored_targets(connection, &looking)?, ..Computed::default() };
    let at: Vec<(&Looking, &Row<Checkpoint>)> =
        looking.iter().flat_map(|plan| plan.checkpoints.iter().map(move |checkpoint| (plan, checkpoint))).collect();
    let compute =
        |(plan, checkpoint): &(&Looking, &Row<Checkpoint>)| plan.compute(checkpoint, &indicators, &series, &stored);
    let changes = match targets().count() {
        0..=FEW => at.iter().map(compute).collect(),
        _ => side_by_side(&at, compute),
    };
    let (mut computed, mut changed) = (Computed::default(), Vec::new());
    for change in changes {
        let Change { targets, flags, rollup } = change?;
        computed.targets.extend(targets);
        computed.rollups.push(rollup);
        changed.extend(flags);
    }
    before.rollups = at.iter().filter_map(|(_, checkpoint)| stored.get_mut(&checkpoint.id)?.rollup.take()).collect();
    computed.store(connection, &before)?;
    put_flags(connection, &changed)?;
    Ok(incomplete.into_iter().map(|plan| plan.id).collect())
}

impl Looking {
    fn is_stored(&self, stored: &Stored) -> bool {
        self.checkpoints.iter().all(|checkpoint| {
            let Some(Stood { flags, rollup: Some(_) }) = stored.get(&checkpoint.id) else { return false };
            let known: BTreeSet<&str> = flags.iter().map(|flags| flags.initiative_id.as_str()).collect();
            self.targets.keys().all(|initiative| known.contains(initiative.as_str()))
        })
    }

    fn compute(
        &self,
        checkpoint: &Row<Checkpoint>,
        indicators: &HashMap<String, Indicator>,
        series: &SeriesById,
        stored: &Stored,
    ) -> Result<Change, DbError> {
        let nothing = Series::default();
        let outlook = |asked: &Asked| {
            let target = &asked.row.content;
            let measured = Measured {
                indicator: indicators.get(&target.indicator_id),
                calendar: self.calendar,
                series: series.get(&target.indicator_id).unwrap_or(&nothing),
            };
            measured.brief_outlook(target, asked.criterion.as_ref(), checkpoint.content.as_of)
        };
        let (mut rows, mut changed, mut own) = (Vec::new(), Vec::new(), self.budgets.clone());
        let at = stored.get(&checkpoint.id);
        for stood in at.into_iter().flat_map(|at| &at.flags) {
            let mut flags = stood.clone();
            if let Some(targets) = self.targets.get(&flags.initiative_id) {
                let outlooks: Vec<TargetOutlook> = targets.iter().map(outlook).collect();
                for (asked, outlook) in targets.iter().zip(&outlooks) {
                    rows.push(TargetRow::of(&checkpoint.id, &flags.initiative_id, &asked.row.id, outlook)?);
                }
                flags.count(outlooks.iter());
            }
            own.entry(flags.objective_id.clone()).or_default().add_entry(&flags.entry());
            if flags != *stood {
                changed.push(flags);
            }
        }
        let submissions = at.and_then(|at| at.rollup.as_ref()).map(RollupRow::submissions).transpose()?.flatten();
        let tallies = self.tree.tallies(&own, submissions);
        let rollup = RollupRow::of(checkpoint, &self.tree, &tallies, self.fiscal_year)?;
        Ok(Change { targets: rows, flags: changed, rollup })
    }
}

/// Does the same with each of several things, on all processors. The results are in the order of the things.
fn side_by_side<T: Sync, R: Send>(things: &[T], with: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let hands = thread::available_parallelism().map_or(1, usize::from);
    let share = things.len().div_ceil(hands).max(1);
    thread::scope(|scope| {
        let all = |things: &[T]| things.iter().map(&with).collect::<Vec<R>>();
        let mut shares = things.chunks(share);
        let own = shares.next().unwrap_or_default();
        let others: Vec<_> = shares.map(|things| scope.spawn(move || all(things))).collect();
        let mut results = all(own);
        for other in others {
            results.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        results
    })
}

/// The plans with all that is looked at of them.
fn load(
    connection: &mut Connection,
    plans: &[String],
    since: &HashMap<&str, NaiveDate>,
) -> Result<Vec<Looking>, DbError> {
    let (mut first, mut asked) = days_and_targets(connection, plans, since)?;
    let mut checkpoints = checkpoints_of(connection, plans)?;
    let mut objectives = objectives_of(connection, plans)?;
    let mut budgets = budgets_of(connection, plans)?;
    let found: Vec<(String, String, i32, i32)> = on!(connection, |c| plans::table
        .inner_join(organizations::table.on(organizations::id.eq(plans::organization_id)))
        .filter(plans::id.eq_any(plans))
        .select((plans::id, plans::title, plans::fiscal_year, organizations::fiscal_year_start_month))
        .order(plans::id)
        .load(c)?);
    let looking = |(id, title, fiscal_year, start_month): (String, String, i32, i32)| {
        let first = first.remove(&id)?;
        let mut checkpoints = checkpoints.remove(&id).unwrap_or_default();
        checkpoints.retain(|checkpoint| checkpoint.content.as_of >= first);
        Some(Looking {
            tree: PlanTree::new(&id, &title, objectives.remove(&id).unwrap_or_default()),
            checkpoints,
            targets: asked.remove(&id).unwrap_or_default(),
            budgets: budgets.remove(&id).unwrap_or_default(),
            calendar: Calendar::starting_in(start_month),
            fiscal_year,
            id,
        })
    };
    Ok(found.into_iter().filter_map(looking).collect())
}

/// Targets by their initiatives, and these by their plans.
type Targets = HashMap<String, BTreeMap<String, Vec<Asked>>>;

/// From which day on each plan looks at the figures, and all targets of the initiatives that do.
fn days_and_targets(
    connection: &mut Connection,
    plans: &[String],
    since: &HashMap<&str, NaiveDate>,
) -> Result<(HashMap<String, NaiveDate>, Targets), DbError> {
    let ids: Vec<&str> = since.keys().copied().collect();
    let measuring: Vec<(String, String, String)> = on!(&mut *connection, |c| targets::table
        .inner_join(initiatives::table.on(initiatives::id.eq(targets::initiative_id)))
        .filter(initiatives::plan_id.eq_any(plans))
        .filter(targets::indicator_id.eq_any(ids))
        .select((initiatives::plan_id, initiatives::id, targets::indicator_id))
        .load(c)?);
    let (mut first, mut plan_of) = (HashMap::new(), HashMap::new());
    for (plan, initiative, indicator) in measuring {
        let Some(day) = since.get(indicator.as_str()) else { continue };
        first.entry(plan.clone()).and_modify(|first: &mut NaiveDate| *first = (*first).min(*day)).or_insert(*day);
        plan_of.insert(initiative, plan);
    }
    let rows: Vec<Loaded<Target>> = on!(connection, |c| targets::table
        .filter(targets::initiative_id.eq_any(plan_of.keys()))
        .order((targets::position, targets::id))
        .select(row_columns!(targets, Target))
        .load(c)?);
    let mut asked = Targets::new();
    for row in rows.into_iter().map(Row::from) {
        let row: Row<Target> = row;
        let initiative = row.content.initiative_id.clone();
        let Some(plan) = plan_of.get(&initiative) else { continue };
        let criterion = row.content.decisive();
        asked.entry(plan.clone()).or_default().entry(initiative).or_default().push(Asked { row, criterion });
    }
    Ok((first, asked))
}

fn checkpoints_of(
    connection: &mut Connection,
    plans: &[String],
) -> Result<HashMap<String, Vec<Row<Checkpoint>>>, DbError> {
    let rows: Vec<Loaded<Checkpoint>> = on!(connection, |c| checkpoints::table
        .filter(checkpoints::plan_id.eq_any(plans))
        .order((checkpoints::as_of, checkpoints::kind))
        .select(row_columns!(checkpoints, Checkpoint))
        .load(c)?);
    let mut of: HashMap<String, Vec<Row<Checkpoint>>> = HashMap::new();
    for row in rows.into_iter().map(Row::<Checkpoint>::from) {
        of.entry(row.content.plan_id.clone()).or_default().push(row);
    }
    Ok(of)
}

/// An objective as a rollup shows it: its id, the one above, its number and its title.
type Shown = (String, Option<String>, String, String);

fn objectives_of(connection: &mut Connection, plans: &[String]) -> Result<HashMap<String, Vec<Shown>>, DbError> {
    let rows: Vec<(String, Shown)> = on!(connection, |c| objectives::table
        .filter(objectives::plan_id.eq_any(plans))
        .order((objectives::position, objectives::number_key))
        .select((objectives::plan_id, (objectives::id, objectives::parent_id, objectives::number, objectives::title)))
        .load(c)?);
    let mut of: HashMap<String, Vec<Shown>> = HashMap::new();
    rows.into_iter().for_each(|(plan, shown)| of.entry(plan).or_default().push(shown));
    Ok(of)
}

fn budgets_of(
    connection: &mut Connection,
    plans: &[String],
) -> Result<HashMap<String, HashMap<String, Tally>>, DbError> {
    let lines: Vec<(String, String, (i32, BudgetKind, Decimal))> = on!(connection, |c| budget_lines::table
        .inner_join(initiatives::table.on(initiatives::id.eq(budget_lines::initiative_id)))
        .filter(initiatives::plan_id.eq_any(plans))
        .order((budget_lines::initiative_id, budget_lines::position))
        .select((
            initiatives::plan_id,
            initiatives::objective_id,
            (budget_lines::fiscal_year, budget_lines::kind, budget_lines::amount),
        ))
        .load(c)?);
    let mut of: HashMap<String, HashMap<String, Tally>> = HashMap::new();
    for (plan, objective, (fiscal_year, kind, amount)) in lines {
        let tally = of.entry(plan).or_default().entry(objective).or_default();
        tally.add_budget(&BudgetSum { fiscal_year, kind, amount });
    }
    Ok(of)
}

fn stored(connection: &mut Connection, looking: &[Looking]) -> Result<Stored, DbError> {
    let (flags, rollups): (Vec<Flags>, Vec<RollupRow>) = on!(connection, |c| (
        initiative_states::table
            .filter(initiative_states::checkpoint_id.eq_any(checkpoint_ids(looking)))
            .select(Flags::as_select())
            .load(c)?,
        plan_rollups::table
            .filter(plan_rollups::checkpoint_id.eq_any(checkpoint_ids(looking)))
            .select(RollupRow::as_select())
            .load(c)?,
    ));
    let mut stored = Stored::new();
    flags.into_iter().for_each(|row| stored.entry(row.checkpoint_id.clone()).or_default().flags.push(row));
    for row in rollups {
        let at = stored.entry(row.checkpoint_id.clone()).or_default();
        at.rollup = Some(row);
    }
    Ok(stored)
}

/// What is stored of the targets that are computed anew.
fn stored_targets(connection: &mut Connection, looking: &[Looking]) -> Result<Vec<TargetRow>, DbError> {
    let initiatives = looking.iter().flat_map(|plan| plan.targets.keys());
    Ok(on!(connection, |c| target_states::table
        .filter(target_states::checkpoint_id.eq_any(checkpoint_ids(looking)))
        .filter(target_states::initiative_id.eq_any(initiatives))
        .select(TargetRow::as_select())
        .load(c)?))
}

fn checkpoint_ids(looking: &[Looking]) -> Vec<&String> {
    looking.iter().flat_map(|plan| &plan.checkpoints).map(|row| &row.id).collect()
}
