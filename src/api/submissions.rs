//! Submissions: what a department hands in at a checkpoint, and what becomes of it.

use actix_web::{HttpRequest, HttpResponse, get, post};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::extract::{Body, Id, Params};
use super::history::{self, HistoryPage};
use super::idempotency::Retry;
use super::listing::{self, ListParams};
use super::problem::{Dependent, Fault, Problem};
use super::representation::{PageOf, Shown};
use super::resource::{self, Resource};
use super::routes::Routes;
use super::session::Session;
use crate::clock;
use crate::db::access;
use crate::db::checkpoints::Checkpoint;
use crate::db::organizations;
use crate::db::plans::Plan;
use crate::db::store::{Listed, Page};
use crate::db::submissions::{self, Submission};
use crate::db::{Connection, DbError, Row, Stored, states};
use crate::domain::access::Deed;
use crate::domain::submission::{SubmissionState, SubmissionStep};

/// Begins a department's submission at a checkpoint.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"checkpoint_id": "0199a0c4-6f0e-7c51-9d0a-000000000001"}))]
pub struct SubmissionInput {
    /// The checkpoint.
    #[schema(min_length = 1, max_length = 64)]
    checkpoint_id: String,
    /// The department: an id or a national code; the plan's organization itself, for initiatives without a department, unless given.
    #[schema(min_length = 1, max_length = 64)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    organization_id: Option<String>,
}

/// What an approver says of a single field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Comment {
    /// Of which resource: `actuals`, `activities`, `reviews`; of the whole unless given.
    #[schema(inline, max_length = 40)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    resource: Option<String>,
    /// Which one of them.
    #[schema(max_length = 64)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    resource_id: Option<String>,
    /// Which field of it: `value`, `results`.
    #[schema(max_length = 40)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    /// What is to be looked at.
    #[schema(min_length = 1, max_length = 2_000)]
    text: String,
}

/// What the service knows of a submission.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubmissionExtra {
    /// The plan.
    plan_id: String,
    /// How far it has come.
    state: SubmissionState,
    /// What can be done with it now.
    steps: Vec<SubmissionStep>,
    /// The last day on which it is taken, an extension included.
    due: Option<NaiveDate>,
    /// By how many days it is late, or was when it was handed in.
    late_days: i64,
    /// It may come late, up to this day.
    extended_until: Option<NaiveDate>,
    /// Who handed it in last.
    submitted_by: Option<String>,
    /// When, in UTC.
    submitted_at: Option<DateTime<Utc>>,
    /// Who returned, approved or published it last.
    decided_by: Option<String>,
    /// When, in UTC.
    decided_at: Option<DateTime<Utc>>,
    /// What the approver said of single fields when it was returned last.
    comments: Vec<Comment>,
}

/// Which submissions.
#[derive(Debug, Deserialize, IntoParams)]
pub struct SubmissionFilter {
    /// Of this plan
    #[param(min_length = 1)]
    plan: Option<String>,
    /// At this checkpoint
    #[param(min_length = 1)]
    checkpoint: Option<String>,
    /// Of this department: an id or a national code
    #[param(min_length = 1)]
    organization: Option<String>,
    /// That have come so far
    #[param(inline)]
    state: Option<SubmissionState>,
}

impl Resource for Submission {
    type Input = SubmissionInput;
    type Extra = SubmissionExtra;
    type Filter = SubmissionFilter;

