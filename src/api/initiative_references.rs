//! To what an initiative may refer: its department, the one that it stands for, the one that it continues.

use super::problem::Fault;
use crate::db::access;
use crate::db::initiatives::{self, Initiative};
use crate::db::plans::Plan;
use crate::db::{Connection, DbError};

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
    let found = access::organization(connection, &name)?;
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
    let Some(found) = access::find::<Initiative>(connection, other)? else {
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

/// The initiative that one of the plan continues: the one that is given, where it can be continued under this number;
/// else the one that had the number in the organization's plan of the year before, if it is known. Only a change of
/// the number looks again, so that a wrong find can be taken out.
///
/// # Errors
/// The database's own.
pub(super) fn continued(
    connection: &mut Connection,
    number: Option<&str>,
    id: Option<String>,
    plan_id: &str,
    before: Option<&Initiative>,
    faults: &mut Vec<Fault>,
) -> Result<Option<String>, DbError> {
    let same_number = before.is_some_and(|before| before.continues.as_deref() == number);
    let same_id = before.is_some_and(|before| before.continues_id == id);
    if same_number && (same_id || id.is_none()) {
        return Ok(id);
    }
    let Some(plan) = access::find::<Plan>(connection, plan_id)? else { return Ok(id) };
    match (&id, number) {
        (Some(earlier), number) => faults.extend(continues_fault(connection, earlier, number, &plan.content)?),
        (None, Some(number)) => {
            let Plan { organization_id, fiscal_year, .. } = &plan.content;
            return initiatives::last_years(connection, organization_id, *fiscal_year, number);
        }
        (None, None) => {}
    }
    Ok(id)
}

fn continues_fault(
    connection: &mut Connection,
    earlier: &str,
    number: Option<&str>,
    plan: &Plan,
) -> Result<Option<Fault>, DbError> {
    let at = |code, ja: &str, en: &str| Fault::at("/continues_id", code, ja, en).received(earlier);
    let Some(found) = access::find::<Initiative>(connection, earlier)? else {
        return Ok(Some(Fault::unknown("/continues_id", "initiatives", earlier)));
    };
    let then = access::find::<Plan>(connection, &found.content.plan_id)?.map(|row| row.content);
    let fault = if then.as_ref().is_none_or(|then| then.organization_id != plan.organization_id) {
        at("other_organization", "同じ組織の取組ではありません。", "It belongs to another organization.")
    } else if then.is_none_or(|then| then.fiscal_year >= plan.fiscal_year) {
        at("not_earlier", "前の年度の取組ではありません。", "It is not of an earlier fiscal year.")
    } else if number.is_some_and(|number| number != found.content.number) {
        at("other_number", "continuesの番号の取組ではありません。", "It does not have the number in `continues`.")
            .accepted(found.content.number)
    } else {
        return Ok(None);
    };
    Ok(Some(fault))
}
