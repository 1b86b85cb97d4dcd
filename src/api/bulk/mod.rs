//! Many actuals in one request: all or, where that is asked for, as many as can be.

pub(super) mod changes;
mod rows;

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, HttpResponse, post, web};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use self::changes::Changes;
use self::rows::ActualRows;
pub use self::rows::{ActualRow, Locate, Manner, Origin, Rows, Scope, enough};
use super::extract::{self, Params};
use super::forms::FormReceipt;
use super::idempotency::{self, Retry};
use super::language::Language;
use super::problem::{Code, Fault, Place, Problem};
use super::representation::{Answer, hash, to_json};
use super::routes::Routes;
use super::session::Session;
use super::warning::Warning;
use crate::db::Connection;
use crate::domain::access::Deed;
use crate::domain::words::words;

/// A list of rows as JSON.
const ITEMS: &str = "application/json";
/// A row a line.
const LINES: &str = "application/x-ndjson";

/// The route.
pub(super) fn routes(config: &mut impl Routes) {
    config.service(report_actuals);
}

words! {
    /// What a fault in one row means for the others.
    BulkMode {
        /// Nothing is done.
        Atomic = "atomic",
        /// The others are done.
        Partial = "partial",
    }
}

/// How a request is carried out.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BulkParams {
    /// Say what would happen, and change nothing
    pub(super) dry_run: Option<bool>,
    /// `atomic` (unless it says otherwise): one fault, and nothing is done. `partial`: the rows without faults are done
    #[param(inline)]
    pub(super) mode: Option<BulkMode>,
}

/// What was done with the rows, or would be.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkReceipt {
    /// Whether it was only asked what would happen.
    pub(super) dry_run: bool,
    /// What a fault in one row means for the others.
    pub(super) mode: BulkMode,
    /// How many rows there are that report something.
    pub(super) rows: usize,
    /// Figures that are new.
    pub(super) created: usize,
    /// Figures that have a new revision.
    pub(super) corrected: usize,
    /// Rows that say what stands.
    pub(super) unchanged: usize,
    /// Rows that cannot be taken.
    pub(super) rejected: usize,
    /// Why: every fault of every row.
    #[schema(value_type = Vec<super::document::FaultDocument>)]
    pub(super) faults: Vec<Value>,
    /// What was passed over, and what else should be known.
    pub(super) notes: Vec<Warning>,
    /// Of the form of a submission: what became of its sheets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) form: Option<FormReceipt>,
}

/// A body as it was sent.
pub struct Sent {
    media: &'static str,
    bytes: web::Bytes,
}

impl FromRequest for Sent {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let sent = extract::sent(request, payload, &[ITEMS, LINES]);
        Box::pin(async move { sent.await.map(|(media, bytes)| Self { media, bytes }) })
    }
}

/// Report many actuals
///
/// At most 10,000 rows, as a JSON array, as `{"items": […]}` or as a JSON object a line (`application/x-ndjson`). A row is an
/// actual as in `POST /actuals` and names its indicator in one of three ways. What has no figure yet is created, what has
/// another one is corrected (a new revision), what says what stands changes nothing. All or nothing, unless `mode=partial`;
/// every fault is told with its row. The flags of each plan are computed once.
#[utoipa::path(tag = "actuals", params(BulkParams),
    request_body(content((ActualRows = "application/json"), (String = "application/x-ndjson"))),
    responses((status = 200, description = "What was done, or would be", body = BulkReceipt)))]
#[post("/actuals/bulk")]
async fn report_actuals(
    session: Session,
    retry: Retry,
    request: HttpRequest,
    params: Params<BulkParams>,
    sent: Sent,
) -> Result<HttpResponse, Problem> {
    session.may_anywhere(&[Deed::Report])?;
    let fingerprint = hash(&sent.bytes);
    let read = move || Rows::read(sent.media, &sent.bytes);
    let rows = web::block(read).await.map_err(|error| Problem::new(Code::Internal).cause(error))??;
    let language = Language::asked(request.headers());
    carry_out(&session, retry, &fingerprint, rows, params.0, Code::InvalidRequest, language).await
}

/// Does what the rows ask for. `malformed` is the code for rows that have not the shape of one.
///
/// # Errors
/// Every fault of every row, unless it is only asked or done in part.
pub async fn carry_out(
    session: &Session,
    retry: Retry,
    fingerprint: &str,
    rows: Rows,
    params: BulkParams,
    malformed: Code,
    language: Language,
) -> Result<HttpResponse, Problem> {
    let (dry_run, mode) = (params.dry_run.unwrap_or(false), params.mode.unwrap_or(BulkMode::Atomic));
    let Rows { entries, faults, rejected, notes } = rows;
    let receipt = move |changes: Changes| {
        let total = changes.new.len() + changes.corrected.len() + changes.unchanged + changes.rejected + rejected;
        let code = match faults.is_empty() {
            true if changes.faults.iter().all(changes::is_locked) => Code::Locked,
            true => Code::RuleBroken,
            false => malformed,
        };
        let (created, corrected) = (changes.created(), changes.replaced());
        let faults = sorted(faults.into_iter().chain(changes.faults));
        let receipt = BulkReceipt {
            dry_run,
            mode,
            rows: total,
            created,
            corrected,
            unchanged: changes.unchanged,
            rejected: changes.rejected + rejected,
            faults: faults.iter().map(|fault| fault.to_json(language)).collect(),
            notes,
            form: None,
        };
        if mode == BulkMode::Atomic && !dry_run && receipt.rejected > 0 {
            return Err(Problem::faults(code, faults));
        }
        Ok(Answer { status: 200, location: None, etag: None, body: to_json(&receipt)? })
    };
    if dry_run {
        let looked_at = move |c: &mut Connection| receipt(changes::of(c, entries, false)?);
        return session.read(looked_at).await.map(HttpResponse::from);
    }
    let write = move |c: &mut Connection| {
        let mut changes = changes::of(c, entries, true)?;
        if mode == BulkMode::Partial || changes.rejected + rejected == 0 {
            changes.write(c)?;
        }
        receipt(changes)
    };
    idempotency::once(session, retry, fingerprint, write).await.map(HttpResponse::from)
}

/// The faults in the order of their rows.
fn sorted(faults: impl Iterator<Item = Fault>) -> Vec<Fault> {
    let mut faults: Vec<Fault> = faults.collect();
    faults.sort_by_key(|fault| match &fault.place {
        Place::Row(place) => place.row,
        _ => 0,
    });
    faults
}
