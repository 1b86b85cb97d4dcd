//! The rollup of a plan, and of what is in one plan: an objective, an initiative.

use std::collections::HashMap;
use std::sync::Arc;

use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::extract::{Id, Params};
use crate::api::moment::{self, KnownAt};
use crate::api::problem::{Code, Problem};
use crate::api::representation::{self, to_json};
use crate::api::session::Session;
use crate::db::access::{self, Placed};
use crate::db::evaluation::evaluate;
use crate::db::initiatives::Initiative;
use crate::db::objectives::Objective;
use crate::db::rollups::{self, PlanAt, PlanTallies};
use crate::db::{Connection, DbError};
use crate::domain::access::Home;
use crate::domain::report::{Moment, Rollup};

/// When, and how far down.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct When {
    /// At this checkpoint; at the plan's current one unless it says otherwise
    #[param(pattern = "^[a-z][a-z0-9_]{0,39}$")]
    checkpoint: Option<String>,
    /// As of this day, computed from what was reported up to it
    as_of: Option<NaiveDate>,
    /// With what had been recorded by then: corrections that came later are left out. A day means its end
    #[param(inline)]
    known_at: Option<KnownAt>,
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
        self.as_of.is_none() && self.known_at.is_none() && self.depth() == 1
    }
}

/// The rollup of a plan
#[utoipa::path(tag = "rollups", params(("id" = String, Path, description = "The plan's id"), When),
    responses((status = 200, description = "How many initiatives stand where", body = Rollup)))]
#[get("/plans/{id}/rollup")]
pub(super) async fn get_plan_rollup(
    session: Session,
    request: HttpRequest,
    id: Id,
    when: Params<When>,
) -> Result<HttpResponse, Problem> {
    let (id, when) = (id.0, when.0);
    let context = session.context();
    if when.is_stored()
        && let Some(stored) =
            context.plan_rollups.get(session.database(), (id.clone(), when.checkpoint.clone())).await?
    {
        if !session.caller().reads(&stored.home) {
            return Err(Problem::new(Code::NotFound));
        }
        if !session.caller().is_of(&stored.home) {
            let body = published(&stored.body)?;
            return Ok(representation::whole(&request, body));
        }
        return Ok(representation::fresh(&request, &stored.etag, stored.body, None));
    }
    let show = |tallies: &PlanTallies<'_>, moment: &Moment, depth| Ok(tallies.plan(moment, depth));
    let body = session.read(move |c| plan_rollup(c, &id, &when, show)).await?;
    Ok(representation::whole(&request, body))
}

/// A stored rollup, ready to be answered with.
#[derive(Clone)]
pub struct StoredRollup {
    home: Arc<Home>,
    etag: Arc<str>,
    body: Bytes,
}

/// A plan's rollup as it is seen by whoever sees no more of the plan than what is published: how far its departments have come is their own business.
fn published(body: &[u8]) -> Result<String, Problem> {
    let rollup: Rollup = serde_json::from_slice(body).map_err(|error| Problem::new(Code::Internal).cause(error))?;
    to_json(&Rollup { submissions: None, ..rollup })
}

/// The stored rollups of plans.
///
/// # Errors
/// The database's own.
pub fn stored(c: &mut Connection, asked: &[PlanAt]) -> Result<HashMap<PlanAt, StoredRollup>, DbError> {
    let ready = |rollups::StoredRollup { organization_id, status, body }| StoredRollup {
        home: Home { organization_id: Some(organization_id), departments: Vec::new(), status: Some(status) }.into(),
        etag: representation::tag(body.as_bytes()).into(),
        body: Bytes::from(body),
    };
    Ok(rollups::stored(c, asked)?.into_iter().map(|(plan, stored)| (plan, ready(stored))).collect())
}

/// The rollup of an objective
#[utoipa::path(tag = "rollups", params(("id" = String, Path, description = "The objective's id"), When),
    responses((status = 200, description = "How many initiatives stand where", body = Rollup)))]
#[get("/objectives/{id}/rollup")]
pub(super) async fn get_objective_rollup(
    session: Session,
    request: HttpRequest,
    id: Id,
    when: Params<When>,
) -> Result<HttpResponse, Problem> {
    let read = move |c: &mut Connection| {
        let row = access::find::<Objective>(c, &id.0)?.ok_or_else(|| Problem::new(Code::NotFound))?;
        plan_rollup(c, &row.content.plan_id, &when.0, |tallies, moment, depth| {
            tallies.objective(&row.id, moment, depth).ok_or_else(|| Problem::new(Code::NotFound))
        })
    };
    let body = session.read(read).await?;
    Ok(representation::whole(&request, body))
}

/// The rollup of an initiative
#[utoipa::path(tag = "rollups", params(("id" = String, Path, description = "The initiative's id"), When),
    responses((status = 200, description = "Where it stands", body = Rollup)))]
#[get("/initiatives/{id}/rollup")]
pub(super) async fn get_initiative_rollup(
    session: Session,
    request: HttpRequest,
    id: Id,
    when: Params<When>,
) -> Result<HttpResponse, Problem> {
    let read = move |c: &mut Connection| {
        let row = access::find::<Initiative>(c, &id.0)?.ok_or_else(|| Problem::new(Code::NotFound))?;
        plan_rollup(c, &row.content.plan_id, &when.0, |tallies, moment, _| {
            tallies.initiative(&row.id, moment).ok_or_else(|| Problem::new(Code::NotFound))
        })
    };
    let body = session.read(read).await?;
    Ok(representation::whole(&request, body))
}

/// Evaluates a plan at the asked moment and shows one of its nodes.
fn plan_rollup(
    c: &mut Connection,
    plan_id: &str,
    when: &When,
    show: impl FnOnce(&PlanTallies<'_>, &Moment, usize) -> Result<Rollup, Problem>,
) -> Result<String, Problem> {
    let graph = moment::plan(c, plan_id, when.known_at)?;
    let (moment, checkpoint_id) = moment::of(&graph, when.checkpoint.as_deref(), when.as_of)?;
    let as_of = moment.as_of.unwrap_or_default();
    let evaluated = evaluate(&graph, as_of, checkpoint_id.as_deref());
    let home = graph.plan.content.home(c, plan_id)?;
    let reported_at = checkpoint_id.as_deref().filter(|_| c.caller.is_of(&home));
    to_json(&show(&PlanTallies::of(&graph, &evaluated, reported_at), &moment, when.depth())?)
}
