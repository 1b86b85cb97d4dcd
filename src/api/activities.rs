//! Activities: what is planned and done for an initiative.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::{Validate, ValidationError};

use super::parents;
use super::problem::{Dependent, Fault};
use super::representation::Nothing;
use super::resource::Resource;
use crate::db::activities::{self, Activity};
use crate::db::store::{Listed, Page};
use crate::db::{Connection, DbError, Row};
use crate::domain::access::Deed;
use crate::domain::{ActivityState, Decimal};

verbs!(Activity, "activities", "/activities", "/activities/{id}",
    list list_activities "List activities", create create_activity "Add an activity",
    read read_activity "Read an activity", patch patch_activity "Change an activity",
    delete delete_activity "Remove an activity",
    history list_activity_history "/activities/{id}/history");

/// Something planned and done for an initiative (主な取組).
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"initiative_id": "0199a0c4-6f0e-7c51-9d0a-000000000000", "title": "転入者へのチラシ配布",
    "planned": "12", "done": "5", "unit": "回", "state": "in_progress", "as_of": "2021-08-31"}))]
pub struct ActivityInput {
    /// The initiative. It cannot change after creation.
    #[schema(min_length = 1, max_length = 64)]
    initiative_id: String,
    /// What it is.
    #[schema(min_length = 1, max_length = 500)]
    title: String,
    /// How much is planned for the year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(custom(function = "not_negative"))]
    planned: Option<Decimal>,
    /// How much is done. Absent is not reported, which is not zero.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(custom(function = "not_negative"))]
    done: Option<Decimal>,
    /// The unit of both.
    #[schema(max_length = 40)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
    /// How far it has come.
    #[schema(inline)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    state: Option<ActivityState>,
    /// When it is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    due: Option<NaiveDate>,
    /// What is planned for each quarter.
    #[schema(inline)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    schedule: Option<Schedule>,
    /// The day for which `done` and `state` were reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    as_of: Option<NaiveDate>,
    /// Whether the quantity is approximate (約).
    #[schema(default = false)]
    #[serde(default)]
    approximate: bool,
    /// A note.
    #[schema(min_length = 1, max_length = 2000)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// Its place in the initiative, from 0; after the others unless it says otherwise.
    #[schema(minimum = 0, maximum = 1_000_000)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    position: Option<i32>,
}

/// What is planned for each quarter of the fiscal year, each by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// April to June, where the year starts in April.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(custom(function = "not_negative"))]
    q1: Option<Decimal>,
    /// July to September.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(custom(function = "not_negative"))]
    q2: Option<Decimal>,
    /// October to December.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(custom(function = "not_negative"))]
    q3: Option<Decimal>,
    /// January to March.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(custom(function = "not_negative"))]
    q4: Option<Decimal>,
}

fn not_negative(quantity: &Decimal) -> Result<(), ValidationError> {
    if *quantity < Decimal::ZERO { Err(ValidationError::new("negative")) } else { Ok(()) }
}

/// Which activities.
#[derive(Debug, Deserialize, IntoParams)]
pub struct ActivityFilter {
    /// For this initiative
    #[param(min_length = 1)]
    initiative: Option<String>,
    /// For the initiatives of this plan
    #[param(min_length = 1)]
    plan: Option<String>,
    /// This far
    #[param(inline)]
    state: Option<ActivityState>,
}

impl Resource for Activity {
    type Input = ActivityInput;
    type Extra = Nothing;
    type Filter = ActivityFilter;

    const NAME: &'static str = "Activity";
    const PATH: &'static str = "activities";
    const DEEDS: &'static [Deed] = &[Deed::Plan, Deed::Report];
    const SORT: &'static [&'static str] = &["created_at", "title"];

    fn input(self) -> ActivityInput {
        let Self {
            initiative_id,
            position,
            title,
            planned,
            done,
            unit,
            state,
            due,
            schedule,
            as_of,
            approximate,
            note,
        } = self;
        let schedule = schedule.and_then(|text| serde_json::from_str(&text).ok());
        let position = Some(position);
        ActivityInput {
            initiative_id,
            title,
            planned,
            done,
            unit,
            state,
            due,
            schedule,
            as_of,
            approximate,
            note,
            position,
        }
    }

    fn content(
        input: ActivityInput,
        current: Option<&Row<Self>>,
        connection: &mut Connection,
        faults: &mut Vec<Fault>,
    ) -> Result<Option<Self>, DbError> {
        let ActivityInput {
            initiative_id,
            title,
            planned,
            done,
            unit,
            state,
            due,
            schedule,
            as_of,
            approximate,
            note,
            position,
        } = input;
        let initiative_of = current.map(|row| row.content.initiative_id.as_str());
        if parents::same_initiative(connection, &initiative_id, initiative_of, faults)?.is_none() {
            return Ok(None);
        }
        let position = match position {
            Some(position) => position,
            None => activities::next_position(connection, &initiative_id)?,
        };
        let schedule = schedule.and_then(|schedule| serde_json::to_string(&schedule).ok());
        Ok(Some(Self {
            initiative_id,
            position,
            title,
            planned,
            done,
            unit,
            state,
            due,
            schedule,
            as_of,
            approximate,
            note,
        }))
    }

    fn extras(_: &mut Connection, rows: &[Row<Self>]) -> Result<Vec<Nothing>, DbError> {
        Ok(vec![Nothing {}; rows.len()])
    }

    fn list(connection: &mut Connection, filter: ActivityFilter, page: &Page) -> Result<Listed<Self>, DbError> {
        let ActivityFilter { initiative, plan, state } = filter;
        activities::list(connection, &activities::Filter { initiative_id: initiative, plan_id: plan, state }, page)
    }

    fn dependents(_: &mut Connection, _: &str) -> Result<Vec<Dependent>, DbError> {
        Ok(Vec::new())
    }

    fn changed(connection: &mut Connection, _: Option<&Row<Self>>, after: Option<&Row<Self>>) -> Result<(), DbError> {
        match after {
            Some(row) => parents::refresh_plan_of(connection, &row.content.initiative_id),
            None => Ok(()),
        }
    }

    fn deleted(connection: &mut Connection, row: &Row<Self>) -> Result<(), DbError> {
        parents::refresh_plan_of(connection, &row.content.initiative_id)
    }
}
