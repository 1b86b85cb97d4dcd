//! Targets: a criterion on an indicator for a fiscal year, as written and as understood.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::{Validate, ValidationError};

use super::parents;
use super::problem::{Dependent, Fault};
use super::resource::Resource;
use super::warning::Warning;
use crate::db::access;
use crate::db::indicators::{self, Indicator};
use crate::db::plans::Plan;
use crate::db::store::{Listed, Page};
use crate::db::targets::{self, Target};
use crate::db::{Connection, DbError, Row, states};
use crate::domain::access::Deed;
use crate::domain::criterion::Criterion;
use crate::domain::phrase::Parsed;
use crate::domain::{Decimal, TargetState, breakdown};

verbs!(Target, "targets", "/targets", "/targets/{id}",
    list list_targets "List targets", create create_target "Add a target",
    read read_target "Read a target", patch patch_target "Change a target",
    delete delete_target "Remove a target",
    history list_target_history "/targets/{id}/history");

/// A target of an initiative (めざす指標・目標).
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"initiative_id": "0199a0c4-6f0e-7c51-9d0a-000000000000",
    "indicator_id": "0199a0c4-6f0e-7c51-9d0a-000000000001", "fiscal_year": 2021, "text": "55%以上"}))]
pub struct TargetInput {
    /// The initiative.
    #[schema(min_length = 1, max_length = 64)]
    initiative_id: String,
    /// What is measured.
    #[schema(min_length = 1, max_length = 64)]
    indicator_id: String,
    /// For which fiscal year; the plan's unless it says otherwise.
    #[schema(minimum = 1900, maximum = 2200)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fiscal_year: Option<i32>,
    /// The target as the ward writes it.
    #[schema(min_length = 1, max_length = 2000)]
    text: String,
    /// The criterion, where a person gives it: then it stands. Otherwise the text is read; `reading` says how.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    criterion: Option<Criterion>,
    /// For "all of them" (全地域): how many there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(custom(function = "not_negative"))]
    universe: Option<Decimal>,
    /// The top of the scale, such as 5 points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scale_max: Option<Decimal>,
    /// The year that the target compares with.
    #[schema(minimum = 1900, maximum = 2200)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    baseline_year: Option<i32>,
    /// An average of earlier years that the plan states.
    #[schema(inline)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    history_average: Option<HistoryAverage>,
    /// Parts of the target. Where they do not add up to it, a warning says so.
    #[schema(inline, max_items = 200)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    breakdown: Vec<TargetPart>,
    /// What the plan says of the parts.
    #[schema(max_length = 2000)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    breakdown_note: Option<String>,
    /// Its place in the initiative, from 0; after the others unless it says otherwise.
    #[schema(minimum = 0, maximum = 1_000_000)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    position: Option<i32>,
}

/// The average of earlier years.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HistoryAverage {
    /// Over how many years.
    #[schema(minimum = 1, maximum = 50)]
    years: i32,
    /// The average, in the indicator's unit.
    value: Decimal,
}

/// A part of a target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetPart {
    /// What the part is.
    #[schema(min_length = 1, max_length = 200)]
    label: String,
    /// Its share, in the indicator's unit.
    target: Decimal,
}

fn not_negative(quantity: &Decimal) -> Result<(), ValidationError> {
    if *quantity < Decimal::ZERO { Err(ValidationError::new("negative")) } else { Ok(()) }
}

/// What the service knows of a target.
#[derive(Debug, Serialize, ToSchema)]
pub struct TargetExtra {
    /// How it is understood: the criterion that was given, or what was read from the text.
    reading: Parsed,
    /// What should be looked at.
    warnings: Vec<Warning>,
}

/// Which targets.
#[derive(Debug, Deserialize, IntoParams)]
pub struct TargetFilter {
    /// For this initiative
    #[param(min_length = 1)]
    initiative: Option<String>,
    /// On this indicator
    #[param(min_length = 1)]
    indicator: Option<String>,
    /// For the initiatives of this plan
    #[param(min_length = 1)]
    plan: Option<String>,
    /// For this fiscal year
    #[param(minimum = 1900, maximum = 2200)]
    fiscal_year: Option<i32>,
    /// Whose reading a person has to look at, or has not
    needs_review: Option<bool>,
    /// That stand like this at the checkpoint at which their plan stands
    #[param(inline)]
    state: Option<TargetState>,
}

impl Resource for Target {
    type Input = TargetInput;
    type Extra = TargetExtra;
    type Filter = TargetFilter;

