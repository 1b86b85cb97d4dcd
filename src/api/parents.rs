//! What a resource belongs to: looked up in its input, fixed where the belonging is part of what it is.

use super::problem::Fault;
use crate::db::access;
use crate::db::initiatives::Initiative;
use crate::db::{Connection, DbError, Row, states};

/// The refusal of a change to what never changes.
pub fn fixed(pointer: &str, received: impl Into<serde_json::Value>, stands: impl Into<serde_json::Value>) -> Fault {
    Fault::at(
        pointer,
        "fixed",
        "作成後は変更できません。別のものとして作成してください。",
        "It cannot change after creation. Create another one instead.",
    )
    .received(received)
    .accepted(stands)
}

/// The initiative with this id. A fault where there is none.
///
/// # Errors
/// The database's own.
pub fn initiative(
    connection: &mut Connection,
    id: &str,
    faults: &mut Vec<Fault>,
) -> Result<Option<Row<Initiative>>, DbError> {
    let found = access::find::<Initiative>(connection, id)?;
    if found.is_none() {
        faults.push(Fault::unknown("/initiative_id", "initiatives", id));
    }
    Ok(found)
}

/// The initiative with this id, which is the one that the row has always belonged to. A fault where it is another one.
///
/// # Errors
/// The database's own.
pub fn same_initiative(
    connection: &mut Connection,
    id: &str,
    current: Option<&str>,
    faults: &mut Vec<Fault>,
) -> Result<Option<Row<Initiative>>, DbError> {
    if let Some(current) = current.filter(|current| *current != id) {
        faults.push(fixed("/initiative_id", id, current));
        return Ok(None);
    }
    initiative(connection, id, faults)
}

/// Brings the computed states of the initiative's plan up to date.
///
/// # Errors
/// The database's own.
pub fn refresh_plan_of(connection: &mut Connection, initiative_id: &str) -> Result<(), DbError> {
    match access::find::<Initiative>(connection, initiative_id)? {
        Some(initiative) => states::refresh_plan(connection, &initiative.content.plan_id),
        None => Ok(()),
    }
}

/// The id that a filter means by an id or a national code. What nobody has stays as it is, and finds nothing.
///
/// # Errors
/// The database's own.
pub fn organization_id(connection: &mut Connection, name: Option<String>) -> Result<Option<String>, DbError> {
    match name {
        None => Ok(None),
        Some(name) => {
            let found = access::organization(connection, &name)?;
            Ok(Some(found.map_or(name, |row| row.id)))
        }
    }
}
