//! What an actual speaks of: its indicator, year, basis, period and day. Another subject is another actual.

use chrono::NaiveDate;

use super::actuals::ActualInput;
use super::parents;
use super::problem::Fault;
use crate::db::access;
use crate::db::actuals::Subject;
use crate::db::indicators::Indicator;
use crate::db::organizations::Organization;
use crate::db::{Connection, DbError, Stored};
use crate::domain::fiscal::{self, Calendar, Period};

/// The subject that the input names, with what follows from the calendar; or `current`, with a fault wherever the input
/// names another one.
///
/// # Errors
/// The database's own.
pub fn of(
    input: &ActualInput,
    current: Option<&Subject>,
    connection: &mut Connection,
    faults: &mut Vec<Fault>,
) -> Result<Option<Subject>, DbError> {
    if let Some(current) = current {
        unchanged(input, current, faults);
        starts_before(input.from, current.as_of, faults);
        return Ok(Some(current.clone()));
    }
    let Some(indicator) = access::find::<Indicator>(connection, &input.indicator_id)? else {
        faults.push(Fault::unknown("/indicator_id", "indicators", &input.indicator_id));
        return Ok(None);
    };
    let organization = Organization::find(connection, &indicator.content.organization_id)?;
    let calendar = organization.map_or_else(Calendar::default, |row| row.content.calendar());
    Ok(reported(input, calendar, faults))
}

/// The subject that the input names, of an indicator whose organization goes by this calendar. `None` where faults were
/// added, or the rules have found that neither a period nor a day is given.
pub fn reported(input: &ActualInput, calendar: Calendar, faults: &mut Vec<Fault>) -> Option<Subject> {
    let (fiscal_year, as_of) = when(input, calendar, faults)?;
    Some(Subject {
        indicator_id: input.indicator_id.clone(),
        fiscal_year,
        basis: input.basis,
        period: input.period.clone().unwrap_or_default(),
        as_of,
        origin: "reported".to_owned(),
    })
}

/// The fiscal year and the last day, each from the other where only one is given. `None` where faults were added, or
/// the rules have found already that neither a period nor a day is given.
fn when(input: &ActualInput, calendar: Calendar, faults: &mut Vec<Fault>) -> Option<(i32, NaiveDate)> {
    let period = input.period.as_deref().and_then(|period| period.parse::<Period>().ok());
    let Some(fiscal_year) = input.fiscal_year.or_else(|| Some(calendar.fiscal_year(input.as_of?))) else {
        if period.is_some() {
            faults.push(Fault::at(
                "/fiscal_year",
                "required",
                "期間だけでは年度が決まりません。fiscal_yearかas_ofが必要です。",
                "A period alone does not tell the year: `fiscal_year` or `as_of` is needed.",
            ));
        }
        return None;
    };
    if !fiscal::YEARS.contains(&fiscal_year) {
        let (first, last) = (fiscal::YEARS.start(), fiscal::YEARS.end());
        let fault = Fault::at(
            "/as_of",
            "out_of_range",
            format!("年度は{first}から{last}までです。"),
            format!("Its fiscal year must be {first} to {last}."),
        );
        faults.push(fault.received(input.as_of.map(|day| day.to_string())));
        return None;
    }
    let (first, last) = calendar.days(fiscal_year, period.unwrap_or(Period::Year));
    let as_of = input.as_of.or(period.map(|_| last))?;
    let before = faults.len();
    if as_of < first {
        let fault = Fault::at(
            "/as_of",
            "before_period",
            format!("年度・期間の初日（{first}）より前です。"),
            format!("It lies before the first day of the year or the period, {first}."),
        );
        faults.push(fault.received(as_of.to_string()));
    }
    starts_before(input.from, as_of, faults);
    (faults.len() == before).then_some((fiscal_year, as_of))
}

fn starts_before(from: Option<NaiveDate>, as_of: NaiveDate, faults: &mut Vec<Fault>) {
    if let Some(from) = from.filter(|from| *from > as_of) {
        let fault = Fault::at(
            "/from",
            "from_after_as_of",
            format!("最終日（{as_of}）より後です。"),
            format!("It lies after the last day that the figure speaks of, {as_of}."),
        );
        faults.push(fault.received(from.to_string()));
    }
}

/// Year and day follow from the rest where they are left out, so leaving them out changes nothing.
fn unchanged(input: &ActualInput, current: &Subject, faults: &mut Vec<Fault>) {
    let Subject { indicator_id, fiscal_year, basis, period, as_of, origin: _ } = current;
    if input.indicator_id != *indicator_id {
        faults.push(parents::fixed("/indicator_id", input.indicator_id.as_str(), indicator_id.as_str()));
    }
    if let Some(other) = input.fiscal_year.filter(|year| year != fiscal_year) {
        faults.push(parents::fixed("/fiscal_year", other, *fiscal_year));
    }
    if input.basis != *basis {
        faults.push(parents::fixed("/basis", input.basis.as_str(), basis.as_str()));
    }
    if input.period.as_deref().unwrap_or_default() != period {
        faults.push(parents::fixed("/period", input.period.as_deref(), period.as_str()));
    }
    if let Some(other) = input.as_of.filter(|day| day != as_of) {
        faults.push(parents::fixed("/as_of", other.to_string(), as_of.to_string()));
    }
}
