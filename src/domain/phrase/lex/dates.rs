//! Years and days: 令和8年度, R8, 2026年3月31日, 9月末, 年度末, 第2四半期, FY2026, 31 March 2027.

use chrono::{Datelike, NaiveDate};

use super::Source;
use super::english_dates::english;
use super::number::number;
use super::quarter::{quarter, quarter_end};

/// A point in time, as far as the text says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::domain::phrase) enum Time {
    /// A fiscal year (令和8年度, R8, FY2026).
    FiscalYear(i32),
    /// A calendar year (令和8年, 2026年), which a text may well use for the fiscal year.
    Year(i32),
    /// A day, or the last day of a month that is named with its year.
    Day(NaiveDate),
    /// A day of the target's own fiscal year: month and day; without a day, the last of the month.
    DayOfYear(u32, Option<u32>),
    /// The end of the target's own fiscal year (年度末, 年度内).
    YearEnd,
    /// A quarter with a bare year (Q3 2026): of the fiscal year of that name where the target is for it; else it may be the calendar's.
    Quarter(i32, u32),
}

/// The years before the first of each era, by its sign.
const ERAS: [(&str, i32); 10] = [
    ("令和", 2018),
    ("平成", 1988),
    ("昭和", 1925),
    ("大正", 1911),
    ("r", 2018),
    ("h", 1988),
    ("s", 1925),
    ("㋿", 2018),
    ("㍻", 1988),
    ("㍼", 1925),
];

/// Words for a day of the fiscal year.
const DAYS: [(&str, Time); 32] = [
    ("上半期末", Time::DayOfYear(9, None)),
    ("下半期末", Time::YearEnd),
    ("第1四半期末", Time::DayOfYear(6, None)),
    ("第2四半期末", Time::DayOfYear(9, None)),
    ("第3四半期末", Time::DayOfYear(12, None)),
    ("第4四半期末", Time::YearEnd),
    ("今年度末", Time::YearEnd),
    ("本年度末", Time::YearEnd),
    ("当該年度末", Time::YearEnd),
    ("当年度末", Time::YearEnd),
    ("年度末", Time::YearEnd),
    ("今年度内", Time::YearEnd),
    ("今年度中", Time::YearEnd),
    ("本年度内", Time::YearEnd),
    ("本年度中", Time::YearEnd),
    ("年度内", Time::YearEnd),
    ("年度中", Time::YearEnd),
    ("上半期", Time::DayOfYear(9, None)),
    ("下半期", Time::YearEnd),
    ("前半期", Time::DayOfYear(9, None)),
    ("後半期", Time::YearEnd),
    ("第1四半期", Time::DayOfYear(6, None)),
    ("第2四半期", Time::DayOfYear(9, None)),
    ("第3四半期", Time::DayOfYear(12, None)),
    ("第4四半期", Time::YearEnd),
    ("the end of the fiscal year", Time::YearEnd),
    ("the end of the year", Time::YearEnd),
    ("end of the fiscal year", Time::YearEnd),
    ("year-end", Time::YearEnd),
    ("year end", Time::YearEnd),
    ("the year end", Time::YearEnd),
    ("the fiscal year end", Time::YearEnd),
];

/// The time that is written at a position, and where it ends.
pub(super) fn time(source: &Source<'_>, at: usize) -> Option<(Time, usize)> {
    match source.at(at) {
        '0'..='9' => western(source, at).or_else(|| month(source, at)),
        '令' | '平' | '昭' | '大' | 'r' | 'h' | 's' | '㋿' | '㍻' | '㍼' => {
            era(source, at).or_else(|| english(source, at))
        }
        '今' | '本' | '当' | '年' | '上' | '下' | '前' | '後' | '第' | 't' | 'e' | 'y' => {
            words(source, at).or_else(|| english(source, at))
        }
        'q' => quarter(source, at),
        'f' | 'a' | 'd' | 'j' | 'm' | 'n' | 'o' => english(source, at),
        _ => None,
    }
}

/// The last day of a month.
pub(in crate::domain::phrase) fn month_end(year: i32, month: u32) -> Option<NaiveDate> {
    let (year, month) = if month >= 12 { (year + 1, 1) } else { (year, month + 1) };
    NaiveDate::from_ymd_opt(year, month, 1)?.pred_opt()
}

fn words(source: &Source<'_>, at: usize) -> Option<(Time, usize)> {
    if source.at(at) == '年' && source.at(at + 1) != '度' {
        return None;
    }
    DAYS.iter().find_map(|(word, time)| source.has(at, word).map(|end| (*time, end)))
}