    const NAME: &'static str = "Target";
    const PATH: &'static str = "targets";
    const DEEDS: &'static [Deed] = &[Deed::Plan];
    const SORT: &'static [&'static str] = &[];

    fn input(self) -> TargetInput {
        let criterion = self.criterion().filter(|_| self.criterion_given);
        let Self {
            initiative_id,
            indicator_id,
            fiscal_year,
            position,
            text,
            criterion: _,
            criterion_given: _,
            needs_review: _,
            universe,
            scale_max,
            baseline_year,
            history_average_years,
            history_average_value,
            breakdown,
            breakdown_note,
        } = self;
        TargetInput {
            initiative_id,
            indicator_id,
            fiscal_year: Some(fiscal_year),
            text,
            criterion,
            universe,
            scale_max,
            baseline_year,
            history_average: history_average_years
                .zip(history_average_value)
                .map(|(years, value)| HistoryAverage { years, value }),
            breakdown: parts(&breakdown),
            breakdown_note,
            position: Some(position),
        }
    }

    fn content(
        input: TargetInput,
        _: Option<&Row<Self>>,
        connection: &mut Connection,
        faults: &mut Vec<Fault>,
    ) -> Result<Option<Self>, DbError> {
        let TargetInput {
            initiative_id,
            indicator_id,
            fiscal_year,
            text,
            criterion,
            universe,
            scale_max,
            baseline_year,
            history_average,
            breakdown,
            breakdown_note,
            position,
        } = input;
        faults.extend(criterion.iter().flat_map(criterion_faults));
        let initiative = parents::initiative(connection, &initiative_id, faults)?;
        let indicator = access::find::<Indicator>(connection, &indicator_id)?;
        if indicator.is_none() {
            faults.push(Fault::unknown("/indicator_id", "indicators", &indicator_id));
        }
        let (Some(initiative), Some(indicator)) = (initiative, indicator) else { return Ok(None) };
        let fiscal_year = match fiscal_year {
            Some(year) => year,
            None => match access::find::<Plan>(connection, &initiative.content.plan_id)? {
                Some(plan) => plan.content.fiscal_year,
                None => return Err(DbError::Failed("an initiative without its plan".to_owned())),
            },
        };
        let position = match position {
            Some(position) => position,
            None => targets::next_position(connection, &initiative_id)?,
        };
        let mut target = Self {
            initiative_id,
            indicator_id,
            fiscal_year,
            position,
            text,
            criterion: None,
            criterion_given: false,
            needs_review: false,
            universe,
            scale_max,
            baseline_year,
            history_average_years: history_average.as_ref().map(|average| average.years),
            history_average_value: history_average.map(|average| average.value),
            breakdown: serde_json::to_string(&breakdown).map_err(|error| DbError::Failed(error.to_string()))?,
            breakdown_note,
        };
        target.understand(criterion.as_ref(), &indicator.content);
        Ok(Some(target))
    }

    fn extras(connection: &mut Connection, rows: &[Row<Self>]) -> Result<Vec<TargetExtra>, DbError> {
        let ids: Vec<&str> = rows.iter().map(|row| row.content.indicator_id.as_str()).collect();
        let indicators = indicators::by_id(connection, &ids)?;
        let extra = |row: &Row<Self>| match indicators.get(&row.content.indicator_id) {
            Some(indicator) => Ok(known(&row.content, indicator)),
            None => Err(DbError::Failed("a target without its indicator".to_owned())),
        };
        rows.iter().map(extra).collect()
    }

    fn list(connection: &mut Connection, filter: TargetFilter, page: &Page) -> Result<Listed<Self>, DbError> {
        let TargetFilter { initiative, indicator, plan, fiscal_year, needs_review, state } = filter;
        let filter = targets::Filter {
            initiative_id: initiative,
            indicator_id: indicator,
            plan_id: plan,
            fiscal_year,
            needs_review,
            state,
        };
        targets::list(connection, &filter, page)
    }

    fn dependents(_: &mut Connection, _: &str) -> Result<Vec<Dependent>, DbError> {
        Ok(Vec::new())
    }

    fn changed(
        connection: &mut Connection,
        before: Option<&Row<Self>>,
        after: Option<&Row<Self>>,
    ) -> Result<(), DbError> {
        let left = before
            .filter(|before| after.is_none_or(|after| after.content.initiative_id != before.content.initiative_id));
        if let Some(before) = left {
            states::forget_target(connection, &before.id)?;
        }
        let Some(after) = after else { return Ok(()) };
        if let Some(before) = left {
            parents::refresh_plan_of(connection, &before.content.initiative_id)?;
        }
        parents::refresh_plan_of(connection, &after.content.initiative_id)
    }

    fn deleted(connection: &mut Connection, row: &Row<Self>) -> Result<(), DbError> {
        parents::refresh_plan_of(connection, &row.content.initiative_id)
    }
}

fn parts(stored: &str) -> Vec<TargetPart> {
    serde_json::from_str(stored).unwrap_or_default()
}

fn criterion_faults(criterion: &Criterion) -> Vec<Fault> {
    let fault = |(place, message): (String, crate::domain::Bilingual)| {
        Fault::at(format!("/criterion{place}"), "unsound_criterion", message.ja, message.en)
    };
    criterion.faults().into_iter().map(fault).collect()
}

/// What is stored, with the notes and the other readings, which are not.
fn known(target: &Target, indicator: &Indicator) -> TargetExtra {
    let criterion = target.criterion();
    let reading = match &criterion {
        Some(given) if target.criterion_given => Parsed::given(given.clone()),
        _ => target.read(indicator).as_stored(criterion.as_ref(), target.needs_review),
    };
    let unit = indicator.unit.as_deref();
    let shares = parts(&target.breakdown).into_iter().map(|part| part.target);
    let mismatch = criterion
        .as_ref()
        .filter(|_| target.scale_max.is_none())
        .and_then(|criterion| breakdown::of_target(shares, criterion, indicator.measure, unit));
    let warnings = mismatch.map(|found| Warning::parts_differ(found.sum, found.total, unit)).into_iter().collect();
    TargetExtra { reading, warnings }
}
