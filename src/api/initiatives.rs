//! Initiatives (具体的取組): what is done, for which objective, for how much.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::initiative_filter::InitiativeFilter;
use super::initiative_references as references;
use super::objectives::LAST_POSITION;
use super::problem::{Dependent, Fault};
use super::resource::Resource;
use crate::db::access;
use crate::db::budgeted_initiatives::{self, Budget, BudgetedInitiative};
use crate::db::initiatives::{self, Initiative};
use crate::db::objectives::Objective;
use crate::db::store::{Listed, Page};
use crate::db::{Connection, DbError, Row, dependents, plans, states};
use crate::domain::access::Deed;
use crate::domain::natural::sort_key;
use crate::domain::{BudgetKind, Decimal};

verbs!(BudgetedInitiative, "initiatives", "/initiatives", "/initiatives/{id}",
    list list_initiatives "List initiatives", create create_initiative "Add an initiative",
    read read_initiative "Read an initiative", patch patch_initiative "Change an initiative",
    delete delete_initiative "Remove an initiative on which nothing depends",
    history list_initiative_history "/initiatives/{id}/history");

/// What is done for an objective, and what it costs.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "objective_id": "0199a0c4-6f0e-7c51-9d0a-000000000002", "number": "3-1-2", "title": "地域防災力の向上",
    "continues": "3-1-1", "budgets": [{"fiscal_year": 2021, "kind": "budget", "amount": "15000000"}]
}))]
#[validate(schema(function = "each_year_and_kind_once", skip_on_field_errors = false))]
pub struct InitiativeInput {
    /// The objective that it serves. It can be moved to another one of the same plan.
    #[schema(min_length = 1, max_length = 64)]
    objective_id: String,
    /// Its number, which is a name and the plan's only one: `3-1-2`, `R-1`.
    #[schema(min_length = 1, max_length = 40, pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$")]
    number: String,
    /// Its title.
    #[schema(min_length = 1, max_length = 500)]
    title: String,
    /// What is done, in words.
    #[schema(max_length = 20000)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    /// The department in charge, an organization: an id or a national code.
    #[schema(min_length = 1, max_length = 64)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    department_id: Option<String>,
    /// The initiative of the same plan that it stands for (再掲); it has no flags of its own then.
    #[schema(min_length = 1, max_length = 64)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    same_as_id: Option<String>,
    /// The number that the initiative which it continues has in the earlier plan.
    #[schema(min_length = 1, max_length = 40, pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    continues: Option<String>,
    /// That initiative: of the same organization, in an earlier fiscal year. Where only the number is given, it is
    /// looked for in the plan of the year before.
    #[schema(min_length = 1, max_length = 64)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    continues_id: Option<String>,
    /// What it costs: one amount at most for each year and kind.
    #[schema(max_items = 50)]
    #[serde(default)]
    #[validate(nested)]
    budgets: Vec<BudgetInput>,
    /// Its place in the objective, from 0: after all others unless it says otherwise.
    #[schema(minimum = 0, maximum = 999999)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    position: Option<i32>,
}

/// What an initiative costs in a year.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = Budget)]
pub struct BudgetInput {
    /// The fiscal year, named by the calendar year in which it starts.
    #[schema(minimum = 1900, maximum = 2200)]
    fiscal_year: i32,
    /// Settled (決算), budget (予算) or estimate (算定見込).
    kind: BudgetKind,
    /// Yen, not negative.
    #[validate(custom(function = "not_negative"))]
    amount: Decimal,
    /// A note.
    #[schema(min_length = 1, max_length = 1000)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

impl From<BudgetInput> for Budget {
    fn from(input: BudgetInput) -> Self {
        let BudgetInput { fiscal_year, kind, amount, note } = input;
        Self { fiscal_year, kind, amount, note }
    }
}

impl From<Budget> for BudgetInput {
    fn from(budget: Budget) -> Self {
        let Budget { fiscal_year, kind, amount, note } = budget;
        Self { fiscal_year, kind, amount, note }
    }
}

fn not_negative(amount: &Decimal) -> Result<(), ValidationError> {
    if *amount < Decimal::ZERO { Err(ValidationError::new("negative")) } else { Ok(()) }
}

/// Finds the first line whose year and kind an earlier line has.
fn each_year_and_kind_once(input: &InitiativeInput) -> Result<(), ValidationError> {
    let mut seen = std::collections::HashSet::new();
    match input.budgets.iter().position(|line| !seen.insert((line.fiscal_year, line.kind))) {
        None => Ok(()),
        Some(index) => {
            let mut error = ValidationError::new("same_year_and_kind");
            error.add_param("at".into(), &format!("budgets/{index}"));
            error.add_param("value".into(), &input.budgets.get(index));
            Err(error)
        }
    }
}

/// What follows from the objective.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfPlan {
    /// The plan: its objective's.
    plan_id: String,
}

