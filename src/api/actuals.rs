//! Actuals: reported values of an indicator. A change is a new revision; nothing is overwritten.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use validator::{Validate, ValidationError};

use super::actual_subject;
use super::parents;
use super::problem::{Dependent, Fault};
use super::resource::Resource;
use super::warning::Warning;
use crate::db::actuals::{self, Actual, Figure, Subject};
use crate::db::indicators::{self, Indicator};
use crate::db::store::{Listed, Page};
use crate::db::{Connection, DbError, Row, states};
use crate::domain::access::Deed;
use crate::domain::{Basis, Decimal, MissingReason, Origin, breakdown};

verbs!(Actual, "actuals", "/actuals", "/actuals/{id}",
    list list_actuals "List actuals", create create_actual "Report an actual",
    read read_actual "Read an actual", patch patch_actual "Correct an actual",
    delete delete_actual "Withdraw an actual; its revisions stay readable",
    history list_actual_history "/actuals/{id}/history");

/// A reported value of an indicator (実績), or why there is none.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "value_or_missing"))]
#[validate(schema(function = "period_or_day"))]
#[validate(schema(function = "whole_ratio"))]
#[schema(example = json!({"indicator_id": "0199a0c4-6f0e-7c51-9d0a-000000000000", "fiscal_year": 2021,
    "basis": "increment", "period": "q1", "value": "1234", "author": "港区役所 協働まちづくり推進課"}))]
pub struct ActualInput {
    /// What is measured. It cannot change after creation.
    #[schema(min_length = 1, max_length = 64)]
    pub(super) indicator_id: String,
    /// The fiscal year that it belongs to; that of `as_of` unless it says otherwise. It cannot change after creation.
    #[schema(minimum = 1900, maximum = 2200)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) fiscal_year: Option<i32>,
    /// What stretch of time it speaks of. It cannot change after creation.
    pub(super) basis: Basis,
    /// `m01` to `m12` (months of the fiscal year), `q1` to `q4`, `h1`, `h2`, `year`. It cannot change after creation.
    #[schema(pattern = "^(m0[1-9]|m1[0-2]|q[1-4]|h[12]|year)$", max_length = 4)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) period: Option<String>,
    /// The last day that it speaks of; the period's last day unless it says otherwise. It cannot change after creation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) as_of: Option<NaiveDate>,
    /// The value. Zero is a value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) value: Option<Decimal>,
    /// Why there is no value.
    #[schema(inline)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    missing: Option<MissingReason>,
    /// Of a percentage: what is above the line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    numerator: Option<Decimal>,
    /// Of a percentage: what is below the line, above zero.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(custom(function = "positive"))]
    denominator: Option<Decimal>,
    /// Of a survey: how many answered.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sample_size: Option<i64>,
    /// How it was measured.
    #[schema(max_length = 500)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    method: Option<String>,
    /// Parts of the value. Where they do not add up to it, a warning says so.
    #[schema(inline, max_items = 200)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    breakdown: Vec<ActualPart>,
    /// Whether it is approximate (約): the last significant digit is the rounding unit.
    #[schema(default = false)]
    #[serde(default)]
    approximate: bool,
    /// Whether it may still change (速報値).
    #[schema(default = false)]
    #[serde(default)]
    provisional: bool,
    /// The first day that it speaks of, where that is stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) from: Option<NaiveDate>,
    /// A note.
    #[schema(max_length = 2000)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// Who reports it. It speaks of this revision alone: a correction that does not name it has none.
    #[schema(max_length = 200)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    author: Option<String>,
    /// Why it is corrected. It speaks of this revision alone: a correction that does not name it has none.
    #[schema(max_length = 2000)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// A part of a value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActualPart {
    /// What the part is.
    #[schema(min_length = 1, max_length = 200)]
    label: String,
    /// Its value, in the indicator's unit.
    value: Decimal,
}

