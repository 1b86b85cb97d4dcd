//! What becomes public: what a submission holds when it is published, and what an erratum corrects.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt};

use super::{TOGETHER, flags};
use crate::db::activities::Activity;
use crate::db::actuals::Actual;
use crate::db::fixed::Fixed;
use crate::db::history::{Recorded, Report};
use crate::db::locks::Locks;
use crate::db::reviews::Review;
use crate::db::schema::{history as entries, initiatives, plans, targets, unpublished_entries, withheld};
use crate::db::submissions::Submission;
use crate::db::{Backend, Connection, DbError, plans as all_plans, states};

/// Something of which the public is not shown what stands.
struct Kept {
    /// What it is.
    id: String,
    /// The name of its table.
    kind: String,
    /// The entry of the history that is shown.
    shown: i64,
    /// The entries after it, the last of which stands.
    since: Vec<i64>,
    /// What it says, or said before it was removed.
    content: Option<String>,
    is_removed: bool,
}

/// Publishes what a submission holds, which has just been published: what stands of it is out. What was overtaken until then stays unpublished.
///
/// # Errors
/// The database's own, and [`DbError::Failed`] where an entry of the history is none.
pub fn publish(connection: &mut Connection, submission: &Submission) -> Result<(), DbError> {
    let (initiatives, indicators) = in_charge(connection, submission)?;
    touch(connection, submission, &indicators)?;
    let mut kept: Vec<Kept> = Vec::new();
    let scopes: Vec<&String> = initiatives.iter().chain(&indicators).collect();
    for scopes in scopes.chunks(TOGETHER) {
        let found: Vec<(String, String, i64)> = on!(&mut *connection, |c| withheld::table
            .filter(withheld::scope_id.eq_any(scopes.iter().copied()))
            .select((withheld::resource_id, withheld::kind, withheld::seq))
            .load(c)?);
        kept.extend(found.into_iter().map(Kept::new));
    }
    look_up(connection, &mut kept)?;
    let reports = kept.iter().map(Kept::report).collect::<Result<Vec<Option<Report>>, DbError>>()?;
    let locks = Locks::published(connection, &reports.iter().flatten().collect::<Vec<_>>())?;
    let is_out = |report: &Option<Report>| report.as_ref().is_none_or(|report| locks.holding(report).is_some());
    let out: Vec<&Kept> =
        kept.iter().zip(&reports).filter(|(_, report)| is_out(report)).map(|(kept, _)| kept).collect();
    let overtaken = out.iter().filter_map(|kept| kept.since.split_last()).flat_map(|(_, before)| before);
    let overtaken: Vec<i64> = overtaken.copied().collect();
    release(connection, &out, &overtaken)?;
    let gone = out.iter().filter(|kept| kept.kind == Review::KIND && kept.is_removed);
    flags::forget(connection, &gone.map(|kept| kept.id.as_str()).collect::<Vec<_>>())?;
    let beside = flags::reviews_at(connection, &submission.checkpoint_id, &initiatives)?;
    flags::publish(connection, &beside.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Lets an erratum say what stands of these things: what was kept back of them is overtaken by it.
///
/// # Errors
/// The database's own.
pub(super) fn overtake(connection: &mut Connection, ids: &[&str]) -> Result<(), DbError> {
    let mut kept: Vec<Kept> = Vec::new();
    for ids in ids.chunks(TOGETHER) {
        let found: Vec<(String, String, i64)> = on!(&mut *connection, |c| withheld::table
            .filter(withheld::resource_id.eq_any(ids))
            .select((withheld::resource_id, withheld::kind, withheld::seq))
            .load(c)?);
        kept.extend(found.into_iter().map(Kept::new));
    }
    look_up(connection, &mut kept)?;
    let overtaken: Vec<i64> = kept.iter().flat_map(|kept| &kept.since).copied().collect();
    release(connection, &kept.iter().collect::<Vec<_>>(), &overtaken)?;
    flags::publish(connection, ids)
}

/// The initiatives that a submission is of, and what their targets measure.
fn in_charge(connection: &mut Connection, submission: &Submission) -> Result<(Vec<String>, Vec<String>), DbError> {
    let by = &submission.organization_id;
    let own: Vec<String> = on!(&mut *connection, |c| initiatives::table
        .inner_join(plans::table.on(plans::id.eq(initiatives::plan_id)))
        .filter(initiatives::plan_id.eq(&submission.plan_id))
        .filter(
            initiatives::department_id
                .eq(by)
                .or(initiatives::department_id.is_null().and(plans::organization_id.eq(by))),
        )
        .select(initiatives::id)
        .load(c)?);
    let measured: Vec<String> = on!(connection, |c| targets::table
        .filter(targets::initiative_id.eq_any(&own))
        .select(targets::indicator_id)
        .distinct()
        .load(c)?);
    Ok((own, measured))
}

/// Locks every plan that may look at these figures, in the order in which everybody does, and has its edition for the public made anew.
fn touch(connection: &mut Connection, submission: &Submission, indicators: &[String]) -> Result<(), DbError> {
    let since: HashMap<&str, NaiveDate> = indicators.iter().map(|id| (id.as_str(), NaiveDate::MIN)).collect();
    let mut plans: BTreeSet<String> = states::concerned(connection, &since)?.into_iter().collect();
    plans.insert(submission.plan_id.clone());
    let plans: Vec<String> = plans.into_iter().collect();
    all_plans::lock_all(connection, &plans)?;
    states::forget_published(connection, &plans.iter().map(String::as_str).collect::<Vec<_>>())?;
    connection.touched.extend(plans);
    Ok(())
}

impl Kept {
    fn new((id, kind, shown): (String, String, i64)) -> Self {
        Self { id, kind, shown, since: Vec::new(), content: None, is_removed: false }
    }

    /// What it reports.
    fn report(&self) -> Result<Option<Report>, DbError> {
        let Some(content) = &self.content else { return Ok(None) };
        let report = match self.kind.as_str() {
            Actual::KIND => serde_json::from_str::<Actual>(content).map(|content| content.report()),
            Activity::KIND => serde_json::from_str::<Activity>(content).map(|content| content.report()),
            _ => serde_json::from_str::<Review>(content).map(|content| content.report()),
        };
        report.map_err(|error| DbError::Failed(format!("the history of {}: {error}", self.id)))
    }
}

/// Looks up what has become of things since the public was shown them.
fn look_up(connection: &mut Connection, kept: &mut [Kept]) -> Result<(), DbError> {
    let mut by_id: HashMap<String, &mut Kept> = kept.iter_mut().map(|kept| (kept.id.clone(), kept)).collect();
    let ids: Vec<String> = by_id.keys().cloned().collect();
    for ids in ids.chunks(TOGETHER) {
        let found: Vec<(String, i64, Option<String>)> = on!(&mut *connection, |c| entries::table
            .filter(entries::resource_id.eq_any(ids))
            .order((entries::resource_id, entries::seq))
            .select((entries::resource_id, entries::seq, entries::content))
            .load(c)?);
        for (id, seq, content) in found {
            let Some(kept) = by_id.get_mut(&id) else { continue };
            if seq > kept.shown {
                kept.since.push(seq);
            }
            kept.is_removed = content.is_none();
            kept.content = content.or_else(|| kept.content.take());
        }
    }
    Ok(())
}

/// Shows the public what stands, and never what was overtaken.
fn release(connection: &mut Connection, out: &[&Kept], overtaken: &[i64]) -> Result<(), DbError> {
    match &mut connection.backend {
        Backend::Sqlite(c) => {
            for seq in overtaken {
                Fixed(diesel::insert_into(unpublished_entries::table).values(unpublished_entries::seq.eq(*seq)))
                    .run(c)?;
            }
        }
        Backend::Postgres(c) if !overtaken.is_empty() => {
            let put = diesel::sql_query("INSERT INTO unpublished_entries (seq) SELECT unnest($1)");
            Fixed(put.bind::<Array<BigInt>, _>(overtaken)).run(c)?;
        }
        Backend::Postgres(_) => {}
    }
    for out in out.chunks(TOGETHER) {
        on!(&mut *connection, |c| diesel::delete(
            withheld::table.filter(withheld::resource_id.eq_any(out.iter().map(|kept| &kept.id)))
        )
        .execute(c)?);
    }
    Ok(())
}