/// `era-date = era ( number | "元" ) ( "年度" | "年" [ month ] | "." number "." number | ) `
fn era(source: &Source<'_>, at: usize) -> Option<(Time, usize)> {
    let (sign, before) = ERAS.iter().find_map(|(sign, before)| source.has(at, sign).map(|end| (end, *before)))?;
    let latin = source.at(at).is_ascii_alphabetic();
    let sign = source.skip_space(sign);
    let (year, end) = match source.at(sign) {
        '元' if !latin => (1, sign + 1),
        _ => whole(source, sign, 2)?,
    };
    let year = i32::try_from(year).ok().filter(|year| (1..=99).contains(year))? + before;
    if latin && source.at(end) == '.' && source.at(end + 1).is_ascii_digit() {
        let (month, end) = whole(source, end + 1, 2)?;
        if source.at(end) == '.' && source.at(end + 1).is_ascii_digit() {
            let (day, end) = whole(source, end + 1, 2)?;
            return NaiveDate::from_ymd_opt(year, month, day).map(|day| (Time::Day(day), end));
        }
        // R8.3末, R8.3月末
        let end = end + usize::from(source.at(end) == '月');
        let end = end + usize::from(source.at(end) == '末');
        return month_end(year, month).map(|day| (Time::Day(day), end));
    }
    let end = year_sign(source, end);
    // R7末: of that fiscal year.
    if latin && source.at(end) == '末' {
        return month_end(year + 1, 3).map(|day| (Time::Day(day), end + 1));
    }
    if source.at(end) != '年' {
        // R8 and 令和8 without 年 stand in tables, for the fiscal year.
        let closed = if latin { !source.at(end).is_alphanumeric() || !source.at(end).is_ascii() } else { true };
        return closed.then_some((Time::FiscalYear(year), end));
    }
    Some(of_year(source, year, end))
}

/// `western = year ( "年度" | "年" [ month ] ) | year "-" month "-" day | year "/" month "/" day`
pub(super) fn western(source: &Source<'_>, at: usize) -> Option<(Time, usize)> {
    let (year, end) = whole(source, at, 4).filter(|(_, end)| *end == at + 4)?;
    let year = i32::try_from(year).ok().filter(|year| (1900..=2200).contains(year))?;
    let end = year_sign(source, end);
    match source.at(end) {
        '年' => Some(of_year(source, year, end)),
        ':' => Some((Time::Year(year), end)),
        ' ' if source.at(source.skip_space(end)) == ':' => Some((Time::Year(year), end)),
        // 2025-26 and 2025/26 are fiscal years.
        '-' | '/' if whole(source, end + 1, 2).is_some_and(|(next, after)| closes_year(source, year, next, after)) => {
            Some((Time::FiscalYear(year), end + 3))
        }
        sign @ ('-' | '/') => {
            let (month, next) = whole(source, end + 1, 2)?;
            let (day, next) = whole(source, next + 1, 2).filter(|_| source.at(next) == sign)?;
            NaiveDate::from_ymd_opt(year, month, day).map(|day| (Time::Day(day), next))
        }
        _ => None,
    }
}

/// Where 年 stands behind a year, if only a gap parts the two: 令和 8 年度末; not in 令和8 年間500人, R8 年3回.
fn year_sign(source: &Source<'_>, end: usize) -> usize {
    let next = source.skip_space(end);
    let gap = next > end && source.at(next) == '年';
    let goes_on = source.at(next + 1) == '度'
        || month(source, source.skip_space(next + 1)).is_some()
        || ["までに", "まで", "末", "に", ")", "）"].iter().any(|mark| source.has(next + 1, mark).is_some());
    if gap && goes_on { next } else { end }
}

/// Whether two digits behind a year are those of the next, with nothing of a date behind them.
pub(super) fn closes_year(source: &Source<'_>, year: i32, next: u32, end: usize) -> bool {
    i32::try_from(next) == Ok((year + 1) % 100)
        && !matches!(source.at(end), '-' | '/' | '%' | '.')
        && ends_a_number(source, end)
}

pub(super) fn ends_a_number(source: &Source<'_>, end: usize) -> bool {
    !source.at(end).is_alphanumeric()
}

