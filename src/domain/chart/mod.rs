//! A target as a picture: this year's figures, those of earlier years, what is asked, and what is to be expected.
//!
//! Nothing is added up here: every point is the figure so far as `result` makes it for the outlook, at an earlier day. What is asked
//! and what is expected are those of the outlook.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Decimal;
use super::Measure;
use super::evaluation::{Evaluation, Facts, Limit, PartFacts, same_point};
use super::outlook::TargetOutlook;
use super::result::{YearResult, year_result};

/// How many earlier years are drawn, at most: as many as the forecast is made of.
const EARLIER_YEARS: usize = 5;

/// Of how many days a year is drawn, at most, before only the last one of each month is: one for each week.
const MOST_DAYS: usize = 53;

/// Everything that a drawing of a target needs. All figures are in `unit`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Chart {
    /// The unit of all figures.
    pub unit: Option<String>,
    /// The first day of the fiscal year.
    pub from: NaiveDate,
    /// The last day of the fiscal year.
    pub to: NaiveDate,
    /// The figure so far at each day up to the asked one for which something was reported, in the order of time: sums added up from the start
    /// of the year, levels and percentages as they stood. A day at which the figure so far is not known has no point, which is not zero: a
    /// sum that lacks a period has none until it is whole again. Of a year with more than 53 days the last one of each month is given.
    pub points: Vec<ChartPoint>,
    /// Up to five earlier years of which something is known at the asked day, the latest first.
    pub earlier_years: Vec<ChartYear>,
    /// What is asked: one for each condition that has a limit.
    pub targets: Vec<TargetLine>,
    /// What is to be expected of a target that is open; `null` where nothing is.
    pub forecast: Option<ChartForecast>,
    /// Of a condition on every part of the breakdown: each of them. Empty for any other.
    pub parts: Vec<ChartPart>,
}

/// A part of the breakdown, drawn like the whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChartPart {
    /// Its name.
    pub label: String,
    /// Its figure so far at each day up to the asked one for which something was reported.
    pub points: Vec<ChartPoint>,
    /// Its figures in up to five earlier years, the latest first.
    pub earlier_years: Vec<ChartYear>,
    /// What is asked of it. The same lines stand among those of the whole, with its name.
    pub targets: Vec<TargetLine>,
    /// What is to be expected of it; `null` where nothing is.
    pub forecast: Option<ChartForecast>,
}

/// A figure so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChartPoint {
    /// The day up to which it speaks.
    pub as_of: NaiveDate,
    /// The figure.
    pub value: Decimal,
    /// Whether anything in it is rounded (約).
    pub approximate: bool,
    /// Whether anything in it may still change (速報値).
    pub provisional: bool,
}

/// An earlier year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChartYear {
    /// The fiscal year.
    pub fiscal_year: i32,
    /// Its result; `null` where that is not known.
    pub result: Option<Decimal>,
    /// Its figures so far, as far as they were reported within the year. Their days are those of their own year.
    pub points: Vec<ChartPoint>,
}

/// What one condition asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TargetLine {
    /// The part of the breakdown that it is about; `null` for the whole.
    pub label: Option<String>,
    /// From where on a figure is accepted.
    pub lower: Option<Limit>,
    /// Up to where a figure is accepted.
    pub upper: Option<Limit>,
    /// The day by which it has to hold.
    pub by: Option<NaiveDate>,
}

/// What is to be expected, from the last point on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChartForecast {
    /// The point where it starts; `null` where nothing is known of this year.
    pub from: Option<ChartPoint>,
    /// The day that it speaks of: the last of the fiscal year, or the deadline of the target.
    pub on: NaiveDate,
    /// The expected figure.
    pub year_end: Option<Decimal>,
    /// Below which it lies in one of ten cases.
    pub low: Option<Decimal>,
    /// Above which it lies in one of ten cases.
    pub high: Option<Decimal>,
}

