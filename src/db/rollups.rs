//! Rollups: from the stored states, or for a day without a checkpoint from the plan itself.

use std::collections::{HashMap, HashSet};

use chrono::{NaiveDate, NaiveDateTime};
use diesel::dsl::{count_star, sum};
use diesel::prelude::*;

use super::plans::Plan;
use super::schema::{budget_lines, checkpoints, initiative_states, initiatives, plan_rollups, plans};
use super::store::Loaded;
use super::{Connection, DbError, Row, history};
use crate::domain::access::Limits;
use crate::domain::rollup::{BudgetSum, Entry, Tally, TargetCounts};
use crate::domain::{BudgetKind, Decimal, Outlook, PlanStatus, Progress, ProgressVerdict, TargetState, Verdict};

/// Filters a query over plans and checkpoints by a [`Scope`].
macro_rules! in_scope {
    ($query:expr, $scope:expr) => {{
        let mut query = $query.filter(plans::fiscal_year.eq($scope.fiscal_year));
        if let Some(organizations) = &$scope.organizations {
            query = query.filter(plans::organization_id.eq_any(organizations));
        }
        if let Some(limits) = &$scope.limits {
            query = within!(plans, query, limits);
        }
        match &$scope.checkpoint {
            Some(kind) => query.filter(checkpoints::kind.eq(kind)),
            None => query.filter(plans::checkpoint.eq(checkpoints::kind.nullable())),
        }
    }};
}

mod reports;
mod tree;

pub use self::reports::submissions_by_department;
pub use self::tree::{PlanTallies, PlanTree};

/// A plan, and the kind of the checkpoint at which it is looked at; `None` for its current one.
pub type PlanAt = (String, Option<String>);

/// A plan's rollup at a checkpoint as JSON, and where the plan belongs.
pub struct StoredRollup {
    /// Whose plan it is.
    pub organization_id: String,
    /// How far the plan has come.
    pub status: PlanStatus,
    /// The rollup with the plan's themes below it.
    pub body: String,
}

/// Rollups of plans at checkpoints. What is not known is left out, and there may be more than was asked for.
///
/// # Errors
/// The database's own.
pub fn stored(connection: &mut Connection, asked: &[PlanAt]) -> Result<Vec<(PlanAt, StoredRollup)>, DbError> {
    type Loaded = (String, String, String, PlanStatus, String);
    let columns =
        (plan_rollups::plan_id, plan_rollups::kind, plans::organization_id, plans::status, plan_rollups::body);
    let of = |(plan, kind, organization_id, status, body): Loaded| {
        ((plan, Some(kind)), StoredRollup { organization_id, status, body })
    };
    let stored = plan_rollups::table.inner_join(plans::table.on(plans::id.eq(plan_rollups::plan_id))).select(columns);
    if let [(plan, Some(kind))] = asked {
        // By far the most common: its statement is planned once, which PostgreSQL does not do for lists.
        let found: Option<Loaded> = on!(connection, |c| stored
            .filter(plan_rollups::plan_id.eq(plan))
            .filter(plan_rollups::kind.eq(kind))
            .get_result(c)
            .optional()?);
        return Ok(found.map(of).into_iter().collect());
    }
    let (named, current): (Vec<&PlanAt>, Vec<&PlanAt>) = asked.iter().partition(|(_, kind)| kind.is_some());
    let mut found = Vec::new();
    if !named.is_empty() {
        let kinds: HashSet<&String> = named.iter().filter_map(|(_, kind)| kind.as_ref()).collect();
        let rows: Vec<Loaded> = on!(&mut *connection, |c| stored
            .filter(plan_rollups::plan_id.eq_any(named.iter().map(|(plan, _)| plan)))
            .filter(plan_rollups::kind.eq_any(kinds))
            .load(c)?);
        found.extend(rows.into_iter().map(of));
    }
    if !current.is_empty() {
        let rows: Vec<Loaded> = on!(connection, |c| stored
            .filter(plan_rollups::plan_id.eq_any(current.iter().map(|(plan, _)| plan)))
            .filter(plans::checkpoint.eq(plan_rollups::kind.nullable()))
            .load(c)?);
        found.extend(rows.into_iter().map(of).map(|((plan, _), rollup)| ((plan, None), rollup)));
    }
    Ok(found)
}

