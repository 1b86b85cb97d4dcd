//! The figure of an earlier year at a point of which none is known: evenly between the ones before and after it.
//!
//! Without it a report that is dated one day before a month's end would leave nothing of the months of all earlier years but their sum. Only a forecast
//! rests on such a figure: a target that refers to the same period of the year before is compared with what was reported.

use chrono::NaiveDate;

use crate::domain::evaluation::{Facts, back_to};
use crate::domain::result::{YearResult, year_result};
use crate::domain::{Decimal, Measure};

/// A figure of an earlier year.
pub(super) enum Point {
    /// One that is known.
    Known(YearResult),
    /// One between the figures of two days (the first of them the day before the year, when a sum was zero).
    Between { figure: YearResult, before: Option<NaiveDate>, after: NaiveDate, part: f64 },
}

impl Point {
    pub(super) fn figure(&self) -> &YearResult {
        match self {
            Self::Known(figure) | Self::Between { figure, .. } => figure,
        }
    }

    /// What was counted up to it, from what was counted up to a day.
    pub(super) fn counted(&self, up_to: impl Fn(NaiveDate) -> Option<f64>) -> Option<f64> {
        match self {
            Self::Known(figure) => up_to(figure.as_of),
            Self::Between { before, after, part, .. } => {
                let before = before.map_or(Some(0.0), &up_to)?;
                Some(before + (up_to(*after)? - before) * part)
            }
        }
    }
}

/// The figure of an earlier `year` at the counterpart of `day`. `None` for the most and the least of a year, which do not move evenly; where a point
/// before or after it is not known (a sum starts at zero); and where nothing within the year is known, for then it would be no more than an even pace.
pub(super) fn between(facts: &Facts<'_>, year: i32, day: NaiveDate, as_of: NaiveDate) -> Option<Point> {
    if !matches!(facts.measure, Measure::Sum | Measure::Average | Measure::Ratio | Measure::Latest) {
        return None;
    }
    let (first, last) = (facts.calendar.first_day(year), facts.calendar.last_day(year));
    let day = back_to(year, facts.fiscal_year, day).filter(|day| (first..last).contains(day))?;
    let points = points(facts, year, as_of);
    let after = points.iter().find(|it| it.as_of >= day)?;
    if after.as_of == day {
        return Some(Point::Known(after.clone()));
    }
    let before = points.iter().rev().find(|it| it.as_of < day);
    let (from, value) = match before {
        Some(before) => (before.as_of, before.value),
        None if facts.measure == Measure::Sum && after.as_of < last => (first.pred_opt()?, Decimal::ZERO),
        None => return None,
    };
    let days = |until: NaiveDate| until.signed_duration_since(from).num_days();
    let gained = after.value.minus(value)?.times(Decimal::from(days(day)))?.over(Decimal::from(days(after.as_of)))?;
    let both = || before.into_iter().chain([after]);
    let figure = YearResult {
        value: value.plus(gained)?,
        as_of: day,
        complete: false,
        approximate: both().any(|it| it.approximate),
        rounding: both().map(|it| it.rounding).max()?,
        gaps: false,
        provisional: both().any(|it| it.provisional),
        actual_ids: both().flat_map(|it| it.actual_ids.iter().cloned()).collect(),
    };
    let part = days(day) as f64 / days(after.as_of) as f64;
    Some(Point::Between { figure, before: before.map(|it| it.as_of), after: after.as_of, part })
}

/// What is known of a year, day by day, without gaps.
fn points(facts: &Facts<'_>, year: i32, as_of: NaiveDate) -> Vec<YearResult> {
    let own = || facts.reported.iter().filter(|it| it.fiscal_year == year && it.as_of <= as_of);
    let mut days: Vec<NaiveDate> = own().map(|it| it.as_of).collect();
    days.sort_unstable();
    days.dedup();
    let figure = |day: &NaiveDate| year_result(facts.measure, facts.calendar, year, facts.reported, *day);
    let mut points: Vec<YearResult> = days.iter().filter_map(figure).filter(|it| !it.gaps).collect();
    // Of one day the figure that was known last.
    points.reverse();
    points.sort_by_key(|it| it.as_of);
    points.dedup_by_key(|it| it.as_of);
    points
}
