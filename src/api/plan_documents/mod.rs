//! Plan documents: a plan as one nested document, put and got whole.

mod apply;
mod compose;
pub mod document;
mod faults;
mod figures;
mod ledger;
mod salvage;
mod series;
mod warnings;
mod writer;

use std::collections::HashSet;

use actix_web::{FromRequest, HttpRequest, HttpResponse, get, put};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

pub use self::document::{PlanDocument, Warning};
use self::ledger::Changes;
use super::extract::{self, Document};
use super::problem::{Code, Fault, Place, Problem};
use super::representation::{self, Answer, tag, to_json};
use super::routes::Routes;
use super::session::{self, Session};
use super::shape;
use crate::db::access::Placed;
use crate::db::graph::PlanGraph;
use crate::db::organizations::{self, Organization};
use crate::db::{Connection, DbError, Row, Stored, plans};
use crate::domain::access::{Deed, Home};
use crate::domain::{Basis, Measure};

/// The routes of plan documents.
pub(super) fn routes(config: &mut impl Routes) {
    config.service(get_plan_document).service(put_plan_document);
}

/// How an earlier year's result lies among the actuals: what adds up is the year's sum, all else the level at its end.
fn stated_basis(measure: Measure) -> Basis {
    if measure == Measure::Sum { Basis::Increment } else { Basis::Snapshot }
}

/// What putting a document has done.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanDocumentReceipt {
    /// The plan.
    plan_id: String,
    /// Whether anything is different now. Putting the same document again changes nothing.
    changed: bool,
    /// How many rows were written.
    changes: Changes,
    /// What is kept as it was given although it does not agree with itself or is not understood.
    warnings: Vec<Warning>,
}

/// The plan that an address names.
struct Address {
    code: String,
    fiscal_year: i32,
}

impl FromRequest for Address {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut actix_web::dev::Payload) -> Self::Future {
        let code = request.match_info().get("organization").unwrap_or_default();
        let year = request.match_info().get("fiscal_year").unwrap_or_default();
        let mut faults = Vec::new();
        let mut refuse = |name: &str, received: &str, ja: &str, en: &str| {
            let fault = Fault::at("", "wrong_format", ja, en).received(received);
            faults.push(Fault { place: Place::Parameter(name.to_owned()), ..fault });
        };
        if code.len() != 6 || !code.bytes().all(|b| b.is_ascii_digit()) {
            refuse("organization", code, "6桁の全国地方公共団体コードです。", "It is a six-digit national code.");
        }
        let fiscal_year = year.parse().ok().filter(|year| crate::domain::fiscal::YEARS.contains(year));
        if fiscal_year.is_none() {
            refuse("fiscal_year", year, "西暦4桁の年度です（1900〜2200）。", "It is a fiscal year from 1900 to 2200.");
        }
        std::future::ready(match fiscal_year {
            Some(fiscal_year) if faults.is_empty() => Ok(Self { code: code.to_owned(), fiscal_year }),
            _ => Err(Problem::faults(Code::InvalidRequest, faults)),
        })
    }
}

/// Read a plan as one document
///
/// What was put, in its order, and what the service noticed.
#[utoipa::path(tag = "plan-documents", params(
    ("organization" = String, Path, description = "The national code of the organization", example = "271071", pattern = "^[0-9]{6}$"),
    ("fiscal_year" = i32, Path, description = "The fiscal year", example = 2021, minimum = 1900, maximum = 2200)),
    responses((status = 200, description = "The plan", body = PlanDocument)))]
#[get("/plan-documents/{organization}/{fiscal_year}")]
async fn get_plan_document(session: Session, request: HttpRequest, address: Address) -> Result<HttpResponse, Problem> {
    let read = move |c: &mut Connection| match find(c, &address.code, address.fiscal_year)? {
        Some(graph) if graph.plan.content.is_seen(c, &graph.plan.id)? => stored_text(c, &graph),
        _ => Err(Problem::new(Code::NotFound)),
    };
    let body = session.read(read).await?;
    Ok(representation::whole(&request, body))
}