/// Which stored states a tally over many plans counts.
#[derive(Debug, Clone)]
pub struct Scope {
    /// The fiscal year.
    pub fiscal_year: i32,
    /// Of these organizations; of all where `None`.
    pub organizations: Option<Vec<String>>,
    /// Only of the plans that the caller may see.
    pub limits: Option<Limits>,
    /// At this checkpoint; at each plan's current one where `None`.
    pub checkpoint: Option<String>,
}

/// A plan's tally as it is stored, and where the plan stands.
#[derive(Debug, Clone)]
pub struct StoredTally {
    /// The plan.
    pub plan_id: String,
    /// The organization whose plan it is.
    pub organization_id: String,
    /// The checkpoint.
    pub checkpoint: String,
    /// The day at which that looks.
    pub as_of: NaiveDate,
    /// What is counted there.
    pub tally: Tally,
}

/// The stored tallies of the plans in a scope.
///
/// # Errors
/// The database's own.
pub fn stored_tallies(connection: &mut Connection, scope: &Scope) -> Result<Vec<StoredTally>, DbError> {
    let rows: Vec<(String, String, String, NaiveDate, String)> = on!(connection, |c| {
        let mut query = plan_rollups::table
            .inner_join(plans::table.on(plans::id.eq(plan_rollups::plan_id)))
            .inner_join(checkpoints::table.on(checkpoints::id.eq(plan_rollups::checkpoint_id)))
            .select((plans::id, plans::organization_id, checkpoints::kind, checkpoints::as_of, plan_rollups::tally))
            .into_boxed();
        query = in_scope!(query, scope);
        query.load(c)?
    });
    rows.into_iter()
        .map(|(plan_id, organization_id, checkpoint, as_of, tally)| {
            let tally = serde_json::from_str(&tally).map_err(|error| DbError::Failed(error.to_string()))?;
            Ok(StoredTally { plan_id, organization_id, checkpoint, as_of, tally })
        })
        .collect()
}

/// What is grouped by, and the five numbers of targets.
type Group<K> = (
    (K, bool, Option<Outlook>, Option<Progress>, Verdict, ProgressVerdict),
    i64,
    (Option<i64>, Option<i64>, Option<i64>, Option<i64>, Option<i64>),
);

fn entry<K>(group: Group<K>) -> Entry<K> {
    let (key, initiatives, (already_met, already_missed, open, final_met, final_missed)) = group;
    let (node, cross_reference, declared_outlook, declared_progress, computed_outlook, computed_progress) = key;
    let mut targets = TargetCounts::default();
    for (state, count) in [
        (TargetState::AlreadyMet, already_met),
        (TargetState::AlreadyMissed, already_missed),
        (TargetState::Open, open),
        (TargetState::FinalMet, final_met),
        (TargetState::FinalMissed, final_missed),
    ] {
        targets.add(state, count.unwrap_or(0).cast_unsigned());
    }
    Entry {
        node,
        initiatives: initiatives.cast_unsigned(),
        cross_reference,
        declared_outlook,
        declared_progress,
        computed_outlook,
        computed_progress,
        targets,
    }
}

