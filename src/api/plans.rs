//! Plans: one organization, one fiscal year.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::parents::{self, fixed};
use super::problem::{Dependent, Fault};
use super::representation::Nothing;
use super::resource::Resource;
use crate::db::access;
use crate::db::plans::{self, Plan};
use crate::db::store::{Listed, Page};
use crate::db::{Connection, DbError, Row, checkpoints, dependents, states};
use crate::domain::PlanStatus;
use crate::domain::access::Deed;

verbs!(Plan, "plans", "/plans", "/plans/{id}",
    list list_plans "List plans", create create_plan "Add a plan",
    read read_plan "Read a plan", patch patch_plan "Change a plan",
    delete delete_plan "Remove a plan on which nothing depends",
    history list_plan_history "/plans/{id}/history");

/// An operating policy (運営方針): one organization, one fiscal year.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "organization_id": "271071", "fiscal_year": 2021, "title": "令和3年度 港区運営方針", "status": "adopted",
    "checkpoint": "mid_year"
}))]
pub struct PlanInput {
    /// Whose plan it is: an id or a national code. It stays as it is once something belongs to the plan.
    #[schema(min_length = 1, max_length = 64)]
    organization_id: String,
    /// The fiscal year (年度), named by the calendar year in which it starts. It stays as it is once something belongs
    /// to the plan.
    #[schema(minimum = 1900, maximum = 2200)]
    fiscal_year: i32,
    /// Its title.
    #[schema(min_length = 1, max_length = 500)]
    title: String,
    /// How far it has come: 素案, 案, adopted, closed.
    #[schema(default = "draft")]
    #[serde(default = "draft")]
    status: PlanStatus,
    /// The vision (区の目標・将来像).
    #[schema(max_length = 20000)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    vision: Option<String>,
    /// The mission (区の使命).
    #[schema(max_length = 20000)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mission: Option<String>,
    /// The kind of the checkpoint (時点) at which the plan stands now: `q1`, `mid_year`, `q3`, `year_end`, or another
    /// of the plan's.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,39}$", max_length = 40)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    checkpoint: Option<String>,
}

fn draft() -> PlanStatus {
    PlanStatus::Draft
}

/// Which plans.
#[derive(Debug, Deserialize, IntoParams)]
pub struct PlanFilter {
    /// Of this organization: an id or a national code
    #[param(min_length = 1, max_length = 64)]
    organization: Option<String>,
    /// Of this fiscal year
    #[param(minimum = 1900, maximum = 2200)]
    fiscal_year: Option<i32>,
    /// That have come so far
    #[param(inline)]
    status: Option<PlanStatus>,
}

/// What a plan is of cannot change under those who belong to it: their days, years and cross references hang on it.
fn keep_what_others_rely_on(
    connection: &mut Connection,
    current: &Row<Plan>,
    organization_id: &str,
    fiscal_year: i32,
    faults: &mut Vec<Fault>,
) -> Result<(), DbError> {
    let moved = current.content.organization_id != organization_id;
    let redated = current.content.fiscal_year != fiscal_year;
    if (moved || redated) && !dependents::of_plan(connection, &current.id)?.is_empty() {
        if moved {
            faults.push(fixed("/organization_id", organization_id, current.content.organization_id.as_str()));
        }
        if redated {
            faults.push(fixed("/fiscal_year", fiscal_year, current.content.fiscal_year));
        }
    }
    Ok(())
}

/// A plan can be moved to a checkpoint that it has only. A new plan may name the one that comes first.
fn known_checkpoint(
    connection: &mut Connection,
    current: &Row<Plan>,
    kind: Option<&str>,
    faults: &mut Vec<Fault>,
) -> Result<(), DbError> {
    let Some(kind) = kind.filter(|kind| current.content.checkpoint.as_deref() != Some(kind)) else { return Ok(()) };
    let kinds = checkpoints::kinds(connection, &current.id)?;
    if !kinds.iter().any(|known| known == kind) {
        faults.push(Fault::unknown("/checkpoint", "checkpoints", kind).accepted(kinds));
    }
    Ok(())
}

impl Resource for Plan {
    type Input = PlanInput;
    type Extra = Nothing;
    type Filter = PlanFilter;

    const NAME: &'static str = "Plan";
    const PATH: &'static str = "plans";
    const DEEDS: &'static [Deed] = &[Deed::Plan];
    const SORT: &'static [&'static str] = &["fiscal_year", "title"];

    fn input(self) -> PlanInput {
        let Self {
            organization_id,
            fiscal_year,
            title,
            status,
            vision,
            mission,
            checkpoint,
            organization_name: _,
            parent_name: _,
        } = self;
        PlanInput { organization_id, fiscal_year, title, status, vision, mission, checkpoint }
    }

    fn content(
        input: PlanInput,
        current: Option<&Row<Self>>,
        connection: &mut Connection,
        faults: &mut Vec<Fault>,
    ) -> Result<Option<Self>, DbError> {
        let PlanInput { organization_id, fiscal_year, title, status, vision, mission, checkpoint } = input;
        let Some(organization) = access::organization(connection, &organization_id)? else {
            faults.push(Fault::unknown("/organization_id", "organizations", &organization_id));
            return Ok(None);
        };
        let organization_id = organization.id;
        if let Some(current) = current {
            keep_what_others_rely_on(connection, current, &organization_id, fiscal_year, faults)?;
            known_checkpoint(connection, current, checkpoint.as_deref(), faults)?;
        }
        // How the printed plan names the two is known from its document only.
        let organization_name = current.and_then(|row| row.content.organization_name.clone());
        let parent_name = current.and_then(|row| row.content.parent_name.clone());
        Ok(Some(Self {
            organization_id,
            fiscal_year,
            title,
            status,
            vision,
            mission,
            checkpoint,
            organization_name,
            parent_name,
        }))
    }

    fn extras(_: &mut Connection, rows: &[Row<Self>]) -> Result<Vec<Nothing>, DbError> {
        Ok(vec![Nothing {}; rows.len()])
    }

    fn list(connection: &mut Connection, filter: PlanFilter, page: &Page) -> Result<Listed<Self>, DbError> {
        let PlanFilter { organization, fiscal_year, status } = filter;
        let organization_id = parents::organization_id(connection, organization)?;
        plans::list(connection, &plans::Filter { organization_id, fiscal_year, status }, page)
    }

    fn dependents(connection: &mut Connection, id: &str) -> Result<Vec<Dependent>, DbError> {
        Ok(dependents::of_plan(connection, id)?.into_iter().map(Dependent::from).collect())
    }

    /// The stored rollups show the plan's title and year.
    fn changed(connection: &mut Connection, _: Option<&Row<Self>>, after: Option<&Row<Self>>) -> Result<(), DbError> {
        after.map_or(Ok(()), |row| states::refresh_plan(connection, &row.id))
    }
}
