//! The department's own estimate of the year's result (見込額): a figure of its own in the row of the one that is asked for.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::content::{ESTIMATE, ESTIMATE_APPROXIMATE, Source, subject_members};
use super::merge::Merged;
use crate::api::bulk;
use crate::api::problem::Fault;
use crate::exchange::form::Known;

/// What a cell can say of an estimate.
const MEMBERS: [&str; 3] = ["value", "missing", "approximate"];

/// What the cell holds, and whether that is approximate.
pub fn known(source: &Source<'_>, indicator_id: &str) -> Known {
    let stands = source.figure(&source.estimate_subject(indicator_id));
    let Some((value, figure)) = stands.and_then(|row| Some((row.content.figure.value?, &row.content.figure))) else {
        return Known::new();
    };
    let about = figure.approximate.then(|| (ESTIMATE_APPROXIMATE, "true".to_owned()));
    [(ESTIMATE, value.to_string())].into_iter().chain(about).collect()
}

/// The figure that the cell asks for, and how it is taken; `None` where it is a fault.
pub fn asked(
    source: &Source<'_>,
    indicator_id: &str,
    merged: &Merged,
    faults: &mut Vec<Fault>,
) -> Option<(Map<String, Value>, bulk::Manner)> {
    let Some(value) = merged.says(ESTIMATE) else {
        let (ja, en) = (
            "報告済みの見込額は、空けても取り消せません。",
            "An estimate that was reported is not taken back by a blank cell.",
        );
        faults.push(Fault::at(format!("/{ESTIMATE}"), "value_or_missing", ja, en));
        return None;
    };
    if !source.graph.indicators.get(indicator_id).is_some_and(|indicator| source.asks_for_estimate(indicator)) {
        let (ja, en) = (
            "この行では、年度末の見込額は記入しません。空けてください。",
            "No estimate of the year is asked for here. Leave it blank.",
        );
        faults.push(Fault::at(format!("/{ESTIMATE}"), "not_asked", ja, en).received(value));
        return None;
    }
    let mut members = subject_members(&source.estimate_subject(indicator_id));
    members.insert("value".to_owned(), json!(value));
    if merged.says(ESTIMATE_APPROXIMATE).is_some() {
        members.insert("approximate".to_owned(), json!(true));
    }
    let scope = bulk::Scope::Members(Arc::new(MEMBERS.to_vec()));
    let unit = merged.unit(ESTIMATE).map(str::to_owned);
    Some((members, bulk::Manner { unit, scope, ..bulk::Manner::default() }))
}
