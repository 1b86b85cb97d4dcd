//! What is done with a submission: it is handed in, returned, approved, published; it may come late.

use actix_web::{HttpResponse, post};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::extract::{Body, Id};
use super::idempotency::{self, Retry};
use super::problem::{Code, Fault, Problem};
use super::representation::{Answer, Shown, to_json};
use super::resource;
use super::routes::Routes;
use super::session::{self, Session};
use super::submissions::Comment;
use crate::clock;
use crate::db::access::{self, Placed};
use crate::db::graph::PlanGraph;
use crate::db::submissions::{Submission, duties};
use crate::db::{Connection, Row, Stored, review_flags, states, withheld};
use crate::domain::submission::{Shut, SubmissionState, SubmissionStep, missing};

/// What is shown after a step.
type ShownSubmission = Shown<Submission>;

/// A step.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"step": "return", "comments": [{"resource": "reviews", "resource_id": "0199a0c4-6f0e-7c51-9d0a-000000000000",
    "field": "issues_and_measures", "text": "改善策を具体的に書いてください。"}]}))]
pub struct StepInput {
    /// What is done.
    step: SubmissionStep,
    /// With `return`: what is to be looked at, at least one.
    #[schema(max_items = 500)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    comments: Vec<Comment>,
    /// With `extend`: the last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    extended_until: Option<NaiveDate>,
}

/// Submit, return, approve, publish or extend
///
/// Whoever handed it in cannot decide on it.
#[utoipa::path(tag = "submissions", params(("id" = String, Path, description = "The submission's id")), request_body = StepInput,
    responses((status = 200, description = "As it stands now", body = ShownSubmission)))]
#[post("/submissions/{id}/steps")]
async fn take_submission_step(
    session: Session,
    retry: Retry,
    id: Id,
    body: Body<StepInput>,
) -> Result<HttpResponse, Problem> {
    let input = body.0;
    session.may_anywhere(&[input.step.deed()])?;
    let fingerprint = to_json(&input)?;
    let write = move |c: &mut Connection| {
        let row = access::find::<Submission>(c, &id.0)?.ok_or_else(|| Problem::new(Code::NotFound))?;
        let home = row.content.home(c, &row.id)?;
        session::may(c, &[input.step.deed()], &home)?;
        let mut after = row.clone();
        after.content = taken(c, &row, input)?;
        if !Submission::update(c, &mut after)? {
            return Err(Problem::new(Code::WrongState));
        }
        if after.content.state == SubmissionState::Published {
            withheld::publish(c, &after.content)?;
        }
        states::refresh_plan(c, &after.content.plan_id)?;
        let (etag, body) = resource::show(c, after)?;
        Ok(Answer { status: 200, location: None, etag: Some(etag), body })
    };
    idempotency::once(&session, retry, &fingerprint, write).await.map(HttpResponse::from)
}

/// The submission after a step.
fn taken(c: &mut Connection, row: &Row<Submission>, input: StepInput) -> Result<Submission, Problem> {
    let StepInput { step, comments, extended_until } = input;
    let mut content = row.content.clone();
    let stands = content.state;
    content.state = stands.after(step).ok_or_else(|| wrong_state(stands))?;
    let (identity, now) = (c.caller.identity.to_string(), clock::now());
    if step == SubmissionStep::Submit {
        may_be_submitted(c, &content)?;
        (content.submitted_by, content.submitted_at) = (Some(identity), Some(now));
        return Ok(content);
    }
    if content.submitted_by.as_ref().is_some_and(|submitted| c.caller.identity.is(submitted))
        && step != SubmissionStep::Extend
    {
        return Err(Problem::new(Code::Forbidden).detail(
            "提出した本人は、差戻し・承認・公表ができません。",
            "Whoever handed it in cannot return, approve or publish it.",
        ));
    }
    match (step, extended_until) {
        (SubmissionStep::Extend, Some(day)) => content.extended_until = Some(day),
        (SubmissionStep::Extend, None) => {
            let (ja, en) = ("延長の最終日が必要です。", "The last day of the extension is needed.");
            return Err(broken(Fault::at("/extended_until", "required", ja, en)));
        }
        _ => (content.decided_by, content.decided_at) = (Some(identity), Some(now)),
    }
    if step == SubmissionStep::Return {
        if comments.is_empty() {
            let (ja, en) = ("差戻しの理由を一つ以上書いてください。", "Say at least once why it is returned.");
            return Err(broken(Fault::at("/comments", "required", ja, en)));
        }
        content.comments = to_json(&comments)?;
    }
    Ok(content)
}

fn broken(fault: Fault) -> Problem {
    Problem::faults(Code::RuleBroken, vec![fault])
}

fn wrong_state(stands: SubmissionState) -> Problem {
    let steps: Vec<&str> = stands.steps().into_iter().map(SubmissionStep::as_str).collect();
    let fault = Fault::at(
        "/step",
        "wrong_state",
        format!("この提出は「{stands}」なので、この操作はできません。"),
        format!("The submission is `{stands}`: this cannot be done with it now."),
    );
    Problem::faults(Code::WrongState, vec![fault.accepted(steps)])
}

/// Refuses what comes too early, too late or incomplete, with everything that is missing; and keeps what is computed at this moment
/// beside what is declared.
fn may_be_submitted(c: &mut Connection, content: &Submission) -> Result<(), Problem> {
    let gone = || Problem::new(Code::NotFound);
    let graph = PlanGraph::load(c, &content.plan_id, None)?.ok_or_else(gone)?;
    let checkpoint = graph.checkpoints.iter().find(|row| row.id == content.checkpoint_id).ok_or_else(gone)?;
    let mut faults = Vec::new();
    match checkpoint.content.window(content.extended_until).admits(graph.today()) {
        Ok(()) => {}
        Err(Shut::NotYet(day)) => faults.push(Fault::at(
            "/step",
            "not_open",
            format!("この時点の提出は{day}からです。"),
            format!("Submissions open on {day}."),
        )),
        Err(Shut::Over(day)) => faults.push(Fault::at(
            "/step",
            "closed",
            format!("この時点の提出は{day}に締め切られました。承認者に延長を依頼してください。"),
            format!("Submissions closed on {day}. Ask an approver for an extension."),
        )),
    }
    let own = duties(&graph, checkpoint).remove(&content.organization_id).unwrap_or_default();
    faults.extend(missing(&own).into_iter().filter(|one| one.part.is_needed()).map(|one| {
        let words = one.part.words();
        let fault = Fault::at(
            "/step",
            "incomplete",
            format!("{}: {}", one.number, words.ja),
            format!("{}: {}", one.number, words.en),
        );
        fault.received(serde_json::json!({"initiative_id": one.initiative_id, "part": one.part.as_str()}))
    }));
    if !faults.is_empty() {
        return Err(Problem::faults(Code::RuleBroken, faults));
    }
    let reported = |row: &&Row<crate::db::reviews::Review>| {
        row.content.checkpoint_id == checkpoint.id
            && own.iter().any(|duty| duty.initiative_id == row.content.initiative_id)
    };
    let reviews: Vec<Row<_>> = graph.reviews.iter().filter(reported).cloned().collect();
    Ok(review_flags::renew(c, &reviews)?)
}

/// The route of steps.
pub(super) fn routes(config: &mut impl Routes) {
    config.service(take_submission_step);
}
