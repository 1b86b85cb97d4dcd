//! What departments have reported and nobody has published yet. Until then the public goes on reading what it read before: of each figure, activity
//! and review that has changed since, what an entry of the history says; of what is new, nothing. Whoever reads for the public finds it under
//! the names of the tables ([`super::Audience`]), so that no query has to think of it.
//!
//! A report waits where a plan that it concerns has a checkpoint with a window, or its department has begun a submission in that plan; what comes together
//! with a new plan is none. It is out as soon
//! as a published submission holds it ([`super::locks`]), or an erratum corrects it; what was overtaken before that stays unpublished.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;
use diesel::dsl::{exists, max};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text};

use super::activities::Activity;
use super::audit::Entry;
use super::fixed::Fixed;
use super::history::{self, Change, Recorded, Report};
use super::plans::Plan;
use super::reviews::Review;
use super::schema::{
    checkpoints, history as entries, initiatives, organizations, plans, submissions, targets, withheld,
};
use super::submissions::Submission;
use super::{Backend, Connection, DbError, locks};
use crate::domain::access::{Deed, Home};
use crate::domain::fiscal::Calendar;

/// So many rows are looked up in one statement.
const TOGETHER: usize = 1_000;

mod flags;
mod graph;
mod publication;

pub(super) use self::flags::keep_back as keep_flags_back;
pub(super) use self::graph::published as published_graph;
pub use self::publication::publish;

/// Where reports wait to be published.
struct Cycles {
    /// Up to which day the figures of an indicator do.
    figures: HashMap<String, NaiveDate>,
    /// The initiatives of which all reports do, and where they belong.
    initiatives: HashMap<String, Home>,
}

/// The plans that some changes make.
fn new_plans<'c>(changes: impl IntoIterator<Item = &'c Change>) -> Vec<String> {
    let made = changes.into_iter().filter(|change| change.kind == Plan::KIND && change.version == 1);
    made.map(|change| change.resource_id.clone()).collect()
}

/// The initiatives of plans and departments that are in a yearly cycle, but for those of new plans.
macro_rules! in_a_cycle {
    ($new:expr) => {
        initiatives::table
            .inner_join(plans::table.on(plans::id.eq(initiatives::plan_id)))
            .filter(initiatives::plan_id.ne_all($new))
            .filter(
                exists(
                    checkpoints::table
                        .filter(checkpoints::plan_id.eq(initiatives::plan_id))
                        .filter(checkpoints::opens.is_not_null().or(checkpoints::closes.is_not_null())),
                )
                .or(exists(
                    submissions::table.filter(submissions::plan_id.eq(initiatives::plan_id)).filter(
                        initiatives::department_id.eq(submissions::organization_id.nullable()).or(
                            initiatives::department_id
                                .is_null()
                                .and(plans::organization_id.eq(submissions::organization_id)),
                        ),
                    ),
                )),
            )
    };
}

impl Cycles {
    fn of(connection: &mut Connection, changes: &[Change]) -> Result<Self, DbError> {
        let (indicators, initiatives) = locks::concerned(changes.iter().filter_map(|change| change.report.as_ref()));
        let new = new_plans(changes);
        let figures = figures_in_a_cycle(connection, &indicators, &new)?;
        Ok(Self { figures, initiatives: initiatives_in_a_cycle(connection, &initiatives, &new)? })
    }

    /// Whether a change waits to be published. What a plan states of earlier years does not.
    fn hold(&self, change: &Change) -> bool {
        match &change.report {
            Some(Report::Figure(indicator, day)) => {
                !change.of_the_plan && self.figures.get(indicator).is_some_and(|last| day <= last)
            }
            Some(Report::Activity(initiative, _) | Report::Review(initiative, _)) => {
                self.initiatives.contains_key(initiative)
            }
            None => false,
        }
    }
}

