//! Initiatives (具体的取組): what is done.

use std::collections::HashMap;

use diesel::dsl::{exists, max, not};
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use serde::{Deserialize, Serialize};

use super::schema::{checkpoints, initiative_states, initiatives, plans, reviews};
use super::store::{Listed, Page};
use super::{Connection, DbError, objectives};
use crate::domain::{Outlook, Progress, ProgressVerdict, Verdict};

diesel::define_sql_function! {
    /// The first of the two that is not null.
    fn coalesce(first: Nullable<Text>, second: Nullable<Text>) -> Nullable<Text>;
}

/// What is done for an objective.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset, Serialize, Deserialize)]
#[diesel(table_name = initiatives, treat_none_as_null = true)]
pub struct Initiative {
    /// The plan.
    pub plan_id: String,
    /// The objective that it serves.
    pub objective_id: String,
    /// Its place in the objective, from 0.
    pub position: i32,
    /// Its number, which is a name: `3-1-2`, `R-1`.
    pub number: String,
    /// Sorts as people sort numbers: [`crate::domain::natural`].
    pub number_key: String,
    /// Its title.
    pub title: String,
    /// What is done, in words.
    pub description: Option<String>,
    /// The department in charge, an organization.
    pub department_id: Option<String>,
    /// The initiative that it stands for (再掲); it has no flags of its own then.
    pub same_as_id: Option<String>,
    /// The number of last year's initiative that it continues.
    pub continues: Option<String>,
    /// That initiative, where it is known.
    pub continues_id: Option<String>,
}

stored!(initiatives, Initiative, |content| &content.plan_id);

/// The initiative with this number in the organization's plan of the year before.
///
/// # Errors
/// The database's own.
pub fn last_years(
    connection: &mut Connection,
    organization_id: &str,
    fiscal_year: i32,
    number: &str,
) -> Result<Option<String>, DbError> {
    Ok(on!(connection, |c| initiatives::table
        .inner_join(plans::table.on(plans::id.eq(initiatives::plan_id)))
        .filter(plans::organization_id.eq(organization_id))
        .filter(plans::fiscal_year.eq(fiscal_year - 1))
        .filter(initiatives::number.eq(number))
        .select(initiatives::id)
        .get_result(c)
        .optional()?))
}

/// The initiatives of an organization's plan for a year: their ids by their numbers.
///
/// # Errors
/// The database's own.
pub fn of_year(
    connection: &mut Connection,
    organization_id: &str,
    fiscal_year: i32,
) -> Result<HashMap<String, String>, DbError> {
    let found: Vec<(String, String)> = on!(connection, |c| initiatives::table
        .inner_join(plans::table.on(plans::id.eq(initiatives::plan_id)))
        .filter(plans::organization_id.eq(organization_id))
        .filter(plans::fiscal_year.eq(fiscal_year))
        .select((initiatives::number, initiatives::id))
        .load(c)?);
    Ok(found.into_iter().collect())
}

/// Takes an initiative out of those that continue it, before it is removed. Its number stays with them.
///
/// # Errors
/// The database's own.
pub fn forget_continuations(connection: &mut Connection, id: &str) -> Result<(), DbError> {
    on!(connection, |c| diesel::update(initiatives::table.filter(initiatives::continues_id.eq(id)))
        .set(initiatives::continues_id.eq(None::<String>))
        .execute(c)?);
    Ok(())
}

/// Which initiatives a list holds.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of this plan.
    pub plan_id: Option<String>,
    /// Below this objective, however deep.
    pub objective_id: Option<String>,
    /// With this number.
    pub number: Option<String>,
    /// Of this department.
    pub department_id: Option<String>,
    /// That stand for others (再掲), or that do not.
    pub cross_reference: Option<bool>,
    /// With these flags.
    pub flags: Flags,
}

/// The flags that an initiative has at a checkpoint. One that stands for another has none, so that a list that asks
/// for flags holds as many as a rollup counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flags {
    /// At the checkpoint of this kind; where none is named, at the one at which the plan stands.
    pub checkpoint: Option<String>,
    /// Declared; `Some(None)` where nothing was.
    pub declared_outlook: Option<Option<Outlook>>,
    /// Declared; `Some(None)` where nothing was.
    pub declared_progress: Option<Option<Progress>>,
    /// Computed.
    pub computed_outlook: Option<Verdict>,
    /// Computed.
    pub computed_progress: Option<ProgressVerdict>,
    /// This flag is both declared and computed, and not the same.
    pub disagree: Option<Flag>,
}

/// One of the two things that are declared and computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flag {
    /// Will the targets be met (目標達成見込)?
    Outlook,
    /// Do the activities go as scheduled (取組の進捗)?
    Progress,
}

impl Flags {
    /// Whether no flag is asked for.
    fn is_empty(&self) -> bool {
        *self == Self { checkpoint: self.checkpoint.clone(), ..Self::default() }
    }
}

