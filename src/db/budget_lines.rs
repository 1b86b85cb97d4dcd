//! Budget lines of initiatives: one amount for a year and a kind.

use diesel::prelude::*;

use super::schema::budget_lines;
use super::{Connection, DbError};
use crate::domain::{BudgetKind, Decimal};

/// One amount: settled, budgeted or estimated.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
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

/// Adds lines.
///
/// # Errors
/// The database's own.
pub fn insert_all(connection: &mut Connection, lines: &[BudgetLine]) -> Result<(), DbError> {
    let lines: Vec<&BudgetLine> = lines.iter().collect();
    insert_all!(connection, budget_lines, lines);
    Ok(())
}

/// Makes these the lines of an initiative.
///
/// # Errors
/// The database's own.
pub fn replace(connection: &mut Connection, initiative: &str, lines: &[BudgetLine]) -> Result<(), DbError> {
    on!(connection, |c| {
        diesel::delete(budget_lines::table.filter(budget_lines::initiative_id.eq(initiative))).execute(c)?;
        for line in lines {
            diesel::insert_into(budget_lines::table).values(line).execute(c)?;
        }
    });
    Ok(())
}