/// The indicators that are measured in a cycle, each with the last day of which a plan speaks: that of its year, or of its last checkpoint.
fn figures_in_a_cycle(
    connection: &mut Connection,
    indicators: &BTreeSet<&str>,
    new: &[String],
) -> Result<HashMap<String, NaiveDate>, DbError> {
    if indicators.is_empty() {
        return Ok(HashMap::new());
    }
    let found: Vec<(String, String, i32, i32)> = on!(&mut *connection, |c| in_a_cycle!(new)
        .inner_join(organizations::table.on(organizations::id.eq(plans::organization_id)))
        .inner_join(targets::table.on(targets::initiative_id.eq(initiatives::id)))
        .filter(targets::indicator_id.eq_any(indicators.iter().copied()))
        .select((targets::indicator_id, plans::id, plans::fiscal_year, organizations::fiscal_year_start_month))
        .distinct()
        .load(c)?);
    if found.is_empty() {
        return Ok(HashMap::new());
    }
    let plans: BTreeSet<&str> = found.iter().map(|(_, plan, ..)| plan.as_str()).collect();
    let last: Vec<(String, Option<NaiveDate>)> = on!(connection, |c| checkpoints::table
        .filter(checkpoints::plan_id.eq_any(plans))
        .group_by(checkpoints::plan_id)
        .select((checkpoints::plan_id, max(checkpoints::as_of)))
        .load(c)?);
    let last: HashMap<String, NaiveDate> = last.into_iter().filter_map(|(plan, day)| Some((plan, day?))).collect();
    let mut figures: HashMap<String, NaiveDate> = HashMap::new();
    for (indicator, plan, year, month) in found {
        let end = Calendar::starting_in(month).last_day(year);
        let day = last.get(&plan).map_or(end, |last| end.max(*last));
        figures.entry(indicator).and_modify(|known| *known = day.max(*known)).or_insert(day);
    }
    Ok(figures)
}

/// Those of some initiatives that are in a cycle.
fn initiatives_in_a_cycle(
    connection: &mut Connection,
    ids: &BTreeSet<&str>,
    new: &[String],
) -> Result<HashMap<String, Home>, DbError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let found: Vec<(String, String, Option<String>)> = on!(connection, |c| in_a_cycle!(new)
        .filter(initiatives::id.eq_any(ids.iter().copied()))
        .select((initiatives::id, plans::organization_id, initiatives::department_id))
        .load(c)?);
    let home = |(id, organization, department): (String, String, Option<String>)| {
        let departments = department.into_iter().collect();
        (id, Home { organization_id: Some(organization), departments, status: None })
    };
    Ok(found.into_iter().map(home).collect())
}

/// Those of some plans that are in a cycle, so that what is reported of them may wait.
pub(super) fn plans_in_a_cycle(connection: &mut Connection, plans: &[&str]) -> Result<HashSet<String>, DbError> {
    let new = new_plans(&connection.unsealed);
    let found: Vec<String> = on!(connection, |c| in_a_cycle!(new)
        .filter(initiatives::plan_id.eq_any(plans))
        .select(initiatives::plan_id)
        .distinct()
        .load(c)?);
    Ok(found.into_iter().collect())
}

/// Keeps back what these changes report, as far as it waits to be published, before they are in the history. Says whether anything of them is public.
///
/// # Errors
/// The database's own.
pub(super) fn keep_back(connection: &mut Connection, changes: &[Change]) -> Result<bool, DbError> {
    let mut kept = HashSet::new();
    if connection.erratum {
        let corrected = changes.iter().filter(|change| change.report.is_some());
        let corrected: Vec<&str> = corrected.map(|change| change.resource_id.as_str()).collect();
        publication::overtake(connection, &corrected)?;
    } else {
        let cycles = Cycles::of(connection, changes)?;
        // The first change of each thing says whether it is new, and all of them together what was said of it.
        let mut waiting: BTreeMap<&str, Vec<&Change>> = BTreeMap::new();
        for change in changes.iter().filter(|change| cycles.hold(change)) {
            waiting.entry(&change.resource_id).or_default().push(change);
        }
        kept.extend(waiting.keys().copied());
        for id in begin_to_keep_back(connection, &cycles, waiting)? {
            kept.remove(id);
        }
    }
    let public = || changes.iter().filter(|change| !kept.contains(change.resource_id.as_str()));
    let gone = public().filter(|change| change.kind == Review::KIND && change.is_removal());
    let gone: Vec<&str> = gone.map(|change| change.resource_id.as_str()).collect();
    if !gone.is_empty() {
        flags::forget(connection, &gone)?;
    }
    // Only the department itself is told how far it has come.
    Ok(public().any(|change| change.kind != Submission::KIND))
}

/// Notes what the public goes on reading of things that it has read until now. Gives the ids of those that are out at once.
fn begin_to_keep_back<'c>(
    connection: &mut Connection,
    cycles: &Cycles,
    mut waiting: BTreeMap<&'c str, Vec<&'c Change>>,
) -> Result<Vec<&'c str>, DbError> {
    if waiting.is_empty() {
        return Ok(Vec::new());
    }
    let is_new = |changes: &[&Change]| changes.first().is_some_and(|first| first.version == 1);
    let mut changed: Vec<&str> = waiting.iter().filter(|(_, of)| !is_new(of)).map(|(id, _)| *id).collect();
    let known = kept_of(connection, &changed)?;
    waiting.retain(|id, _| !known.contains(*id));
    changed.retain(|id| !known.contains(*id));
    let stood = last_entries(connection, &changed)?;
    let promises: Vec<&str> = waiting
        .iter()
        .filter(|(_, changes)| changes.iter().all(|change| is_a_promise(connection, cycles, change)))
        .map(|(id, _)| *id)
        .collect();
    let promised = promises_among(connection, &promises, &stood)?;
    let out: Vec<&str> = promises
        .into_iter()
        .filter(|id| promised.contains(*id) || waiting.get(id).is_some_and(|changes| is_new(changes)))
        .collect();
    for id in &out {
        waiting.remove(id);
    }
    let firsts: Vec<(&Change, i64)> = waiting
        .values()
        .filter_map(|changes| changes.first())
        .map(|first| (*first, stood.get(&first.resource_id).copied().unwrap_or_default()))
        .collect();
    insert(connection, &firsts)?;
    Ok(out)
}

