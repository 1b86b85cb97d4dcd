//! The rollup of an organization: its own plan and those of everything below it.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse, get};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;

use super::tallies::{By, tallies};
use crate::api::extract::{Id, Params};
use crate::api::moment::KnownAt;
use crate::api::problem::{Code, Problem};
use crate::api::representation::{self, to_json};
use crate::api::session::Session;
use crate::db::access;
use crate::db::organizations::{self, Organization};
use crate::db::rollups::{self, Scope};
use crate::db::{Connection, Row};
use crate::domain::OrganizationKind;
use crate::domain::report::{Node, NodeKind, Rollup};
use crate::domain::rollup::{Tally, roll_up_tallies};

/// Which year, and when in it.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct YearAndWhen {
    /// The fiscal year
    #[param(minimum = 1900, maximum = 2200, example = 2021)]
    fiscal_year: i32,
    /// At this checkpoint; at each plan's current one unless it says otherwise
    #[param(pattern = "^[a-z][a-z0-9_]{0,39}$")]
    checkpoint: Option<String>,
    /// As of this day, computed from what was reported up to it
    as_of: Option<NaiveDate>,
    /// With what had been recorded by then: corrections that came later are left out. A day means its end
    #[param(inline)]
    known_at: Option<KnownAt>,
}

/// The rollup of an organization and everything below it
#[utoipa::path(tag = "rollups",
    params(("id" = String, Path, description = "The organization's id or national code", example = "271004"), YearAndWhen),
    responses((status = 200, description = "How many initiatives stand where; the organizations below are the children", body = Rollup)))]
#[get("/organizations/{id}/rollup")]
pub(super) async fn get_organization_rollup(
    session: Session,
    request: HttpRequest,
    id: Id,
    when: Params<YearAndWhen>,
) -> Result<HttpResponse, Problem> {
    let body = session.read(move |c| organization_rollup(c, &id.0, &when.0)).await?;
    Ok(representation::whole(&request, body))
}

fn organization_rollup(c: &mut Connection, id: &str, when: &YearAndWhen) -> Result<String, Problem> {
    let root = access::organization(c, id)?.ok_or_else(|| Problem::new(Code::NotFound))?;
    let tree = organizations::tree(c, &root.id)?;
    let scope = Scope {
        fiscal_year: when.fiscal_year,
        organizations: Some(tree.iter().map(|row| row.id.clone()).collect()),
        limits: c.caller.limits(),
        checkpoint: when.checkpoint.clone(),
    };
    let known_at = when.known_at.map(|known| known.moment(&root.content.time_zone));
    let (own, moment) = tallies(c, &scope, (when.as_of, known_at), By::Organization)?;
    let own: HashMap<String, Tally> = own.into_iter().filter_map(|(key, tally)| Some((key?, tally))).collect();
    let parents: HashMap<String, Option<String>> =
        tree.iter().map(|row| (row.id.clone(), row.content.parent_id.clone().filter(|_| row.id != root.id))).collect();
    let whole = roll_up_tallies(&parents, &own);
    let of = |row: &Row<Organization>, children: Vec<Rollup>| {
        Rollup::new(organization_node(row), &moment, whole.get(&row.id).cloned().unwrap_or_default(), children)
    };
    // A department has no plan of its own: what it is in charge of is asked for with `group_by=department`.
    let below = tree.iter().filter(|row| {
        row.content.parent_id.as_ref() == Some(&root.id) && row.content.kind != OrganizationKind::Department
    });
    let mut children: Vec<Rollup> = below.map(|row| of(row, Vec::new())).collect();
    children.sort_by(|a, b| (&a.node.number, &a.node.id).cmp(&(&b.node.number, &b.node.id)));
    // Where the organization has a plan beside those below it, the plan is a child too, so that the sums agree.
    if let (Some(plan), Some(tally)) = (rollups::plan_of(c, &root.id, when.fiscal_year, known_at)?, own.get(&root.id)) {
        let node = Node { kind: NodeKind::Plan, id: Some(plan.id), number: None, title: Some(plan.content.title) };
        children.insert(0, Rollup::new(node, &moment, tally.clone(), Vec::new()));
    }
    to_json(&of(&root, children))
}

pub(super) fn organization_node(row: &Row<Organization>) -> Node {
    Node {
        kind: NodeKind::Organization,
        id: Some(row.id.clone()),
        number: row.content.code.clone(),
        title: Some(row.content.name.clone()),
    }
}
