//! A plan with everything that hangs on it, read at once: what the computed states and the plan document are made of.

use std::collections::{BTreeSet, HashMap};

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::activities::Activity;
use super::actual_revisions;
use super::actuals::{self, Actual};
use super::budget_lines::{self, BudgetLine};
use super::checkpoints::Checkpoint;
use super::evaluation::SeriesById;
use super::indicators::Indicator;
use super::initiatives::Initiative;
use super::objectives::Objective;
use super::organizations::Organization;
use super::plans::Plan;
use super::reviews::Review;
use super::store::Loaded;
use super::submissions::Submission;
use super::targets::Target;
use super::{Connection, DbError, Row, Stored, history, schema};
use crate::domain::fiscal::Calendar;

/// A plan and everything below it, in the plan's own order.
#[derive(Debug, Clone)]
pub struct PlanGraph {
    /// The plan.
    pub plan: Row<Plan>,
    /// Whose plan it is.
    pub organization: Row<Organization>,
    /// The names of the departments in charge, by id.
    pub departments: HashMap<String, String>,
    /// Its objectives, siblings in their order.
    pub objectives: Vec<Row<Objective>>,
    /// Its initiatives, in the order of their objectives.
    pub initiatives: Vec<Row<Initiative>>,
    /// Their budget lines.
    pub budgets: Vec<BudgetLine>,
    /// Their targets.
    pub targets: Vec<Row<Target>>,
    /// What the targets measure, by id.
    pub indicators: HashMap<String, Row<Indicator>>,
    /// What was reported of that, of all years.
    pub actuals: Vec<Row<Actual>>,
    /// The initiatives' activities.
    pub activities: Vec<Row<Activity>>,
    /// The plan's checkpoints.
    pub checkpoints: Vec<Row<Checkpoint>>,
    /// What was declared.
    pub reviews: Vec<Row<Review>>,
    /// What the departments hand in at the checkpoints.
    pub submissions: Vec<Row<Submission>>,
    /// The moment up to which changes are in it, in UTC; none where it is the plan as it is.
    pub known_at: Option<NaiveDateTime>,
}

/// Loads rows of a content from a query over its table.
macro_rules! rows {
    ($connection:expr, $table:ident, $content:ty, |$query:ident| $filtered:expr) => {{
        use schema::$table;
        let loaded: Vec<Loaded<$content>> = on!($connection, |c| {
            let $query = $table::table;
            $filtered.select(row_columns!($table, $content)).load(c)?
        });
        loaded.into_iter().map(Row::from).collect::<Vec<Row<$content>>>()
    }};
}

impl PlanGraph {
    /// Reads a plan as it is, or as it was known at a moment; `None` where there is no such plan, or was none then.
    ///
    /// # Errors
    /// The database's own.
    pub fn load(c: &mut Connection, plan_id: &str, known_at: Option<NaiveDateTime>) -> Result<Option<Self>, DbError> {
        match known_at {
            None => {
                let Some(mut graph) = Self::without_figures(c, &[plan_id.to_owned()])?.pop() else { return Ok(None) };
                graph.actuals = actuals::of_indicators(c, &measured_by(&graph.targets))?;
                Ok(Some(graph))
            }
            Some(moment) => Self::known(c, plan_id, moment),
        }
    }

    /// Reads plans as they are without what was reported, and that by itself: what outlooks are computed from. In few statements, however many
    /// plans there are. A plan that is not there is left out.
    ///
    /// # Errors
    /// The database's own.
    pub fn with_series(c: &mut Connection, plan_ids: &[String]) -> Result<(Vec<Self>, SeriesById), DbError> {
        let graphs = Self::without_figures(c, plan_ids)?;
        let measured: BTreeSet<&str> =
            graphs.iter().flat_map(|graph| graph.indicators.keys()).map(String::as_str).collect();
        let series = actuals::series::of_indicators(c, &measured.into_iter().collect::<Vec<_>>())?;
        Ok((graphs, series))
    }

