//! Who has not reported, who is late, by how many days, and what exactly is missing.

use actix_web::{HttpRequest, HttpResponse, get};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::extract::Params;
use super::problem::{Code, Fault, Place, Problem};
use super::representation::{to_json, whole};
use super::routes::Routes;
use super::session::Session;
use crate::clock;
use crate::db::graph::PlanGraph;
use crate::db::organizations::{self, Organization};
use crate::db::rollups::{self, Scope};
use crate::db::submissions::{self, Submission, duties};
use crate::db::{Connection, Row, Stored, access};
use crate::domain::Bilingual;
use crate::domain::access::Limits;
use crate::domain::submission::{Duty, MissingPart, SubmissionState, missing};

/// Whose reports, and when.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ReportingParams {
    /// The fiscal year
    #[param(minimum = 1900, maximum = 2200, example = 2021)]
    fiscal_year: i32,
    /// At this checkpoint; at each plan's current one unless it says otherwise
    #[param(pattern = "^[a-z][a-z0-9_]{0,39}$")]
    checkpoint: Option<String>,
    /// Of this organization and all below it: an id or a national code
    #[param(min_length = 1)]
    organization: Option<String>,
}

/// Where every department stands with its report.
#[derive(Debug, Serialize, ToSchema)]
struct Reporting {
    /// The fiscal year.
    fiscal_year: i32,
    /// How many departments have something to report.
    total: usize,
    /// How many of them have not handed it in, or have to do so again.
    outstanding: usize,
    /// How many of these are late.
    late: usize,
    /// Each of them, plan by plan.
    items: Vec<DepartmentReport>,
}

/// Where a department stands with its report.
#[derive(Debug, Serialize, ToSchema)]
struct DepartmentReport {
    /// The plan.
    plan_id: String,
    /// Whose plan it is.
    organization: String,
    /// The department, or the organization itself for initiatives without one.
    department_id: String,
    /// Its name.
    department: String,
    /// The checkpoint.
    checkpoint_id: String,
    /// Its kind.
    checkpoint: String,
    /// The submission, where one was begun.
    submission_id: Option<String>,
    /// How far it has come; `null` where nothing was begun.
    #[schema(inline)]
    state: Option<SubmissionState>,
    /// The last day on which it is taken, an extension included.
    due: Option<NaiveDate>,
    /// By how many days it is late, or was when it was handed in.
    late_days: i64,
    /// How many initiatives there are to report on.
    initiatives: usize,
    /// What is missing.
    missing: Vec<MissingReport>,
}

/// Something that is missing.
#[derive(Debug, Serialize, ToSchema)]
struct MissingReport {
    /// Of this initiative.
    initiative_id: String,
    /// By its number.
    number: String,
    /// Of this target, where it is a figure.
    target_id: Option<String>,
    /// What.
    part: MissingPart,
    /// Whether nothing can be submitted without it.
    needed: bool,
    /// In words.
    message: Bilingual,
}

/// Who has not reported, who is late, and what is missing
#[utoipa::path(tag = "submissions", params(ReportingParams),
    responses((status = 200, description = "Every department with something to report", body = Reporting),
        (status = 404, description = "There is no such organization", content_type = "application/problem+json",
            body = crate::api::document::ProblemDocument)))]
#[get("/reporting")]
async fn get_reporting(
    session: Session,
    request: HttpRequest,
    params: Params<ReportingParams>,
) -> Result<HttpResponse, Problem> {
    let body = session.read(move |c| reporting(c, &params.0)).await?;
    Ok(whole(&request, body))
}

fn reporting(c: &mut Connection, params: &ReportingParams) -> Result<String, Problem> {
    let organizations = match &params.organization {
        None => None,
        Some(name) => {
            let unknown = || {
                let place = Place::Parameter("organization".to_owned());
                let fault = Fault { place, ..Fault::unknown("", "organizations", name) };
                Problem::faults(Code::NotFound, vec![fault])
            };
            let root = access::organization(c, name)?.ok_or_else(unknown)?;
            Some(organizations::subtree(c, &root.id)?)
        }
    };
    // Who has not done what is nobody's business but theirs, also where their plan is published.
    let limits = c.caller.limits().map(Limits::without_published);
    let scope = Scope { fiscal_year: params.fiscal_year, organizations, limits, checkpoint: params.checkpoint.clone() };
    let mut items = Vec::new();
    for plan in rollups::plans_in(c, &scope, None)? {
        let Some(graph) = PlanGraph::load(c, &plan, None)? else { continue };
        items.extend(of_plan(c, &graph, params.checkpoint.as_deref())?);
    }
    let open = |item: &&DepartmentReport| item.state.is_none_or(|state| !state.is_locked());
    to_json(&Reporting {
        fiscal_year: params.fiscal_year,
        total: items.len(),
        outstanding: items.iter().filter(open).count(),
        late: items.iter().filter(open).filter(|item| item.late_days > 0).count(),
        items,
    })
}

fn of_plan(c: &mut Connection, graph: &PlanGraph, kind: Option<&str>) -> Result<Vec<DepartmentReport>, Problem> {
    let wanted = kind.or(graph.plan.content.checkpoint.as_deref());
    let Some(checkpoint) = graph.checkpoints.iter().find(|row| Some(row.content.kind.as_str()) == wanted) else {
        return Ok(Vec::new());
    };
    let begun = submissions::at_checkpoint(c, &checkpoint.id)?;
    let zone = &graph.organization.content.time_zone;
    let mut reports = Vec::new();
    for (department_id, duties) in duties(graph, checkpoint) {
        let department = Organization::find(c, &department_id)?.map(|row| row.content.name).unwrap_or_default();
        let submission = begun.iter().find(|row| row.content.organization_id == department_id);
        let window = checkpoint.content.window(submission.and_then(|row| row.content.extended_until));
        let handed_in = submission.filter(|row| row.content.state.is_locked()).and_then(|row| row.content.submitted_at);
        let day = handed_in.map_or_else(|| clock::today(zone), |at| clock::date(at, zone));
        reports.push(DepartmentReport {
            plan_id: graph.plan.id.clone(),
            organization: graph.organization.content.name.clone(),
            department_id,
            department,
            checkpoint_id: checkpoint.id.clone(),
            checkpoint: checkpoint.content.kind.clone(),
            submission_id: submission.map(|row| row.id.clone()),
            state: submission.map(|row: &Row<Submission>| row.content.state),
            due: window.last(),
            late_days: window.late_by(day),
            initiatives: duties.len(),
            missing: missing_of(&duties),
        });
    }
    Ok(reports)
}

fn missing_of(duties: &[Duty]) -> Vec<MissingReport> {
    let shown = |one: crate::domain::submission::Missing| MissingReport {
        initiative_id: one.initiative_id,
        number: one.number,
        target_id: one.target_id,
        part: one.part,
        needed: one.part.is_needed(),
        message: one.part.words(),
    };
    missing(duties).into_iter().map(shown).collect()
}

/// The route of the overview.
pub(super) fn routes(config: &mut impl Routes) {
    config.service(get_reporting);
}
