//! Computed flags beside declared ones, each with the figures that made it.

use actix_web::{HttpRequest, HttpResponse, get};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::extract::{Id, Params};
use super::moment::{self, At};
use super::problem::{Code, Problem};
use super::representation::{self, to_json};
use super::routes::Routes;
use super::session::Session;
use crate::db::Connection;
use crate::db::access;
use crate::db::evaluation::{Evaluated, evaluate_initiative, target_chart, target_pace, target_sources};
use crate::db::graph::PlanGraph;
use crate::db::initiatives::Initiative;
use crate::db::targets::Target;
use crate::domain::chart::Chart;
use crate::domain::outlook::TargetOutlook;
use crate::domain::pace::TargetPace;
use crate::domain::progress::InitiativeProgress;
use crate::domain::report::Moment;
use crate::domain::result::SourceActual;
use crate::domain::{Outlook, Progress, ProgressVerdict, Verdict};

/// The routes of flags.
pub(super) fn routes(config: &mut impl Routes) {
    config.service(get_target_outlook).service(get_initiative_status);
}

/// Where a target stands at a moment, and why.
#[derive(Debug, Serialize, ToSchema)]
struct TargetAt {
    /// The target.
    target_id: String,
    /// Its text.
    text: String,
    /// What is measured.
    indicator: String,
    /// The unit of the figures.
    unit: Option<String>,
    /// The fiscal year.
    fiscal_year: i32,
    /// The checkpoint, where one is meant.
    checkpoint: Option<String>,
    /// The day.
    as_of: Option<NaiveDate>,
    /// The moment up to which changes are looked at, in UTC, where one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    known_at: Option<DateTime<Utc>>,
    /// The state, the verdict, the rule and the figures.
    outlook: TargetOutlook,
    /// Every actual that the outlook names by its id, once, as it was read.
    sources: Vec<SourceActual>,
    /// Of a sum: how much would be there by now, and how much is, for each end of what is accepted. It decides nothing.
    pace: Vec<TargetPace>,
    /// The series, what is asked and what is to be expected, ready to draw; only where one target is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    chart: Option<Chart>,
}

/// Where an initiative stands at a moment: what is declared and what is computed, side by side.
#[derive(Debug, Serialize, ToSchema)]
struct InitiativeStatus {
    /// The initiative.
    initiative_id: String,
    /// Its number.
    number: String,
    /// Its title.
    title: String,
    /// The initiative that it stands for (再掲): ask for the flags there.
    same_as_id: Option<String>,
    /// The fiscal year.
    fiscal_year: i32,
    /// The checkpoint, where one is meant.
    checkpoint: Option<String>,
    /// The day.
    as_of: Option<NaiveDate>,
    /// The moment up to which changes are looked at, in UTC, where one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    known_at: Option<DateTime<Utc>>,
    /// Will the targets be met? `null` for a cross reference, which has no flags.
    outlook: Option<OutlookFlags>,
    /// Do the activities go as scheduled? `null` for a cross reference.
    progress: Option<ProgressFlags>,
    /// Each target.
    targets: Vec<TargetAt>,
}

/// Two answers to: will the targets be met (目標達成見込)?
#[derive(Debug, Serialize, ToSchema)]
struct OutlookFlags {
    /// The department's; `null` where it has declared nothing.
    declared: Option<Outlook>,
    /// The computed one.
    computed: Verdict,
    /// Whether both say something and not the same.
    disagree: bool,
}

/// Two answers to: do the activities go as scheduled (取組の進捗)?
#[derive(Debug, Serialize, ToSchema)]
struct ProgressFlags {
    /// The department's; `null` where it has declared nothing.
    declared: Option<Progress>,
    /// The computed one.
    computed: ProgressVerdict,
    /// Whether both say something and not the same.
    disagree: bool,
    /// The rule and the figures of the computed one.
    basis: InitiativeProgress,
}

/// Where a target stands, and why
#[utoipa::path(tag = "flags", params(("id" = String, Path, description = "The target's id"), At),
    responses((status = 200, description = "The outlook with its figures", body = TargetAt)))]
