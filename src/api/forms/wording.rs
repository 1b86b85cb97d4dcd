//! How a form says what it is for and what is to be reported.

use chrono::{Datelike, NaiveDate};

use crate::db::actuals::Actual;
use crate::domain::fiscal::{Calendar, Period};
use crate::domain::{Basis, Measure, ProgressVerdict, Verdict};
use crate::exchange::figure::missing_written;
use crate::exchange::form::Tongue;
use crate::exchange::form::pages::REVIEWS;
use crate::exchange::period::{era_year, period_written};

/// A day in words.
pub fn day(tongue: Tongue, day: NaiveDate) -> String {
    tongue.pick(format!("{}{}月{}日", era_year(day.year()), day.month(), day.day()), day.to_string())
}

fn short(tongue: Tongue, day: NaiveDate) -> String {
    tongue.pick(format!("{}月{}日", day.month(), day.day()), day.to_string())
}

/// A fiscal year in words.
pub fn fiscal_year(tongue: Tongue, year: i32) -> String {
    tongue.pick(format!("{}度", era_year(year)), format!("Fiscal {year}"))
}

/// What a checkpoint is called.
pub fn checkpoint(tongue: Tongue, kind: &str) -> String {
    let named = match kind {
        "q1" => tongue.pick("第1四半期", "first quarter"),
        "mid_year" => tongue.pick("中間", "mid-year"),
        "q3" => tongue.pick("第3四半期", "third quarter"),
        "year_end" => tongue.pick("年度末", "year-end"),
        other => other,
    };
    named.to_owned()
}

fn period(tongue: Tongue, calendar: Calendar, year: i32, period: Period) -> String {
    let english = match period {
        Period::Month(_) => calendar.days(year, period).0.format("%B").to_string(),
        Period::Year => "the year".to_owned(),
        other => other.to_string().to_uppercase(),
    };
    tongue.pick(period_written(calendar, year, period), english)
}

/// What stretch of time the figure that is asked for speaks of.
pub fn asked(
    tongue: Tongue,
    calendar: Calendar,
    year: i32,
    (basis, part): (Basis, Option<Period>),
    as_of: NaiveDate,
    measure: Measure,
) -> String {
    let (first, last) = (short(tongue, calendar.first_day(year)), short(tongue, as_of));
    match (basis, part) {
        (Basis::Increment, Some(part)) => {
            let part = period(tongue, calendar, year, part);
            tongue.pick(format!("{part}の値"), format!("{part} alone"))
        }
        (Basis::Increment, None) => tongue.pick(format!("{last}までの期間の値"), format!("the period up to {last}")),
        (Basis::ToDate, _) => tongue.pick(format!("{first}〜{last}の累計"), format!("{first} to {last}")),
        (Basis::Snapshot, _) if measure == Measure::Milestone => {
            tongue.pick(format!("{last}時点（済は1、未済は0）"), format!("as of {last} (1 done, 0 not done)"))
        }
        (Basis::Snapshot, _) => tongue.pick(format!("{last}時点の値"), format!("as of {last}")),
        (Basis::YearEndForecast, _) => tongue.pick("年度末の見込".to_owned(), "estimate of the year".to_owned()),
    }
}

/// A figure that was reported, with what it speaks of.
pub fn reported(tongue: Tongue, calendar: Calendar, actual: &Actual) -> String {
    let (subject, figure) = (&actual.subject, &actual.figure);
    let until = short(tongue, subject.as_of);
    let when = match (subject.basis, subject.period.parse::<Period>()) {
        (Basis::YearEndForecast, _) => tongue.pick("年度末見込".to_owned(), "year-end estimate".to_owned()),
        (Basis::ToDate, _) => tongue.pick(format!("{until}まで累計"), format!("up to {until}")),
        (_, Ok(part)) => period(tongue, calendar, subject.fiscal_year, part),
        (Basis::Snapshot, Err(_)) => tongue.pick(format!("{until}時点"), until),
        (Basis::Increment, Err(_)) => tongue.pick(format!("{until}まで"), format!("until {until}")),
    };
    let about = if figure.approximate { tongue.pick("約", "about ") } else { "" };
    let value = match (figure.value, figure.missing) {
        (Some(value), _) => format!("{about}{}", value.grouped()),
        (None, Some(reason)) => tongue.pick(missing_written(reason), reason.as_str()).to_owned(),
        (None, None) => String::new(),
    };
    format!("{when} {value}")
}

/// What is computed of an initiative's targets.
pub fn outlook(tongue: Tongue, verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Achieve | Verdict::Miss => REVIEWS.shown("outlook", verdict.as_str(), tongue),
        Verdict::Undetermined => tongue.pick("判定できず", "Undetermined"),
    }
}

/// What is computed of an initiative's activities.
pub fn progress(tongue: Tongue, verdict: ProgressVerdict) -> &'static str {
    match verdict {
        ProgressVerdict::OnSchedule | ProgressVerdict::Behind => REVIEWS.shown("progress", verdict.as_str(), tongue),
        ProgressVerdict::Undetermined => tongue.pick("判定できず", "Undetermined"),
    }
}
