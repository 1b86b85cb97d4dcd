//! Figures as departments have them: CSV and Excel files, read into records and written from them.
//!
//! Pure: bytes in, records out, and the other way round. What a record is about is looked up elsewhere.

pub mod figure;
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

/// Reads a file.
///
/// # Errors
/// [`Unreadable`] where it is no such file, or where no row of it names its columns.
pub fn read(format: Format, bytes: &[u8]) -> Result<Table, Unreadable> {
    let sheets = match format {
        Format::Csv => vec![text::read(bytes)?],
        Format::Xlsx => workbook::read(bytes)?,
    };
    records::read(&sheets)
}