    fn without_figures(c: &mut Connection, plan_ids: &[String]) -> Result<Vec<Self>, DbError> {
        let plans = rows!(c, plans, Plan, |all| all.filter(plans::id.eq_any(plan_ids)).order(plans::id));
        let owners: Vec<&String> = plans.iter().map(|row| &row.content.organization_id).collect();
        let organizations = rows!(c, organizations, Organization, |all| all.filter(organizations::id.eq_any(&owners)));
        let objectives = rows!(c, objectives, Objective, |all| all
            .filter(objectives::plan_id.eq_any(plan_ids))
            .order((objectives::position, objectives::number_key)));
        let initiatives = rows!(c, initiatives, Initiative, |all| all
            .filter(initiatives::plan_id.eq_any(plan_ids))
            .order((initiatives::position, initiatives::number_key)));
        let ids = ids_of(&initiatives);
        let targets = rows!(c, targets, Target, |all| all
            .filter(targets::initiative_id.eq_any(&ids))
            .order((targets::position, targets::id)));
        let measured = measured_by(&targets);
        let indicators = rows!(c, indicators, Indicator, |all| all.filter(indicators::id.eq_any(&measured)));
        let activities = rows!(c, activities, Activity, |all| all
            .filter(activities::initiative_id.eq_any(&ids))
            .order((activities::position, activities::id)));
        let checkpoints = rows!(c, checkpoints, Checkpoint, |all| all
            .filter(checkpoints::plan_id.eq_any(plan_ids))
            .order((checkpoints::as_of, checkpoints::kind)));
        let reviews =
            rows!(c, reviews, Review, |all| all.filter(reviews::initiative_id.eq_any(&ids)).order(reviews::id));
        let submissions = rows!(c, submissions, Submission, |all| all
            .filter(submissions::plan_id.eq_any(plan_ids))
            .order(submissions::id));
        let departments = names_of_departments(c, &initiatives)?;
        let budgets = budget_lines::of_initiatives(c, &ids)?;

        let of: HashMap<String, String> =
            initiatives.iter().map(|row| (row.id.clone(), row.content.plan_id.clone())).collect();
        let mut objectives = by(objectives, |row| Some(row.content.plan_id.clone()));
        let mut initiatives = by(initiatives, |row| Some(row.content.plan_id.clone()));
        let mut targets = by(targets, |row| of.get(&row.content.initiative_id).cloned());
        let mut activities = by(activities, |row| of.get(&row.content.initiative_id).cloned());
        let mut checkpoints = by(checkpoints, |row| Some(row.content.plan_id.clone()));
        let mut reviews = by(reviews, |row| of.get(&row.content.initiative_id).cloned());
        let mut submissions = by(submissions, |row| Some(row.content.plan_id.clone()));
        let mut budgets = by(budgets, |line| of.get(&line.initiative_id).cloned());
        let (organizations, indicators) = (by_id(organizations), by_id(indicators));
        let graph = |plan: Row<Plan>| {
            let targets = targets.remove(&plan.id).unwrap_or_default();
            let measured = measured_by(&targets).into_iter();
            Some(Self {
                organization: organizations.get(&plan.content.organization_id)?.clone(),
                departments: departments.clone(),
                objectives: objectives.remove(&plan.id).unwrap_or_default(),
                initiatives: initiatives.remove(&plan.id).unwrap_or_default(),
                budgets: budgets.remove(&plan.id).unwrap_or_default(),
                indicators: measured.filter_map(|id| indicators.get(&id).map(|row| (id, row.clone()))).collect(),
                targets,
                actuals: Vec::new(),
                activities: activities.remove(&plan.id).unwrap_or_default(),
                checkpoints: checkpoints.remove(&plan.id).unwrap_or_default(),
                reviews: reviews.remove(&plan.id).unwrap_or_default(),
                submissions: submissions.remove(&plan.id).unwrap_or_default(),
                known_at: None,
                plan,
            })
        };
        Ok(plans.into_iter().filter_map(graph).collect())
    }