/// Four digits alone, in front of the end of a phrase, of a comma, or of `levels`: a year.
pub(super) fn bare_year(source: &Source<'_>, at: usize) -> Option<(Time, usize)> {
    let (year, end) = whole(source, at, 4).filter(|(_, end)| *end == at + 4)?;
    let year = i32::try_from(year).ok().filter(|year| (1950..=2150).contains(year))?;
    let next = source.skip_space(end);
    let word = [
        "at", "level", "levels", "by", "baseline", "actual", "or", "and", "result", "results", "against", "compared",
        "from", "relative", "on", "outturn", "for", "with", "to",
    ]
    .iter()
    .any(|word| source.has(next, word).is_some_and(|end| ends_a_number(source, end)));
    let closed = match source.at(end) {
        ',' => !source.at(end + 1).is_ascii_digit(),
        '.' => !source.at(end + 1).is_alphanumeric(),
        c => matches!(c, '\0' | ' ' | '\n' | ';' | ')' | ':'),
    };
    let alone = matches!(source.at(next), '\0' | '\n' | ',' | '.' | ';' | ')' | ':' | '(');
    (closed && (alone || word)).then_some((Time::Year(year), end))
}

/// What follows `年` after a year: 度, 度末, 末, a month with or without a day, or nothing.
fn of_year(source: &Source<'_>, year: i32, at: usize) -> (Time, usize) {
    for ending in ["年度末", "年度内", "年度中", "年度"] {
        // 令和8年度中間目標
        if let Some(end) = source.has(at, ending).filter(|end| !ending.ends_with('中') || source.at(*end) != '間') {
            if let Some((month, end)) = part_of_year(source, end).filter(|_| ending == "年度") {
                let year = if month >= 4 { year } else { year + 1 };
                return (month_end(year, month).map_or(Time::FiscalYear(year), Time::Day), end);
            }
            let closing = ending != "年度";
            let time = month_end(year + 1, 3).filter(|_| closing).map_or(Time::FiscalYear(year), Time::Day);
            return (time, end);
        }
    }
    // 令和12年末: of the calendar year; not 年末年始
    for ending in ["年末", "年内"] {
        if let Some(end) = source.has(at, ending).filter(|end| source.at(*end) != '年') {
            return (month_end(year, 12).map_or(Time::Year(year), Time::Day), end);
        }
    }
    // 2026年第3四半期
    if source.at(at + 1) == '第'
        && let Some((month, end)) = part_of_year(source, at + 1)
    {
        let quarter = if month == 3 { 4 } else { month / 3 - 1 };
        return (Time::Quarter(year, quarter), end);
    }
    match month(source, source.skip_space(at + 1)) {
        Some((Time::DayOfYear(month, None), end)) => (month_end(year, month).map_or(Time::Year(year), Time::Day), end),
        Some((Time::DayOfYear(month, Some(day)), end)) => {
            (NaiveDate::from_ymd_opt(year, month, day).map_or(Time::Year(year), Time::Day), end)
        }
        _ => (Time::Year(year), at + 1),
    }
}

/// `part-of-year = [ の ] ( 上半期 | 下半期 | 第 n 四半期 ) [ 末 | 中 ]`: the month in which it ends, 令和6年度上半期.
fn part_of_year(source: &Source<'_>, at: usize) -> Option<(u32, usize)> {
    let at = source.skip_space(source.has(at, "の").unwrap_or(at));
    let (time, end) = match source.at(at) {
        '上' | '下' | '前' | '後' | '第' => words(source, at)?,
        _ => return None,
    };
    let month = match time {
        Time::DayOfYear(month, None) => month,
        Time::YearEnd => 3,
        _ => return None,
    };
    let end = ["末", "中"].iter().find_map(|mark| source.has(end, mark)).unwrap_or(end);
    Some((month, end))
}

/// `month = number "月" [ number "日" | "末" [ "日" ] | "中" | "上旬" | "初旬" | "中旬" | "下旬" ]`
fn month(source: &Source<'_>, at: usize) -> Option<(Time, usize)> {
    let (month, end) = whole(source, at, 2).filter(|(month, _)| (1..=12).contains(month))?;
    let sign = source.skip_space(end);
    // 9 月末, 9 月 30 日; not 職員9 月2回.
    let gap = sign > end;
    let end = if source.at(sign) == '月' { sign + 1 } else { return None };
    let end = if ["末", "中旬", "上旬", "下旬"].iter().any(|mark| source.has(source.skip_space(end), mark).is_some())
    {
        source.skip_space(end)
    } else {
        end
    };
    // The last day of a third of the month; of 中旬 before 中.
    for (ending, day) in [
        ("上旬", Some(10)),
        ("初旬", Some(10)),
        ("中旬", Some(20)),
        ("下旬", None),
        ("末日", None),
        ("末", None),
        ("中", None),
    ] {
        if let Some(end) = source.has(end, ending).filter(|end| ending != "中" || source.at(*end) != '間') {
            return Some((Time::DayOfYear(month, day), end));
        }
    }
    match whole(source, source.skip_space(end), 2) {
        Some((day, after)) if source.at(source.skip_space(after)) == '日' && (1..=31).contains(&day) => {
            Some((Time::DayOfYear(month, Some(day)), source.skip_space(after) + 1))
        }
        _ if gap && !["まで", "に", "時点", "か", "ま"].iter().any(|mark| source.has(end, mark).is_some()) => {
            None
        }
        _ => Some((Time::DayOfYear(month, None), end)),
    }
}

