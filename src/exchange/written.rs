//! Files that are written: the columns that are read, so that what leaves comes in again unchanged.

use chrono::{Datelike as _, NaiveDate};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use super::head::Column;
use super::sheet::Cell;

/// Why a file could not be written: a fault of the program.
#[derive(Debug, thiserror::Error)]
#[error("the file cannot be written: {0}")]
pub struct Unwritable(String);

impl Unwritable {
    /// Says why.
    pub fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }
}

/// What a spreadsheet would take for a formula at the start of a text.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A text file that a spreadsheet opens: UTF-8 with its mark. Texts that look like formulas carry a `'`; numbers are numbers.
///
/// # Errors
/// [`Unwritable`].
pub fn csv(columns: &[Column], rows: &[Vec<Cell>]) -> Result<Vec<u8>, Unwritable> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(b"\xEF\xBB\xBF".to_vec());
    let failed = |error: csv::Error| Unwritable(error.to_string());
    writer.write_record(columns.iter().map(|column| column.title())).map_err(failed)?;
    let field = |cell: &Cell| match cell {
        Cell::Text(text) if text.starts_with(FORMULA) => format!("'{text}"),
        other => other.text(),
    };
    for row in rows {
        writer.write_record(row.iter().map(field)).map_err(failed)?;
    }
    writer.into_inner().map_err(|error| Unwritable(error.to_string()))
}

/// An Excel workbook with one sheet.
///
/// # Errors
/// [`Unwritable`].
pub fn xlsx(name: &str, columns: &[Column], rows: &[Vec<Cell>]) -> Result<Vec<u8>, Unwritable> {
    write_workbook(name, columns, rows).map_err(|error| Unwritable(error.to_string()))
}

/// A day as a spreadsheet counts it. `None` outside March 1900 to 9999: before that a spreadsheet counts a 29 February 1900, which never
/// was, and further back it knows no days, so that they are written as text.
pub(super) fn spreadsheet_day(day: NaiveDate) -> Option<ExcelDateTime> {
    let year = u16::try_from(day.year()).ok().filter(|_| (day.year(), day.month()) >= (1900, 3))?;
    ExcelDateTime::from_ymd(year, u8::try_from(day.month()).ok()?, u8::try_from(day.day()).ok()?).ok()
}

fn write_workbook(name: &str, columns: &[Column], rows: &[Vec<Cell>]) -> Result<Vec<u8>, rust_xlsxwriter::XlsxError> {
    let (bold, day) = (Format::new().set_bold(), Format::new().set_num_format("yyyy-mm-dd"));
    // A text that is all digits stays one when somebody edits its cell.
    let text_format = Format::new().set_num_format("@");
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name(name)?;
    for (column, at) in columns.iter().zip(0..) {
        sheet.write_string_with_format(0, at, column.title(), &bold)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (row, at) in rows.iter().zip(1..) {
        for (cell, column) in row.iter().zip(0..) {
            match cell {
                Cell::Empty => continue,
                // A spreadsheet keeps 15 digits of a number; a text keeps all.
                Cell::Number { value, .. } => match value.to_string() {
                    text if text.bytes().filter(u8::is_ascii_digit).count() > 15 => {
                        sheet.write_string_with_format(at, column, text, &text_format)?
                    }
                    text => sheet.write_number(at, column, text.parse::<f64>().unwrap_or_default())?,
                },
                Cell::Date(date) => match spreadsheet_day(*date) {
                    Some(written) => sheet.write_datetime_with_format(at, column, &written, &day)?,
                    None => sheet.write_string_with_format(at, column, date.to_string(), &text_format)?,
                },
                Cell::Text(text) | Cell::Error(text) => {
                    sheet.write_string_with_format(at, column, text, &text_format)?
                }
            };
        }
    }
    workbook.save_to_buffer()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::{Contents, Format, open};

    #[test]
    fn what_was_written_is_read_again_and_no_text_is_a_formula() {
        let columns =
            [Column::IndicatorId, Column::Indicator, Column::Period, Column::AsOf, Column::Value, Column::Note];
        let text = |text: &str| Cell::Text(text.to_owned());
        let row = |value: &str, note: &str| {
            let (value, day) = (value.parse().unwrap(), "2021-09-30".parse().unwrap());
            vec![
                text("i-1"),
                text("@来場者数"),
                text("Q2"),
                Cell::Date(day),
                Cell::Number { value, percent: false },
                text(note),
            ]
        };
        let rows = [row("-12.5", "=1+1"), row("123456789012345678", "+81"), row("0.1", "-"), row("0", "\tx")];
        let files =
            [(Format::Csv, csv(&columns, &rows).unwrap()), (Format::Xlsx, xlsx("実績", &columns, &rows).unwrap())];
        let text = std::str::from_utf8(&files[0].1).unwrap();
        assert!(text.contains(",'@来場者数,") && text.contains(",-12.5,'=1+1\r\n"), "{text}");
        for (format, file) in files {
            let Contents::Table(table) = open(format, &file).unwrap() else { panic!("{format:?} is no table") };
            assert_eq!((table.flaws.len(), table.records.len()), (0, 4), "{format:?} {table:?}");
            let said = |index: usize, member: &str| table.records[index].members[member].as_str().unwrap().to_owned();
            assert_eq!(said(0, "indicator"), "@来場者数");
            assert_eq!(
                (said(0, "value"), said(0, "note"), said(0, "as_of")),
                ("-12.5".into(), "=1+1".into(), "2021-09-30".into())
            );
            assert_eq!((said(1, "value"), said(1, "note")), ("123456789012345678".into(), "+81".into()));
            assert_eq!((said(2, "value"), said(2, "note"), said(3, "value")), ("0.1".into(), "-".into(), "0".into()));
        }
    }
}