/// The objective that an initiative is to serve. One that exists stays in its plan.
fn objective(
    connection: &mut Connection,
    id: &str,
    current: Option<&Row<BudgetedInitiative>>,
    faults: &mut Vec<Fault>,
) -> Result<Option<Row<Objective>>, DbError> {
    let Some(found) = access::find::<Objective>(connection, id)? else {
        faults.push(Fault::unknown("/objective_id", "objectives", id));
        return Ok(None);
    };
    if current.is_some_and(|row| row.content.initiative.plan_id != found.content.plan_id) {
        faults.push(Fault::other_plan("/objective_id", id));
        return Ok(None);
    }
    Ok(Some(found))
}

/// The place that is asked for, else the one after all others of the objective. A patch carries the place that it had:
/// in another objective that means nothing.
fn place(
    connection: &mut Connection,
    asked: Option<i32>,
    objective: &str,
    current: Option<&Row<BudgetedInitiative>>,
) -> Result<i32, DbError> {
    let moved = current.is_some_and(|row| {
        let before = &row.content.initiative;
        before.objective_id != objective && Some(before.position) == asked
    });
    Ok(match asked.filter(|_| !moved) {
        Some(position) => position,
        None => initiatives::last_position(connection, objective, current.map(|row| row.id.as_str()))?
            .map_or(0, |last| last.saturating_add(1).min(LAST_POSITION)),
    })
}

impl Resource for BudgetedInitiative {
    type Input = InitiativeInput;
    type Extra = OfPlan;
    type Filter = InitiativeFilter;

    const NAME: &'static str = "Initiative";
    const PATH: &'static str = "initiatives";
    const DEEDS: &'static [Deed] = &[Deed::Plan];
    const SORT: &'static [&'static str] = &["number", "title"];

    fn input(self) -> InitiativeInput {
        let Self { initiative, budgets } = self;
        let Initiative {
            plan_id: _,
            objective_id,
            position,
            number,
            number_key: _,
            title,
            description,
            department_id,
            same_as_id,
            continues,
            continues_id,
        } = initiative;
        InitiativeInput {
            objective_id,
            number,
            title,
            description,
            department_id,
            same_as_id,
            continues,
            continues_id,
            budgets: budgets.into_iter().map(BudgetInput::from).collect(),
            position: Some(position),
        }
    }

    fn content(
        input: InitiativeInput,
        current: Option<&Row<Self>>,
        connection: &mut Connection,
        faults: &mut Vec<Fault>,
    ) -> Result<Option<Self>, DbError> {
        let InitiativeInput {
            objective_id,
            number,
            title,
            description,
            department_id,
            same_as_id,
            continues,
            continues_id,
            budgets,
            position,
        } = input;
        let department_id = references::department(connection, department_id, faults)?;
        let Some(objective) = objective(connection, &objective_id, current, faults)? else { return Ok(None) };
        let plan_id = objective.content.plan_id;
        let own_id = current.map(|row| row.id.as_str());
        if let Some(other) = &same_as_id {
            plans::lock(connection, &plan_id)?;
            faults.extend(references::same_as_fault(connection, other, &plan_id, own_id)?);
        }
        let before = current.map(|row| &row.content.initiative);
        let continues_id =
            references::continued(connection, continues.as_deref(), continues_id, &plan_id, before, faults)?;
        let position = place(connection, position, &objective_id, current)?;
        let number_key = sort_key(&number);
        let initiative = Initiative {
            plan_id,
            objective_id,
            position,
            number,
            number_key,
            title,
            description,
            department_id,
            same_as_id,
            continues,
            continues_id,
        };
        Ok(Some(Self { initiative, budgets: budgets.into_iter().map(Budget::from).collect() }))
    }

    fn extras(_: &mut Connection, rows: &[Row<Self>]) -> Result<Vec<OfPlan>, DbError> {
        Ok(rows.iter().map(|row| OfPlan { plan_id: row.content.initiative.plan_id.clone() }).collect())
    }

    fn list(connection: &mut Connection, filter: InitiativeFilter, page: &Page) -> Result<Listed<Self>, DbError> {
        let filter = filter.resolve(connection)?;
        budgeted_initiatives::list(connection, &filter, page)
    }

    fn dependents(connection: &mut Connection, id: &str) -> Result<Vec<Dependent>, DbError> {
        Ok(dependents::of_initiative(connection, id)?.into_iter().map(Dependent::from).collect())
    }

    fn changed(
        connection: &mut Connection,
        before: Option<&Row<Self>>,
        after: Option<&Row<Self>>,
    ) -> Result<(), DbError> {
        match (before, after) {
            (_, Some(row)) => states::refresh_plan(connection, &row.content.initiative.plan_id),
            (Some(row), None) => states::forget_initiative(connection, &row.id),
            (None, None) => Ok(()),
        }
    }
    fn deleted(connection: &mut Connection, row: &Row<Self>) -> Result<(), DbError> {
        states::refresh_plan(connection, &row.content.initiative.plan_id)
    }
}
