//! Excel workbooks: the values that are shown, a formula's last one, with what their number formats mean.

use std::io::{Cursor, Read as _};

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx};
use chrono::NaiveDate;

use super::sheet::{Cell, MAX_COLUMNS, MAX_ROWS, Sheet, Unreadable};
use super::text::too_long;
use crate::domain::Decimal;

/// How large the parts of a workbook may be when they are unpacked.
const MAX_UNPACKED: u64 = 64 * 1024 * 1024;
/// How many cells a sheet may have that hold something.
const MAX_CELLS: usize = 1_000_000;

/// A workbook whose sheets can be read.
pub struct Book<'a>(Xlsx<Cursor<&'a [u8]>>);

impl<'a> Book<'a> {
    /// Opens a workbook.
    ///
    /// # Errors
    /// [`Unreadable`] where the bytes are no such workbook, or one that is too large.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Unreadable> {
        small_enough(bytes)?;
        calamine::open_workbook_from_rs(Cursor::new(bytes)).map(Self).map_err(unreadable)
    }

    /// Whether it has a sheet of this name that nobody sees.
    pub fn hides(&self, name: &str) -> bool {
        self.0.sheets_metadata().iter().any(|one| one.name == name && one.visible != SheetVisible::Visible)
    }

    /// The sheets that people see, or all.
    ///
    /// # Errors
    /// [`Unreadable`] where one of them is too large, or is no sheet.
    pub fn sheets(&mut self, hidden_too: bool) -> Result<Vec<Sheet>, Unreadable> {
        let read = |sheet: &&calamine::Sheet| {
            sheet.typ == SheetType::WorkSheet && (hidden_too || sheet.visible == SheetVisible::Visible)
        };
        let names: Vec<String> = self.0.sheets_metadata().iter().filter(read).map(|one| one.name.clone()).collect();
        names.into_iter().map(|name| sheet(&mut self.0, name)).collect()
    }
}

/// A workbook is a ZIP archive: what it says of its sizes need not be true, so it is unpacked once to be measured.
fn small_enough(bytes: &[u8]) -> Result<(), Unreadable> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(unreadable)?;
    let mut left = MAX_UNPACKED;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(unreadable)?;
        let size = std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(unreadable)?;
        left = left
            .checked_sub(size)
            .ok_or_else(|| Unreadable::new("ファイルの中身が大きすぎます。", "What the file holds is too large."))?;
    }
    Ok(())
}

fn unreadable(error: impl std::fmt::Display) -> Unreadable {
    Unreadable::new(
        format!("Excelブック（.xlsx）として読めません: {error}"),
        format!("It cannot be read as an Excel workbook (.xlsx): {error}"),
    )
}

fn sheet(workbook: &mut Xlsx<Cursor<&[u8]>>, name: String) -> Result<Sheet, Unreadable> {
    let merged = workbook.merge_cells_by_sheet_name(&name).map_err(unreadable)?;
    let mut sheet = Sheet { name, rows: Vec::new() };
    let mut cells = workbook.worksheet_cells_reader(&sheet.name).map_err(unreadable)?;
    // Asked for each cell, so found out once for each style.
    let percent: Vec<bool> = cells
        .styles()
        .iter()
        .map(|style| {
            style.number_format.as_ref().is_some_and(|format| in_percent(&format.format_code, format.format_id))
        })
        .collect();
    let mut count = 0;
    while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(unreadable)? {
        let (row, column) = cell.get_position();
        let (row, column) = (row as usize, column as usize);
        let value = value(cell.get_value(), percent.get(style).copied().unwrap_or(false));
        if value.is_blank() || column >= MAX_COLUMNS {
            continue;
        }
        count += 1;
        if row >= MAX_ROWS || count > MAX_CELLS {
            return Err(too_long());
        }
        sheet.set(row, column, value);
    }
    // What is merged stands in the first cell; a text is said of all of them, a figure of the first alone.
    let mut left = MAX_CELLS;
    for area in merged {
        let (top, first) = (area.start.0 as usize, area.start.1 as usize);
        let bottom = (area.end.0 as usize).min(sheet.rows.len().saturating_sub(1));
        let last = (area.end.1 as usize).min(MAX_COLUMNS);
        let text @ Cell::Text(_) = sheet.cell(top, first).clone() else { continue };
        let size = (bottom + 1).saturating_sub(top) * (last + 1).saturating_sub(first);
        left = left.checked_sub(size).ok_or_else(too_long)?;
        for row in top..=bottom {
            for column in first..=last {
                sheet.set(row, column, text.clone());
            }
        }
    }
    Ok(sheet)
}

/// Whether a number format shows percent: its code outside of quotes has the sign.
fn in_percent(code: &str, id: Option<u32>) -> bool {
    let quoted = code.split('"').step_by(2).any(|plain| plain.replace("\\%", "").contains('%'));
    quoted || matches!(id, Some(9 | 10))
}

fn value(data: &DataRef<'_>, percent: bool) -> Cell {
    match data {
        DataRef::Empty => Cell::Empty,
        DataRef::String(text) => Cell::Text(text.clone()),
        DataRef::SharedString(text) => Cell::Text((*text).to_owned()),
        DataRef::Int(value) => number(*value as f64, percent),
        DataRef::Float(value) => number(*value, percent),
        DataRef::Bool(value) => Cell::Text(if *value { "true" } else { "false" }.to_owned()),
        DataRef::DateTime(moment) if moment.is_datetime() => day(*moment),
        DataRef::DateTime(span) => number(span.as_f64(), false),
        DataRef::DateTimeIso(text) => {
            text.get(..10).and_then(|day| day.parse().ok()).map_or_else(|| Cell::Text(text.clone()), Cell::Date)
        }
        DataRef::DurationIso(text) => Cell::Text(text.clone()),
        DataRef::Error(error) => Cell::Error(error.to_string()),
    }
}

/// A number as its 15 significant digits: what a spreadsheet keeps and shows of the binary number in the file.
fn number(value: f64, percent: bool) -> Cell {
    let decimal: Option<Decimal> = format!("{value:.14e}").parse().ok();
    let decimal = if percent { decimal.and_then(|share| share.times(Decimal::from(100))) } else { decimal };
    decimal.map_or_else(|| Cell::Text(value.to_string()), |value| Cell::Number { value, percent })
}

/// The day of a moment; there was no 29 February 1900, which spreadsheets count.
fn day(moment: ExcelDateTime) -> Cell {
    let (year, month, day, ..) = moment.to_ymd_hms_milli();
    let found = NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day));
    found.map_or_else(|| number(moment.as_f64(), false), Cell::Date)
}
