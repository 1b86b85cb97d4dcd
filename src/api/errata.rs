//! Errata: the only way in which what was published changes. Both figures stay readable.

use actix_web::{HttpRequest, HttpResponse, get, post};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::extract::{Body, Params};
use super::idempotency::{self, Retry};
use super::listing::{self, ListParams};
use super::problem::{Code, Dependent, Fault, Problem};
use super::representation::{Answer, PageOf, Shown, to_json};
use super::resource::{self, Resource};
use super::routes::Routes;
use super::session::{self, Session};
use crate::db::access;
use crate::db::activities::Activity;
use crate::db::actuals::Actual;
use crate::db::errata::{self, Erratum};
use crate::db::history::Recorded;
use crate::db::reviews::Review;
use crate::db::store::{Listed, Page};
use crate::db::submissions::Submission;
use crate::db::{Connection, DbError, Row, Stored, locks};
use crate::domain::access::Deed;
use crate::domain::submission::{Corrected, SubmissionState};

/// A correction of what was published.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"resource": "actuals", "resource_id": "0199a0c4-6f0e-7c51-9d0a-000000000000", "change": {"value": "1150"},
    "reason": "集計の誤り", "author": "保健福祉課"}))]
pub struct ErratumInput {
    /// What is corrected.
    resource: Corrected,
    /// Which of them.
    #[schema(min_length = 1, max_length = 64)]
    resource_id: String,
    /// A merge patch (RFC 7396) of it.
    #[schema(value_type = Object)]
    change: Map<String, Value>,
    /// Why.
    #[schema(min_length = 1, max_length = 2_000)]
    reason: String,
    /// Who says so.
    #[schema(min_length = 1, max_length = 200)]
    author: String,
}

/// What the service knows of an erratum.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErratumExtra {
    /// What was published.
    submission_id: String,
    /// What it said.
    #[schema(value_type = Object)]
    before: Value,
    /// What stands instead.
    #[schema(value_type = Object)]
    after: Value,
}

/// Which errata.
#[derive(Debug, Deserialize, IntoParams)]
pub struct ErratumFilter {
    /// Of this submission
    #[param(min_length = 1)]
    submission: Option<String>,
    /// Of this actual, activity or review
    #[param(min_length = 1)]
    resource_id: Option<String>,
}

impl Resource for Erratum {
    type Input = ErratumInput;
    type Extra = ErratumExtra;
    type Filter = ErratumFilter;

    const NAME: &'static str = "Erratum";
    const PATH: &'static str = "errata";
    const DEEDS: &'static [Deed] = &[Deed::Approve];
    const SORT: &'static [&'static str] = &[];

    fn input(self) -> ErratumInput {
        let Self { submission_id: _, resource, resource_id, reason, author, before, after } = self;
        ErratumInput { resource, resource_id, change: difference(&json(&before), &json(&after)), reason, author }
    }

    /// Errata are made by [`create_erratum`], which changes what they are of.
    fn content(
        _: ErratumInput,
        _: Option<&Row<Self>>,
        _: &mut Connection,
        _: &mut Vec<Fault>,
    ) -> Result<Option<Self>, DbError> {
        Ok(None)
    }

    fn extras(_: &mut Connection, rows: &[Row<Self>]) -> Result<Vec<ErratumExtra>, DbError> {
        let extra = |row: &Row<Self>| ErratumExtra {
            submission_id: row.content.submission_id.clone(),
            before: json(&row.content.before),
            after: json(&row.content.after),
        };
        Ok(rows.iter().map(extra).collect())
    }

    fn list(connection: &mut Connection, filter: ErratumFilter, page: &Page) -> Result<Listed<Self>, DbError> {
        let ErratumFilter { submission, resource_id } = filter;
        errata::list(connection, &errata::Filter { submission_id: submission, resource_id }, page)
    }

    fn dependents(_: &mut Connection, _: &str) -> Result<Vec<Dependent>, DbError> {
        Ok(Vec::new())
    }

    fn changed(_: &mut Connection, _: Option<&Row<Self>>, _: Option<&Row<Self>>) -> Result<(), DbError> {
        Ok(())
    }
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

