//! Targets (めざす指標・目標): a criterion on an indicator for a fiscal year, for an initiative.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::indicators::Indicator;
use super::schema::{checkpoints, initiatives, plans, target_states, targets};
use super::store::{Listed, Loaded, Page};
use super::{Connection, DbError, Row, history};
use crate::domain::criterion::Criterion;
use crate::domain::phrase::{self, Context, Parsed};
use crate::domain::{Decimal, TargetState};

/// A target, as written and as understood.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset, Serialize, Deserialize)]
#[diesel(table_name = targets, treat_none_as_null = true)]
pub struct Target {
    /// The initiative.
    pub initiative_id: String,
    /// What is measured.
    pub indicator_id: String,
    /// For which year.
    pub fiscal_year: i32,
    /// Its place in the initiative, from 0.
    pub position: i32,
    /// As written.
    pub text: String,
    /// As understood: the JSON of [`crate::domain::Criterion`].
    pub criterion: Option<String>,
    /// Whether a person gave the criterion; it then stands whatever the reading says.
    pub criterion_given: bool,
    /// Whether a person has to look at the reading.
    pub needs_review: bool,
    /// For "all of them": how many there are.
    pub universe: Option<Decimal>,
    /// The top of the scale, such as 5 points.
    pub scale_max: Option<Decimal>,
    /// The year that the target compares with.
    pub baseline_year: Option<i32>,
    /// Over how many years the stated average goes.
    pub history_average_years: Option<i32>,
    /// The average of earlier years that the plan states.
    pub history_average_value: Option<Decimal>,
    /// Parts of the target, a JSON array of labels and values.
    pub breakdown: String,
    /// What the plan says of the parts.
    pub breakdown_note: Option<String>,
}

stored!(targets, Target, |content| &content.initiative_id);

impl Target {
    /// What the text says, read with what is known of the indicator.
    pub fn read(&self, indicator: &Indicator) -> Parsed {
        let context = Context {
            unit: indicator.unit.as_deref(),
            polarity: indicator.polarity,
            fiscal_year: Some(self.fiscal_year),
            measure: Some(indicator.measure),
            universe: self.universe,
        };
        phrase::parse(&self.text, &context)
    }

    /// Understands the target: by the criterion that a person gives, which stands, or else by reading the text.
    pub fn understand(&mut self, given: Option<&Criterion>, indicator: &Indicator) {
        let (criterion, needs_review) = match given {
            Some(criterion) => (criterion.clone(), false),
            None => {
                let Parsed { criterion, needs_review, .. } = self.read(indicator);
                (criterion, needs_review)
            }
        };
        self.criterion_given = given.is_some();
        self.criterion = serde_json::to_string(&criterion).ok();
        self.needs_review = needs_review;
    }

    /// The criterion as it stands.
    pub fn criterion(&self) -> Option<Criterion> {
        self.criterion.as_deref().and_then(|text| serde_json::from_str(text).ok())
    }

    /// The criterion by which the target is decided: a reading that a person still has to look at decides nothing.
    pub fn decisive(&self) -> Option<Criterion> {
        if self.needs_review { None } else { self.criterion() }
    }
}

/// Which targets a list holds.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// For this initiative.
    pub initiative_id: Option<String>,
    /// On this indicator.
    pub indicator_id: Option<String>,
    /// For the initiatives of this plan.
    pub plan_id: Option<String>,
    /// For this year.
    pub fiscal_year: Option<i32>,
    /// Whose reading a person has to look at, or has not.
    pub needs_review: Option<bool>,
    /// That stand like this at the checkpoint at which their plan stands.
    pub state: Option<TargetState>,
}

/// A page of targets.
///
/// # Errors
/// The database's own.
pub fn list(connection: &mut Connection, filter: &Filter, page: &Page) -> Result<Listed<Target>, DbError> {
    list!(connection, page, targets, Target, {}, |query| {
        if let Some(initiative) = &filter.initiative_id {
            query = query.filter(targets::initiative_id.eq(initiative.clone()));
        }
        if let Some(indicator) = &filter.indicator_id {
            query = query.filter(targets::indicator_id.eq(indicator.clone()));
        }
        if let Some(plan) = &filter.plan_id {
            let of_plan = initiatives::table.filter(initiatives::plan_id.eq(plan.clone())).select(initiatives::id);
            query = query.filter(targets::initiative_id.eq_any(of_plan));
        }
        if let Some(year) = filter.fiscal_year {
            query = query.filter(targets::fiscal_year.eq(year));
        }
        if let Some(needs_review) = filter.needs_review {
            query = query.filter(targets::needs_review.eq(needs_review));
        }
        if let Some(state) = filter.state {
            let in_state = target_states::table
                .inner_join(checkpoints::table.on(checkpoints::id.eq(target_states::checkpoint_id)))
                .inner_join(plans::table.on(plans::id.eq(checkpoints::plan_id)))
                .filter(plans::checkpoint.eq(checkpoints::kind.nullable()))
                .filter(target_states::state.eq(state.as_str()))
                .select(target_states::target_id);
            query = query.filter(targets::id.eq_any(in_state));
        }
    })
}

/// The place after the initiative's other targets.
///
/// # Errors
/// The database's own.
pub fn next_position(connection: &mut Connection, initiative_id: &str) -> Result<i32, DbError> {
    let last: Option<i32> = on!(connection, |c| targets::table
        .filter(targets::initiative_id.eq(initiative_id))
        .select(diesel::dsl::max(targets::position))
        .get_result(c)?);
    Ok(last.map_or(0, |last| last.saturating_add(1)))
}

/// Reads the texts of an indicator's targets anew, since its unit, its measure and its polarity say what they mean. Criteria that a person
/// gave stand. What is understood is computed, so no version changes.
///
/// # Errors
/// The database's own.
pub fn read_anew(connection: &mut Connection, indicator_id: &str, indicator: &Indicator) -> Result<(), DbError> {
    let read: Vec<Loaded<Target>> = on!(connection, |c| targets::table
        .filter(targets::indicator_id.eq(indicator_id))
        .filter(targets::criterion_given.eq(false))
        .order(targets::id)
        .select(row_columns!(targets, Target))
        .load(c)?);
    let mut understood = Vec::new();
    for mut row in read.into_iter().map(Row::from) {
        let before = row.content.clone();
        row.content.understand(None, indicator);
        if row.content != before {
            let after = &row.content;
            on!(&mut *connection, |c| diesel::update(targets::table.find(&row.id))
                .set((targets::criterion.eq(&after.criterion), targets::needs_review.eq(after.needs_review)))
                .execute(c)?);
            row.updated_at = crate::clock::now();
            understood.push(row);
        }
    }
    history::record(connection, &understood)
}
