//! Initiatives (具体的取組): what is done.

use diesel::prelude::*;

use super::schema::initiatives;
use super::store::{Listed, Page};
use super::{Connection, DbError};

/// What is done for an objective.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = initiatives, treat_none_as_null = true)]
pub struct Initiative {
    /// The plan.
    pub plan_id: String,
    /// The objective that it serves.
    pub objective_id: String,
    /// Its place in the objective, from 0.
    pub position: i32,
    /// Its number, which is a name: `3-1-2`, `R-1`.
    pub number: String,
    /// Sorts as people sort numbers: [`crate::domain::natural`].
    pub number_key: String,
    /// Its title.
    pub title: String,
    /// What is done, in words.
    pub description: Option<String>,
    /// The department in charge, an organization.
    pub department_id: Option<String>,
    /// The initiative that it stands for (再掲); it has no flags of its own then.
    pub same_as_id: Option<String>,
    /// The number of last year's initiative that it continues.
    pub continues: Option<String>,
    /// That initiative, where it is known.
    pub continues_id: Option<String>,
}

stored!(initiatives, Initiative);
