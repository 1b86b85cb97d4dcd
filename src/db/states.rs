//! The computed state of each target and each initiative at each checkpoint, kept in the transaction of the write that
//! changed it. Rollups read these and nothing else.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use diesel::prelude::*;

use super::evaluation::{Evaluated, Sorted};
use super::graph::PlanGraph;
use super::rollups::PlanTallies;
use super::schema::{self, checkpoints, initiative_states, initiatives, plan_rollups, target_states, targets};
use super::{Connection, DbError, plans, review_flags};
use crate::domain::evaluation::Rule;
use crate::domain::forecast::{Band, Confidence};
use crate::domain::outlook::TargetOutlook;
use crate::domain::report::Moment;
use crate::domain::{Bilingual, Decimal, Outlook, Progress, ProgressVerdict, TargetState, Verdict};

/// The outlook of a target at a checkpoint.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = target_states, treat_none_as_default_value = false)]
pub struct TargetRow {
    /// The checkpoint.
    pub checkpoint_id: String,
    /// The target.
    pub target_id: String,
    /// Its initiative.
    pub initiative_id: String,
    /// Where it stands.
    pub state: TargetState,
    /// Will it be met?
    pub verdict: Verdict,
    /// The outlook without its basis, which is computed when it is asked for, as JSON.
    pub answer: String,
}

/// The flags of an initiative at a checkpoint.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = initiative_states, treat_none_as_default_value = false)]
pub struct InitiativeRow {
    /// The checkpoint.
    pub checkpoint_id: String,
    /// The initiative.
    pub initiative_id: String,
    /// The objective that it serves.
    pub objective_id: String,
    /// Whether it stands for another one (再掲).
    pub cross_reference: bool,
    /// What was declared of its targets.
    pub declared_outlook: Option<Outlook>,
    /// What was declared of its activities.
    pub declared_progress: Option<Progress>,
    /// What is computed of its targets.
    pub computed_outlook: Verdict,
    /// What is computed of its activities.
    pub computed_progress: ProgressVerdict,
    /// Targets in this state.
    pub already_met: i32,
    /// Targets in this state.
    pub already_missed: i32,
    /// Targets in this state.
    pub open: i32,
    /// Targets in this state.
    pub final_met: i32,
    /// Targets in this state.
    pub final_missed: i32,
    /// The whole progress, as JSON.
    pub progress_answer: String,
}

/// What is kept of an outlook.
#[derive(Debug, serde::Serialize)]
struct Kept<'a> {
    state: TargetState,
    verdict: Verdict,
    rule: Rule,
    figure: Option<Decimal>,
    required: Option<Decimal>,
    figure_as_of: Option<NaiveDate>,
    probability: Option<Decimal>,
    confidence: Option<Confidence>,
    forecast: Option<&'a Band>,
    reason: &'a Bilingual,
}

impl<'a> From<&'a TargetOutlook> for Kept<'a> {
    fn from(outlook: &'a TargetOutlook) -> Self {
        let TargetOutlook {
            state,
            verdict,
            rule,
            figure,
            required,
            figure_as_of,
            probability,
            confidence,
            forecast,
            forecast_basis: _,
            achievement_rate: _,
            basis: _,
            reason,
        } = outlook;
        Self {
            state: *state,
            verdict: *verdict,
            rule: *rule,
            figure: *figure,
            required: *required,
            figure_as_of: *figure_as_of,
            probability: *probability,
            confidence: *confidence,
            forecast: forecast.as_ref(),
            reason,
        }
    }
}

/// A plan's rollup at a checkpoint, as it is shown.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = plan_rollups, treat_none_as_default_value = false)]
struct RollupRow {
    checkpoint_id: String,
    plan_id: String,
    kind: String,
    tally: String,
    body: String,
}

/// All that is computed of a plan.
#[derive(Debug, Default, PartialEq)]
struct Computed {
    targets: Vec<TargetRow>,
    initiatives: Vec<InitiativeRow>,
    rollups: Vec<RollupRow>,
}

/// Computes the states of a plan anew and stores what differs. A plan that is gone has none.
///
/// # Errors
/// The database's own.
pub fn refresh_plan(connection: &mut Connection, plan_id: &str) -> Result<(), DbError> {
    recompute(connection, plan_id).map(drop)
}

/// Computes the states of every plan that may look at the figures of an indicator from this day on; at any of them where
/// there is no day.
///
/// # Errors
/// The database's own.
pub fn refresh_indicator(
    connection: &mut Connection,
    indicator_id: &str,
    since: Option<NaiveDate>,
) -> Result<(), DbError> {
    concerned(connection, indicator_id, since)?.iter().try_for_each(|plan| refresh_plan(connection, plan))
}

