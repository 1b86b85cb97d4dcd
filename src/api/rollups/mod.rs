//! Rollups: how many initiatives stand where, at every node.

mod grouped;
mod organization;
mod plan;
mod tallies;

use super::routes::Routes;
pub use plan::{StoredRollup, stored};

/// The routes of rollups.
pub(super) fn routes(config: &mut impl Routes) {
    config
        .service(plan::get_plan_rollup)
        .service(plan::get_objective_rollup)
        .service(plan::get_initiative_rollup)
        .service(organization::get_organization_rollup)
        .service(grouped::list_rollups);
}
