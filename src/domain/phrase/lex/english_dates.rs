//! Years and days in English: FY2026, 31 March 2027, the end of June.

use chrono::NaiveDate;

use super::Source;
use super::dates::{Time, closes_year, month_end, whole};
use super::english_forms::era_in_english;
use super::number::Numeral;
use super::quarter::{bare_quarter, named as named_quarter, quarter};
use super::units::ends_a_word;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Whether a word in lower case is the whole name of a month.
pub(in crate::domain::phrase) fn is_month(word: &str) -> bool {
    MONTHS.contains(&word)
}

/// `english = ( "fy" | "fiscal year" | "fiscal" ) year | month-name [ day "," ] year | "end of" month-name year`
pub(super) fn english(source: &Source<'_>, at: usize) -> Option<(Time, usize)> {
    for sign in ["fiscal year ", "fiscal ", "fy ", "fy"] {
        if let Some(end) = source.has(at, sign)
            && let Some((year, end)) = whole(source, end, 4)
        {
            let year = i32::try_from(year).ok()?;
            let year = if year < 100 { year + 2000 } else { year };
            // FY2025/26
            let end = match whole(source, end + 1, 2) {
                Some((next, after))
                    if matches!(source.at(end), '/' | '-') && closes_year(source, year, next, after) =>
                {
                    after
                }
                _ => end,
            };
            return (1900..=2200).contains(&year).then_some((Time::FiscalYear(year), end));
        }
    }
    if matches!(source.at(at), 'f' | 'r' | 'h')
        && let Some(era) = era_in_english(source, at)
    {
        return Some(era);
    }
    if matches!(source.at(at), 't' | 'f' | 's' | 'e')
        && let Some((_, end)) = named_quarter(source, at)
    {
        // In front of a year; a quarter of the target's own has to be told by the word in front of it.
        return quarter(source, at).filter(|(_, after)| *after > end);
    }
    // by end March 2027
    let start = ["the end of ", "end of ", "end "].iter().find_map(|end| source.has(at, end)).unwrap_or(at);
    if start != at
        && let Some((Time::FiscalYear(year), end)) = english(source, start)
    {
        return month_end(year + 1, 3).map(|day| (Time::Day(day), end));
    }
    if start != at
        && let Some((year, end)) =
            whole(source, start, 4).filter(|(year, end)| *end == start + 4 && (1950..=2150).contains(year))
        && matches!(source.at(end), '\0' | ' ' | '\n' | ',' | '.' | ';' | ')')
    {
        return NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, 12, 31).map(|day| (Time::Day(day), end));
    }
    if start != at && source.at(start) == 'q' {
        return quarter(source, start).or_else(|| bare_quarter(source, start));
    }
    let (month, end) = month_name(source, start)?;
    let next = source.skip_space(end);
    let Some((number, after)) = whole(source, next, 4) else { return Some((Time::DayOfYear(month, None), end)) };
    if number >= 1900 {
        return month_end(i32::try_from(number).ok()?, month).map(|day| (Time::Day(day), after));
    }
    let comma = if source.at(after) == ',' { after + 1 } else { after };
    match whole(source, source.skip_space(comma), 4) {
        Some((year, end)) if (1900..=2200).contains(&year) => {
            NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, number).map(|day| (Time::Day(day), end))
        }
        _ => Some((Time::DayOfYear(month, Some(number)), after)),
    }
}

/// Where `st`, `nd`, `rd` or `th` behind a number ends.
pub(super) fn ordinal_suffix(source: &Source<'_>, at: usize) -> Option<usize> {
    ["st", "nd", "rd", "th"]
        .iter()
        .find_map(|suffix| source.has(at, suffix))
        .filter(|end| !source.at(*end).is_alphanumeric())
}

/// Whether the name of a month stands behind an ordinal: 31st March, 1st of June.
pub(super) fn month_follows(source: &Source<'_>, at: usize) -> bool {
    let next = source.skip_space(at);
    month_name(source, source.has(next, "of ").unwrap_or(next)).is_some()
}

/// `day [ "st" | "nd" | "rd" | "th" ] [ "of" ] month-name [ year ]`, behind the number of the day.
pub(super) fn english_day(source: &Source<'_>, day: &Numeral) -> Option<(Time, usize)> {
    let end = ordinal_suffix(source, day.end);
    let next = source.skip_space(end.unwrap_or(day.end));
    let next = end.and_then(|_| source.has(next, "of ")).unwrap_or(next);
    if !source.at(next).is_ascii_alphabetic() {
        return None;
    }
    let day_of_month = u32::try_from(day.value?.mantissa()).ok().filter(|it| (1..=31).contains(it))?;
    let (month, end) = month_name(source, next)?;
    match whole(source, source.skip_space(end), 4) {
        Some((year, end)) if (1900..=2200).contains(&year) => {
            NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day_of_month).map(|day| (Time::Day(day), end))
        }
        _ => Some((Time::DayOfYear(month, Some(day_of_month)), end)),
    }
}

fn month_name(source: &Source<'_>, at: usize) -> Option<(u32, usize)> {
    if !matches!(source.at(at), 'j' | 'f' | 'm' | 'a' | 's' | 'o' | 'n' | 'd') {
        return None;
    }
    let short = |name: &str| name.get(..3).and_then(|short| source.has(at, short));
    let (name, month, short) =
        MONTHS.iter().zip(1..).find_map(|(name, month)| short(name).map(|end| (name, month, end)))?;
    let end = source.has(at, name).unwrap_or(short);
    // may not exceed: no month
    let verb = month == 5
        && ["not ", "be ", "never ", "only ", "have ", "exceed "]
            .iter()
            .any(|word| source.has(source.skip_space(end), word).is_some());
    (!verb && ends_a_word(source, end)).then_some((month, end))
}
