//! Objectives: the tree of themes (経営課題) and strategies (戦略) of a plan.

use std::collections::{BTreeSet, HashMap, HashSet};

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::rollups::Scope;
use super::schema::{objectives, plans};
use super::store::{Listed, Page};
use super::{Connection, DbError};

/// A node of a plan's tree.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset, Serialize, Deserialize)]
#[diesel(table_name = objectives, treat_none_as_null = true)]
pub struct Objective {
    /// The plan.
    pub plan_id: String,
    /// The node above; none at the top.
    pub parent_id: Option<String>,
    /// Its place among its siblings, from 0.
    pub position: i32,
    /// Its number, which is a name: `3`, `3-1`, `R`.
    pub number: String,
    /// Sorts as people sort numbers: [`crate::domain::natural`].
    pub number_key: String,
    /// What the level is called: `theme`, `strategy`, or another name.
    pub level: Option<String>,
    /// Its title.
    pub title: String,
    /// The desired state (めざす状態).
    pub desired_state: Option<String>,
    /// The numbers of its sustainable development goals, a JSON array.
    pub sdgs: String,
}

stored!(objectives, Objective, |content| &content.plan_id);

/// The objectives of the plans in a scope: each one's parent and goals.
fn scoped(connection: &mut Connection, scope: &Scope) -> Result<HashMap<String, (Option<String>, String)>, DbError> {
    let rows: Vec<(String, Option<String>, String)> = on!(connection, |c| {
        let mut query = objectives::table
            .inner_join(plans::table.on(plans::id.eq(objectives::plan_id)))
            .filter(plans::fiscal_year.eq(scope.fiscal_year))
            .select((objectives::id, objectives::parent_id, objectives::sdgs))
            .into_boxed();
        if let Some(organizations) = &scope.organizations {
            query = query.filter(plans::organization_id.eq_any(organizations));
        }
        query.load(c)?
    });
    Ok(rows.into_iter().map(|(id, parent, sdgs)| (id, (parent, sdgs))).collect())
}

/// The way from an objective to the top of its plan, itself first.
fn upwards<'a>(id: &'a str, known: &'a HashMap<String, (Option<String>, String)>) -> impl Iterator<Item = &'a str> {
    let mut seen = HashSet::new();
    std::iter::successors(Some(id), |id| known.get(*id).and_then(|(parent, _)| parent.as_deref()))
        .take_while(move |id| seen.insert(*id))
}

/// The objective at the top of the plan, for each objective of the plans in a scope.
///
/// # Errors
/// The database's own.
pub fn roots(connection: &mut Connection, scope: &Scope) -> Result<HashMap<String, String>, DbError> {
    let known = scoped(connection, scope)?;
    Ok(known.keys().map(|id| (id.clone(), upwards(id, &known).last().unwrap_or(id).to_owned())).collect())
}

/// The sustainable development goals of each objective of the plans in a scope: its own and those above it.
///
/// # Errors
/// The database's own.
pub fn goals(connection: &mut Connection, scope: &Scope) -> Result<HashMap<String, BTreeSet<u8>>, DbError> {
    let known = scoped(connection, scope)?;
    let own =
        |id: &str| known.get(id).and_then(|(_, sdgs)| serde_json::from_str::<Vec<u8>>(sdgs).ok()).unwrap_or_default();
    Ok(known.keys().map(|id| (id.clone(), upwards(id, &known).flat_map(own).collect())).collect())
}

/// Which objectives a list holds.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of this plan.
    pub plan_id: Option<String>,
    /// Directly below this one.
    pub parent_id: Option<String>,
    /// With this number.
    pub number: Option<String>,
    /// Of this level.
    pub level: Option<String>,
    /// That serve this sustainable development goal.
    pub sdg: Option<i32>,
}

/// A page of objectives.
///
/// # Errors
/// The database's own.
pub fn list(connection: &mut Connection, filter: &Filter, page: &Page) -> Result<Listed<Objective>, DbError> {
    list!(connection, page, objectives, Objective,
    { "number" => number_key: String = |row| row.content.number_key.clone(),
      "title" => title: String = |row| row.content.title.clone() },
    |query| {
        if let Some(plan) = &filter.plan_id {
            query = query.filter(objectives::plan_id.eq(plan.clone()));
        }
        if let Some(parent) = &filter.parent_id {
            query = query.filter(objectives::parent_id.eq(parent.clone()));
        }
        if let Some(number) = &filter.number {
            query = query.filter(objectives::number.eq(number.clone()));
        }
        if let Some(level) = &filter.level {
            query = query.filter(objectives::level.eq(level.clone()));
        }
        if let Some(sdg) = filter.sdg {
            // An array of integers as JSON without spaces: the number stands alone, first, last or between commas.
            query = query.filter(
                objectives::sdgs
                    .eq(format!("[{sdg}]"))
                    .or(objectives::sdgs.like(format!("[{sdg},%")))
                    .or(objectives::sdgs.like(format!("%,{sdg}]")))
                    .or(objectives::sdgs.like(format!("%,{sdg},%"))),
            );
        }
    })
}

/// An objective and everything below it, by id.
///
/// # Errors
/// The database's own.
pub fn subtree(connection: &mut Connection, root: &str) -> Result<Vec<String>, DbError> {
    let mut found = vec![root.to_owned()];
    let mut level = found.clone();
    while !level.is_empty() {
        let parents: Vec<Option<&str>> = level.iter().map(|id| Some(id.as_str())).collect();
        let below: Vec<String> = on!(connection, |c| objectives::table
            .filter(objectives::parent_id.eq_any(parents))
            .select(objectives::id)
            .order(objectives::id)
            .load(c)?);
        level = below.into_iter().filter(|id| !found.contains(id)).collect();
        found.extend(level.iter().cloned());
    }
    Ok(found)
}

/// The place of the last among the nodes below `parent` (at the top where there is none), not counting `but`.
///
/// # Errors
/// The database's own.
pub fn last_position(
    connection: &mut Connection,
    plan: &str,
    parent: Option<&str>,
    but: Option<&str>,
) -> Result<Option<i32>, DbError> {
    Ok(on!(connection, |c| {
        let others = objectives::table
            .filter(objectives::plan_id.eq(plan))
            .filter(objectives::id.ne(but.unwrap_or_default()))
            .select(diesel::dsl::max(objectives::position))
            .into_boxed();
        match parent {
            Some(parent) => others.filter(objectives::parent_id.eq(parent)).get_result(c)?,
            None => others.filter(objectives::parent_id.is_null()).get_result(c)?,
        }
    }))
}