/// The picture of a target whose outlook at `as_of` is `outlook`.
///
/// ```
/// use mikomi::domain::{Measure, chart::chart, evaluation::Facts, outlook::target_outlook};
/// let facts = Facts { unit: Some("件"), ..Facts::new(Measure::Sum, 2021, &[]) };
/// let day = "2021-09-30".parse()?;
/// let chart = chart(&facts, &target_outlook(None, &facts, day), day);
/// assert_eq!((chart.from.to_string(), chart.to.to_string()), ("2021-04-01".to_owned(), "2022-03-31".to_owned()));
/// assert!(chart.points.is_empty()); // nothing is reported, which is not zero
/// # Ok::<(), chrono::ParseError>(())
/// ```
pub fn chart(facts: &Facts<'_>, outlook: &TargetOutlook, as_of: NaiveDate) -> Chart {
    let to = facts.calendar.last_day(facts.fiscal_year);
    let whole = points(facts, facts.fiscal_year, as_of);
    let mut targets = Vec::new();
    lines(&outlook.basis, None, &mut targets);
    let part = |part: &PartFacts| {
        let own = Facts { reported: &part.reported, parts: &[], ..*facts };
        let points = points(&own, facts.fiscal_year, as_of);
        let is_own = |label: Option<&str>| label == Some(part.label.as_str());
        ChartPart {
            label: part.label.clone(),
            earlier_years: earlier_years(&own, to, as_of),
            targets: targets.iter().filter(|line| is_own(line.label.as_deref())).cloned().collect(),
            forecast: forecast(outlook, Some(&part.label), &points),
            points,
        }
    };
    let parts = facts.parts.iter().map(part).collect();
    Chart {
        unit: facts.unit.map(str::to_owned),
        from: facts.calendar.first_day(facts.fiscal_year),
        to,
        earlier_years: earlier_years(facts, to, as_of),
        forecast: forecast(outlook, None, &whole),
        points: whole,
        targets,
        parts,
    }
}

/// What is to be expected of the whole or of a part: a forecast of the one is none of the other.
fn forecast(outlook: &TargetOutlook, label: Option<&str>, points: &[ChartPoint]) -> Option<ChartForecast> {
    let own = || outlook.forecast_basis.iter().filter(|it| it.label.as_deref() == label).map(|it| &it.forecast);
    let band = own().find(|it| Some(*it) == outlook.forecast.as_ref()).or_else(|| own().next())?;
    Some(ChartForecast {
        from: points.last().copied(),
        on: band.on,
        year_end: band.year_end,
        low: band.low,
        high: band.high,
    })
}

/// The figure so far at each day for which something was reported.
fn points(facts: &Facts<'_>, fiscal_year: i32, as_of: NaiveDate) -> Vec<ChartPoint> {
    let reported = facts.reported.iter().filter(|it| it.fiscal_year == fiscal_year && it.as_of <= as_of);
    let mut days: Vec<NaiveDate> = reported.map(|it| it.as_of).collect();
    days.sort_unstable();
    days.dedup();
    if days.len() > MOST_DAYS {
        days.reverse();
        days.dedup_by_key(|day| (day.year(), day.month()));
        days.reverse();
    }
    let known = |day: &NaiveDate| {
        year_result(facts.measure, facts.calendar, fiscal_year, facts.reported, *day)
            .filter(|it| !it.gaps || facts.measure != Measure::Sum)
    };
    let mut points: Vec<ChartPoint> = days.iter().filter_map(known).map(point).collect();
    // What was reported last of a day counts.
    points.reverse();
    points.sort_by_key(|it| it.as_of);
    points.dedup_by_key(|it| it.as_of);
    points
}

fn point(result: YearResult) -> ChartPoint {
    let YearResult { value, as_of, approximate, provisional, complete: _, rounding: _, gaps: _, actual_ids: _ } =
        result;
    ChartPoint { as_of, value, approximate, provisional }
}

fn earlier_years(facts: &Facts<'_>, year_end: NaiveDate, as_of: NaiveDate) -> Vec<ChartYear> {
    let mut years: Vec<i32> =
        facts.reported.iter().map(|it| it.fiscal_year).filter(|it| *it < facts.fiscal_year).collect();
    years.sort_unstable();
    years.dedup();
    let year = |fiscal_year: i32| {
        let result = same_point(facts, fiscal_year, year_end, as_of).map(|it| it.value);
        let points = points(facts, fiscal_year, as_of);
        (result.is_some() || !points.is_empty()).then_some(ChartYear { fiscal_year, result, points })
    };
    years.into_iter().rev().filter_map(year).take(EARLIER_YEARS).collect()
}

/// The limits of every condition that counts.
fn lines(evaluation: &Evaluation, label: Option<&str>, into: &mut Vec<TargetLine>) {
    if let Some(comparison) = &evaluation.comparison
        && (comparison.lower.is_some() || comparison.upper.is_some())
    {
        let label = label.map(str::to_owned);
        let line = TargetLine { label, lower: comparison.lower, upper: comparison.upper, by: comparison.by };
        if !into.contains(&line) {
            into.push(line);
        }
    }
    for part in evaluation.parts.iter().filter(|part| part.decides) {
        lines(&part.evaluation, part.label.as_deref().or(label), into);
    }
}

#[cfg(test)]
mod tests;
