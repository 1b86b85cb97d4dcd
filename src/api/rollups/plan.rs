<<<<<<< Updated upstream
//! Rollups: how many initiatives stand where, at every node.

use std::collections::{BTreeSet, HashMap};

use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::context::Context;
use super::extract::{Id, Params};
use super::moment;
use super::problem::{Code, Fault, Place, Problem};
use super::representation::{self, to_json};
=======
//! The rollup of a plan, and of what is in one plan: an objective, an initiative.

use std::collections::HashMap;
use std::sync::Arc;

use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{etag, respond};
use crate::api::context::Context;
use crate::api::extract::{Id, Params};
use crate::api::moment;
use crate::api::problem::{Code, Problem};
use crate::api::representation::{self, to_json};
>>>>>>> Stashed changes
use crate::db::evaluation::evaluate;
use crate::db::graph::PlanGraph;
use crate::db::initiatives::Initiative;
use crate::db::objectives::Objective;
<<<<<<< Updated upstream
use crate::db::organizations::{self, Organization};
use crate::db::rollups::{self, PlanTallies, Scope};
use crate::db::{Connection, DbError, Row, Stored, objectives};
use crate::domain::OrganizationKind;
use crate::domain::report::{Moment, Node, NodeKind, Rollup};
use crate::domain::rollup::{Tally, roll_up_tallies};

/// The routes of rollups.
pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(get_plan_rollup)
        .service(get_objective_rollup)
        .service(get_initiative_rollup)
        .service(get_organization_rollup)
        .service(list_rollups);
}
=======
use crate::db::rollups::{self, PlanAt, PlanTallies};
use crate::db::{Connection, DbError, Stored};
use crate::domain::report::{Moment, Rollup};
>>>>>>> Stashed changes

/// When, and how far down.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct When {
    /// At this checkpoint; at the plan's current one unless it says otherwise
    #[param(pattern = "^[a-z][a-z0-9_]{0,39}$")]
    checkpoint: Option<String>,
    /// As of this day, computed from what was reported up to it
    as_of: Option<NaiveDate>,
    /// How many levels of children
    #[param(minimum = 0, maximum = 10, default = 1)]
    depth: Option<usize>,
}

impl When {
    fn depth(&self) -> usize {
        self.depth.unwrap_or(1)
    }

    /// Whether the stored rollup is what is asked for.
    fn is_stored(&self) -> bool {
        self.as_of.is_none() && self.depth() == 1
    }
}

/// The rollup of a plan
#[utoipa::path(tag = "rollups", params(("id" = String, Path, description = "The plan's id"), When),
    responses((status = 200, description = "How many initiatives stand where", body = Rollup)))]
#[get("/plans/{id}/rollup")]
<<<<<<< Updated upstream
async fn get_plan_rollup(
=======
pub(super) async fn get_plan_rollup(
>>>>>>> Stashed changes
    context: web::Data<Context>,
    request: HttpRequest,
    id: Id,
    when: Params<When>,
) -> Result<HttpResponse, Problem> {
    let (id, when) = (id.0, when.0);
<<<<<<< Updated upstream
    let body = if when.is_stored() {
        let (id, kind) = (id.clone(), when.checkpoint.clone());
        context.db.read(move |c| rollups::stored(c, &id, kind.as_deref())).await?
    } else {
        None
    };
    let body = match body {
        Some(body) => body,
        None => {
            context
                .db
                .snapshot(move |c| plan_rollup(c, &id, &when, |tallies, moment, depth| Ok(tallies.plan(moment, depth))))
                .await?
        }
    };
    Ok(respond(&request, body))
}

=======
    if when.is_stored()
        && let Some(stored) = context.plan_rollups.get(&context.db, (id.clone(), when.checkpoint.clone())).await?
    {
        return Ok(representation::fresh(&request, &stored.etag, stored.body, None));
    }
    let show = |tallies: &PlanTallies<'_>, moment: &Moment, depth| Ok(tallies.plan(moment, depth));
    let body = context.db.snapshot(move |c| plan_rollup(c, &id, &when, show)).await?;
    Ok(respond(&request, body))
}

/// A stored rollup, ready to be answered with.
#[derive(Clone)]
pub struct StoredRollup {
    etag: Arc<str>,
    body: Bytes,
}

/// The stored rollups of plans.
///
/// # Errors
/// The database's own.
pub fn stored(c: &mut Connection, asked: &[PlanAt]) -> Result<HashMap<PlanAt, StoredRollup>, DbError> {
    let ready = |body: String| StoredRollup { etag: etag(&body).into(), body: Bytes::from(body) };
    Ok(rollups::stored(c, asked)?.into_iter().map(|(plan, body)| (plan, ready(body))).collect())
}