/// Put a plan as one document
///
/// All or nothing. Putting the same document again changes nothing and says so. Replacing a plan by another content
/// needs its ETag as `If-Match`.
#[utoipa::path(tag = "plan-documents", params(
    ("organization" = String, Path, description = "The national code of the organization", example = "271071", pattern = "^[0-9]{6}$"),
    ("fiscal_year" = i32, Path, description = "The fiscal year", example = 2021, minimum = 1900, maximum = 2200)),
    request_body = PlanDocument,
    responses((status = 200, description = "The plan says this now", body = PlanDocumentReceipt),
        (status = 201, description = "The plan is new", body = PlanDocumentReceipt)))]
#[put("/plan-documents/{organization}/{fiscal_year}")]
async fn put_plan_document(
    session: Session,
    request: HttpRequest,
    address: Address,
    document: Document,
) -> Result<HttpResponse, Problem> {
    session.may_anywhere(&[Deed::Plan])?;
    let document = read_document(&document.0, &address.code, address.fiscal_year)?;
    let if_match = request.headers().get("if-match").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let write = move |c: &mut Connection| put(c, &document, Precondition::IfMatch(if_match))?.answer();
    session.write(write).await.map(HttpResponse::from)
}

/// A document that was put.
pub struct Put {
    created: bool,
    location: String,
    etag: String,
    receipt: PlanDocumentReceipt,
}

impl Put {
    /// Whether anything is different now.
    pub fn changed(&self) -> bool {
        self.receipt.changed
    }

    /// How many rows were written.
    pub fn rows(&self) -> u64 {
        let Changes { created, updated, deleted } = self.receipt.changes;
        created + updated + deleted
    }

    fn answer(self) -> Result<Answer, Problem> {
        let Self { created, location, etag, receipt } = self;
        let (status, location) = if created { (201, Some(location)) } else { (200, None) };
        Ok(Answer { status, location, etag: Some(etag), body: to_json(&receipt)? })
    }
}

/// What a document that replaces a plan has to know of it.
pub enum Precondition {
    /// The ETag of what it replaces, if it changes anything.
    IfMatch(Option<String>),
    /// Nothing: whoever imports a file on the machine itself means it.
    None,
}

/// A document of the right shape that breaks no rule, or every fault of both kinds.
///
/// # Errors
/// [`Code::InvalidRequest`] where a fault is one of shape, else [`Code::RuleBroken`].
pub fn read_document(value: &Value, code: &str, fiscal_year: i32) -> Result<PlanDocument, Problem> {
    let name = PlanDocument::name();
    let faults_of = |value: &Value| shape::faults(&name, value);
    let mut all = faults_of(value).map_err(|error| Problem::new(Code::Internal).cause(error))?;
    let mut mentioned = HashSet::new();
    if all.is_empty() {
        let document: PlanDocument = extract::decode(value.clone())?;
        let broken = faults::faults(&document, code, fiscal_year, &mentioned);
        return if broken.is_empty() { Ok(document) } else { Err(Problem::faults(Code::RuleBroken, broken)) };
    }
    salvage::texts_named(value, "number", &mut mentioned);
    let body = with_a_head(value, &all, code, fiscal_year);
    let first = faults_of(&body).unwrap_or_default();
    let salvaged = salvage::salvage(&body, &first, |rest| faults_of(rest).unwrap_or_default());
    if let Some(salvaged) = salvaged
        && let Ok(document) = serde_json::from_value::<PlanDocument>(salvaged.rest.clone())
    {
        for mut fault in faults::faults(&document, code, fiscal_year, &mentioned) {
            if let Place::Pointer(pointer) = &mut fault.place {
                *pointer = salvaged.place_in_whole(pointer);
                if salvaged.is_in_doubt(pointer) {
                    continue;
                }
            }
            all.push(fault);
        }
    }
    Err(Problem::faults(Code::InvalidRequest, all))
}

