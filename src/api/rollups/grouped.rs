//! The rollups of a year in groups.

use std::collections::{BTreeSet, HashMap};

use actix_web::{HttpRequest, HttpResponse, get};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::organization::organization_node;
use super::tallies::{By, tallies};
use crate::api::extract::Params;
use crate::api::moment::KnownAt;
use crate::api::problem::{Code, Fault, Place, Problem};
use crate::api::representation::{self, to_json};
use crate::api::session::Session;
use crate::db::access;
use crate::db::objectives::{self, Objective};
use crate::db::organizations::{self, Organization};
use crate::db::rollups::Scope;
use crate::db::{Connection, DbError, Row, Stored};
use crate::domain::report::{Moment, Node, NodeKind, Rollup};
use crate::domain::rollup::Tally;

/// Which year, whose, and in which groups.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct GroupedParams {
    /// The fiscal year
    #[param(minimum = 1900, maximum = 2200, example = 2021)]
    fiscal_year: i32,
    /// In which groups
    #[param(inline)]
    group_by: By,
    /// Of this organization and everything below it: an id or a national code
    #[param(min_length = 1)]
    organization: Option<String>,
    /// At this checkpoint; at each plan's current one unless it says otherwise
    #[param(pattern = "^[a-z][a-z0-9_]{0,39}$")]
    checkpoint: Option<String>,
    /// As of this day, computed from what was reported up to it
    as_of: Option<NaiveDate>,
    /// With what had been recorded by then: corrections that came later are left out. A day means its end, in the
    /// organization's time zone or else in Japan's
    #[param(inline)]
    known_at: Option<KnownAt>,
}

/// Rollups in groups.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupedRollups {
    /// What they are grouped by.
    group_by: By,
    /// The fiscal year.
    fiscal_year: i32,
    /// Whether an initiative may be in several groups: then the groups add up to more than the total.
    overlapping: bool,
    /// All of them, each initiative once.
    total: Rollup,
    /// The groups.
    groups: Vec<Rollup>,
}

/// Rollups of a year in groups
#[utoipa::path(tag = "rollups", params(GroupedParams),
    responses((status = 200, description = "A rollup for each group, and of all together", body = GroupedRollups),
        (status = 404, description = "There is no such organization", content_type = "application/problem+json",
            body = crate::api::document::ProblemDocument)))]
#[get("/rollups")]
pub(super) async fn list_rollups(
    session: Session,
    request: HttpRequest,
    params: Params<GroupedParams>,
) -> Result<HttpResponse, Problem> {
    let body = session.read(move |c| grouped(c, &params.0)).await?;
    Ok(representation::whole(&request, body))
}

fn grouped(c: &mut Connection, params: &GroupedParams) -> Result<String, Problem> {
    let root = match &params.organization {
        None => None,
        Some(name) => Some(access::organization(c, name)?.ok_or_else(|| {
            let fault = Fault::unknown("", "organizations", name);
            let place = Place::Parameter("organization".to_owned());
            Problem::faults(Code::NotFound, vec![Fault { place, ..fault }])
        })?),
    };
    let organizations = match &root {
        None => None,
        Some(root) => Some(organizations::subtree(c, &root.id)?),
    };
    let scope = Scope {
        fiscal_year: params.fiscal_year,
        organizations,
        limits: c.caller.limits(),
        checkpoint: params.checkpoint.clone(),
    };
    let time_zone = root.as_ref().map_or("Asia/Tokyo", |root| root.content.time_zone.as_str());
    let known_at = params.known_at.map(|known| known.moment(time_zone));
    let (own, moment) = tallies(c, &scope, (params.as_of, known_at), params.group_by)?;
    let mut total = Tally::default();
    own.values().for_each(|tally| total += tally);
    let mut groups: Vec<Rollup> = match params.group_by {
        By::Organization => named(c, own, &moment, |row: &Row<Organization>| organization_node(row))?,
        By::Department => named(c, own, &moment, |row: &Row<Organization>| organization_node(row))?,
        By::Objective => {
            let roots = objectives::roots(c, &scope)?;
            let own = regrouped(own, |id| vec![roots.get(id).cloned()]);
            named(c, own, &moment, |row: &Row<Objective>| Node {
                kind: NodeKind::Objective,
                id: Some(row.id.clone()),
                number: Some(row.content.number.clone()),
                title: Some(row.content.title.clone()),
            })?
        }
        By::Sdg => {
            let goals = objectives::goals(c, &scope)?;
            let own = regrouped(own, |id| match goals.get(id) {
                Some(goals) if !goals.is_empty() => goals.iter().map(|goal| Some(format!("{goal:02}"))).collect(),
                _ => vec![None],
            });
            let goal = |goal: Option<String>, tally| {
                let number = goal.map(|goal| goal.trim_start_matches('0').to_owned());
                let node = Node { kind: NodeKind::Sdg, id: number.clone(), number, title: None };
                Rollup::new(node, &moment, tally, Vec::new())
            };
            let mut own: Vec<(Option<String>, Tally)> = own.into_iter().collect();
            own.sort_by(|(a, _), (b, _)| (a.is_none(), a).cmp(&(b.is_none(), b)));
            own.into_iter().map(|(key, tally)| goal(key, tally)).collect()
        }
    };
    if params.group_by != By::Sdg {
        let key = |rollup: &Rollup| {
            let number = rollup.node.number.as_deref().map(crate::domain::natural::sort_key);
            (rollup.node.id.is_none(), number, rollup.node.title.clone(), rollup.node.id.clone())
        };
        groups.sort_by_key(key);
    }
    let node = match &root {
        Some(root) => organization_node(root),
        None => Node { kind: NodeKind::Organization, id: None, number: None, title: None },
    };
    to_json(&GroupedRollups {
        group_by: params.group_by,
        fiscal_year: params.fiscal_year,
        overlapping: params.group_by == By::Sdg,
        total: Rollup::new(node, &moment, total, Vec::new()),
        groups,
    })
}

/// Puts each tally into its groups.
fn regrouped(
    own: HashMap<Option<String>, Tally>,
    groups: impl Fn(&str) -> Vec<Option<String>>,
) -> HashMap<Option<String>, Tally> {
    let mut regrouped: HashMap<Option<String>, Tally> = HashMap::new();
    for (key, tally) in own {
        let into: BTreeSet<Option<String>> = key.as_deref().map_or_else(|| vec![None], &groups).into_iter().collect();
        into.into_iter().for_each(|group| *regrouped.entry(group).or_default() += &tally);
    }
    regrouped
}

/// The groups as rollups of the rows that their keys name.
fn named<T: Stored>(
    c: &mut Connection,
    own: HashMap<Option<String>, Tally>,
    moment: &Moment,
    node: impl Fn(&Row<T>) -> Node,
) -> Result<Vec<Rollup>, DbError> {
    let nobody = || Node { kind: NodeKind::Organization, id: None, number: None, title: None };
    own.into_iter()
        .map(|(key, tally)| {
            let row = match &key {
                Some(id) => T::find(c, id)?,
                None => None,
            };
            Ok(Rollup::new(row.as_ref().map_or_else(nobody, &node), moment, tally, Vec::new()))
        })
        .collect()
}
