//! Objectives: the tree of themes (経営課題) and strategies (戦略) of a plan.

use std::collections::{BTreeSet, HashMap, HashSet};

use diesel::prelude::*;

use super::rollups::Scope;
use super::schema::{objectives, plans};
use super::store::{Listed, Page};
use super::{Connection, DbError};

/// A node of a plan's tree.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
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

stored!(objectives, Objective);

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
