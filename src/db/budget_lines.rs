//! Budget lines of initiatives: one amount for a year and a kind.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::history::{self, Recorded};
use super::schema::budget_lines;
use super::{Connection, DbError, Row};
use crate::domain::{BudgetKind, Decimal};

/// One amount: settled, budgeted or estimated.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, Serialize, Deserialize)]
#[diesel(table_name = budget_lines, treat_none_as_default_value = false)]
pub struct BudgetLine {
    /// The initiative.
    pub initiative_id: String,
    /// Its place among the initiative's lines, from 0.
    pub position: i32,
    /// The fiscal year.
    pub fiscal_year: i32,
    /// Settled (決算), budget (予算) or estimate (算定見込).
    pub kind: BudgetKind,
    /// Yen.
    pub amount: Decimal,
    /// A note.
    pub note: Option<String>,
}

/// All lines of an initiative: what the history keeps, since they are only ever given together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Lines {
    initiative_id: String,
    pub(super) lines: Vec<BudgetLine>,
}

impl Recorded for Lines {
    const KIND: &'static str = "budget_lines";

    fn scope(&self) -> &str {
        &self.initiative_id
    }
}

impl Lines {
    fn record(connection: &mut Connection, all: Vec<Self>) -> Result<(), DbError> {
        let row = |lines: Self| Row { id: lines.initiative_id.clone(), ..Row::new(lines) };
        history::record(connection, &all.into_iter().map(row).collect::<Vec<_>>())
    }
}

/// The lines of these initiatives as they were known at a moment, in their order.
///
/// # Errors
/// The database's own.
pub fn known(
    connection: &mut Connection,
    initiatives: &[String],
    at: NaiveDateTime,
) -> Result<Vec<BudgetLine>, DbError> {
    let known: Vec<Row<Lines>> = history::known(connection, initiatives, at)?;
    Ok(known.into_iter().flat_map(|row| row.content.lines).collect())
}

/// The lines of these initiatives, in their order.
///
/// # Errors
/// The database's own.
pub fn of_initiatives(connection: &mut Connection, initiatives: &[String]) -> Result<Vec<BudgetLine>, DbError> {
    Ok(on!(connection, |c| budget_lines::table
        .filter(budget_lines::initiative_id.eq_any(initiatives))
        .order((budget_lines::initiative_id, budget_lines::position))
        .select(BudgetLine::as_select())
        .load(c)?))
}

/// Adds lines, those of an initiative one after the other, to initiatives that have none.
///
/// # Errors
/// The database's own.
pub fn insert_all(connection: &mut Connection, lines: &[BudgetLine]) -> Result<(), DbError> {
    let rows: Vec<&BudgetLine> = lines.iter().collect();
    insert_all!(&mut *connection, budget_lines, rows);
    let mut all: Vec<Lines> = Vec::new();
    for line in lines {
        match all.last_mut().filter(|last| last.initiative_id == line.initiative_id) {
            Some(last) => last.lines.push(line.clone()),
            None => all.push(Lines { initiative_id: line.initiative_id.clone(), lines: vec![line.clone()] }),
        }
    }
    Lines::record(connection, all)
}

/// Makes these the lines of an initiative.
///
/// # Errors
/// The database's own.
pub fn replace(connection: &mut Connection, initiative: &str, lines: &[BudgetLine]) -> Result<(), DbError> {
    on!(&mut *connection, |c| {
        diesel::delete(budget_lines::table.filter(budget_lines::initiative_id.eq(initiative))).execute(c)?;
        for line in lines {
            diesel::insert_into(budget_lines::table).values(line).execute(c)?;
        }
    });
    Lines::record(connection, vec![Lines { initiative_id: initiative.to_owned(), lines: lines.to_vec() }])
}