/// Computes the states of every plan that may look at the figures of these indicators from these days on, each once.
///
/// # Errors
/// The database's own.
pub fn refresh_indicators(connection: &mut Connection, since: &HashMap<&str, NaiveDate>) -> Result<(), DbError> {
    let ids: Vec<&str> = since.keys().copied().collect();
    let looking: Vec<(String, String, NaiveDate)> = on!(&mut *connection, |c| initiatives::table
        .inner_join(targets::table.on(targets::initiative_id.eq(initiatives::id)))
        .inner_join(checkpoints::table.on(checkpoints::plan_id.eq(initiatives::plan_id)))
        .filter(targets::indicator_id.eq_any(ids))
        .select((targets::indicator_id, initiatives::plan_id, checkpoints::as_of))
        .distinct()
        .load(c)?);
    let concerned = |(indicator, plan, day): (String, String, NaiveDate)| {
        since.get(indicator.as_str()).is_some_and(|since| day >= *since).then_some(plan)
    };
    // In one order for everybody, so that two writes never wait for each other.
    let plans: BTreeSet<String> = looking.into_iter().filter_map(concerned).collect();
    plans.iter().try_for_each(|plan| refresh_plan(connection, plan))
}

/// The plans that have a target on an indicator, in the order in which everybody locks them, so that two writes never wait
/// for each other. A figure that speaks of a day after all of a plan's checkpoints does not concern it.
///
/// # Errors
/// The database's own.
pub fn concerned(
    connection: &mut Connection,
    indicator_id: &str,
    since: Option<NaiveDate>,
) -> Result<Vec<String>, DbError> {
    Ok(on!(connection, |c| {
        let mut plans = initiatives::table
            .inner_join(targets::table.on(targets::initiative_id.eq(initiatives::id)))
            .inner_join(checkpoints::table.on(checkpoints::plan_id.eq(initiatives::plan_id)))
            .filter(targets::indicator_id.eq(indicator_id))
            .select(initiatives::plan_id)
            .distinct()
            .order(initiatives::plan_id)
            .into_boxed();
        if let Some(day) = since {
            plans = plans.filter(checkpoints::as_of.ge(day));
        }
        plans.load(c)?
    }))
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
    let Some(graph) = PlanGraph::load(connection, plan_id, None)? else { return Ok(0) };
    let computed = compute(&graph)?;
    let stored = stored(connection, &graph)?;
    review_flags::keep(connection, &graph.reviews, &computed.initiatives)?;
    store(connection, stored, computed)
}

/// Whether what is stored of a plan is what its figures say. Reads only, so that many plans can be looked at side by side.
///
/// # Errors
/// The database's own.
pub fn is_current(connection: &mut Connection, plan_id: &str) -> Result<bool, DbError> {
    let Some(graph) = PlanGraph::load(connection, plan_id, None)? else { return Ok(true) };
    let computed = compute(&graph)?;
    let stored = stored(connection, &graph)?;
    Ok(same(&difference(&stored.targets, &computed.targets, target_key))
        && same(&difference(&stored.initiatives, &computed.initiatives, initiative_key))
        && same(&difference(&stored.rollups, &computed.rollups, rollup_key)))
}

fn same<T>((stale, fresh): &(Vec<&T>, Vec<&T>)) -> bool {
    stale.is_empty() && fresh.is_empty()
}

fn target_key(row: &TargetRow) -> (&str, &str) {
    (&row.checkpoint_id, &row.target_id)
}

fn initiative_key(row: &InitiativeRow) -> (&str, &str) {
    (&row.checkpoint_id, &row.initiative_id)
}

fn rollup_key(row: &RollupRow) -> (&str, &str) {
    (&row.checkpoint_id, &row.kind)
}

fn compute(graph: &PlanGraph) -> Result<Computed, DbError> {
    let mut computed = Computed::default();
    let sorted = Sorted::of(graph);
    for checkpoint in &graph.checkpoints {
        let evaluated = sorted.evaluate_all(checkpoint.content.as_of, Some(&checkpoint.id));
        for initiative in &evaluated {
            for (target_id, outlook) in &initiative.targets {
                computed.targets.push(TargetRow {
                    checkpoint_id: checkpoint.id.clone(),
                    target_id: target_id.clone(),
                    initiative_id: initiative.initiative_id.clone(),
                    state: outlook.state,
                    verdict: outlook.verdict,
                    answer: json(&Kept::from(outlook))?,
                });
            }
            computed.initiatives.push(initiative_row(&checkpoint.id, initiative)?);
        }
        let tallies = PlanTallies::of(graph, &evaluated, Some(&checkpoint.id));
        let moment = Moment {
            fiscal_year: graph.plan.content.fiscal_year,
            checkpoint: Some(checkpoint.content.kind.clone()),
            as_of: Some(checkpoint.content.as_of),
            known_at: None,
        };
        computed.rollups.push(RollupRow {
            checkpoint_id: checkpoint.id.clone(),
            plan_id: graph.plan.id.clone(),
            kind: checkpoint.content.kind.clone(),
            tally: json(&tallies.total())?,
            body: json(&tallies.plan(&moment, 1))?,
        });
    }
    Ok(computed)
}

