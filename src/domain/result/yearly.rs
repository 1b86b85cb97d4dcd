//! Which measurement of a level is its year's result.
//!
//! Most indicators of wards are surveys that are taken once a year, long before its last day. The rule, in one place:
//!
//! - A *level* is what is measured as `latest`, and a ratio or an average of which a year gives nothing but snapshots.
//! - It is *measured once a year* where neither this year nor any earlier year with figures shows more than one measurement. That one is its year's
//!   result: of an earlier year always; of this year as soon as it is there, unless it comes more than a quarter earlier in the year than last time, when
//!   it may be the first of several. Two months after the year, when its books are closed (地方自治法 第235条の5), nothing more is to come, and it stands
//!   whenever it was taken.
//! - A level that was *measured several times* a year is no earlier decided than at the year's end: the last figure stands if it is from the point of the year
//!   from which the last one was before; otherwise the one of the year's end is still missing.
//!
//! A result that the year is reported with again (`period` = year, the same figure) is no second measurement.

use chrono::{Months, NaiveDate};

use super::Reported;
use super::pieces::{Piece, pieces};
use crate::domain::fiscal::{Calendar, Period};
use crate::domain::{Basis, Measure};

/// How much earlier in the year than last time a measurement may be and still be the same one, in days: a quarter.
const SAME_MEASUREMENT: i64 = 92;

/// How much earlier than last time the last of several may be, in days: half of a month.
const SAME_POINT: i64 = 15;

/// How long after the year its books are closed, in months.
const BOOKS_CLOSED: Months = Months::new(2);

/// Why a measurement is its year's result although it was not taken at the year's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is the one measurement of its year.
    OnceAYear,
    /// It is the last of several, taken when the last one usually is.
    LastOfSeveral,
}

/// The measurements of an indicator, as they were known at a day.
#[derive(Debug, Clone, Copy)]
pub struct Measurements<'a> {
    /// How the year's result is made.
    pub measure: Measure,
    /// The fiscal calendar.
    pub calendar: Calendar,
    /// The fiscal year that is asked about; later ones are not looked at.
    pub fiscal_year: i32,
    /// Everything that was reported.
    pub reported: &'a [Reported],
    /// What is dated later is not known.
    pub as_of: NaiveDate,
}

impl Measurements<'_> {
    /// Why this year's figure is its result; `None` where it is not, or is by the days that it covers alone.
    pub fn standing(&self) -> Option<Standing> {
        if !self.is_level_in(self.fiscal_year) {
            return None;
        }
        let own = self.days(self.fiscal_year)?;
        let last = self.place(self.fiscal_year, *own.last()?);
        let end = self.calendar.last_day(self.fiscal_year);
        let before = self.before();
        let usual = before.last().and_then(|(year, days)| Some(self.place(*year, *days.last()?)));
        if own.len() == 1 && before.iter().all(|(_, days)| days.len() == 1) {
            let in_time = usual.is_some_and(|usual| last + SAME_MEASUREMENT >= usual);
            let closed = end.checked_add_months(BOOKS_CLOSED).is_some_and(|closed| self.as_of >= closed);
            return (in_time || closed).then_some(Standing::OnceAYear);
        }
        let at_the_end = usual.is_some_and(|usual| last + SAME_POINT >= usual);
        let stands = self.measure == Measure::Latest && self.as_of >= end && at_the_end;
        stands.then_some(Standing::LastOfSeveral)
    }

    /// Whether the figure of an earlier year is the one measurement of a level that was never measured more than once in a year.
    pub fn stands_for(&self, earlier: i32) -> bool {
        let over = earlier < self.fiscal_year && self.as_of >= self.calendar.last_day(earlier);
        over && self.is_level_in(earlier)
            && self.days(earlier).is_some_and(|days| days.len() == 1)
            && self.before().iter().all(|(_, days)| days.len() == 1)
    }

    /// Whether a level was measured no more than once in any year, this one included.
    pub fn is_taken_once(&self) -> bool {
        let own = self.days(self.fiscal_year).map_or(0, |days| days.len());
        self.measure == Measure::Latest && own <= 1 && self.before().iter().all(|(_, days)| days.len() == 1)
    }

    fn is_level_in(&self, year: i32) -> bool {
        match self.measure {
            Measure::Latest => true,
            Measure::Ratio | Measure::Average => {
                self.pieces(year).iter().all(|it| it.basis == Basis::Snapshot || it.period == Some(Period::Year))
            }
            _ => false,
        }
    }

    fn pieces(&self, year: i32) -> Vec<Piece<'_>> {
        pieces(self.calendar, year, self.reported, self.as_of)
    }

    /// The earlier years with figures, in their order, and the days of their measurements.
    fn before(&self) -> Vec<(i32, Vec<NaiveDate>)> {
        let mut years: Vec<i32> =
            self.reported.iter().map(|it| it.fiscal_year).filter(|year| *year < self.fiscal_year).collect();
        years.sort_unstable();
        years.dedup();
        years.into_iter().filter_map(|year| Some((year, self.days(year)?))).collect()
    }

    /// The days on which it was measured, in their order; `None` where there are none.
    fn days(&self, year: i32) -> Option<Vec<NaiveDate>> {
        let pieces = self.pieces(year);
        let same = |one: &Piece| {
            pieces.iter().any(|it| it.period != Some(Period::Year) && (it.value, it.parts) == (one.value, one.parts))
        };
        let counts = |it: &&Piece| it.period != Some(Period::Year) || !same(it);
        let mut days: Vec<NaiveDate> = pieces.iter().filter(counts).map(|it| it.last).collect();
        days.sort_unstable();
        days.dedup();
        (!days.is_empty()).then_some(days)
    }

    /// How far into its fiscal year a day is, in days.
    fn place(&self, year: i32, day: NaiveDate) -> i64 {
        day.min(self.calendar.last_day(year)).signed_duration_since(self.calendar.first_day(year)).num_days()
    }
}