>>>>>>> Stashed changes
/// The rollup of an objective
#[utoipa::path(tag = "rollups", params(("id" = String, Path, description = "The objective's id"), When),
    responses((status = 200, description = "How many initiatives stand where", body = Rollup)))]
#[get("/objectives/{id}/rollup")]
<<<<<<< Updated upstream
async fn get_objective_rollup(
=======
pub(super) async fn get_objective_rollup(
>>>>>>> Stashed changes
    context: web::Data<Context>,
    request: HttpRequest,
    id: Id,
    when: Params<When>,
) -> Result<HttpResponse, Problem> {
    let read = move |c: &mut Connection| {
        let row = Objective::find(c, &id.0)?.ok_or_else(|| Problem::new(Code::NotFound))?;
        plan_rollup(c, &row.content.plan_id, &when.0, |tallies, moment, depth| {
            tallies.objective(&row.id, moment, depth).ok_or_else(|| Problem::new(Code::NotFound))
        })
    };
    let body = context.db.snapshot(read).await?;
    Ok(respond(&request, body))
}

/// The rollup of an initiative
#[utoipa::path(tag = "rollups", params(("id" = String, Path, description = "The initiative's id"), When),
    responses((status = 200, description = "Where it stands", body = Rollup)))]
#[get("/initiatives/{id}/rollup")]
<<<<<<< Updated upstream
async fn get_initiative_rollup(
=======
pub(super) async fn get_initiative_rollup(
>>>>>>> Stashed changes
    context: web::Data<Context>,
    request: HttpRequest,
    id: Id,
    when: Params<When>,
) -> Result<HttpResponse, Problem> {
    let read = move |c: &mut Connection| {
        let row = Initiative::find(c, &id.0)?.ok_or_else(|| Problem::new(Code::NotFound))?;
        plan_rollup(c, &row.content.plan_id, &when.0, |tallies, moment, _| {
            tallies.initiative(&row.id, moment).ok_or_else(|| Problem::new(Code::NotFound))
        })
    };
    let body = context.db.snapshot(read).await?;
    Ok(respond(&request, body))
}

<<<<<<< Updated upstream
fn respond(request: &HttpRequest, body: String) -> HttpResponse {
    let etag = format!("\"{}\"", representation::hash(body.as_bytes()));
    representation::fresh(request, &etag, body, None)
}

=======
>>>>>>> Stashed changes
/// Evaluates a plan at the asked moment and shows one of its nodes.
fn plan_rollup(
    c: &mut Connection,
    plan_id: &str,
    when: &When,
    show: impl FnOnce(&PlanTallies<'_>, &Moment, usize) -> Result<Rollup, Problem>,
) -> Result<String, Problem> {
    let graph = PlanGraph::load(c, plan_id)?.ok_or_else(|| Problem::new(Code::NotFound))?;
    let (moment, checkpoint_id) = moment::of(&graph, when.checkpoint.as_deref(), when.as_of)?;
    let as_of = moment.as_of.unwrap_or_default();
    let evaluated = evaluate(&graph, as_of, checkpoint_id.as_deref());
    to_json(&show(&PlanTallies::of(&graph, &evaluated), &moment, when.depth())?)
}
<<<<<<< Updated upstream

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
}

/// The rollup of an organization and everything below it
#[utoipa::path(tag = "rollups",
    params(("id" = String, Path, description = "The organization's id or national code", example = "271004"), YearAndWhen),
    responses((status = 200, description = "How many initiatives stand where; the organizations below are the children", body = Rollup)))]
#[get("/organizations/{id}/rollup")]
async fn get_organization_rollup(
    context: web::Data<Context>,
    request: HttpRequest,
    id: Id,
    when: Params<YearAndWhen>,
) -> Result<HttpResponse, Problem> {
    let body = context.db.snapshot(move |c| organization_rollup(c, &id.0, &when.0)).await?;
    Ok(respond(&request, body))
}

fn organization_rollup(c: &mut Connection, id: &str, when: &YearAndWhen) -> Result<String, Problem> {
    let root = organizations::find_by_id_or_code(c, id)?.ok_or_else(|| Problem::new(Code::NotFound))?;
    let tree = organizations::tree(c, &root.id)?;
    let scope = Scope {
        fiscal_year: when.fiscal_year,
        organizations: Some(tree.iter().map(|row| row.id.clone()).collect()),
        checkpoint: when.checkpoint.clone(),
    };
    let (own, moment) = tallies(c, &scope, when.as_of, By::Organization)?;
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
    if let (Some(plan), Some(tally)) = (rollups::plan_of(c, &root.id, when.fiscal_year)?, own.get(&root.id)) {
        let node = Node { kind: NodeKind::Plan, id: Some(plan.id), number: None, title: Some(plan.content.title) };
        children.insert(0, Rollup::new(node, &moment, tally.clone(), Vec::new()));
    }
    to_json(&of(&root, children))
}