    /// The plan and what hung on it at a moment. The organization and the names of its departments are those of now.
    fn known(c: &mut Connection, plan_id: &str, at: NaiveDateTime) -> Result<Option<Self>, DbError> {
        let own = [plan_id.to_owned()];
        let Some(plan) = history::known::<Plan>(c, &own, at)?.pop() else { return Ok(None) };
        let Some(organization) = Organization::find(c, &plan.content.organization_id)? else { return Ok(None) };
        let mut objectives: Vec<Row<Objective>> = history::known_in(c, Some(&own), at)?;
        objectives.sort_by_cached_key(|row| (row.content.position, row.content.number_key.clone()));
        let mut initiatives: Vec<Row<Initiative>> = history::known_in(c, Some(&own), at)?;
        initiatives.sort_by_cached_key(|row| (row.content.position, row.content.number_key.clone()));
        let ids = ids_of(&initiatives);
        let mut targets: Vec<Row<Target>> = history::known_in(c, Some(&ids), at)?;
        targets.sort_by_key(|row| row.content.position);
        let measured = measured_by(&targets);
        let mut activities: Vec<Row<Activity>> = history::known_in(c, Some(&ids), at)?;
        activities.sort_by_key(|row| row.content.position);
        let mut checkpoints: Vec<Row<Checkpoint>> = history::known_in(c, Some(&own), at)?;
        checkpoints.sort_by_cached_key(|row| (row.content.as_of, row.content.kind.clone()));
        Ok(Some(Self {
            departments: names_of_departments(c, &initiatives)?,
            budgets: budget_lines::known(c, &ids, at)?,
            indicators: by_id(history::known(c, &measured, at)?),
            actuals: actual_revisions::known(c, &measured, at)?,
            reviews: history::known_in(c, Some(&ids), at)?,
            submissions: history::known_in(c, Some(&own), at)?,
            plan,
            organization,
            objectives,
            initiatives,
            targets,
            activities,
            checkpoints,
            known_at: Some(at),
        }))
    }

    /// The fiscal calendar that the plan goes by.
    pub fn calendar(&self) -> Calendar {
        self.organization.content.calendar()
    }

    /// The date in the organization's time zone: today's, or that up to which the plan is known.
    pub fn today(&self) -> NaiveDate {
        let moment = self.known_at.unwrap_or_else(crate::clock::now);
        crate::clock::date(moment, &self.organization.content.time_zone)
    }

    /// The name of the department in charge of an initiative.
    pub fn department(&self, initiative: &Initiative) -> Option<&str> {
        self.departments.get(initiative.department_id.as_ref()?).map(String::as_str)
    }

    /// The checkpoint that stands at a day: the last one that is not after it.
    pub fn checkpoint_at(&self, day: NaiveDate) -> Option<&Row<Checkpoint>> {
        self.checkpoints.iter().rfind(|row| row.content.as_of <= day)
    }
}

fn ids_of<T>(rows: &[Row<T>]) -> Vec<String> {
    rows.iter().map(|row| row.id.clone()).collect()
}

fn by_id<T>(rows: Vec<Row<T>>) -> HashMap<String, Row<T>> {
    rows.into_iter().map(|row| (row.id.clone(), row)).collect()
}

/// Things by a key, those with the same one in their order. One that has none is left out.
fn by<T>(things: Vec<T>, key: impl Fn(&T) -> Option<String>) -> HashMap<String, Vec<T>> {
    let mut groups: HashMap<String, Vec<T>> = HashMap::new();
    for thing in things {
        let Some(key) = key(&thing) else { continue };
        groups.entry(key).or_default().push(thing);
    }
    groups
}

/// The ids of the indicators that the targets measure.
fn measured_by(targets: &[Row<Target>]) -> Vec<String> {
    let mut measured: Vec<String> = targets.iter().map(|row| row.content.indicator_id.clone()).collect();
    measured.sort_unstable();
    measured.dedup();
    measured
}

fn names_of_departments(
    c: &mut Connection,
    initiatives: &[Row<Initiative>],
) -> Result<HashMap<String, String>, DbError> {
    let in_charge: Vec<&String> = initiatives.iter().filter_map(|row| row.content.department_id.as_ref()).collect();
    let named: Vec<(String, String)> = on!(c, |c| schema::organizations::table
        .filter(schema::organizations::id.eq_any(in_charge))
        .select((schema::organizations::id, schema::organizations::name))
        .load(c)?);
    Ok(named.into_iter().collect())
}
