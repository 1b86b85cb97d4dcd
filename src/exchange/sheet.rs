//! A sheet as cells, whatever file it came in.

use chrono::NaiveDate;

use crate::domain::{Bilingual, Decimal};

/// How many rows a sheet may have: the rows of a request, and room for titles, heads and totals.
pub const MAX_ROWS: usize = 20_000;
/// How many columns are looked at.
pub const MAX_COLUMNS: usize = 200;

/// A cell.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// A text.
    Text(String),
    /// A number; one that is shown in percent is that many percent.
    Number {
        /// The number: 55 where 55% is shown.
        value: Decimal,
        /// Whether it is shown in percent.
        percent: bool,
    },
    /// A day.
    Date(NaiveDate),
    /// What a spreadsheet shows where it cannot compute: `#DIV/0!`.
    Error(String),
}

impl Cell {
    /// What stands there, as text without spaces around it.
    pub fn text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.trim().to_owned(),
            Self::Number { value, percent: false } => value.to_string(),
            Self::Number { value, percent: true } => format!("{value}%"),
            Self::Date(day) => day.to_string(),
            Self::Error(text) => text.clone(),
        }
    }

    /// Whether nothing stands there.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }
}

/// Cells in rows, the first at the top left.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sheet {
    /// Its name; empty for a text file.
    pub name: String,
    /// Its rows, each as long as it has cells.
    pub rows: Vec<Vec<Cell>>,
}

impl Sheet {
    /// The cell in a row and a column, counted from 0.
    pub fn cell(&self, row: usize, column: usize) -> &Cell {
        const EMPTY: &Cell = &Cell::Empty;
        self.rows.get(row).and_then(|cells| cells.get(column)).unwrap_or(EMPTY)
    }

    /// Writes a cell; one that is out of bounds is passed over.
    pub fn set(&mut self, row: usize, column: usize, cell: Cell) {
        if row >= MAX_ROWS || column >= MAX_COLUMNS || cell == Cell::Empty {
            return;
        }
        if self.rows.len() <= row {
            self.rows.resize(row + 1, Vec::new());
        }
        if let Some(cells) = self.rows.get_mut(row) {
            if cells.len() <= column {
                cells.resize(column + 1, Cell::Empty);
            }
            if let Some(place) = cells.get_mut(column) {
                *place = cell;
            }
        }
    }
}

/// The letters of a column, counted from 0.
///
/// ```
/// use mikomi::exchange::sheet::letters;
/// assert_eq!([0, 25, 26, 701, 702].map(letters), ["A", "Z", "AA", "ZZ", "AAA"]);
/// ```
pub fn letters(column: usize) -> String {
    let (mut rest, mut found) = (column + 1, Vec::new());
    while rest > 0 {
        let digit = (rest - 1) % 26;
        found.push(char::from(b'A' + u8::try_from(digit).unwrap_or_default()));
        rest = (rest - 1) / 26;
    }
    found.iter().rev().collect()
}

/// Why a file cannot be read at all, with what would help.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.en)]
pub struct Unreadable(pub Bilingual);

impl Unreadable {
    /// Says why.
    pub fn new(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self(Bilingual::new(ja, en))
    }
}

/// What is wrong with a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// The row, counted from 1.
    pub row: usize,
    /// The column, counted from 0.
    pub column: usize,
    /// A stable word for the kind of fault.
    pub code: &'static str,
    /// What is wrong, and what would do.
    pub message: Bilingual,
    /// What stands there.
    pub received: String,
}