fn organization_node(row: &Row<Organization>) -> Node {
    Node {
        kind: NodeKind::Organization,
        id: Some(row.id.clone()),
        number: row.content.code.clone(),
        title: Some(row.content.name.clone()),
    }
}

/// What rollups are grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The organization whose plan it is.
    Organization,
    /// The objective at the top of the plan: its theme.
    Objective,
    /// The department in charge.
    Department,
    /// The sustainable development goal.
    Sdg,
}

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
            body = super::document::ProblemDocument)))]
#[get("/rollups")]
async fn list_rollups(
    context: web::Data<Context>,
    request: HttpRequest,
    params: Params<GroupedParams>,
) -> Result<HttpResponse, Problem> {
    let body = context.db.snapshot(move |c| grouped(c, &params.0)).await?;
    Ok(respond(&request, body))
}

fn grouped(c: &mut Connection, params: &GroupedParams) -> Result<String, Problem> {
    let root = match &params.organization {
        None => None,
        Some(name) => Some(organizations::find_by_id_or_code(c, name)?.ok_or_else(|| {
            let fault = Fault::unknown("", "organizations", name);
            let place = Place::Parameter("organization".to_owned());
            Problem::faults(Code::NotFound, vec![Fault { place, ..fault }])
        })?),
    };
    let organizations = match &root {
        None => None,
        Some(root) => Some(organizations::subtree(c, &root.id)?),
    };
    let scope = Scope { fiscal_year: params.fiscal_year, organizations, checkpoint: params.checkpoint.clone() };
    let (own, moment) = tallies(c, &scope, params.as_of, params.group_by)?;
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

/// The tallies of a scope by key: from the stored states, and evaluated on the spot for a day, or where a plan has
/// nothing stored at the checkpoint.
fn tallies(
    c: &mut Connection,
    scope: &Scope,
    as_of: Option<NaiveDate>,
    by: By,
) -> Result<(HashMap<Option<String>, Tally>, Moment), Problem> {
    let mut found: HashMap<Option<String>, Tally> = HashMap::new();
    let (evaluated, moment) = match as_of {
        Some(day) => {
            let moment = Moment { fiscal_year: scope.fiscal_year, checkpoint: scope.checkpoint.clone(), as_of };
            (rollups::plans_in(c, scope)?.into_iter().map(|id| (id, Some(day))).collect(), moment)
        }
        None => {
            let some = |map: HashMap<String, Tally>| map.into_iter().map(|(key, tally)| (Some(key), tally)).collect();
            found = match by {
                By::Organization => some(rollups::by_organization(c, scope)?),
                By::Department => rollups::by_department(c, scope)?,
                By::Objective | By::Sdg => some(rollups::by_objective(c, scope)?),
            };
            let rest: Vec<(String, Option<NaiveDate>)> =
                rollups::plans_without_states(c, scope)?.into_iter().map(|id| (id, None)).collect();
            (rest, scope.moment(c)?)
        }
    };
    for (plan_id, day) in evaluated {
        let Some(graph) = PlanGraph::load(c, &plan_id)? else { continue };
        for (key, tally) in evaluate_now(&graph, scope, day, by) {
            *found.entry(key).or_default() += &tally;
        }
    }
    Ok((found, moment))
}

/// A plan's tallies by key, at a day, or at the day at which such a checkpoint would look.
fn evaluate_now(graph: &PlanGraph, scope: &Scope, day: Option<NaiveDate>, by: By) -> HashMap<Option<String>, Tally> {
    let usual = scope.checkpoint.as_deref().and_then(|kind| graph.calendar().checkpoint_day(scope.fiscal_year, kind));
    let day = day.or(usual).unwrap_or_else(|| crate::clock::today(&graph.organization.content.time_zone));
    let named = graph.checkpoints.iter().find(|row| Some(&row.content.kind) == scope.checkpoint.as_ref());
    let stands = named.or_else(|| graph.checkpoint_at(day).filter(|_| scope.checkpoint.is_none()));
    let evaluated = evaluate(graph, day, stands.map(|row| row.id.as_str()));
    PlanTallies::grouped(graph, &evaluated, |initiative| match by {
        By::Organization => Some(graph.organization.id.clone()),
        By::Department => initiative.content.department_id.clone(),
        By::Objective | By::Sdg => Some(initiative.content.objective_id.clone()),
    })
}
=======
>>>>>>> Stashed changes