/// The document with what its address says in place of a faulty head, without which the rest would not be looked at.
fn with_a_head(value: &Value, faults: &[Fault], code: &str, fiscal_year: i32) -> Value {
    let mut body = value.clone();
    let head = [("organization", json!({"code": code})), ("fiscal_year", json!(fiscal_year)), ("title", json!("?"))];
    for (name, stand_in) in head {
        let is_in_it = |fault: &Fault| match &fault.place {
            Place::Pointer(place) => place.split('/').nth(1) == Some(name),
            _ => false,
        };
        if let (true, Some(members)) = (faults.iter().any(is_in_it), body.as_object_mut()) {
            members.insert(name.to_owned(), stand_in);
        }
    }
    body
}

/// Makes the stored plan say what a document says.
///
/// # Errors
/// A missing or stale precondition, a parent that is another one, the database's own.
pub fn put(c: &mut Connection, document: &PlanDocument, precondition: Precondition) -> Result<Put, Problem> {
    may_put(c, &document.organization.code)?;
    // Locked before it is read: who waited for another change is to meet its ETag, not to fail over its rows.
    if let Some(id) = plans::find_by_address(c, &document.organization.code, document.fiscal_year)? {
        plans::lock(c, &id)?;
    }
    let before = find(c, &document.organization.code, document.fiscal_year)?;
    let current = before.as_ref().map(|graph| stored_text(c, graph)).transpose()?;
    if let (Some(current), Precondition::IfMatch(Some(given))) = (&current, &precondition) {
        let stands = tag(current.as_bytes());
        if !given.split(',').any(|one| one.trim() == "*" || one.trim() == stands) {
            return Err(stale());
        }
    } else if let (None, Precondition::IfMatch(Some(_))) = (&current, &precondition) {
        return Err(stale());
    }
    let (plan_id, changes) = apply::apply(c, document, before.as_ref())?;
    if let (true, Some(_), Precondition::IfMatch(None)) = (changes.any(), &current, &precondition) {
        return Err(Problem::new(Code::PreconditionRequired).detail(
            "この計画は既にあり、内容が異なります。先にGETで読み、そのETagをIf-Matchに入れて送ってください。",
            "This plan exists and says something else. Read it with GET first and send its ETag as If-Match.",
        ));
    }
    let Some(after) = PlanGraph::load(c, &plan_id, None)? else { return Err(Problem::new(Code::Internal)) };
    let body = stored_text(c, &after)?;
    let receipt = PlanDocumentReceipt { plan_id, changed: changes.any(), changes, warnings: warnings::of(document) };
    let PlanDocument { organization, fiscal_year, .. } = document;
    let location = format!("/api/v1/plan-documents/{}/{fiscal_year}", organization.code);
    Ok(Put { created: before.is_none(), location, etag: tag(body.as_bytes()), receipt })
}

/// Refuses whoever does not plan for the organization. One that is not known yet comes from whoever has all of them.
fn may_put(c: &mut Connection, code: &str) -> Result<(), Problem> {
    let Some(known) = organizations::find_by_id_or_code(c, code)? else {
        return session::may(c, &[Deed::Administer], &Home::default());
    };
    if !known.content.is_seen(c, &known.id)? {
        return Err(Problem::new(Code::NotFound));
    }
    let home = known.content.home(c, &known.id)?;
    session::may(c, &[Deed::Plan], &home)
}

fn stale() -> Problem {
    Problem::new(Code::VersionConflict).detail(
        "読んだ後に計画が変わりました。読み直してから送ってください。",
        "The plan has changed since it was read. Read it again and repeat the change.",
    )
}

/// The stored plan of an organization and a year.
fn find(c: &mut Connection, code: &str, fiscal_year: i32) -> Result<Option<PlanGraph>, DbError> {
    match plans::find_by_address(c, code, fiscal_year)? {
        Some(id) => PlanGraph::load(c, &id, None),
        None => Ok(None),
    }
}

/// A stored plan as a document.
///
/// # Errors
/// The database's own.
pub fn stored_document(c: &mut Connection, graph: &PlanGraph) -> Result<PlanDocument, DbError> {
    let parent: Option<Row<Organization>> = match &graph.organization.content.parent_id {
        Some(id) => Organization::find(c, id)?,
        None => None,
    };
    compose::compose(graph, parent.as_ref())
}

fn stored_text(c: &mut Connection, graph: &PlanGraph) -> Result<String, Problem> {
    to_json(&stored_document(c, graph)?)
}
