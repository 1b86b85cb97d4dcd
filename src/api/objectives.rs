//! Objectives: the tree of themes (経営課題) and strategies (戦略) of a plan.

use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::parents::fixed;
use super::problem::{Dependent, Fault};
use super::representation::Nothing;
use super::resource::Resource;
use crate::db::access;
use crate::db::objectives::{self, Objective};
use crate::db::plans::{self, Plan};
use crate::db::store::{Listed, Page};
use crate::db::{Connection, DbError, Row, dependents, states};
use crate::domain::access::Deed;
use crate::domain::natural::sort_key;

verbs!(Objective, "objectives", "/objectives", "/objectives/{id}",
    list list_objectives "List objectives", create create_objective "Add an objective",
    read read_objective "Read an objective", patch patch_objective "Change an objective",
    delete delete_objective "Remove an objective on which nothing depends",
    history list_objective_history "/objectives/{id}/history");

/// The last place that can be given.
pub(super) const LAST_POSITION: i32 = 999_999;

/// A node of a plan's tree: a management theme (経営課題), a strategy (戦略), or whatever the plan calls it.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "plan_id": "0199a0c4-6f0e-7c51-9d0a-000000000001", "number": "3", "level": "theme",
    "title": "安全・安心なまちづくり", "desired_state": "災害に備え、地域で支えあうまち", "sdgs": [11, 13]
}))]
pub struct ObjectiveInput {
    /// The plan. It cannot be changed.
    #[schema(min_length = 1, max_length = 64)]
    plan_id: String,
    /// The node above it, of the same plan; none at the top.
    #[schema(min_length = 1, max_length = 64)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parent_id: Option<String>,
    /// Its number, which is a name and the plan's only one: `3`, `3-1`, `R`.
    #[schema(min_length = 1, max_length = 40, pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$")]
    number: String,
    /// What the level is called: `theme`, `strategy`, or another name.
    #[schema(min_length = 1, max_length = 40)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    level: Option<String>,
    /// Its title.
    #[schema(min_length = 1, max_length = 500)]
    title: String,
    /// The desired state (めざす状態).
    #[schema(max_length = 20000)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    desired_state: Option<String>,
    /// The sustainable development goals that it serves, by their numbers.
    #[schema(schema_with = goals)]
    #[serde(default)]
    sdgs: Vec<i32>,
    /// Its place among its siblings, from 0: after all of them unless it says otherwise.
    #[schema(minimum = 0, maximum = 999999)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    position: Option<i32>,
}

/// The numbers of the sustainable development goals, 1 to 17, each at most once.
fn goals() -> RefOr<Schema> {
    let goal = ObjectBuilder::new().schema_type(SchemaType::new(Type::Integer)).minimum(Some(1)).maximum(Some(17));
    ArrayBuilder::new()
        .items(goal)
        .unique_items(true)
        .max_items(Some(17))
        .description(Some("The sustainable development goals that it serves, by their numbers."))
        .into()
}

/// Which objectives.
#[derive(Debug, Deserialize, IntoParams)]
pub struct ObjectiveFilter {
    /// Of this plan
    #[param(min_length = 1, max_length = 64)]
    plan: Option<String>,
    /// Directly below this one
    #[param(min_length = 1, max_length = 64)]
    parent: Option<String>,
    /// With this number
    #[param(min_length = 1, max_length = 40)]
    number: Option<String>,
    /// Of this level
    #[param(min_length = 1, max_length = 40)]
    level: Option<String>,
    /// That serve this sustainable development goal
    #[param(minimum = 1, maximum = 17)]
    sdg: Option<i32>,
}

