//! Actuals from files as departments have them: what a file says becomes the rows of a bulk request.

use std::collections::HashSet;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, HttpResponse, post, web};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use super::bulk::{self, ActualRow, BulkMode, BulkParams, BulkReceipt, Locate, Manner, Origin, Rows, Scope};
use super::extract::{self, Params};
use super::forms;
use super::idempotency::Retry;
use super::language::Language;
use super::problem::{Code, Fault, Place, Problem, RowPlace};
use super::representation::hash;
use super::routes::Routes;
use super::session::Session;
use super::shape::Shape;
use super::warning::Warning;
use crate::domain::access::Deed;
use crate::exchange::form::Filled;
use crate::exchange::sheet::letters;
use crate::exchange::{self, Column, Contents, Flaw, Format, Table, Unreadable};

/// Comma-separated values.
pub const CSV: &str = "text/csv";
/// An Excel workbook.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The route.
pub(super) fn routes(config: &mut impl Routes) {
    config.service(import_actuals);
}

/// How a file is read, and how it is carried out.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ImportParams {
    /// Whose indicators they are, where a row does not say: an id or a national code
    #[param(min_length = 1, max_length = 64)]
    organization: Option<String>,
    /// The fiscal year, where a row does not say
    #[param(minimum = 1900, maximum = 2200)]
    fiscal_year: Option<i32>,
    /// Say what would happen, and change nothing
    dry_run: Option<bool>,
    /// `atomic` (unless it says otherwise): one fault, and nothing is done. `partial`: the rows without faults are done
    #[param(inline)]
    mode: Option<BulkMode>,
}

/// A file as it was sent.
pub struct File {
    format: Format,
    bytes: web::Bytes,
}

impl FromRequest for File {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let sent = extract::sent(request, payload, &[CSV, XLSX]);
        Box::pin(async move {
            let (media, bytes) = sent.await?;
            Ok(Self { format: if media == CSV { Format::Csv } else { Format::Xlsx }, bytes })
        })
    }
}

