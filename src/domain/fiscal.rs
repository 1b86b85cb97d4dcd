//! The fiscal calendar: which days a fiscal year, its periods and its checkpoints cover.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Months, NaiveDate};

/// The earliest and the latest fiscal year that the service keeps.
pub const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

/// When an organization's fiscal year starts. April in Japan (地方自治法 第208条).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calendar {
    start_month: u32,
}

impl Default for Calendar {
    fn default() -> Self {
        Self { start_month: 4 }
    }
}

impl Calendar {
    /// A calendar whose years start on the first day of `start_month` (1 to 12); anything else is read as April.
    pub fn starting_in(start_month: i32) -> Self {
        match u32::try_from(start_month) {
            Ok(month @ 1..=12) => Self { start_month: month },
            _ => Self::default(),
        }
    }

    /// The first day of a fiscal year, which is named by the calendar year in which it starts.
    pub fn first_day(self, fiscal_year: i32) -> NaiveDate {
        NaiveDate::from_ymd_opt(fiscal_year, self.start_month, 1).unwrap_or(NaiveDate::MIN)
    }

    /// The last day of a fiscal year.
    ///
    /// ```
    /// use mikomi::domain::fiscal::Calendar;
    /// assert_eq!(Calendar::default().last_day(2021).to_string(), "2022-03-31");
    /// ```
    pub fn last_day(self, fiscal_year: i32) -> NaiveDate {
        self.day_before_month(fiscal_year, 12)
    }

    /// The fiscal year that a day belongs to.
    pub fn fiscal_year(self, day: NaiveDate) -> i32 {
        if day.month() >= self.start_month { day.year() } else { day.year() - 1 }
    }

    /// How many whole months of the fiscal year are over at the end of `day`: 0 to 12.
    pub fn months_elapsed(self, fiscal_year: i32, day: NaiveDate) -> u32 {
        (1..=12).rev().find(|months| self.day_before_month(fiscal_year, *months) <= day).unwrap_or(0)
    }

    /// The first and the last day of a period.
    pub fn days(self, fiscal_year: i32, period: Period) -> (NaiveDate, NaiveDate) {
        let (from, months) = period.span();
        let first = self.first_day(fiscal_year);
        (
            first.checked_add_months(Months::new(from)).unwrap_or(first),
            self.day_before_month(fiscal_year, from + months),
        )
    }

    /// The part of the fiscal year from one month of the calendar to another; `None` where that is none.
    ///
    /// ```
    /// use mikomi::domain::fiscal::{Calendar, Period};
    /// assert_eq!(Calendar::default().part(4, 4), Some(Period::Month(1)));
    /// assert_eq!(Calendar::default().part(1, 3), Some(Period::Quarter(4)));
    /// assert_eq!(Calendar::default().part(5, 7), None);
    /// ```
    pub fn part(self, first: u32, last: u32) -> Option<Period> {
        if !(1..=12).contains(&first) || !(1..=12).contains(&last) {
            return None;
        }
        let before = (first + 12 - self.start_month) % 12;
        let months = (last + 12 - first) % 12 + 1;
        match months {
            1 => Some(Period::Month(before + 1)),
            3 if before.is_multiple_of(3) => Some(Period::Quarter(before / 3 + 1)),
            6 if before.is_multiple_of(6) => Some(Period::Half(before / 6 + 1)),
            12 if before == 0 => Some(Period::Year),
            _ => None,
        }
    }

    /// The day at which the usual checkpoints look: the ends of the quarters. `None` for a name that has no usual day.
    pub fn checkpoint_day(self, fiscal_year: i32, kind: &str) -> Option<NaiveDate> {
        let months = match kind {
            "q1" => 3,
            "mid_year" => 6,
            "q3" => 9,
            "year_end" => 12,
            _ => return None,
        };
        Some(self.day_before_month(fiscal_year, months))
    }

    fn day_before_month(self, fiscal_year: i32, months: u32) -> NaiveDate {
        let first = self.first_day(fiscal_year);
        first.checked_add_months(Months::new(months)).and_then(|day| day.pred_opt()).unwrap_or(first)
    }
}

/// A part of a fiscal year. Written `m01` to `m12` (months counted from the start of the fiscal year), `q1` to `q4`,
/// `h1`, `h2`, `year`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// The n-th month of the fiscal year, 1 to 12.
    Month(u32),
    /// The n-th quarter, 1 to 4.
    Quarter(u32),
    /// The n-th half, 1 or 2.
    Half(u32),
    /// The whole year.
    Year,
}

impl Period {
    /// How many months of the fiscal year come before the period, and how many it lasts.
    pub fn span(self) -> (u32, u32) {
        match self {
            Self::Month(n) => (n - 1, 1),
            Self::Quarter(n) => ((n - 1) * 3, 3),
            Self::Half(n) => ((n - 1) * 6, 6),
            Self::Year => (0, 12),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Month(n) => write!(f, "m{n:02}"),
            Self::Quarter(n) => write!(f, "q{n}"),
            Self::Half(n) => write!(f, "h{n}"),
            Self::Year => f.write_str("year"),
        }
    }
}

/// A text that names no period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a period: use m01 to m12 (months of the fiscal year), q1 to q4, h1, h2 or year")]
pub struct NotAPeriod;

impl FromStr for Period {
    type Err = NotAPeriod;

    fn from_str(text: &str) -> Result<Self, NotAPeriod> {
        let number = |from: usize| text.get(from..).and_then(|digits| digits.parse::<u32>().ok());
        match (text.as_bytes(), number(1)) {
            ([b'm', b'0'..=b'1', b'0'..=b'9'], Some(n @ 1..=12)) => Ok(Self::Month(n)),
            ([b'q', b'1'..=b'4'], Some(n)) => Ok(Self::Quarter(n)),
            ([b'h', b'1'..=b'2'], Some(n)) => Ok(Self::Half(n)),
            (b"year", _) => Ok(Self::Year),
            _ => Err(NotAPeriod),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    #[test]
    fn the_end_of_august_is_five_of_twelve_months() {
        let calendar = Calendar::default();
        for (date, months) in [
            ("2021-03-31", 0),
            ("2021-04-29", 0),
            ("2021-04-30", 1),
            ("2021-08-31", 5),
            ("2022-03-31", 12),
            ("2023-01-01", 12),
        ] {
            assert_eq!(calendar.months_elapsed(2021, day(date)), months, "{date}");
        }
    }

    #[test]
    fn january_to_march_belong_to_the_year_before() {
        assert_eq!(Calendar::default().fiscal_year(day("2022-03-31")), 2021);
        assert_eq!(Calendar::default().fiscal_year(day("2022-04-01")), 2022);
        assert_eq!(Calendar::starting_in(1).fiscal_year(day("2022-03-31")), 2022);
    }

    #[test]
    fn every_period_is_written_and_read_and_lies_in_the_year() {
        let months = (1..=12).map(Period::Month);
        let others = [Period::Quarter(1), Period::Quarter(4), Period::Half(1), Period::Half(2), Period::Year];
        for period in months.chain(others) {
            assert_eq!(period.to_string().parse(), Ok(period));
            let (first, last) = Calendar::default().days(2021, period);
            assert!(first >= day("2021-04-01") && last <= day("2022-03-31") && first < last, "{period}");
        }
        for text in ["", "m00", "m13", "m1", "q0", "q5", "h3", "Year", "m1あ", "2021-04"] {
            assert_eq!(text.parse::<Period>(), Err(NotAPeriod), "{text}");
        }
    }
}