/// Why a node cannot hang below this parent, if it cannot.
fn parent_fault(
    connection: &mut Connection,
    parent: &str,
    plan_id: &str,
    current: Option<&Row<Objective>>,
) -> Result<Option<Fault>, DbError> {
    let Some(found) = access::find::<Objective>(connection, parent)? else {
        return Ok(Some(Fault::unknown("/parent_id", "objectives", parent)));
    };
    if found.content.plan_id != plan_id {
        return Ok(Some(Fault::other_plan("/parent_id", parent)));
    }
    let below = match current {
        Some(current) => {
            plans::lock(connection, plan_id)?;
            objectives::subtree(connection, &current.id)?
        }
        None => Vec::new(),
    };
    let circular = Fault::at(
        "/parent_id",
        "circular",
        "自分自身やその下位には属せません。",
        "It cannot belong to itself or to what is below it.",
    );
    Ok(below.contains(&found.id).then(|| circular.received(parent)))
}

impl Resource for Objective {
    type Input = ObjectiveInput;
    type Extra = Nothing;
    type Filter = ObjectiveFilter;

    const NAME: &'static str = "Objective";
    const PATH: &'static str = "objectives";
    const DEEDS: &'static [Deed] = &[Deed::Plan];
    const SORT: &'static [&'static str] = &["number", "title"];

    fn input(self) -> ObjectiveInput {
        let Self { plan_id, parent_id, position, number, number_key: _, level, title, desired_state, sdgs } = self;
        let sdgs = serde_json::from_str(&sdgs).unwrap_or_default();
        ObjectiveInput { plan_id, parent_id, number, level, title, desired_state, sdgs, position: Some(position) }
    }

    fn content(
        input: ObjectiveInput,
        current: Option<&Row<Self>>,
        connection: &mut Connection,
        faults: &mut Vec<Fault>,
    ) -> Result<Option<Self>, DbError> {
        let ObjectiveInput { plan_id, parent_id, number, level, title, desired_state, sdgs, position } = input;
        match current {
            Some(current) if current.content.plan_id != plan_id => {
                faults.push(fixed("/plan_id", plan_id, current.content.plan_id.as_str()));
                return Ok(None);
            }
            None if access::find::<Plan>(connection, &plan_id)?.is_none() => {
                faults.push(Fault::unknown("/plan_id", "plans", &plan_id));
                return Ok(None);
            }
            _ => {}
        }
        if let Some(parent) = &parent_id {
            faults.extend(parent_fault(connection, parent, &plan_id, current)?);
        }
        // A patch carries the place that it had; below another parent that place means nothing.
        let moved =
            current.is_some_and(|row| row.content.parent_id != parent_id && Some(row.content.position) == position);
        let position = match position.filter(|_| !moved) {
            Some(position) => position,
            None => {
                let current = current.map(|row| row.id.as_str());
                objectives::last_position(connection, &plan_id, parent_id.as_deref(), current)?
                    .map_or(0, |last| last.saturating_add(1).min(LAST_POSITION))
            }
        };
        let number_key = sort_key(&number);
        let sdgs = serde_json::Value::from(sdgs).to_string();
        Ok(Some(Self { plan_id, parent_id, position, number, number_key, level, title, desired_state, sdgs }))
    }

    fn extras(_: &mut Connection, rows: &[Row<Self>]) -> Result<Vec<Nothing>, DbError> {
        Ok(vec![Nothing {}; rows.len()])
    }

    fn list(connection: &mut Connection, filter: ObjectiveFilter, page: &Page) -> Result<Listed<Self>, DbError> {
        let ObjectiveFilter { plan, parent, number, level, sdg } = filter;
        objectives::list(connection, &objectives::Filter { plan_id: plan, parent_id: parent, number, level, sdg }, page)
    }

    fn dependents(connection: &mut Connection, id: &str) -> Result<Vec<Dependent>, DbError> {
        Ok(dependents::of_objective(connection, id)?.into_iter().map(Dependent::from).collect())
    }

    /// The stored rollups show the plan's tree.
    fn changed(connection: &mut Connection, _: Option<&Row<Self>>, after: Option<&Row<Self>>) -> Result<(), DbError> {
        after.map_or(Ok(()), |row| states::refresh_plan(connection, &row.content.plan_id))
    }

    fn deleted(connection: &mut Connection, row: &Row<Self>) -> Result<(), DbError> {
        states::refresh_plan(connection, &row.content.plan_id)
    }
}
