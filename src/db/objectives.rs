//! Objectives: the tree of themes (経営課題) and strategies (戦略) of a plan.

use diesel::prelude::*;

use super::schema::objectives;
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