/// The merge patch from one object to another, as far as their members go.
fn difference(before: &Value, after: &Value) -> Map<String, Value> {
    let (Some(before), Some(after)) = (before.as_object(), after.as_object()) else { return Map::new() };
    let gone = before.keys().filter(|name| !after.contains_key(*name)).map(|name| (name.clone(), Value::Null));
    let other = after.iter().filter(|(name, value)| before.get(*name) != Some(*value));
    other.map(|(name, value)| (name.clone(), value.clone())).chain(gone).collect()
}

/// Corrects something that was published, and says what that was and what it is.
fn correct<R: Resource + Recorded>(c: &mut Connection, input: &ErratumInput) -> Result<Erratum, Problem> {
    let unknown = || {
        let fault = Fault::unknown("/resource_id", R::PATH, &input.resource_id);
        Problem::faults(Code::RuleBroken, vec![fault])
    };
    let before = access::find::<R>(c, &input.resource_id)?.ok_or_else(unknown)?;
    let home = before.content.home(c, &before.id)?;
    session::may(c, &[Deed::Approve], &home)?;
    let holding = match before.content.report() {
        Some(report) => locks::holding(c, &[&report])?,
        None => None,
    };
    let published = match holding {
        Some(id) => Submission::find(c, &id)?.filter(|row| row.content.state == SubmissionState::Published),
        None => None,
    };
    let Some(published) = published else {
        let (ja, en) = (
            "公表されたものではありません。公表前のものは差し戻して直してください。",
            "It is not published. What is not published is returned and changed.",
        );
        let fault = Fault::at("/resource_id", "not_published", ja, en);
        return Err(Problem::faults(Code::RuleBroken, vec![fault]));
    };
    (c.erratum, c.reason) = (true, Some(input.reason.clone()));
    let mut change = input.change.clone();
    // A figure says itself who corrected it and why.
    if input.resource == Corrected::Actuals {
        change.insert("reason".to_owned(), input.reason.clone().into());
        change.insert("author".to_owned(), input.author.clone().into());
    }
    let after = resource::amend(c, before.clone(), Value::Object(change))?;
    let as_json = |row: Row<R>| to_json(&row.content.input());
    Ok(Erratum {
        submission_id: published.id,
        resource: input.resource,
        resource_id: after.id.clone(),
        reason: input.reason.clone(),
        author: input.author.clone(),
        before: as_json(before)?,
        after: as_json(after)?,
    })
}

type ShownErratum = Shown<Erratum>;
type PageOfErratum = PageOf<Erratum>;
type ParamsErratum = ListParams<Erratum>;
type Response = Result<HttpResponse, Problem>;

/// List errata
#[utoipa::path(tag = "errata", params(ParamsErratum),
    responses((status = 200, description = "A page of the list", body = PageOfErratum)))]
#[get("/errata")]
async fn list_errata(session: Session, request: HttpRequest, params: Params<ParamsErratum>) -> Response {
    listing::list::<Erratum>(session, request, params.0).await
}

/// Correct what was published
#[utoipa::path(tag = "errata", request_body = ErratumInput,
    responses((status = 201, description = "Corrected; what was published stays readable", body = ShownErratum)))]
#[post("/errata")]
async fn create_erratum(session: Session, retry: Retry, body: Body<ErratumInput>) -> Response {
    session.may_anywhere(Erratum::DEEDS)?;
    let input = body.0;
    let fingerprint = to_json(&input)?;
    let write = move |c: &mut Connection| {
        let row = Row::new(match input.resource {
            Corrected::Actuals => correct::<Actual>(c, &input)?,
            Corrected::Activities => correct::<Activity>(c, &input)?,
            Corrected::Reviews => correct::<Review>(c, &input)?,
        });
        Erratum::insert(c, &row)?;
        let (etag, body) = resource::show(c, row)?;
        Ok(Answer { status: 201, location: None, etag: Some(etag), body })
    };
    idempotency::once(&session, retry, &fingerprint, write).await.map(HttpResponse::from)
}

/// The routes of errata.
pub(super) fn routes(config: &mut impl Routes) {
    config.service(list_errata).service(create_erratum);
}
