//! A plan with everything that hangs on it, read at once: what the computed states and the plan document are made of.

use std::collections::HashMap;

use diesel::prelude::*;

use super::activities::Activity;
use super::actuals::{self, Actual};
use super::budget_lines::{self, BudgetLine};
use super::checkpoints::Checkpoint;
use super::indicators::Indicator;
use super::initiatives::Initiative;
use super::objectives::Objective;
use super::organizations::Organization;
use super::plans::Plan;
use super::reviews::Review;
use super::store::Loaded;
use super::targets::Target;
use super::{Connection, DbError, Row, Stored, schema};
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
    /// Reads a plan; `None` where there is no such plan.
    ///
    /// # Errors
    /// The database's own.
    pub fn load(c: &mut Connection, plan_id: &str) -> Result<Option<Self>, DbError> {
        let Some(plan) = Plan::find(c, plan_id)? else { return Ok(None) };
        let Some(organization) = Organization::find(c, &plan.content.organization_id)? else { return Ok(None) };
        let objectives = rows!(c, objectives, Objective, |all| all
            .filter(objectives::plan_id.eq(plan_id))
            .order((objectives::position, objectives::number_key)));
        let initiatives = rows!(c, initiatives, Initiative, |all| all
            .filter(initiatives::plan_id.eq(plan_id))
            .order((initiatives::position, initiatives::number_key)));
        let ids: Vec<String> = initiatives.iter().map(|row| row.id.clone()).collect();
        let targets = rows!(c, targets, Target, |all| all
            .filter(targets::initiative_id.eq_any(&ids))
            .order((targets::position, targets::id)));
        let mut measured: Vec<String> = targets.iter().map(|row| row.content.indicator_id.clone()).collect();
        measured.sort_unstable();
        measured.dedup();
        let indicators = rows!(c, indicators, Indicator, |all| all.filter(indicators::id.eq_any(&measured)));
        let actuals = actuals::of_indicators(c, &measured)?;
        let activities = rows!(c, activities, Activity, |all| all
            .filter(activities::initiative_id.eq_any(&ids))
            .order((activities::position, activities::id)));
        let checkpoints = rows!(c, checkpoints, Checkpoint, |all| all
            .filter(checkpoints::plan_id.eq(plan_id))
            .order((checkpoints::as_of, checkpoints::kind)));
        let reviews =
            rows!(c, reviews, Review, |all| all.filter(reviews::initiative_id.eq_any(&ids)).order(reviews::id));
        let in_charge: Vec<&String> = initiatives.iter().filter_map(|row| row.content.department_id.as_ref()).collect();
        let departments: Vec<(String, String)> = on!(c, |c| schema::organizations::table
            .filter(schema::organizations::id.eq_any(in_charge))
            .select((schema::organizations::id, schema::organizations::name))
            .load(c)?);
        Ok(Some(Self {
            departments: departments.into_iter().collect(),
            budgets: budget_lines::of_initiatives(c, &ids)?,
            indicators: indicators.into_iter().map(|row| (row.id.clone(), row)).collect(),
            plan,
            organization,
            objectives,
            initiatives,
            targets,
            actuals,
            activities,
            checkpoints,
            reviews,
        }))
    }

    /// The fiscal calendar that the plan goes by.
    pub fn calendar(&self) -> Calendar {
        self.organization.content.calendar()
    }

    /// The name of the department in charge of an initiative.
    pub fn department(&self, initiative: &Initiative) -> Option<&str> {
        self.departments.get(initiative.department_id.as_ref()?).map(String::as_str)
    }

    /// The checkpoint that stands at a day: the last one that is not after it.
    pub fn checkpoint_at(&self, day: chrono::NaiveDate) -> Option<&Row<Checkpoint>> {
        self.checkpoints.iter().rfind(|row| row.content.as_of <= day)
    }
}
