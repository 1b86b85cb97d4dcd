//! The form of a submission (様式): a workbook that a department fills in and sends back. Its rows carry their ids in hidden columns, and
//! a hidden sheet says whose form it is and what its cells held when it was made, so that what was filled in is told from what was
//! there.

pub mod pages;
mod read;
mod written;

use std::collections::BTreeMap;

pub use self::pages::{Column, Entry, Kind, PAGES, Page, Tongue};
pub use self::read::{Answer, Filled, FilledRow, Said, plain};
pub use self::written::write;
use super::sheet::Cell;

/// The name of the hidden sheet.
pub const HIDDEN: &str = "mikomi";
/// What its first cell says: what it is.
const MARK: &str = "mikomi.form";
/// What the cell beside it says: how the form is laid out. A form that is laid out otherwise is not read.
const LAYOUT: &str = "1";
/// The head of the part of the hidden sheet that says what the cells held.
const KNOWN: [&str; 4] = ["page", "id", "column", "known"];

/// What cells hold, by the keys of their columns, each in the words of the API.
pub type Known = BTreeMap<&'static str, String>;

/// A form, before it is a workbook.
#[derive(Debug, Clone)]
pub struct Form {
    /// The language of its labels.
    pub tongue: Tongue,
    /// What it is for, in one line.
    pub title: String,
    /// Whose it is and when it is due.
    pub subtitle: String,
    /// What the hidden sheet says of it, by name.
    pub identity: Vec<(&'static str, String)>,
    /// The first and the last day of its fiscal year.
    pub days: (chrono::NaiveDate, chrono::NaiveDate),
    /// The lines of each of its [`PAGES`].
    pub lines: [Vec<Line>; 3],
}

/// A line of a page.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// What it is about: unique in its page.
    pub id: String,
    /// What is only shown, by the keys of the columns.
    pub shown: BTreeMap<&'static str, Cell>,
    /// What the cells to fill hold already.
    pub known: Known,
    /// The columns to fill that say nothing of this line.
    pub closed: Vec<&'static str>,
    /// Whether its figures are percentages.
    pub percent: bool,
}
