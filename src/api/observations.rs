//! Observations: what was reported as flat rows with numbers, for spreadsheets and dashboards that look nothing up.

use actix_web::{HttpRequest, HttpResponse, get};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::Number;
use utoipa::ToSchema;

use super::actuals::ActualFilter;
use super::extract::Params;
use super::listing::{self, Items, ListParams, Listing};
use super::problem::Problem;
use super::representation::PageOf;
use super::resource::Resource;
use super::routes::Routes;
use super::session::Session;
use crate::db::actuals::{Actual, Figure, Subject};
use crate::db::indicators::{self, Indicator, Owner};
use crate::db::store::{Listed, Page};
use crate::db::{Connection, DbError, Row};
use crate::domain::{Basis, Decimal, Measure, MissingReason, Polarity};

/// A figure with all that it takes to read it. The numbers are exact, to as many digits as were reported.
#[derive(Debug, Serialize, ToSchema)]
pub struct Observation {
    /// Whose figure it is.
    organization_id: String,
    /// Their national code.
    organization_code: Option<String>,
    /// Their name.
    organization: String,
    /// What is measured.
    indicator_id: String,
    /// Its name.
    indicator: String,
    /// The city-wide definition that it follows.
    common_code: Option<String>,
    /// The unit as written.
    unit: Option<String>,
    /// Which direction is good, where it is known.
    #[schema(inline)]
    polarity: Option<Polarity>,
    /// How the year's result is made from the year's values.
    measure: Measure,
    /// The fiscal year.
    fiscal_year: i32,
    /// Of which stretch of time the value speaks.
    basis: Basis,
    /// The part of the fiscal year: `m01` is its first month, `q1`, `h1`, `year`.
    period: String,
    /// The first day that it speaks of, where that is not the period's own.
    from: Option<NaiveDate>,
    /// The day that it stands for.
    as_of: NaiveDate,
    /// The value; `null` where there is none, which is never zero.
    #[schema(value_type = Option<f64>)]
    value: Option<Number>,
    /// Why there is no value.
    #[schema(inline)]
    missing: Option<MissingReason>,
    /// Of a percentage: what is above the line.
    #[schema(value_type = Option<f64>)]
    numerator: Option<Number>,
    /// Of a percentage: what is below the line.
    #[schema(value_type = Option<f64>)]
    denominator: Option<Number>,
    /// Of a survey: how many answered.
    sample_size: Option<i64>,
    /// Whether it is approximate (約).
    approximate: bool,
    /// Whether it may still change (速報値).
    provisional: bool,
    /// A note.
    note: Option<String>,
    /// The actual that says so.
    actual_id: String,
    /// Which revision of it.
    revision: i64,
    /// When it was recorded.
    recorded_at: DateTime<Utc>,
}

impl Observation {
    fn of(row: Row<Actual>, indicator: Indicator, owner: Owner) -> Self {
        let Row { id: actual_id, content: Actual { subject, figure }, version: revision, updated_at, .. } = row;
        let Subject { indicator_id, fiscal_year, basis, period, as_of, origin: _ } = subject;
        let Figure { value, missing, numerator, denominator, sample_size, approximate, provisional, .. } = figure;
        let Indicator { organization_id, name, unit, polarity, measure, common_code, source: _ } = indicator;
        Self {
            organization_id,
            organization_code: owner.code,
            organization: owner.name,
            indicator_id,
            indicator: name,
            common_code,
            unit,
            polarity,
            measure,
            fiscal_year,
            basis,
            period,
            from: figure.from_day,
            as_of,
            value: value.and_then(number),
            missing,
            numerator: numerator.and_then(number),
            denominator: denominator.and_then(number),
            sample_size,
            approximate,
            provisional,
            note: figure.note,
            actual_id,
            revision,
            recorded_at: updated_at.and_utc(),
        }
    }
}

/// A decimal as a JSON number, digit by digit.
fn number(value: Decimal) -> Option<Number> {
    value.to_string().parse().ok()
}

/// What was reported, read off the actuals.
#[derive(Debug)]
pub struct Observations;

impl Listing for Observations {
    type Filter = ActualFilter;
    type Item = Observation;

    const ORDERS: &'static [&'static str] = Actual::SORT;

    fn items(connection: &mut Connection, filter: ActualFilter, page: &Page) -> Result<Items<Observation>, DbError> {
        let Listed { rows, total, next } = Actual::list(connection, filter, page)?;
        let ids: Vec<&str> = rows.iter().map(|row| row.content.subject.indicator_id.as_str()).collect();
        let measured = indicators::with_owners(connection, &ids)?;
        let observation = |row: Row<Actual>| {
            // The databases hold that an actual has its indicator, and that one its organization.
            let (indicator, owner) = measured.get(&row.content.subject.indicator_id)?.clone();
            Some(Observation::of(row, indicator, owner))
        };
        Ok(Items { items: rows.into_iter().filter_map(observation).collect(), total, next })
    }
}

type PageOfObservations = PageOf<Observations>;
type ParamsObservations = ListParams<Observations>;

/// List what was reported as flat rows
///
/// One row for each figure, with the names and the unit that belong to it, and numbers where the other lists have texts: for a
/// spreadsheet or a dashboard that reads one list and no other.
#[utoipa::path(tag = "actuals", params(ParamsObservations),
    responses((status = 200, description = "A page of the list", body = PageOfObservations)))]
#[get("/observations")]
async fn list_observations(
    session: Session,
    request: HttpRequest,
    params: Params<ParamsObservations>,
) -> Result<HttpResponse, Problem> {
    listing::list::<Observations>(session, request, params.0).await
}

/// The route.
pub(super) fn routes(config: &mut impl Routes) {
    config.service(list_observations);
}