/// Import actuals from a CSV or Excel file
///
/// The body is the file. A row names its indicator by 取組番号 and 指標, by 共通コード or by 指標ID; its figures stand in 実績, with
/// 期間 beside it, or in columns such as 第1四半期 or 4月. The head may stand below titles and over several rows, its columns in
/// any order, in Japanese or English. `-` (not due yet), `…` (not reported), `x` (suppressed), 約, ▲ and units such as 千円 are
/// understood; rows of totals are passed over. What the file has no column for stays as it stands. Otherwise as `POST
/// /actuals/bulk`; each fault has its row, its column and what stands there.
///
/// The form of a submission (`GET /submissions/{id}/form.xlsx`) is known by what it hides: what was filled in becomes figures, reviews
/// and activities, all or nothing. It says itself whose it is and of which year. A cell that was not touched changes nothing; one that
/// was, and that somebody else has changed since, is refused (`409 overtaken`).
#[utoipa::path(tag = "actuals", params(ImportParams),
    request_body(content((String = "text/csv"),
        (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
    responses((status = 200, description = "What was done, or would be", body = BulkReceipt)))]
#[post("/imports")]
async fn import_actuals(
    session: Session,
    retry: Retry,
    request: HttpRequest,
    params: Params<ImportParams>,
    file: File,
) -> Result<HttpResponse, Problem> {
    session.may_anywhere(&[Deed::Report])?;
    let fingerprint = hash(&file.bytes);
    let ImportParams { organization, fiscal_year, dry_run, mode } = params.0;
    let read = move || match exchange::open(file.format, &file.bytes).map_err(unreadable)? {
        Contents::Table(table) => rows(table, organization.as_deref(), fiscal_year).map(Asked::Rows),
        Contents::Form(filled) => Ok::<_, Problem>(Asked::Form(filled)),
    };
    let asked = web::block(read).await.map_err(|error| Problem::new(Code::Internal).cause(error))??;
    let language = Language::asked(request.headers());
    let rows = match asked {
        Asked::Rows(rows) => rows,
        Asked::Form(filled) => {
            let manner = forms::Manner { dry_run: dry_run.unwrap_or(false), mode, language };
            return forms::carry_out(&session, retry, &fingerprint, filled, manner).await;
        }
    };
    let params = BulkParams { dry_run, mode };
    bulk::carry_out(&session, retry, &fingerprint, rows, params, Code::RuleBroken, language).await
}

/// What a file asks for.
enum Asked {
    /// Figures.
    Rows(Rows),
    /// What was filled in.
    Form(Filled),
}

/// The columns of a file, for what is to be said of a figure in one of them.
#[derive(Debug)]
struct Columns {
    /// Each member's column: its letters and what stands above it.
    members: Vec<(&'static str, (String, String))>,
    /// The figure's own.
    figure: (String, String),
}

impl Locate for Columns {
    fn column(&self, member: &str) -> Option<(String, String)> {
        let named = || self.members.iter().find(|(name, _)| *name == member).map(|(_, place)| place.clone());
        match member {
            "value" => Some(self.figure.clone()),
            "missing" | "period" | "basis" | "unit" => named().or_else(|| Some(self.figure.clone())),
            _ => named(),
        }
    }
}

fn unreadable(Unreadable(why): Unreadable) -> Problem {
    Problem::new(Code::UnreadableFile).detail(why.ja, why.en)
}

/// The rows of a bulk request that a table asks for.
fn rows(table: Table, organization: Option<&str>, year: Option<i32>) -> Result<Rows, Problem> {
    let Table { head, records, flaws, notes } = table;
    bulk::enough(records.len().saturating_sub(1))?;
    let shape = Shape::of(&ActualRow::name()).map_err(|error| Problem::new(Code::Internal).cause(error))?;
    let place = |column: usize| (letters(column), head.title(column).to_owned());
    let members: Vec<_> = head.columns.iter().map(|(column, at)| (column.member(), place(*at))).collect();
    let origins: Vec<(usize, Origin)> = head
        .figures
        .iter()
        .map(|one| {
            (one.column, Origin::Sheet(Arc::new(Columns { members: members.clone(), figure: place(one.column) })))
        })
        .collect();
    let spoken_of = head.columns.iter().map(|(column, _)| column.member()).chain(["value", "missing", "approximate"]);
    let scope = Scope::Members(Arc::new(spoken_of.collect()));
    let mut rows = Rows::default();
    let mut assumed = 0;
    for record in records {
        let Some((_, origin)) = origins.iter().find(|(column, _)| *column == record.column) else { continue };
        let mut members = record.members;
        let basis_assumed = !members.contains_key("basis");
        assumed += usize::from(basis_assumed);
        members.entry("basis").or_insert_with(|| json!("increment"));
        if let Some(year) = year {
            members.entry("fiscal_year").or_insert_with(|| json!(year));
        }
        if let Some(organization) = organization.filter(|_| !members.contains_key("indicator_id")) {
            members.entry("organization").or_insert_with(|| json!(organization));
        }
        let manner = Manner { unit: record.unit, months: record.months, basis_assumed, scope: scope.clone() };
        rows.add(&shape, record.row, origin.clone(), Value::Object(members), manner);
    }
    rows.rejected += flaws.iter().map(|flaw| flaw.row).collect::<HashSet<_>>().len();
    rows.faults.extend(flaws.into_iter().map(|flaw| fault(flaw, place)));
    rows.notes = notes.into_iter().map(|(code, message)| Warning { code, message }).collect();
    if assumed > 0 {
        rows.notes.push(Warning::new(
            "basis_assumed",
            format!("「{}」のない{assumed}件は、合計する指標では期間の値、水準の指標では時点の値として読みました", Column::Basis.title()),
            format!(
                "{assumed} figures without {} are read as of their period alone where the indicator adds up, else as levels",
                Column::Basis.title()
            ),
        ));
    }
    Ok(rows)
}

fn fault(flaw: Flaw, place: impl Fn(usize) -> (String, String)) -> Fault {
    let Flaw { row, column, code, message, received } = flaw;
    let (column, column_name) = place(column);
    Fault {
        place: Place::Row(RowPlace {
            sheet: None,
            row,
            pointer: None,
            column: Some(column),
            column_name: Some(column_name),
        }),
        code,
        message,
        received: Some(json!(received)),
        accepted: None,
    }
}
