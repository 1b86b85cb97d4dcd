//! The year's result of an indicator: the figure so far, made from what was reported.

use chrono::NaiveDate;

use super::{Basis, Decimal, Measure, MissingReason, fiscal};

/// A reported value of an indicator (実績), in its current revision.
#[derive(Debug, Clone)]
pub struct Reported {
    /// The fiscal year that it speaks of, named by the calendar year in which it starts.
    pub fiscal_year: i32,
    /// What stretch of time it speaks of.
    pub basis: Basis,
    /// The part of the fiscal year, when it is one.
    pub period: Option<fiscal::Period>,
    /// The day up to which, or at which, it holds.
    pub as_of: NaiveDate,
    /// The value, in the indicator's unit. `None` is no figure, never zero.
    pub value: Option<Decimal>,
    /// Why there is no value.
    pub missing: Option<MissingReason>,
    /// Of a ratio, what is above the line.
    pub numerator: Option<Decimal>,
    /// Of a ratio, what is below the line.
    pub denominator: Option<Decimal>,
    /// Whether it is rounded to its last significant digit (約).
    pub approximate: bool,
    /// Whether it may still change (速報値).
    pub provisional: bool,
}

/// The figure of a year so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearResult {
    /// In the indicator's unit.
    pub value: Decimal,
    /// The day up to which it speaks.
    pub as_of: NaiveDate,
    /// Whether it covers the whole fiscal year, without gaps.
    pub complete: bool,
    /// Whether anything in it is rounded.
    pub approximate: bool,
    /// By how much the true value may be above or below because of that rounding; zero when nothing is rounded.
    pub rounding: Decimal,
    /// Whether anything before `as_of` was not reported: then a sum is only what is known.
    pub gaps: bool,
    /// Whether anything in it may still change (速報値).
    pub provisional: bool,
}

/// The figure of `fiscal_year` as it was known at `as_of`.
pub fn year_result(
    _measure: Measure,
    _calendar: fiscal::Calendar,
    _fiscal_year: i32,
    _reported: &[Reported],
    _as_of: NaiveDate,
) -> Option<YearResult> {
    None
}