#[get("/targets/{id}/outlook")]
async fn get_target_outlook(
    session: Session,
    request: HttpRequest,
    id: Id,
    at: Params<At>,
) -> Result<HttpResponse, Problem> {
    let read = move |c: &mut Connection| {
        let target = access::find::<Target>(c, &id.0)?.ok_or_else(|| Problem::new(Code::NotFound))?;
        let (graph, moment, status) = evaluated(c, &target.content.initiative_id, &at.0)?;
        let found = targets_at(&graph, &moment, &status).into_iter().find(|found| found.target_id == target.id);
        let mut found = found.ok_or_else(|| Problem::new(Code::NotFound))?;
        let as_of = moment.as_of.unwrap_or_default();
        // As the plan was known then, not as it is now.
        let known = graph.targets.iter().find(|row| row.id == target.id);
        found.chart = known.map(|row| target_chart(&graph, &row.content, &found.outlook, as_of));
        to_json(&found)
    };
    Ok(representation::whole(&request, session.read(read).await?))
}

/// Where an initiative stands: declared and computed flags side by side
#[utoipa::path(tag = "flags", params(("id" = String, Path, description = "The initiative's id"), At),
    responses((status = 200, description = "Its flags with their figures", body = InitiativeStatus)))]
#[get("/initiatives/{id}/status")]
async fn get_initiative_status(
    session: Session,
    request: HttpRequest,
    id: Id,
    at: Params<At>,
) -> Result<HttpResponse, Problem> {
    let read = move |c: &mut Connection| {
        let (graph, moment, status) = evaluated(c, &id.0, &at.0)?;
        let row = graph.initiatives.iter().find(|row| row.id == id.0).ok_or_else(|| Problem::new(Code::NotFound))?;
        let own = !status.cross_reference;
        let targets = targets_at(&graph, &moment, &status);
        let Moment { fiscal_year, checkpoint, as_of, known_at } = moment;
        let entry = status.entry();
        to_json(&InitiativeStatus {
            initiative_id: row.id.clone(),
            number: row.content.number.clone(),
            title: row.content.title.clone(),
            same_as_id: row.content.same_as_id.clone(),
            fiscal_year,
            checkpoint,
            as_of,
            known_at: known_at.map(|moment| moment.and_utc()),
            outlook: own.then(|| OutlookFlags {
                declared: status.declared_outlook,
                computed: status.computed_outlook,
                disagree: entry.outlooks_disagree(),
            }),
            progress: own.then(|| ProgressFlags {
                declared: status.declared_progress,
                computed: status.progress.verdict,
                disagree: entry.progress_disagrees(),
                basis: status.progress.clone(),
            }),
            targets,
        })
    };
    Ok(representation::whole(&request, session.read(read).await?))
}

/// An initiative's plan and what is known of it at a moment.
fn evaluated(c: &mut Connection, initiative_id: &str, at: &At) -> Result<(PlanGraph, Moment, Evaluated), Problem> {
    let not_found = || Problem::new(Code::NotFound);
    let row = access::find::<Initiative>(c, initiative_id)?.ok_or_else(not_found)?;
    let graph = moment::plan(c, &row.content.plan_id, at.known_at)?;
    let (moment, checkpoint_id) = moment::of(&graph, at.checkpoint.as_deref(), at.as_of)?;
    let as_of = moment.as_of.unwrap_or_default();
    let one = evaluate_initiative(&graph, &row.id, as_of, checkpoint_id.as_deref()).ok_or_else(not_found)?;
    Ok((graph, moment, one))
}

fn targets_at(graph: &PlanGraph, moment: &Moment, status: &Evaluated) -> Vec<TargetAt> {
    let shown = |(id, outlook): &(String, TargetOutlook)| {
        let target = &graph.targets.iter().find(|row| row.id == *id)?.content;
        let indicator = &graph.indicators.get(&target.indicator_id)?.content;
        Some(TargetAt {
            target_id: id.clone(),
            text: target.text.clone(),
            indicator: indicator.name.clone(),
            unit: indicator.unit.clone(),
            fiscal_year: target.fiscal_year,
            checkpoint: moment.checkpoint.clone(),
            as_of: moment.as_of,
            known_at: moment.known_at.map(|moment| moment.and_utc()),
            outlook: outlook.clone(),
            sources: target_sources(graph, target, outlook),
            pace: target_pace(graph, target, outlook, moment.as_of.unwrap_or_default()),
            chart: None,
        })
    };
    status.targets.iter().filter_map(shown).collect()
}