fn value_or_missing(actual: &ActualInput) -> Result<(), ValidationError> {
    if actual.value.is_some() == actual.missing.is_some() {
        Err(ValidationError::new("value_or_missing"))
    } else {
        Ok(())
    }
}

fn period_or_day(actual: &ActualInput) -> Result<(), ValidationError> {
    if actual.period.is_none() && actual.as_of.is_none() { Err(ValidationError::new("period_or_day")) } else { Ok(()) }
}

fn whole_ratio(actual: &ActualInput) -> Result<(), ValidationError> {
    let at = match (actual.numerator, actual.denominator) {
        (Some(_), None) => "denominator",
        (None, Some(_)) => "numerator",
        _ => return Ok(()),
    };
    let mut error = ValidationError::new("ratio_needs_both");
    error.add_param("at".into(), &at);
    Err(error)
}

fn positive(denominator: &Decimal) -> Result<(), ValidationError> {
    if *denominator > Decimal::ZERO { Ok(()) } else { Err(ValidationError::new("denominator_not_positive")) }
}

/// What the service knows of an actual.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActualExtra {
    /// Where the figure comes from.
    origin: Origin,
    /// What should be looked at.
    warnings: Vec<Warning>,
}

/// Which actuals.
#[derive(Debug, Deserialize, IntoParams)]
pub struct ActualFilter {
    /// Of this indicator
    #[param(min_length = 1)]
    indicator: Option<String>,
    /// Of the indicators on which this initiative has targets
    #[param(min_length = 1)]
    initiative: Option<String>,
    /// Of the indicators on which this plan has targets
    #[param(min_length = 1)]
    plan: Option<String>,
    /// Of this organization's indicators: an id or a national code
    #[param(min_length = 1)]
    organization: Option<String>,
    /// Of this fiscal year
    #[param(minimum = 1900, maximum = 2200)]
    fiscal_year: Option<i32>,
    /// That speak of such a stretch of time
    #[param(inline)]
    basis: Option<Basis>,
    /// Of this period
    #[param(pattern = "^(m0[1-9]|m1[0-2]|q[1-4]|h[12]|year)$")]
    period: Option<String>,
    /// As of this day or later
    as_of_from: Option<NaiveDate>,
    /// As of this day or earlier
    as_of_to: Option<NaiveDate>,
}

impl Resource for Actual {
    type Input = ActualInput;
    type Extra = ActualExtra;
    type Filter = ActualFilter;

