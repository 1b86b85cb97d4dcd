//! Actuals as a file that can be edited and imported again.

use std::collections::{HashMap, HashSet};

use actix_web::{HttpRequest, HttpResponse, get};
use serde::Deserialize;
use utoipa::IntoParams;

use super::extract::Params;
use super::imports::{CSV, XLSX};
use super::problem::{Code, Problem};
use super::representation::{self, hash};
use super::routes::Routes;
use super::session::Session;
use crate::db::actuals::{Actual, Figure, Subject};
use crate::db::graph::PlanGraph;
use crate::db::plans::Plan;
use crate::db::{Connection, Row, access};
use crate::domain::Decimal;
use crate::domain::words::words;
use crate::exchange::figure::missing_written;
use crate::exchange::period::{basis_written, period_written};
use crate::exchange::{Cell, Column, written};

/// The route.
pub(super) fn routes(config: &mut impl Routes) {
    config.service(export_actuals);
}

words! {
    /// What kind of file.
    ExportFormat {
        /// Comma-separated values in UTF-8, with its mark.
        Csv = "csv",
        /// An Excel workbook.
        Xlsx = "xlsx",
    }
}

/// Which actuals, and as what.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ExportParams {
    /// Of the indicators on which this plan has targets
    #[param(min_length = 1, max_length = 64)]
    plan: String,
    /// Of this fiscal year; of all years unless it says so
    #[param(minimum = 1900, maximum = 2200)]
    fiscal_year: Option<i32>,
    /// `csv` (unless it says otherwise) or `xlsx`
    #[param(inline)]
    format: Option<ExportFormat>,
}

/// The columns of an export.
const COLUMNS: [Column; 19] = [
    Column::Organization,
    Column::FiscalYear,
    Column::Number,
    Column::Indicator,
    Column::IndicatorId,
    Column::Basis,
    Column::Period,
    Column::AsOf,
    Column::Value,
    Column::Unit,
    Column::Missing,
    Column::Approximate,
    Column::Provisional,
    Column::Numerator,
    Column::Denominator,
    Column::SampleSize,
    Column::Method,
    Column::From,
    Column::Note,
];

/// Export actuals to a CSV or Excel file
///
/// What was reported of a plan's indicators, in the columns that `POST /imports` reads: sent back unchanged, it changes
/// nothing. Breakdowns have no column; they stay as they stand.
#[utoipa::path(tag = "actuals", params(ExportParams),
    responses((status = 200, description = "The file", content((String = "text/csv"),
        (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))))]
#[get("/actuals/export")]
async fn export_actuals(
    session: Session,
    request: HttpRequest,
    params: Params<ExportParams>,
) -> Result<HttpResponse, Problem> {
    let ExportParams { plan, fiscal_year, format } = params.0;
    let format = format.unwrap_or(ExportFormat::Csv);
    let write = move |c: &mut Connection| {
        if access::find::<Plan>(c, &plan)?.is_none() {
            return Err(Problem::new(Code::NotFound));
        }
        let graph = PlanGraph::load(c, &plan, None)?.ok_or_else(|| Problem::new(Code::NotFound))?;
        let rows = lines(&graph, fiscal_year);
        let name = format!(
            "actuals-{}-{}",
            graph.organization.content.code.as_deref().unwrap_or("plan"),
            graph.plan.content.fiscal_year
        );
        let text = written::csv(&COLUMNS, &rows).map_err(|error| Problem::new(Code::Internal).cause(error))?;
        // A workbook says when it was made: its bytes differ where what it holds does not.
        let tag = format!("\"{}-{format}\"", hash(&text));
        let file = match format {
            ExportFormat::Csv => text,
            ExportFormat::Xlsx => {
                written::xlsx("実績", &COLUMNS, &rows).map_err(|error| Problem::new(Code::Internal).cause(error))?
            }
        };
        Ok((name, tag, file))
    };
    let (name, tag, file) = session.read(write).await?;
    let media = match format {
        ExportFormat::Csv => format!("{CSV}; charset=utf-8"),
        ExportFormat::Xlsx => XLSX.to_owned(),
    };
    let attachment = format!("attachment; filename=\"{name}.{format}\"");
    Ok(representation::file(&request, &tag, file, &media, &attachment))
}

/// A line for each figure that was reported, in the plan's order.
fn lines(graph: &PlanGraph, fiscal_year: Option<i32>) -> Vec<Vec<Cell>> {
    let mut reported: HashMap<&str, Vec<&Row<Actual>>> = HashMap::new();
    for row in &graph.actuals {
        let Subject { indicator_id, fiscal_year: year, origin, .. } = &row.content.subject;
        if origin == "reported" && fiscal_year.is_none_or(|wanted| wanted == *year) {
            reported.entry(indicator_id).or_default().push(row);
        }
    }
    let mut seen = HashSet::new();
    let mut lines = Vec::new();
    for initiative in &graph.initiatives {
        for target in graph.targets.iter().filter(|target| target.content.initiative_id == initiative.id) {
            let id = target.content.indicator_id.as_str();
            if seen.insert(id) {
                let rows = reported.remove(id).unwrap_or_default();
                lines.extend(rows.into_iter().map(|row| line(graph, &initiative.content.number, row)));
            }
        }
    }
    lines
}

fn line(graph: &PlanGraph, number: &str, row: &Row<Actual>) -> Vec<Cell> {
    let Actual { subject, figure } = &row.content;
    let Subject { indicator_id, fiscal_year, basis, period, as_of, origin: _ } = subject;
    let Figure {
        value,
        missing,
        numerator,
        denominator,
        sample_size,
        method,
        approximate,
        provisional,
        from_day,
        note,
        ..
    } = figure;
    let indicator = graph.indicators.get(indicator_id).map(|row| &row.content);
    let text = |text: Option<&str>| text.map_or(Cell::Empty, |text| Cell::Text(text.to_owned()));
    let number_of = |value: Option<Decimal>| value.map_or(Cell::Empty, |value| Cell::Number { value, percent: false });
    let mark = |holds: bool| if holds { Cell::Text("○".to_owned()) } else { Cell::Empty };
    let cell = |column: &Column| match column {
        Column::Organization => text(graph.organization.content.code.as_deref()),
        Column::FiscalYear => number_of(Some(Decimal::from(i64::from(*fiscal_year)))),
        Column::Number => text(Some(number)),
        Column::Indicator => text(indicator.map(|one| one.name.as_str())),
        Column::IndicatorId => text(Some(indicator_id)),
        Column::Basis => text(Some(basis_written(*basis))),
        Column::Period => match period.parse() {
            Ok(period) => Cell::Text(period_written(graph.calendar(), *fiscal_year, period)),
            Err(_) => Cell::Empty,
        },
        Column::AsOf => Cell::Date(*as_of),
        Column::Value => number_of(*value),
        Column::Unit => text(indicator.and_then(|one| one.unit.as_deref())),
        Column::Missing => text(missing.map(missing_written)),
        Column::Approximate => mark(*approximate),
        Column::Provisional => mark(*provisional),
        Column::Numerator => number_of(*numerator),
        Column::Denominator => number_of(*denominator),
        Column::SampleSize => number_of(sample_size.map(Decimal::from)),
        Column::Method => text(method.as_deref()),
        Column::From => from_day.map_or(Cell::Empty, Cell::Date),
        Column::Note => text(note.as_deref()),
        Column::CommonCode | Column::Author | Column::Reason => Cell::Empty,
    };
    COLUMNS.iter().map(cell).collect()
}
