//! The computed state of each target and each initiative at each checkpoint. A placeholder: the real one replaces it.

use super::{Connection, DbError};

/// Computes the states of a plan's targets and initiatives anew.
///
/// # Errors
/// The database's own.
pub fn refresh_plan(_connection: &mut Connection, _plan_id: &str) -> Result<(), DbError> {
    tracing::debug!(plan = _plan_id, "refresh_plan");
    Ok(())
}

/// Computes the states of every plan that has a target on the indicator anew.
///
/// # Errors
/// The database's own.
pub fn refresh_indicator(_connection: &mut Connection, _indicator_id: &str) -> Result<(), DbError> {
    tracing::debug!(indicator = _indicator_id, "refresh_indicator");
    Ok(())
}

/// Removes what was computed of a target, before the target itself.
///
/// # Errors
/// The database's own.
pub fn forget_target(_connection: &mut Connection, _target_id: &str) -> Result<(), DbError> {
    tracing::debug!(target_id = _target_id, "forget_target");
    Ok(())
}
