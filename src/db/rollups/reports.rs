//! How far the reports of departments have come, over many plans.

use std::collections::HashMap;

use diesel::prelude::*;

use super::Scope;
use crate::db::schema::{checkpoints, initiative_states, initiatives, plans, submissions};
use crate::db::{Connection, DbError};
use crate::domain::access::Limits;
use crate::domain::rollup::SubmissionCounts;
use crate::domain::submission::SubmissionState;

/// How far the reports of the departments have come at the checkpoints of a scope, by department; `None` for what organizations report themselves. Of plans that
/// the caller sees only because they are published there are none.
///
/// # Errors
/// The database's own.
pub fn submissions_by_department(
    connection: &mut Connection,
    scope: &Scope,
) -> Result<HashMap<Option<String>, SubmissionCounts>, DbError> {
    let scope = &Scope { limits: scope.limits.clone().map(Limits::without_published), ..scope.clone() };
    let due: Vec<(String, String, Option<String>)> = on!(&mut *connection, |c| {
        let mut query = initiative_states::table
            .inner_join(checkpoints::table.on(checkpoints::id.eq(initiative_states::checkpoint_id)))
            .inner_join(plans::table.on(plans::id.eq(checkpoints::plan_id)))
            .inner_join(initiatives::table.on(initiatives::id.eq(initiative_states::initiative_id)))
            .filter(initiative_states::cross_reference.eq(false))
            .select((checkpoints::id, plans::organization_id, initiatives::department_id))
            .distinct()
            .into_boxed();
        query = in_scope!(query, scope);
        query.load(c)?
    });
    let begun: Vec<(String, String, String, SubmissionState)> = on!(connection, |c| {
        let mut query = submissions::table
            .inner_join(checkpoints::table.on(checkpoints::id.eq(submissions::checkpoint_id)))
            .inner_join(plans::table.on(plans::id.eq(checkpoints::plan_id)))
            .select((checkpoints::id, plans::organization_id, submissions::organization_id, submissions::state))
            .into_boxed();
        query = in_scope!(query, scope);
        query.load(c)?
    });
    // An initiative that names its organization is in nobody else's charge.
    let key = |checkpoint, own, department: Option<String>| (checkpoint, department.filter(|id| *id != own));
    let due = due.into_iter().map(|(checkpoint, own, department)| (key(checkpoint, own, department), None));
    let begun = begun.into_iter().map(|(checkpoint, own, by, state)| (key(checkpoint, own, Some(by)), Some(state)));
    let standings: HashMap<(String, Option<String>), Option<SubmissionState>> = due.chain(begun).collect();
    let mut counts: HashMap<Option<String>, SubmissionCounts> = HashMap::new();
    for ((_, department), state) in standings {
        counts.entry(department).or_default().add(state, 1);
    }
    Ok(counts)
}