/// Whether a change only promises something, and whoever makes it makes the plan.
fn is_a_promise(connection: &Connection, cycles: &Cycles, change: &Change) -> bool {
    let Some(Report::Activity(initiative, _)) = &change.report else { return false };
    let home = cycles.initiatives.get(initiative);
    change.of_the_plan && home.is_some_and(|home| connection.caller.may(&[Deed::Plan], home))
}

/// Those of some activities that had only promised something until now.
fn promises_among(
    connection: &mut Connection,
    ids: &[&str],
    stood: &HashMap<String, i64>,
) -> Result<HashSet<String>, DbError> {
    let seqs: Vec<i64> = ids.iter().filter_map(|id| stood.get(*id).copied()).collect();
    let mut promised = HashSet::new();
    for entry in entries_with(connection, &seqs)? {
        if history::content::<Activity>(&entry)?.is_some_and(|activity| activity.is_of_the_plan()) {
            promised.insert(entry.resource_id);
        }
    }
    Ok(promised)
}

/// Those of some things of which something is kept back already.
fn kept_of(connection: &mut Connection, ids: &[&str]) -> Result<HashSet<String>, DbError> {
    let mut kept = HashSet::new();
    for ids in ids.chunks(TOGETHER) {
        let found: Vec<String> = on!(&mut *connection, |c| withheld::table
            .filter(withheld::resource_id.eq_any(ids))
            .select(withheld::resource_id)
            .load(c)?);
        kept.extend(found);
    }
    Ok(kept)
}

/// The last entry of the history of each of these things.
fn last_entries(connection: &mut Connection, ids: &[&str]) -> Result<HashMap<String, i64>, DbError> {
    let mut last = HashMap::new();
    for ids in ids.chunks(TOGETHER) {
        let found: Vec<(String, Option<i64>)> = on!(&mut *connection, |c| entries::table
            .filter(entries::resource_id.eq_any(ids))
            .group_by(entries::resource_id)
            .select((entries::resource_id, max(entries::seq)))
            .load(c)?);
        last.extend(found.into_iter().filter_map(|(id, seq)| Some((id, seq?))));
    }
    Ok(last)
}

fn entries_with(connection: &mut Connection, seqs: &[i64]) -> Result<Vec<Entry>, DbError> {
    let mut found: Vec<Entry> = Vec::new();
    for seqs in seqs.chunks(TOGETHER) {
        let more: Vec<Entry> = on!(&mut *connection, |c| entries::table
            .filter(entries::seq.eq_any(seqs))
            .select(Entry::as_select())
            .load(c)?);
        found.extend(more);
    }
    Ok(found)
}

fn insert(connection: &mut Connection, firsts: &[(&Change, i64)]) -> Result<(), DbError> {
    match &mut connection.backend {
        Backend::Sqlite(c) => {
            for (change, seq) in firsts {
                let row = (
                    withheld::resource_id.eq(&change.resource_id),
                    withheld::kind.eq(change.kind),
                    withheld::scope_id.eq(&change.scope_id),
                    withheld::seq.eq(*seq),
                );
                Fixed(diesel::insert_into(withheld::table).values(row)).run(c)?;
            }
        }
        Backend::Postgres(c) if !firsts.is_empty() => {
            let put = diesel::sql_query(
                "INSERT INTO withheld (resource_id, kind, scope_id, seq) SELECT unnest($1), unnest($2), unnest($3), unnest($4)",
            )
            .bind::<Array<Text>, _>(array!(firsts, |row| row.0.resource_id.as_str()))
            .bind::<Array<Text>, _>(array!(firsts, |row| row.0.kind))
            .bind::<Array<Text>, _>(array!(firsts, |row| row.0.scope_id.as_str()))
            .bind::<Array<BigInt>, _>(array!(firsts, |row| row.1));
            Fixed(put).run(c)?;
        }
        Backend::Postgres(_) => {}
    }
    Ok(())
}
