//! From a document to rows: what differs from what is stored is written, what is the same is left alone.

use std::collections::{HashMap, HashSet};

use super::document::{CheckpointDocument, InitiativeDocument, ObjectiveDocument, PlanDocument};
use super::ledger::{Changes, Ledger};
use super::series::Series;
use super::writer::Writer;
use crate::api::problem::{Code, Fault, Problem};
use crate::db::actuals::{self, Actual, Subject};
use crate::db::checkpoints::Checkpoint;
use crate::db::graph::PlanGraph;
use crate::db::organizations::{self, Organization};
use crate::db::plans::Plan;
use crate::db::{Connection, DbError, Row, Stored, states};
use crate::domain::fiscal::Calendar;
use crate::domain::{OrganizationKind, PlanStatus};

/// Makes the stored plan say what the document says. Its rules have been checked before.
///
/// # Errors
/// The database's own; [`Code::RuleBroken`] where the organization is known with another parent.
pub fn apply(
    c: &mut Connection,
    document: &PlanDocument,
    before: Option<&PlanGraph>,
) -> Result<(String, Changes), Problem> {
    let mut ledger = Ledger::new(c);
    let organization = organization(&mut ledger, document)?;
    let plan_id = plan(&mut ledger, document, before, &organization)?;
    let figures = figures(ledger.c, &organization.id, document)?;
    let mut writer = Writer {
        series: Series::new(ledger.c, &organization.id, document, before)?,
        ledger,
        document,
        before,
        organization,
        plan_id: plan_id.clone(),
        checkpoints: HashMap::new(),
        initiatives: HashMap::new(),
        departments: HashMap::new(),
        figures,
        written: HashSet::new(),
        kept: HashSet::new(),
    };
    writer.write()?;
    let changes = writer.ledger.changes;
    if changes.any() {
        states::refresh_series_of(c, &plan_id)?;
    }
    Ok((plan_id, changes))
}

/// The stored figures that the document may speak of.
fn figures(
    c: &mut Connection,
    organization: &str,
    document: &PlanDocument,
) -> Result<HashMap<Subject, Row<Actual>>, DbError> {
    let mut years = vec![document.fiscal_year];
    for_each_initiative(document, &mut |_, initiative| {
        let history = initiative.targets.iter().flatten().flat_map(|target| target.history.keys());
        years.extend(history.filter_map(|year| year.parse::<i32>().ok()));
        years.extend(initiative.actuals.iter().flatten().filter_map(|actual| actual.fiscal_year));
    });
    let (Some(first), Some(last)) = (years.iter().min(), years.iter().max()) else { return Ok(HashMap::new()) };
    let stored = actuals::of_organization(c, organization, *first..=*last)?;
    Ok(stored.into_iter().map(|row| (row.content.subject.clone(), row)).collect())
}

fn organization(ledger: &mut Ledger<'_>, document: &PlanDocument) -> Result<Row<Organization>, Problem> {
    let given = &document.organization;
    let parent = match &given.parent {
        None => None,
        Some(parent) => Some(match organizations::find_by_id_or_code(ledger.c, &parent.code)? {
            Some(row) => row,
            None => add_organization(ledger, &parent.code, parent.name.as_deref(), OrganizationKind::City, None)?,
        }),
    };
    let Some(known) = organizations::find_by_id_or_code(ledger.c, &given.code)? else {
        let kind = given.kind.unwrap_or(if parent.is_some() { OrganizationKind::Ward } else { OrganizationKind::City });
        let parent = parent.map(|row| row.id);
        return Ok(add_organization(ledger, &given.code, given.name.as_deref(), kind, parent)?);
    };
    let mut faults = Vec::new();
    if let Some(kind) = given.kind.filter(|kind| *kind != known.content.kind) {
        let fault = Fault::at(
            "/organization/kind",
            "not_its_kind",
            "登録されている組織の種類と異なります。",
            "The organization is known as something else.",
        );
        faults.push(fault.received(kind.as_str()).accepted(known.content.kind.as_str()));
    }
    if let Some(parent) = parent.filter(|parent| known.content.parent_id.as_ref() != Some(&parent.id)) {
        let fault = Fault::at(
            "/organization/parent/code",
            "not_its_parent",
            "登録されている上位組織と異なります。",
            "The organization is known with another parent.",
        );
        faults.push(fault.received(parent.content.code.unwrap_or_default()));
    }
    if faults.is_empty() { Ok(known) } else { Err(Problem::faults(Code::RuleBroken, faults)) }
}

