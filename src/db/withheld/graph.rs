//! A plan as it is published.

use std::collections::HashSet;

use diesel::prelude::*;

use super::{TOGETHER, entries_with};
use crate::db::activities::Activity;
use crate::db::actuals::Actual;
use crate::db::audit::Entry;
use crate::db::graph::PlanGraph;
use crate::db::history::{self, Recorded};
use crate::db::reviews::Review;
use crate::db::schema::withheld;
use crate::db::{Connection, DbError, Row};

/// Reads a plan as the public is shown it; `None` where there is no such plan.
///
/// # Errors
/// The database's own, and [`DbError::Failed`] where an entry of the history is none.
pub(in crate::db) fn published(connection: &mut Connection, plan_id: &str) -> Result<Option<PlanGraph>, DbError> {
    let Some(mut graph) = PlanGraph::load(connection, plan_id, None)? else { return Ok(None) };
    let initiatives = graph.initiatives.iter().map(|row| row.id.as_str());
    let scopes: Vec<&str> = initiatives.chain(graph.indicators.keys().map(String::as_str)).collect();
    let mut kept: Vec<(String, i64)> = Vec::new();
    for scopes in scopes.chunks(TOGETHER) {
        let found: Vec<(String, i64)> = on!(&mut *connection, |c| withheld::table
            .filter(withheld::scope_id.eq_any(scopes))
            .select((withheld::resource_id, withheld::seq))
            .load(c)?);
        kept.extend(found);
    }
    let seqs: Vec<i64> = kept.iter().map(|(_, seq)| *seq).filter(|seq| *seq > 0).collect();
    let shown = entries_with(connection, &seqs)?;
    let kept: HashSet<&str> = kept.iter().map(|(id, _)| id.as_str()).collect();
    replace::<Actual>(&mut graph.actuals, &kept, &shown)?;
    replace::<Activity>(&mut graph.activities, &kept, &shown)?;
    replace::<Review>(&mut graph.reviews, &kept, &shown)?;
    // In the order in which they are read elsewhere.
    let day = |row: &Row<Actual>| (row.content.subject.fiscal_year, row.content.subject.as_of);
    graph.actuals.sort_by(|a, b| (day(a), &a.id).cmp(&(day(b), &b.id)));
    graph.activities.sort_by(|a, b| (a.content.position, &a.id).cmp(&(b.content.position, &b.id)));
    graph.reviews.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(Some(graph))
}

/// Puts what is shown in the place of what is kept back.
fn replace<T: Recorded>(rows: &mut Vec<Row<T>>, kept: &HashSet<&str>, shown: &[Entry]) -> Result<(), DbError> {
    rows.retain(|row| !kept.contains(row.id.as_str()));
    for entry in shown.iter().filter(|entry| entry.kind == T::KIND) {
        if let Some(content) = history::content::<T>(entry)? {
            let Entry { resource_id, version, recorded_at, .. } = entry.clone();
            rows.push(Row { id: resource_id, content, version, created_at: recorded_at, updated_at: recorded_at });
        }
    }
    Ok(())
}
