//! Figures as departments have them: CSV and Excel files, read into records and written from them.
//!
//! Pure: bytes in, records out, and the other way round. What a record is about is looked up elsewhere.

pub mod figure;
pub mod form;
pub mod head;
pub mod period;
pub mod records;
pub mod sheet;
pub mod text;
pub mod workbook;
pub mod written;

pub use head::Column;
pub use records::{Record, Table};
pub use sheet::{Cell, Flaw, Sheet, Unreadable};

/// What kind of file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values, in UTF-8 or CP932.
    Csv,
    /// An Excel workbook.
    Xlsx,
}

/// What a file holds.
#[derive(Debug, Clone)]
pub enum Contents {
    /// A table of figures.
    Table(Table),
    /// The form of a submission, filled in.
    Form(form::Filled),
}

/// Reads a file, whatever it holds.
///
/// # Errors
/// [`Unreadable`] where it is no such file, or where no row of it names its columns.
pub fn open(format: Format, bytes: &[u8]) -> Result<Contents, Unreadable> {
    let sheets = match format {
        Format::Csv => vec![text::read(bytes)?],
        Format::Xlsx => {
            let mut book = workbook::Book::open(bytes)?;
            if book.hides(form::HIDDEN) {
                return form::Filled::read(&book.sheets(true)?).map(Contents::Form);
            }
            book.sheets(false)?
        }
    };
    records::read(&sheets).map(Contents::Table)
}