    const NAME: &'static str = "Submission";
    const PATH: &'static str = "submissions";
    const DEEDS: &'static [Deed] = &[Deed::Report, Deed::Plan];
    const SORT: &'static [&'static str] = &[];

    fn input(self) -> SubmissionInput {
        let Self { checkpoint_id, organization_id, .. } = self;
        SubmissionInput { checkpoint_id, organization_id: Some(organization_id) }
    }

    fn content(
        input: SubmissionInput,
        _: Option<&Row<Self>>,
        connection: &mut Connection,
        faults: &mut Vec<Fault>,
    ) -> Result<Option<Self>, DbError> {
        let SubmissionInput { checkpoint_id, organization_id } = input;
        let checkpoint = access::find::<Checkpoint>(connection, &checkpoint_id)?;
        let plan = match &checkpoint {
            Some(checkpoint) => Plan::find(connection, &checkpoint.content.plan_id)?,
            None => None,
        };
        let (Some(_), Some(plan)) = (checkpoint, plan) else {
            faults.push(Fault::unknown("/checkpoint_id", "checkpoints", &checkpoint_id));
            return Ok(None);
        };
        let own = plan.content.organization_id;
        let organization_id = match organization_id {
            None => own,
            Some(name) => {
                let found = access::organization(connection, &name)?;
                let below = organizations::subtree(connection, &own)?;
                match found.filter(|row| below.contains(&row.id)) {
                    Some(row) => row.id,
                    None => {
                        faults.push(Fault::unknown("/organization_id", "organizations", &name));
                        return Ok(None);
                    }
                }
            }
        };
        Ok(Some(Self {
            plan_id: plan.id,
            checkpoint_id,
            organization_id,
            state: SubmissionState::Draft,
            extended_until: None,
            submitted_by: None,
            submitted_at: None,
            decided_by: None,
            decided_at: None,
            comments: "[]".to_owned(),
        }))
    }

    fn extras(connection: &mut Connection, rows: &[Row<Self>]) -> Result<Vec<SubmissionExtra>, DbError> {
        let calendar = submissions::calendar(connection, rows)?;
        let extra = |row: &Row<Self>| match calendar.get(&row.content.checkpoint_id) {
            Some(at) => Ok(extra(&row.content, at)),
            None => Err(DbError::Failed(format!("submission {} is at no checkpoint", row.id))),
        };
        rows.iter().map(extra).collect()
    }

    fn list(connection: &mut Connection, filter: SubmissionFilter, page: &Page) -> Result<Listed<Self>, DbError> {
        let SubmissionFilter { plan, checkpoint, organization, state } = filter;
        let filter = submissions::Filter {
            plan_id: plan,
            checkpoint_id: checkpoint,
            organization_id: super::parents::organization_id(connection, organization)?,
            state,
        };
        submissions::list(connection, &filter, page)
    }

    fn dependents(_: &mut Connection, _: &str) -> Result<Vec<Dependent>, DbError> {
        Ok(Vec::new())
    }

    fn changed(connection: &mut Connection, _: Option<&Row<Self>>, after: Option<&Row<Self>>) -> Result<(), DbError> {
        after.map_or(Ok(()), |row| states::refresh_plan(connection, &row.content.plan_id))
    }
}

fn extra(content: &Submission, (checkpoint, zone): &(Checkpoint, String)) -> SubmissionExtra {
    let window = checkpoint.window(content.extended_until);
    let day = content.submitted_at.map_or_else(|| clock::today(zone), |at| clock::date(at, zone));
    let Submission { plan_id, state, extended_until, submitted_by, decided_by, comments, .. } = content.clone();
    SubmissionExtra {
        plan_id,
        state,
        steps: state.steps(),
        due: window.last(),
        late_days: window.late_by(day),
        extended_until,
        submitted_by,
        submitted_at: content.submitted_at.map(|at| at.and_utc()),
        decided_by,
        decided_at: content.decided_at.map(|at| at.and_utc()),
        comments: serde_json::from_str(&comments).unwrap_or_default(),
    }
}

type ShownSubmission = Shown<Submission>;
type PageOfSubmission = PageOf<Submission>;
type ParamsSubmission = ListParams<Submission>;
type Answer = Result<HttpResponse, Problem>;

/// List submissions
#[utoipa::path(tag = "submissions", params(ParamsSubmission),
    responses((status = 200, description = "A page of the list", body = PageOfSubmission)))]
#[get("/submissions")]
async fn list_submissions(session: Session, request: HttpRequest, params: Params<ParamsSubmission>) -> Answer {
    listing::list::<Submission>(session, request, params.0).await
}

/// Begin a submission
#[utoipa::path(tag = "submissions", request_body = SubmissionInput,
    responses((status = 201, description = "Begun", body = ShownSubmission)))]
#[post("/submissions")]
async fn create_submission(session: Session, retry: Retry, body: Body<SubmissionInput>) -> Answer {
    resource::create::<Submission>(session, retry, body).await
}

/// Read a submission
#[utoipa::path(tag = "submissions", params(("id" = String, Path, description = "Its id")),
    responses((status = 200, description = "As it stands", body = ShownSubmission)))]
#[get("/submissions/{id}")]
async fn read_submission(session: Session, request: HttpRequest, id: Id) -> Answer {
    resource::read::<Submission>(session, request, id.0).await
}

/// List every change: who handed it in, who returned it and why
#[utoipa::path(tag = "submissions", params(("id" = String, Path, description = "Its id")),
    responses((status = 200, description = "Its changes, the first one first", body = HistoryPage)))]
#[get("/submissions/{id}/history")]
async fn list_submission_history(session: Session, request: HttpRequest, id: Id) -> Answer {
    history::history::<Submission>(session, request, id.0).await
}

/// The routes of submissions.
pub(super) fn routes(config: &mut impl Routes) {
    config
        .service(list_submissions)
        .service(create_submission)
        .service(read_submission)
        .service(list_submission_history);
}
