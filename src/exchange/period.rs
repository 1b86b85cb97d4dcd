//! Years, periods and days as they stand in heads and cells.

use chrono::NaiveDate;

use crate::domain::Basis;
use crate::domain::fiscal::{Calendar, Period};
use crate::domain::fold::fold;

/// A period as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// A part of the fiscal year, whenever that starts: `q1`, `h2`, `m04`, `year`.
    Part(&'static str),
    /// From one month of the calendar to another: which part of the fiscal year that is depends on when it starts.
    Months(u32, u32),
}

const PARTS: [(&str, &[&str]); 7] = [
    ("q1", &["第1四半期", "第一四半期", "1四半期", "第1四半", "1q", "q1"]),
    ("q2", &["第2四半期", "第二四半期", "2四半期", "第2四半", "2q", "q2"]),
    ("q3", &["第3四半期", "第三四半期", "3四半期", "第3四半", "3q", "q3"]),
    ("q4", &["第4四半期", "第四四半期", "4四半期", "第4四半", "4q", "q4"]),
    ("h1", &["上半期", "上期", "前期", "h1", "1h"]),
    ("h2", &["下半期", "下期", "後期", "h2", "2h"]),
    ("year", &["年間", "通年", "年度", "年度末", "year"]),
];
const MONTHS: [&str; 12] = ["m01", "m02", "m03", "m04", "m05", "m06", "m07", "m08", "m09", "m10", "m11", "m12"];

/// The period that a text names.
///
/// ```
/// use mikomi::exchange::period::{Written, period};
/// assert_eq!(period("第１四半期"), Some(Written::Part("q1")));
/// assert_eq!(period("４〜６月"), Some(Written::Months(4, 6)));
/// assert_eq!(period("10月分"), Some(Written::Months(10, 10)));
/// assert_eq!(period("港区"), None);
/// ```
pub fn period(text: &str) -> Option<Written> {
    let folded = fold(text).to_lowercase();
    let folded = folded.trim_end_matches("分").trim_end_matches("期間");
    if let Some((part, _)) = PARTS.iter().find(|(_, names)| names.contains(&folded)) {
        return Some(Written::Part(part));
    }
    if let Some(month) = MONTHS.iter().find(|month| **month == folded) {
        return Some(Written::Part(month));
    }
    let (first, last) = folded.strip_suffix('月')?.split_once(['~', '-']).unwrap_or_else(|| {
        let one = folded.strip_suffix('月').unwrap_or(folded);
        (one, one)
    });
    let month = |text: &str| text.trim_end_matches('月').parse().ok().filter(|month| (1..=12).contains(month));
    Some(Written::Months(month(first)?, month(last)?))
}

/// What stretch of time a text says that figures speak of.
pub fn basis(text: &str) -> Option<Basis> {
    Some(match fold(text).to_lowercase().as_str() {
        "期間" | "当期" | "期間計" | "単月" | "単独" | "増分" | "increment" => Basis::Increment,
        "累計" | "累積" | "年度累計" | "to_date" => Basis::ToDate,
        "時点" | "現在" | "期末" | "snapshot" => Basis::Snapshot,
        "見込" | "見込額" | "見込み" | "年度末見込" | "year_end_forecast" => Basis::YearEndForecast,
        _ => return None,
    })
}

/// A basis as it stands in an exported file.
pub fn basis_written(basis: Basis) -> &'static str {
    match basis {
        Basis::Increment => "期間",
        Basis::ToDate => "累計",
        Basis::Snapshot => "時点",
        Basis::YearEndForecast => "年度末見込",
    }
}

/// A period as people name it: a month by its place in the calendar.
pub fn period_written(calendar: Calendar, fiscal_year: i32, period: Period) -> String {
    match period {
        Period::Month(_) => {
            use chrono::Datelike;
            format!("{}月", calendar.days(fiscal_year, period).0.month())
        }
        Period::Quarter(number) => format!("第{number}四半期"),
        Period::Half(1) => "上半期".to_owned(),
        Period::Half(_) => "下半期".to_owned(),
        Period::Year => "年間".to_owned(),
    }
}

/// A year of the calendar by its era, such as 令和3年; before the first era that is known, as it is.
///
/// ```
/// use mikomi::exchange::period::era_year;
/// assert_eq!(era_year(2019), "令和元年");
/// assert_eq!(era_year(1999), "平成11年");
/// ```
pub fn era_year(year: i32) -> String {
    let era = ERAS.iter().take(3).find(|(_, before)| year > *before);
    match era {
        Some((era, before)) if year == before + 1 => format!("{era}元年"),
        Some((era, before)) => format!("{era}{}年", year - before),
        None => format!("{year}年"),
    }
}

/// The year that eras are counted from.
const ERAS: [(&str, i32); 6] = [("令和", 2018), ("平成", 1988), ("昭和", 1925), ("r", 2018), ("h", 1988), ("s", 1925)];

/// The year of a text such as `2021`, `令和3` or `R3`.
fn year(text: &str) -> Option<i32> {
    let era = ERAS.iter().find_map(|(name, before)| Some((text.strip_prefix(name)?, before)));
    let found = match era {
        Some(("元", before)) => before + 1,
        Some((number, before)) if number.len() <= 2 => before + number.parse::<i32>().ok()?,
        Some(_) => return None,
        None if text.len() == 4 => text.parse().ok()?,
        None => return None,
    };
    (1900..=2200).contains(&found).then_some(found)
}

/// The fiscal year that a text names: `2021`, `令和3年度`, `R3`, `平成31年度`.
pub fn fiscal_year(text: &str) -> Option<i32> {
    let folded = fold(text).to_lowercase();
    year(folded.trim_end_matches('度').trim_end_matches('年'))
}

/// The day that a text names: `2021-09-30`, `2021/9/30`, `2021年9月30日`, `令和3年9月30日`, `R3.9.30`.
pub fn day(text: &str) -> Option<NaiveDate> {
    let folded = fold(text).to_lowercase().replace(['年', '月', '/', '.'], "-");
    let mut parts = folded.trim_end_matches('日').split('-');
    let (first, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    NaiveDate::from_ymd_opt(year(first)?, month.parse().ok()?, day.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_years_and_days_are_read_as_they_are_written() {
        for (text, expected) in [
            ("Ｑ３", Some(Written::Part("q3"))),
            ("第二四半期", Some(Written::Part("q2"))),
            ("下期", Some(Written::Part("h2"))),
            ("m04", Some(Written::Part("m04"))),
            ("１２月", Some(Written::Months(12, 12))),
            ("10月-12月", Some(Written::Months(10, 12))),
            ("13月", None),
            ("月", None),
            ("第5四半期", None),
        ] {
            assert_eq!(period(text), expected, "{text}");
        }
        for (text, expected) in [
            ("令和3年度", Some(2021)),
            ("令和元年", Some(2019)),
            ("Ｈ31", Some(2019)),
            ("2021", Some(2021)),
            ("21", None),
        ] {
            assert_eq!(fiscal_year(text), expected, "{text}");
        }
        let expected = NaiveDate::from_ymd_opt(2021, 9, 30);
        for text in ["2021-09-30", "2021/9/30", "令和３年９月30日", "R3.9.30"] {
            assert_eq!(day(text), expected, "{text}");
        }
        assert_eq!(day("2021-02-29").or(day("9/30")).or(day("2021-1-1-1")), None);
        for basis in [Basis::Increment, Basis::ToDate, Basis::Snapshot, Basis::YearEndForecast] {
            assert_eq!(super::basis(basis_written(basis)), Some(basis));
        }
    }
}
