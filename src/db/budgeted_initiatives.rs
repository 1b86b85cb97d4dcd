//! Initiatives together with their budgets: what a client gives and gets as one thing, in two tables.

use std::collections::HashMap;

use super::audit::Entry;
use super::budget_lines::{self, BudgetLine, Lines};
use super::history::{self, Recorded, Remembered};
use super::initiatives::{self, Filter, Initiative};
use super::store::{Listed, Page};
use super::{Connection, DbError, Row, Stored};
use crate::domain::{BudgetKind, Decimal};

/// An initiative and its budgets. They share a version: another budget is another initiative.
#[derive(Debug, Clone, PartialEq)]
pub struct BudgetedInitiative {
    /// What is done.
    pub initiative: Initiative,
    /// What it costs, in the order in which it was given.
    pub budgets: Vec<Budget>,
}

/// What an initiative costs in one year, by one of a year's three amounts.
#[derive(Debug, Clone, PartialEq)]
pub struct Budget {
    /// The fiscal year.
    pub fiscal_year: i32,
    /// Settled (決算), budget (予算) or estimate (算定見込).
    pub kind: BudgetKind,
    /// Yen.
    pub amount: Decimal,
    /// A note.
    pub note: Option<String>,
}

impl From<BudgetLine> for Budget {
    fn from(line: BudgetLine) -> Self {
        let BudgetLine { initiative_id: _, position: _, fiscal_year, kind, amount, note } = line;
        Self { fiscal_year, kind, amount, note }
    }
}

fn write_budgets(connection: &mut Connection, initiative: &str, budgets: &[Budget]) -> Result<(), DbError> {
    let lines: Vec<BudgetLine> = (0..)
        .zip(budgets.iter().cloned())
        .map(|(position, Budget { fiscal_year, kind, amount, note })| BudgetLine {
            initiative_id: initiative.to_owned(),
            position,
            fiscal_year,
            kind,
            amount,
            note,
        })
        .collect();
    budget_lines::replace(connection, initiative, &lines)
}

/// The rows with their budgets.
fn with_budgets(
    connection: &mut Connection,
    rows: Vec<Row<Initiative>>,
) -> Result<Vec<Row<BudgetedInitiative>>, DbError> {
    let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
    let mut budgets: HashMap<String, Vec<Budget>> = HashMap::new();
    for line in budget_lines::of_initiatives(connection, &ids)? {
        budgets.entry(line.initiative_id.clone()).or_default().push(line.into());
    }
    let budgeted = |row: Row<Initiative>| {
        let Row { id, content, version, created_at, updated_at } = row;
        let budgets = budgets.remove(&id).unwrap_or_default();
        Row { id, content: BudgetedInitiative { initiative: content, budgets }, version, created_at, updated_at }
    };
    Ok(rows.into_iter().map(budgeted).collect())
}

fn bare(row: &Row<BudgetedInitiative>) -> Row<Initiative> {
    let Row { id, content, version, created_at, updated_at } = row.clone();
    Row { id, content: content.initiative, version, created_at, updated_at }
}

impl Stored for BudgetedInitiative {
    fn find(connection: &mut Connection, id: &str) -> Result<Option<Row<Self>>, DbError> {
        let found = Initiative::find(connection, id)?;
        Ok(with_budgets(connection, found.into_iter().collect())?.into_iter().next())
    }

    fn insert(connection: &mut Connection, row: &Row<Self>) -> Result<(), DbError> {
        Initiative::insert(connection, &bare(row))?;
        write_budgets(connection, &row.id, &row.content.budgets)
    }

    fn update(connection: &mut Connection, row: &mut Row<Self>) -> Result<bool, DbError> {
        let mut changed = bare(row);
        if !Initiative::update(connection, &mut changed)? {
            return Ok(false);
        }
        (row.version, row.updated_at) = (changed.version, changed.updated_at);
        write_budgets(connection, &row.id, &row.content.budgets)?;
        Ok(true)
    }

    /// Takes the lines away first, because they refer to the initiative; where that stands in another version by now,
    /// the caller's transaction brings them back.
    fn delete(connection: &mut Connection, row: &Row<Self>) -> Result<bool, DbError> {
        budget_lines::replace(connection, &row.id, &[])?;
        Initiative::delete(connection, &bare(row))
    }
}

/// A page of initiatives with their budgets.
///
/// # Errors
/// The database's own.
pub fn list(connection: &mut Connection, filter: &Filter, page: &Page) -> Result<Listed<BudgetedInitiative>, DbError> {
    let Listed { rows, total, next } = initiatives::list(connection, filter, page)?;
    Ok(Listed { rows: with_budgets(connection, rows)?, total, next })
}

impl Remembered for BudgetedInitiative {
    /// A change of the budgets is one of the initiative, and is written down right after it.
    fn past(connection: &mut Connection, id: &str) -> Result<Vec<(Entry, Option<Self>)>, DbError> {
        let (initiatives, budgets) = (<Initiative as Recorded>::KIND, <Lines as Recorded>::KIND);
        let mut past: Vec<(Entry, Option<Self>)> = Vec::new();
        for entry in history::of_resource(connection, &[initiatives, budgets], id)? {
            if entry.kind == initiatives {
                let before = past.last().and_then(|(_, state)| state.as_ref());
                let budgets = before.map(|before| before.budgets.clone()).unwrap_or_default();
                let state = history::content(&entry)?.map(|initiative| Self { initiative, budgets });
                past.push((entry, state));
            } else if let (Some((_, Some(state))), Some(lines)) = (past.last_mut(), history::content::<Lines>(&entry)?)
            {
                state.budgets = lines.lines.into_iter().map(Budget::from).collect();
            }
        }
        Ok(past)
    }
}
