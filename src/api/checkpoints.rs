//! Checkpoints (時点): moments at which everybody reports.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::{Validate, ValidationError};

use super::parents::fixed;
use super::problem::{Dependent, Fault};
use super::representation::Nothing;
use super::resource::Resource;
use crate::db::access;
use crate::db::checkpoints::{self, Checkpoint};
use crate::db::organizations::Organization;
use crate::db::plans::{self, Plan};
use crate::db::store::{Listed, Page};
use crate::db::{Connection, DbError, Row, Stored, dependents, states};
use crate::domain::access::Deed;

verbs!(Checkpoint, "checkpoints", "/checkpoints", "/checkpoints/{id}",
    list list_checkpoints "List checkpoints", create create_checkpoint "Add a checkpoint",
    read read_checkpoint "Read a checkpoint", patch patch_checkpoint "Change a checkpoint",
    delete delete_checkpoint "Remove a checkpoint on which nothing depends",
    history list_checkpoint_history "/checkpoints/{id}/history");

/// A moment at which everybody reports.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "plan_id": "0199a0c4-6f0e-7c51-9d0a-000000000001", "kind": "mid_year", "as_of": "2021-09-30",
    "opens": "2021-10-01", "closes": "2021-10-15"
}))]
#[validate(schema(function = "opens_before_it_closes", skip_on_field_errors = false))]
pub struct CheckpointInput {
    /// The plan. It cannot be changed.
    #[schema(min_length = 1, max_length = 64)]
    plan_id: String,
    /// Its kind, of which a plan has one only: `q1`, `mid_year`, `q3`, `year_end`, or a name of the plan's own.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,39}$", max_length = 40)]
    kind: String,
    /// The day that it looks at, in the organization's time zone. The usual kinds look at the end of the quarter, the
    /// half or the year unless it says otherwise; any other kind has to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    as_of: Option<NaiveDate>,
    /// The first day of reporting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    opens: Option<NaiveDate>,
    /// The last day of reporting, not before the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    closes: Option<NaiveDate>,
}

fn opens_before_it_closes(input: &CheckpointInput) -> Result<(), ValidationError> {
    match (input.opens, input.closes) {
        (Some(opens), Some(closes)) if opens > closes => {
            let mut error = ValidationError::new("opens_after_closes");
            error.add_param("at".into(), &"opens");
            error.add_param("value".into(), &opens);
            Err(error)
        }
        _ => Ok(()),
    }
}

/// Which checkpoints.
#[derive(Debug, Deserialize, IntoParams)]
pub struct CheckpointFilter {
    /// Of this plan
    #[param(min_length = 1, max_length = 64)]
    plan: Option<String>,
    /// Of this kind
    #[param(pattern = "^[a-z][a-z0-9_]{0,39}$", max_length = 40)]
    kind: Option<String>,
}

/// The day at which a checkpoint of this kind usually looks in the plan's year.
fn usual_day(connection: &mut Connection, plan: &Plan, kind: &str) -> Result<Option<NaiveDate>, DbError> {
    let organization = Organization::find(connection, &plan.organization_id)?;
    Ok(organization.and_then(|row| row.content.calendar().checkpoint_day(plan.fiscal_year, kind)))
}

/// Keeps the checkpoint at which the plan stands one of the plan's own: a plan stands at its first one once there is
/// one, goes along where its kind is renamed, and stands at none once it is deleted.
fn follow(
    connection: &mut Connection,
    before: Option<&Row<Checkpoint>>,
    after: Option<&Row<Checkpoint>>,
) -> Result<(), DbError> {
    let was = before.map(|row| row.content.kind.as_str());
    let is = after.map(|row| row.content.kind.as_str());
    let Some(row) = after.or(before) else { return Ok(()) };
    let plan_id = &row.content.plan_id;
    if was == is || before.is_none() && checkpoints::kinds(connection, plan_id)?.len() > 1 {
        return Ok(());
    }
    plans::stand_at(connection, plan_id, was, is)
}

impl Resource for Checkpoint {
    type Input = CheckpointInput;
    type Extra = Nothing;
    type Filter = CheckpointFilter;

    const NAME: &'static str = "Checkpoint";
    const PATH: &'static str = "checkpoints";
    const DEEDS: &'static [Deed] = &[Deed::Plan];
    const SORT: &'static [&'static str] = &["as_of", "kind"];

    fn input(self) -> CheckpointInput {
        let Self { plan_id, kind, as_of, opens, closes } = self;
        CheckpointInput { plan_id, kind, as_of: Some(as_of), opens, closes }
    }

    fn content(
        input: CheckpointInput,
        current: Option<&Row<Self>>,
        connection: &mut Connection,
        faults: &mut Vec<Fault>,
    ) -> Result<Option<Self>, DbError> {
        let CheckpointInput { plan_id, kind, as_of, opens, closes } = input;
        if let Some(current) = current.filter(|row| row.content.plan_id != plan_id) {
            faults.push(fixed("/plan_id", plan_id, current.content.plan_id.as_str()));
            return Ok(None);
        }
        let Some(plan) = access::find::<Plan>(connection, &plan_id)? else {
            faults.push(Fault::unknown("/plan_id", "plans", &plan_id));
            return Ok(None);
        };
        let day = match as_of {
            Some(day) => Some(day),
            None => usual_day(connection, &plan.content, &kind)?,
        };
        let Some(as_of) = day else {
            faults.push(Fault::at(
                "/as_of",
                "required",
                format!("「{kind}」には決まった日がないため、as_ofが必要です。"),
                format!("`as_of` is required: `{kind}` has no usual day."),
            ));
            return Ok(None);
        };
        Ok(Some(Self { plan_id, kind, as_of, opens, closes }))
    }

    fn extras(_: &mut Connection, rows: &[Row<Self>]) -> Result<Vec<Nothing>, DbError> {
        Ok(vec![Nothing {}; rows.len()])
    }

    fn list(connection: &mut Connection, filter: CheckpointFilter, page: &Page) -> Result<Listed<Self>, DbError> {
        let CheckpointFilter { plan, kind } = filter;
        checkpoints::list(connection, &checkpoints::Filter { plan_id: plan, kind }, page)
    }

    fn dependents(connection: &mut Connection, id: &str) -> Result<Vec<Dependent>, DbError> {
        Ok(dependents::of_checkpoint(connection, id)?.into_iter().map(Dependent::from).collect())
    }

    fn changed(
        connection: &mut Connection,
        before: Option<&Row<Self>>,
        after: Option<&Row<Self>>,
    ) -> Result<(), DbError> {
        follow(connection, before, after)?;
        match (before, after) {
            (_, Some(row)) => states::refresh_plan(connection, &row.content.plan_id),
            (Some(row), None) => states::forget_checkpoint(connection, &row.id),
            (None, None) => Ok(()),
        }
    }

    /// What was reported for the checkpoint at which the plan stood is dated by none any more.
    fn deleted(connection: &mut Connection, row: &Row<Self>) -> Result<(), DbError> {
        states::refresh_plan(connection, &row.content.plan_id)
    }
}
