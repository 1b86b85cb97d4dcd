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
    /// How many there are that the caller may see.
    pub count: i64,
    /// The ids of the first ten.
    pub ids: Vec<String>,
}

/// Counts the rows of each table whose column holds the id, leaving out tables that have none. Rows that the caller may not see
/// stand in the way as well, but are not told.
macro_rules! dependents {
    ($(#[$doc:meta])* $name:ident: $($table:ident . $column:ident),+ $(,)?) => {
        $(#[$doc])*
        ///
        /// # Errors
        /// The database's own.
        pub fn $name(connection: &mut Connection, id: &str) -> Result<Vec<Dependents>, DbError> {
            let limits = connection.caller.limits();
            let mut found = Vec::new();
            $(
                let ids: Option<Vec<String>> = on!(connection, |c| {
                    let all = $table::table.filter($table::$column.eq(id)).select($table::id).order($table::id);
                    let first: Option<String> = all.first(c).optional()?;
                    match (first, &limits) {
                        (None, _) => None,
                        (Some(_), None) => Some(all.load(c)?),
                        (Some(_), Some(limits)) => {
                            let all = all.into_boxed();
                            Some(within!($table, all, limits).load(c)?)
                        }
                    }
                });
                if let Some(mut ids) = ids {
                    let count = i64::try_from(ids.len()).unwrap_or(i64::MAX);
                    ids.truncate(10);
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
