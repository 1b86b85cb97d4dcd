//! To what an initiative may refer: its department, the one that it stands for, the one that it continues.

use super::problem::Fault;
use crate::db::initiatives::{self, Initiative};
use crate::db::organizations;
use crate::db::plans::Plan;
use crate::db::{Connection, DbError, Stored};

/// The id of the department that is named by an id or a national code.
///
/// # Errors
/// The database's own.
pub(super) fn department(
    connection: &mut Connection,
    name: Option<String>,
    faults: &mut Vec<Fault>,
) -> Result<Option<String>, DbError> {
    let Some(name) = name else { return Ok(None) };
    let found = organizations::find_by_id_or_code(connection, &name)?;
    if found.is_none() {
        faults.push(Fault::unknown("/department_id", "organizations", &name));
    }
    Ok(found.map(|row| row.id))
}

/// Why an initiative of the plan cannot stand for another one, if it cannot. A cross reference leads to an initiative
/// with flags in one step: chains and rings would leave a rollup without the one that it counts.
///
/// # Errors
/// The database's own.
pub(super) fn same_as_fault(
    connection: &mut Connection,
    other: &str,
    plan_id: &str,
    own_id: Option<&str>,
) -> Result<Option<Fault>, DbError> {
    let at = |code, ja: &str, en: &str| Some(Fault::at("/same_as_id", code, ja, en).received(other));
    let Some(found) = Initiative::find(connection, other)? else {
        return Ok(Some(Fault::unknown("/same_as_id", "initiatives", other)));
    };
    if found.content.plan_id != plan_id {
        return Ok(Some(Fault::other_plan("/same_as_id", other)));
    }
    if own_id == Some(found.id.as_str()) {
        return Ok(at("circular", "自分自身の再掲にはできません。", "It cannot stand for itself."));
    }
    if found.content.same_as_id.is_some() {
        return Ok(at(
            "cross_reference",
            "再掲の取組を指しています。元の取組を指定してください。",
            "It stands for another initiative itself: refer to that one.",
        ));
    }
    let referred_to = match own_id {
        Some(id) => initiatives::is_referred_to(connection, id)?,
        None => false,
    };
    if !referred_to {
        return Ok(None);
    }
    Ok(at(
        "referred_to",
        "この取組を指す再掲があるため、再掲にはできません。",
        "Other initiatives stand for this one, so it cannot stand for another.",
    ))
}

/// Why an initiative of the plan cannot continue another one, if it cannot.
///
/// # Errors
/// The database's own.
pub(super) fn continues_fault(
    connection: &mut Connection,
    earlier: &str,
    plan_id: &str,
) -> Result<Option<Fault>, DbError> {
    let at = |code, ja: &str, en: &str| Some(Fault::at("/continues_id", code, ja, en).received(earlier));
    let Some(found) = Initiative::find(connection, earlier)? else {
        return Ok(Some(Fault::unknown("/continues_id", "initiatives", earlier)));
    };
    let (Some(then), Some(now)) = (Plan::find(connection, &found.content.plan_id)?, Plan::find(connection, plan_id)?)
    else {
        return Ok(None);
    };
    if then.content.organization_id != now.content.organization_id {
        return Ok(at("other_organization", "同じ組織の取組ではありません。", "It belongs to another organization."));
    }
    if then.content.fiscal_year >= now.content.fiscal_year {
        return Ok(at("not_earlier", "前の年度の取組ではありません。", "It is not of an earlier fiscal year."));
    }
    Ok(None)
}