/// Counts the stored states of a scope and sums its budget lines, for each value of a column of the plans, the
/// initiatives or the states.
macro_rules! tallied {
    ($connection:expr, $scope:expr, $kind:ty, $column:expr) => {{
        let scope: &Scope = $scope;
        let groups: Vec<Group<$kind>> = on!(&mut *$connection, |c| {
            let key = (
                $column,
                initiative_states::cross_reference,
                initiative_states::declared_outlook,
                initiative_states::declared_progress,
                initiative_states::computed_outlook,
                initiative_states::computed_progress,
            );
            let mut query = initiative_states::table
                .inner_join(checkpoints::table.on(checkpoints::id.eq(initiative_states::checkpoint_id)))
                .inner_join(plans::table.on(plans::id.eq(checkpoints::plan_id)))
                .inner_join(initiatives::table.on(initiatives::id.eq(initiative_states::initiative_id)))
                .group_by(key)
                .select((
                    key,
                    count_star(),
                    (
                        sum(initiative_states::already_met),
                        sum(initiative_states::already_missed),
                        sum(initiative_states::open),
                        sum(initiative_states::final_met),
                        sum(initiative_states::final_missed),
                    ),
                ))
                .into_boxed();
            query = in_scope!(query, scope);
            query.load(c)?
        });
        let lines: Vec<($kind, i32, BudgetKind, Decimal)> = on!(&mut *$connection, |c| {
            let mut query = budget_lines::table
                .inner_join(initiatives::table.on(initiatives::id.eq(budget_lines::initiative_id)))
                .inner_join(initiative_states::table.on(initiative_states::initiative_id.eq(initiatives::id)))
                .inner_join(checkpoints::table.on(checkpoints::id.eq(initiative_states::checkpoint_id)))
                .inner_join(plans::table.on(plans::id.eq(checkpoints::plan_id)))
                .select(($column, budget_lines::fiscal_year, budget_lines::kind, budget_lines::amount))
                .into_boxed();
            query = in_scope!(query, scope);
            query.load(c)?
        });
        let mut tallies: HashMap<$kind, Tally> = HashMap::new();
        for group in groups {
            let entry = entry(group);
            tallies.entry(entry.node.clone()).or_default().add_entry(&entry);
        }
        for (node, fiscal_year, kind, amount) in lines {
            tallies.entry(node).or_default().add_budget(&BudgetSum { fiscal_year, kind, amount });
        }
        Ok(tallies)
    }};
}

/// The tallies of a scope by the objectives that the initiatives serve.
///
/// # Errors
/// The database's own.
pub fn by_objective(connection: &mut Connection, scope: &Scope) -> Result<HashMap<String, Tally>, DbError> {
    tallied!(connection, scope, String, initiative_states::objective_id)
}

/// The tallies of a scope by the departments in charge; `None` for initiatives that name none.
///
/// # Errors
/// The database's own.
pub fn by_department(connection: &mut Connection, scope: &Scope) -> Result<HashMap<Option<String>, Tally>, DbError> {
    tallied!(connection, scope, Option<String>, initiatives::department_id)
}

/// The ids of the plans in a scope, whatever their checkpoints, as they are or as they were known at a moment.
///
/// # Errors
/// The database's own.
pub fn plans_in(
    connection: &mut Connection,
    scope: &Scope,
    known_at: Option<NaiveDateTime>,
) -> Result<Vec<String>, DbError> {
    if let Some(moment) = known_at {
        let mut plans: Vec<Row<Plan>> = history::known_in(connection, scope.organizations.as_deref(), moment)?;
        let is_seen =
            |plan: &Plan| scope.limits.as_ref().is_none_or(|limits| limits.include(&plan.organization_id, plan.status));
        plans.retain(|row| row.content.fiscal_year == scope.fiscal_year && is_seen(&row.content));
        return Ok(plans.into_iter().map(|row| row.id).collect());
    }
    Ok(on!(connection, |c| {
        let mut query = plans::table.filter(plans::fiscal_year.eq(scope.fiscal_year)).select(plans::id).into_boxed();
        if let Some(organizations) = &scope.organizations {
            query = query.filter(plans::organization_id.eq_any(organizations));
        }
        if let Some(limits) = &scope.limits {
            query = within!(plans, query, limits);
        }
        query.order(plans::id).load(c)?
    }))
}

/// An organization's plan for a year, as it is or as it was known at a moment.
///
/// # Errors
/// The database's own.
pub fn plan_of(
    connection: &mut Connection,
    organization: &str,
    year: i32,
    known_at: Option<NaiveDateTime>,
) -> Result<Option<Row<Plan>>, DbError> {
    if let Some(moment) = known_at {
        let plans: Vec<Row<Plan>> = history::known_in(connection, Some(&[organization.to_owned()]), moment)?;
        return Ok(plans.into_iter().find(|row| row.content.fiscal_year == year));
    }
    let row = on!(connection, |c| plans::table
        .filter(plans::organization_id.eq(organization))
        .filter(plans::fiscal_year.eq(year))
        .select(row_columns!(plans, Plan))
        .get_result::<Loaded<Plan>>(c)
        .optional()?);
    Ok(row.map(Row::from))
}