fn add_organization(
    ledger: &mut Ledger<'_>,
    code: &str,
    name: Option<&str>,
    kind: OrganizationKind,
    parent_id: Option<String>,
) -> Result<Row<Organization>, DbError> {
    let row = Row::new(Organization {
        code: Some(code.to_owned()),
        name: name.unwrap_or(code).to_owned(),
        kind,
        parent_id,
        fiscal_year_start_month: 4,
        time_zone: "Asia/Tokyo".to_owned(),
    });
    Organization::insert(ledger.c, &row)?;
    ledger.changes.created += 1;
    Ok(row)
}

fn plan(
    ledger: &mut Ledger<'_>,
    document: &PlanDocument,
    before: Option<&PlanGraph>,
    organization: &Row<Organization>,
) -> Result<String, DbError> {
    let PlanDocument { fiscal_year, title, status, vision, mission, .. } = document.clone();
    let calendar = organization.content.calendar();
    let last = wanted_checkpoints(document, calendar).into_iter().max_by_key(|(_, checkpoint)| checkpoint.as_of);
    let stands = document.checkpoint.as_ref().map(|checkpoint| checkpoint.kind.clone());
    let content = Plan {
        organization_id: organization.id.clone(),
        fiscal_year,
        title,
        status: status.unwrap_or(PlanStatus::Adopted),
        vision,
        mission,
        checkpoint: stands.or(last.map(|(kind, _)| kind)),
        organization_name: document.organization.name.clone(),
        parent_name: document.organization.parent.as_ref().and_then(|parent| parent.name.clone()),
    };
    ledger.settle(before.map(|graph| &graph.plan), content)
}

/// The checkpoints that a document names, those of its reviews included, by their kinds; without their plan.
pub(super) fn wanted_checkpoints(document: &PlanDocument, calendar: Calendar) -> Vec<(String, Checkpoint)> {
    let mut wanted: Vec<(String, Checkpoint)> = Vec::new();
    let bare = |kind: &str| CheckpointDocument { kind: kind.to_owned(), as_of: None, opens: None, closes: None };
    let mut reviewed = Vec::new();
    for_each_initiative(document, &mut |_, initiative| {
        reviewed.extend(initiative.all_reviews().map(|(kind, ..)| bare(kind)));
    });
    for given in document.checkpoint.iter().chain(&document.checkpoints).chain(&reviewed) {
        let usual = calendar.checkpoint_day(document.fiscal_year, &given.kind);
        if let (Some(as_of), false) = (given.as_of.or(usual), wanted.iter().any(|(kind, _)| *kind == given.kind)) {
            let CheckpointDocument { kind, opens, closes, .. } = given.clone();
            wanted.push((kind.clone(), Checkpoint { plan_id: String::new(), kind, as_of, opens, closes }));
        }
    }
    wanted
}

/// Visits every initiative of a document with its place, in the document's order.
pub(super) fn for_each_initiative<'d>(
    document: &'d PlanDocument,
    visit: &mut impl FnMut(String, &'d InitiativeDocument),
) {
    fn below<'d>(place: &str, node: &'d ObjectiveDocument, visit: &mut impl FnMut(String, &'d InitiativeDocument)) {
        for (index, initiative) in node.initiatives.iter().enumerate() {
            visit(format!("{place}/initiatives/{index}"), initiative);
        }
        for (list, index, child) in node.below() {
            below(&format!("{place}/{list}/{index}"), child, visit);
        }
    }
    for (list, index, node) in document.top() {
        below(&format!("/{list}/{index}"), node, visit);
    }
}
