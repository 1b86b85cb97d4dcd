//! What was reported of indicators, as far as an outlook is computed from it.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::db::evaluation::SeriesById;
use crate::db::schema::actuals;
use crate::db::{Connection, DbError};
use crate::domain::result::{Reported, Source};
use crate::domain::{Basis, Decimal, MissingReason};

/// What of an actual an outlook is computed from.
type Spoken = (
    (String, i32, Basis, String, NaiveDate),
    (Option<Decimal>, Option<MissingReason>, Option<Decimal>, Option<Decimal>, bool, bool),
    (String, i64, String),
);

fn order(((_, fiscal_year, _, _, as_of), _, (id, _, _)): &Spoken) -> impl Ord + '_ {
    (fiscal_year, as_of, id)
}

/// What stands of each of these indicators, in the order of [`super::of_indicators`].
///
/// # Errors
/// The database's own.
pub fn of_indicators(connection: &mut Connection, indicators: &[&str]) -> Result<SeriesById, DbError> {
    let mut found: Vec<Spoken> = on!(connection, |c| actuals::table
        .filter(actuals::indicator_id.eq_any(indicators))
        .filter(actuals::withdrawn.eq(false))
        .select((
            (actuals::indicator_id, actuals::fiscal_year, actuals::basis, actuals::period, actuals::as_of),
            (
                actuals::value,
                actuals::missing,
                actuals::numerator,
                actuals::denominator,
                actuals::approximate,
                actuals::provisional,
            ),
            (actuals::id, actuals::version, actuals::breakdown),
        ))
        .load(c)?);
    // The database would take longer to sort them than to find them.
    found.sort_unstable_by(|a, b| order(a).cmp(&order(b)));
    let mut series = SeriesById::new();
    for (subject, figure, (id, revision, breakdown)) in found {
        let (indicator, fiscal_year, basis, period, as_of) = subject;
        let (value, missing, numerator, denominator, approximate, provisional) = figure;
        let reported = Reported {
            fiscal_year,
            basis,
            period: period.parse().ok(),
            as_of,
            value,
            missing,
            numerator,
            denominator,
            approximate,
            provisional,
            source: Some(Source { actual_id: id.as_str().into(), revision }),
        };
        series.entry(indicator).or_default().add(reported, breakdown);
    }
    Ok(series)
}
