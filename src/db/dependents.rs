//! What stands in the way of a deletion: the rows that refer to a row, counted, the first of them named.

use diesel::prelude::*;

use super::schema::{
    activities, actuals, checkpoints, indicators, initiatives, objectives, organizations, plans, reviews, submissions,
    targets,
};
use super::{Connection, DbError};

/// Rows of one table that refer to a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependents {
    /// The table, which is also the resource's path.
    pub resource: &'static str,
    /// How many there are.
    pub count: i64,
    /// The ids of the first ten.
    pub ids: Vec<String>,
}

/// Counts the rows of each table whose column holds the id, leaving out tables that have none.
macro_rules! dependents {
    ($(#[$doc:meta])* $name:ident: $($table:ident . $column:ident),+ $(,)?) => {
        $(#[$doc])*
        ///
        /// # Errors
        /// The database's own.
        pub fn $name(connection: &mut Connection, id: &str) -> Result<Vec<Dependents>, DbError> {
            let mut found = Vec::new();
            $(
                let (count, ids): (i64, Vec<String>) = on!(connection, |c| {
                    let count = $table::table.filter($table::$column.eq(id)).count().get_result(c)?;
                    let ids = $table::table.filter($table::$column.eq(id)).select($table::id).order($table::id).limit(10);
                    (count, if count == 0 { Vec::new() } else { ids.load(c)? })
                });
                if count > 0 {
                    found.push(Dependents { resource: stringify!($table), count, ids });
                }
            )+
            Ok(found)
        }
    };
}

dependents! {
    /// What belongs to an organization.
    of_organization: organizations.parent_id, plans.organization_id, indicators.organization_id, initiatives.department_id,
        submissions.organization_id
}
dependents! {
    /// What belongs to a plan.
    of_plan: objectives.plan_id, checkpoints.plan_id, submissions.plan_id
}
dependents! {
    /// What belongs to an objective.
    of_objective: objectives.parent_id, initiatives.objective_id
}
dependents! {
    /// What belongs to an initiative or stands for it.
    of_initiative: targets.initiative_id, activities.initiative_id, reviews.initiative_id, initiatives.same_as_id,
        initiatives.continues_id
}
dependents! {
    /// What is measured by an indicator.
    of_indicator: targets.indicator_id, actuals.indicator_id
}
dependents! {
    /// What was said at a checkpoint.
    of_checkpoint: reviews.checkpoint_id, submissions.checkpoint_id
}