fn initiative_row(checkpoint_id: &str, initiative: &Evaluated) -> Result<InitiativeRow, DbError> {
    let count = |state| initiative.targets.iter().filter(|(_, target)| target.state == state).count();
    let count = |state| i32::try_from(count(state)).unwrap_or(i32::MAX);
    Ok(InitiativeRow {
        checkpoint_id: checkpoint_id.to_owned(),
        initiative_id: initiative.initiative_id.clone(),
        objective_id: initiative.objective_id.clone(),
        cross_reference: initiative.cross_reference,
        declared_outlook: initiative.declared_outlook,
        declared_progress: initiative.declared_progress,
        computed_outlook: initiative.computed_outlook,
        computed_progress: initiative.progress.verdict,
        already_met: count(TargetState::AlreadyMet),
        already_missed: count(TargetState::AlreadyMissed),
        open: count(TargetState::Open),
        final_met: count(TargetState::FinalMet),
        final_missed: count(TargetState::FinalMissed),
        progress_answer: json(&initiative.progress)?,
    })
}

fn json(value: &impl serde::Serialize) -> Result<String, DbError> {
    serde_json::to_string(value).map_err(|error| DbError::Failed(error.to_string()))
}

fn stored(connection: &mut Connection, graph: &PlanGraph) -> Result<Computed, DbError> {
    let checkpoints: Vec<&str> = graph.checkpoints.iter().map(|row| row.id.as_str()).collect();
    on!(connection, |c| Ok(Computed {
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

/// What is stored and no longer computed, and what is computed and not stored like this.
fn difference<'a, T: PartialEq>(
    stored: &'a [T],
    computed: &'a [T],
    key: impl Fn(&T) -> (&str, &str),
) -> (Vec<&'a T>, Vec<&'a T>) {
    let known: HashMap<(&str, &str), &T> = stored.iter().map(|row| (key(row), row)).collect();
    let wanted: HashMap<(&str, &str), &T> = computed.iter().map(|row| (key(row), row)).collect();
    let stale = stored.iter().filter(|row| wanted.get(&key(row)) != Some(row)).collect();
    let fresh = computed.iter().filter(|row| known.get(&key(row)) != Some(row)).collect();
    (stale, fresh)
}

/// The ids of rows by their checkpoint: one statement for each, where each row would be a journey.
fn by_checkpoint<'a, T>(rows: Vec<&'a T>, key: impl Fn(&'a T) -> (&'a str, &'a str)) -> HashMap<&'a str, Vec<&'a str>> {
    let mut ids: HashMap<&str, Vec<&str>> = HashMap::new();
    rows.into_iter().map(key).for_each(|(checkpoint, id)| ids.entry(checkpoint).or_default().push(id));
    ids
}

fn store(connection: &mut Connection, stored: Computed, computed: Computed) -> Result<usize, DbError> {
    let (stale, fresh) = difference(&stored.targets, &computed.targets, target_key);
    let mut differences = stale.len().max(fresh.len());
    for (checkpoint, targets) in by_checkpoint(stale, target_key) {
        let of_checkpoint = target_states::table.filter(target_states::checkpoint_id.eq(checkpoint));
        on!(&mut *connection, |c| diesel::delete(of_checkpoint.filter(target_states::target_id.eq_any(targets)))
            .execute(c)?);
    }
    insert_all!(&mut *connection, target_states, fresh);
    let (stale, fresh) = difference(&stored.initiatives, &computed.initiatives, initiative_key);
    differences += stale.len().max(fresh.len());
    for (checkpoint, ids) in by_checkpoint(stale, initiative_key) {
        let of_checkpoint = initiative_states::table.filter(initiative_states::checkpoint_id.eq(checkpoint));
        on!(&mut *connection, |c| diesel::delete(of_checkpoint.filter(initiative_states::initiative_id.eq_any(ids)))
            .execute(c)?);
    }
    insert_all!(&mut *connection, initiative_states, fresh);
    let (stale, fresh) = difference(&stored.rollups, &computed.rollups, rollup_key);
    differences += stale.len().max(fresh.len());
    on!(&mut *connection, |c| {
        for row in stale {
            diesel::delete(plan_rollups::table.find(&row.checkpoint_id)).execute(c)?;
        }
    });
    insert_all!(connection, plan_rollups, fresh);
    Ok(differences)
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