/// A whole number of at most `longest` digits, with nothing else of a number behind it.
pub(super) fn whole(source: &Source<'_>, at: usize, longest: usize) -> Option<(u32, usize)> {
    let first = source.at(at);
    if !first.is_ascii_digit() {
        return number(source, at)
            .filter(|found| found.worded)
            .and_then(|found| Some((u32::try_from(found.value?.mantissa()).ok()?, found.end)));
    }
    let mut end = at;
    let mut value = 0_u32;
    while let Some(digit) = source.at(end).to_digit(10).filter(|_| end - at < longest) {
        value = value * 10 + digit;
        end += 1;
    }
    (!source.at(end).is_ascii_digit()).then_some((value, end))
}

impl Time {
    /// The last day that the words cover, when the target is for `fiscal_year`.
    pub(in crate::domain::phrase) fn last_day(self, fiscal_year: Option<i32>) -> Option<NaiveDate> {
        let calendar = crate::domain::fiscal::Calendar::default();
        let year_of = |month: u32| fiscal_year.map(|year| if month >= 4 { year } else { year + 1 });
        match self {
            Self::FiscalYear(year) => Some(calendar.last_day(year)),
            Self::Year(year) => NaiveDate::from_ymd_opt(year, 12, 31),
            Self::Day(day) => Some(day),
            Self::DayOfYear(month, None) => month_end(year_of(month)?, month),
            Self::DayOfYear(month, Some(day)) => NaiveDate::from_ymd_opt(year_of(month)?, month, day),
            Self::YearEnd => fiscal_year.map(|year| calendar.last_day(year)),
            Self::Quarter(year, quarter) => {
                quarter_end(year, quarter).filter(|_| fiscal_year.is_none_or(|own| own == year))
            }
        }
        .filter(|day| (1900..=2201).contains(&day.year()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_and_days_are_read_in_every_way_of_writing_them() {
        let day = |text: &str| Time::Day(text.parse().expect("a date"));
        for (text, expected) in [
            ("令和元年度", Time::FiscalYear(2019)),
            ("平成31年度", Time::FiscalYear(2019)),
            ("Ｒ８年度", Time::FiscalYear(2026)),
            ("H30", Time::FiscalYear(2018)),
            ("R08", Time::FiscalYear(2026)),
            ("2024年度", Time::FiscalYear(2024)),
            ("令和3年", Time::Year(2021)),
            ("令和四年度", Time::FiscalYear(2022)),
            ("令和4年3月31日", day("2022-03-31")),
            ("令和4年3月末", day("2022-03-31")),
            ("令和3年度末", day("2022-03-31")),
            ("R4.3.31", day("2022-03-31")),
            ("2022-03-31", day("2022-03-31")),
            ("2022/3/31", day("2022-03-31")),
            ("2024年2月", day("2024-02-29")),
            ("9月末", Time::DayOfYear(9, None)),
            ("9月30日", Time::DayOfYear(9, Some(30))),
            ("年度末", Time::YearEnd),
            ("FY2021", Time::FiscalYear(2021)),
            ("fiscal year 2021", Time::FiscalYear(2021)),
            ("March 31, 2022", day("2022-03-31")),
            ("the end of March 2022", day("2022-03-31")),
            ("the end of fiscal 2021", day("2022-03-31")),
        ] {
            let source = Source::new(text);
            assert_eq!(time(&source, 0), Some((expected, source.len())), "{text}");
        }
        for text in ["令和", "R", "r8a", "2024", "13月", "Hello", "restart", "may be", "2022-13-45"] {
            let found = time(&Source::new(text), 0);
            assert!(!matches!(found, Some((Time::FiscalYear(_) | Time::Day(_), _))), "{text}: {found:?}");
        }
        assert_eq!(
            Time::DayOfYear(3, None).last_day(Some(2021)).map(|day| day.to_string()).as_deref(),
            Some("2022-03-31")
        );
    }
}