/// The rows of a table that speak of the outer query's initiative at the checkpoint that is asked for.: the one that
/// is named, else the one at which the plan stands.
macro_rules! at_checkpoint {
    ($table:ident, $flags:expr) => {
        at_checkpoint!($table, $table::table, $flags)
    };
    ($table:ident, $from:expr, $flags:expr) => {
        $from
            .inner_join(checkpoints::table.on(checkpoints::id.eq($table::checkpoint_id)))
            .inner_join(plans::table.on(plans::id.eq(checkpoints::plan_id)))
            .filter($table::initiative_id.eq(initiatives::id))
            .filter(checkpoints::kind.nullable().eq(coalesce($flags.checkpoint.clone(), plans::checkpoint)))
    };
}

/// The reviews with what was computed of the same initiative at the same checkpoint.
macro_rules! declared_and_computed {
    () => {
        reviews::table.inner_join(
            initiative_states::table.on(initiative_states::initiative_id
                .eq(reviews::initiative_id)
                .and(initiative_states::checkpoint_id.eq(reviews::checkpoint_id))),
        )
    };
}

/// The outer query's initiative where a flag was declared and computed and the two are not the same.
macro_rules! disagreement {
    ($declared:ident, $computed:ident, $flags:expr) => {
        at_checkpoint!(reviews, declared_and_computed!(), $flags)
            .filter(initiative_states::$computed.ne(Verdict::Undetermined.as_str()))
            .filter(initiative_states::$computed.nullable().ne(reviews::$declared))
    };
}

/// A page of initiatives.
///
/// # Errors
/// The database's own.
pub fn list(connection: &mut Connection, filter: &Filter, page: &Page) -> Result<Listed<Initiative>, DbError> {
    let below = match &filter.objective_id {
        Some(objective) => Some(objectives::subtree(connection, objective)?),
        None => None,
    };
    let flags = &filter.flags;
    list!(connection, page, initiatives, Initiative,
    { "number" => number_key: String = |row| row.content.number_key.clone(),
      "title" => title: String = |row| row.content.title.clone() },
    |query| {
        if let Some(plan) = &filter.plan_id {
            query = query.filter(initiatives::plan_id.eq(plan.clone()));
        }
        if let Some(below) = &below {
            query = query.filter(initiatives::objective_id.eq_any(below.clone()));
        }
        if let Some(number) = &filter.number {
            query = query.filter(initiatives::number.eq(number.clone()));
        }
        if let Some(department) = &filter.department_id {
            query = query.filter(initiatives::department_id.eq(department.clone()));
        }
        match filter.cross_reference {
            Some(true) => query = query.filter(initiatives::same_as_id.is_not_null()),
            Some(false) => query = query.filter(initiatives::same_as_id.is_null()),
            None => {}
        }
        if !flags.is_empty() {
            query = query.filter(initiatives::same_as_id.is_null());
        }
        match flags.declared_outlook {
            Some(Some(outlook)) => {
                query = query.filter(exists(at_checkpoint!(reviews, flags).filter(reviews::outlook.eq(outlook))));
            }
            Some(None) => {
                query = query.filter(not(exists(at_checkpoint!(reviews, flags).filter(reviews::outlook.is_not_null()))));
            }
            None => {}
        }
        match flags.declared_progress {
            Some(Some(progress)) => {
                query = query.filter(exists(at_checkpoint!(reviews, flags).filter(reviews::progress.eq(progress))));
            }
            Some(None) => {
                query = query.filter(not(exists(at_checkpoint!(reviews, flags).filter(reviews::progress.is_not_null()))));
            }
            None => {}
        }
        if let Some(verdict) = flags.computed_outlook {
            let states = at_checkpoint!(initiative_states, flags);
            query = query.filter(exists(states.filter(initiative_states::computed_outlook.eq(verdict.as_str()))));
        }
        if let Some(verdict) = flags.computed_progress {
            let states = at_checkpoint!(initiative_states, flags);
            query = query.filter(exists(states.filter(initiative_states::computed_progress.eq(verdict.as_str()))));
        }
        match flags.disagree {
            Some(Flag::Outlook) => query = query.filter(exists(disagreement!(outlook, computed_outlook, flags))),
            Some(Flag::Progress) => query = query.filter(exists(disagreement!(progress, computed_progress, flags))),
            None => {}
        }
    })
}

/// Whether other initiatives stand for this one.
///
/// # Errors
/// The database's own.
pub fn is_referred_to(connection: &mut Connection, id: &str) -> Result<bool, DbError> {
    let count: i64 =
        on!(connection, |c| initiatives::table.filter(initiatives::same_as_id.eq(id)).count().get_result(c)?);
    Ok(count > 0)
}

/// The place of the last initiative of an objective, not counting `but`.
///
/// # Errors
/// The database's own.
pub fn last_position(connection: &mut Connection, objective: &str, but: Option<&str>) -> Result<Option<i32>, DbError> {
    Ok(on!(connection, |c| initiatives::table
        .filter(initiatives::objective_id.eq(objective))
        .filter(initiatives::id.ne(but.unwrap_or_default()))
        .select(max(initiatives::position))
        .get_result(c)?))
}
