//! Which figure of an indicator is asked for at a checkpoint: one that leaves no gap, in the rhythm in which it is reported.

use chrono::NaiveDate;

use super::fiscal::{Calendar, Period};
use super::{Basis, Measure};

/// What a figure that was reported speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spoken {
    /// The fiscal year that it belongs to.
    pub fiscal_year: i32,
    /// What stretch of time it speaks of.
    pub basis: Basis,
    /// The period, where there is one.
    pub period: Option<Period>,
    /// The last day that it speaks of.
    pub as_of: NaiveDate,
}

/// The figure that is asked for of a fiscal year as of a day: its basis and its period.
///
/// - What was reported for that day already can be looked at again.
/// - A level, and something that is done or not, is asked for as it is at that day.
/// - What has been reported month by month, by quarter or by half (this year, or else last year), without a gap so far, is asked for
///   for the period that ends at that day.
/// - All else is asked for from the start of the year to that day.
///
/// ```
/// use mikomi::domain::asked::asked;
/// use mikomi::domain::fiscal::Calendar;
/// use mikomi::domain::{Basis, Measure};
///
/// let day = "2021-09-30".parse()?;
/// assert_eq!(asked(Measure::Sum, Calendar::default(), 2021, day, &[]), (Basis::ToDate, None));
/// assert_eq!(asked(Measure::Latest, Calendar::default(), 2021, day, &[]), (Basis::Snapshot, None));
/// # Ok::<_, chrono::ParseError>(())
/// ```
pub fn asked(
    measure: Measure,
    calendar: Calendar,
    fiscal_year: i32,
    day: NaiveDate,
    reported: &[Spoken],
) -> (Basis, Option<Period>) {
    let is_level = matches!(measure, Measure::Latest | Measure::Milestone);
    let preferred = |basis: Basis| match basis {
        Basis::Snapshot if is_level => 0,
        Basis::Increment => 1,
        Basis::ToDate => 2,
        Basis::Snapshot => 3,
        Basis::YearEndForecast => 4,
    };
    let own = reported.iter().filter(|one| one.fiscal_year == fiscal_year && one.basis != Basis::YearEndForecast);
    let there = own.filter(|one| one.as_of == day).min_by_key(|one| (preferred(one.basis), one.period));
    if let Some(there) = there {
        return (there.basis, there.period);
    }
    if is_level {
        return (Basis::Snapshot, None);
    }
    match period(calendar, fiscal_year, day, reported) {
        Some(period) => (Basis::Increment, Some(period)),
        None => (Basis::ToDate, None),
    }
}

/// The period that ends at a day, in the rhythm of what is reported, where all before it is there.
fn period(calendar: Calendar, fiscal_year: i32, day: NaiveDate, reported: &[Spoken]) -> Option<Period> {
    let periods = |year: i32| {
        let increments = reported.iter().filter(move |one| one.fiscal_year == year && one.basis == Basis::Increment);
        increments.filter_map(|one| one.period)
    };
    let rhythm = |year: i32| periods(year).map(|period| period.span().1).filter(|months| *months < 12).min();
    let months = rhythm(fiscal_year).or_else(|| rhythm(fiscal_year - 1))?;
    let elapsed = calendar.months_elapsed(fiscal_year, day);
    let of = |number: u32| match months {
        1 => Period::Month(number),
        3 => Period::Quarter(number),
        _ => Period::Half(number),
    };
    if elapsed == 0 || !elapsed.is_multiple_of(months) {
        return None;
    }
    let asked = of(elapsed / months);
    let ends_there = calendar.days(fiscal_year, asked).1 == day;
    let no_gap = (1..elapsed / months).all(|number| periods(fiscal_year).any(|one| one == of(number)));
    (ends_there && no_gap).then_some(asked)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spoken(fiscal_year: i32, basis: Basis, period: &str, as_of: &str) -> Spoken {
        Spoken { fiscal_year, basis, period: period.parse().ok(), as_of: as_of.parse().unwrap() }
    }

    #[test]
    fn what_is_asked_for_goes_on_in_the_rhythm_and_leaves_no_gap() {
        let q = |fiscal_year: i32, period: &str| {
            let period: Period = period.parse().unwrap();
            let as_of = Calendar::default().days(fiscal_year, period).1;
            Spoken { fiscal_year, basis: Basis::Increment, period: Some(period), as_of }
        };
        let (to_date, quarter) = ((Basis::ToDate, None), |n| (Basis::Increment, Some(Period::Quarter(n))));
        for (reported, day, expected) in [
            (vec![q(2021, "q1")], "2021-09-30", quarter(2)),
            (vec![q(2021, "q1")], "2021-12-31", to_date),
            (vec![q(2020, "q1"), q(2020, "q2")], "2021-06-30", quarter(1)),
            (vec![q(2020, "q1"), q(2020, "q2")], "2021-09-30", to_date),
            (vec![q(2021, "q1")], "2021-08-31", to_date),
            (vec![q(2021, "q1")], "2021-09-15", to_date),
            (vec![q(2021, "m01"), q(2021, "m02")], "2021-06-30", (Basis::Increment, Some(Period::Month(3)))),
            (vec![q(2020, "year")], "2021-09-30", to_date),
            (vec![q(2020, "h1")], "2021-09-30", (Basis::Increment, Some(Period::Half(1)))),
        ] {
            let found = asked(Measure::Sum, Calendar::default(), 2021, day.parse().unwrap(), &reported);
            assert_eq!(found, expected, "{reported:?} {day}");
        }
    }

    #[test]
    fn what_was_reported_for_the_day_is_looked_at_again() {
        let reported = [
            spoken(2021, Basis::YearEndForecast, "", "2021-09-30"),
            spoken(2021, Basis::ToDate, "", "2021-09-30"),
            spoken(2021, Basis::Snapshot, "h1", "2021-09-30"),
        ];
        let day = "2021-09-30".parse().unwrap();
        assert_eq!(asked(Measure::Sum, Calendar::default(), 2021, day, &reported), (Basis::ToDate, None));
        let level = (Basis::Snapshot, Some(Period::Half(1)));
        assert_eq!(asked(Measure::Latest, Calendar::default(), 2021, day, &reported), level);
    }
}