    const NAME: &'static str = "Actual";
    const PATH: &'static str = "actuals";
    const DEEDS: &'static [Deed] = &[Deed::Report];
    const SORT: &'static [&'static str] = &["as_of", "fiscal_year"];

    fn input(self) -> ActualInput {
        let Self { subject, figure } = self;
        let Subject { indicator_id, fiscal_year, basis, period, as_of, origin: _ } = subject;
        let Figure {
            value,
            missing,
            numerator,
            denominator,
            sample_size,
            method,
            breakdown,
            approximate,
            provisional,
            from_day,
            note,
            withdrawn: _,
            author,
            reason,
        } = figure;
        ActualInput {
            indicator_id,
            fiscal_year: Some(fiscal_year),
            basis,
            period: Some(period).filter(|period| !period.is_empty()),
            as_of: Some(as_of),
            value,
            missing,
            numerator,
            denominator,
            sample_size,
            method,
            breakdown: parts(&breakdown),
            approximate,
            provisional,
            from: from_day,
            note,
            author,
            reason,
        }
    }

    fn content(
        input: ActualInput,
        current: Option<&Row<Self>>,
        connection: &mut Connection,
        faults: &mut Vec<Fault>,
    ) -> Result<Option<Self>, DbError> {
        let current = current.map(|row| &row.content.subject);
        let Some(subject) = actual_subject::of(&input, current, connection, faults)? else { return Ok(None) };
        Ok(Some(Self { subject, figure: figure(input)? }))
    }

    fn extras(connection: &mut Connection, rows: &[Row<Self>]) -> Result<Vec<ActualExtra>, DbError> {
        let ids: Vec<&str> = rows.iter().map(|row| row.content.subject.indicator_id.as_str()).collect();
        let indicators = indicators::by_id(connection, &ids)?;
        let extra = |row: &Row<Self>| {
            let Actual { subject, figure } = &row.content;
            let origin = subject.origin.parse().map_err(|_| DbError::Failed("an unknown origin".to_owned()))?;
            let warnings = indicators.get(&subject.indicator_id).and_then(|indicator| parts_differ(figure, indicator));
            Ok(ActualExtra { origin, warnings: warnings.into_iter().collect() })
        };
        rows.iter().map(extra).collect()
    }

    fn list(connection: &mut Connection, filter: ActualFilter, page: &Page) -> Result<Listed<Self>, DbError> {
        let ActualFilter {
            indicator,
            initiative,
            plan,
            organization,
            fiscal_year,
            basis,
            period,
            as_of_from,
            as_of_to,
        } = filter;
        let filter = actuals::Filter {
            indicator_id: indicator,
            initiative_id: initiative,
            plan_id: plan,
            organization_id: parents::organization_id(connection, organization)?,
            fiscal_year,
            basis,
            period,
            as_of_from,
            as_of_to,
        };
        actuals::list(connection, &filter, page)
    }

    fn dependents(_: &mut Connection, _: &str) -> Result<Vec<Dependent>, DbError> {
        Ok(Vec::new())
    }

    fn changed(connection: &mut Connection, _: Option<&Row<Self>>, after: Option<&Row<Self>>) -> Result<(), DbError> {
        match after {
            Some(row) => refresh(connection, &row.content.subject),
            None => Ok(()),
        }
    }

    fn deleted(connection: &mut Connection, row: &Row<Self>) -> Result<(), DbError> {
        refresh(connection, &row.content.subject)
    }

    fn add(connection: &mut Connection, row: &mut Row<Self>) -> Result<(), DbError> {
        actuals::add(connection, row)
    }

    /// Nobody is named as the author of a correction, or its reason given, by somebody else's words.
    fn amended(mut self, patch: &Value) -> Self {
        if patch.get("author").is_none() {
            self.figure.author = None;
        }
        if patch.get("reason").is_none() {
            self.figure.reason = None;
        }
        self
    }
}

/// The figure that the input reports.
///
/// # Errors
/// Parts that cannot be written down.
pub(super) fn figure(input: ActualInput) -> Result<Figure, DbError> {
    let ActualInput {
        indicator_id: _,
        fiscal_year: _,
        basis: _,
        period: _,
        as_of: _,
        value,
        missing,
        numerator,
        denominator,
        sample_size,
        method,
        breakdown,
        approximate,
        provisional,
        from,
        note,
        author,
        reason,
    } = input;
    Ok(Figure {
        value,
        missing,
        numerator,
        denominator,
        sample_size,
        method,
        breakdown: serde_json::to_string(&breakdown).map_err(|error| DbError::Failed(error.to_string()))?,
        approximate,
        provisional,
        from_day: from,
        note,
        withdrawn: false,
        author,
        reason,
    })
}

/// Computes anew what may look at a figure of this subject.
fn refresh(connection: &mut Connection, subject: &Subject) -> Result<(), DbError> {
    states::refresh_indicator(connection, &subject.indicator_id, Some(subject.as_of))
}

/// The parts of a figure, as they are stored.
pub(super) fn parts(stored: &str) -> Vec<ActualPart> {
    serde_json::from_str(stored).unwrap_or_default()
}

fn parts_differ(figure: &Figure, indicator: &Indicator) -> Option<Warning> {
    let values = parts(&figure.breakdown).into_iter().map(|part| part.value);
    let unit = indicator.unit.as_deref();
    let found = breakdown::of_actual(values, figure.value?, figure.approximate, indicator.measure, unit)?;
    Some(Warning::parts_differ(found.sum, found.total, unit))
}
