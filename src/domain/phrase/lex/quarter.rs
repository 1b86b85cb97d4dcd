//! Quarters of a year in English: Q3 FY2025, the end of Q2, Q3 2026.

use chrono::NaiveDate;

use super::Source;
use super::dates::{Time, ends_a_number, month_end, western, whole};
use super::english_dates::english;

/// `Q3` or `the third quarter`.
fn sign(source: &Source<'_>, at: usize) -> Option<(u32, usize)> {
    if source.at(at) != 'q' {
        return named(source, at);
    }
    let (quarter, end) = whole(source, at + 1, 1)?;
    (1..=4).contains(&quarter).then_some((quarter, end))
}

/// `Q3 FY2025`, `Q3 2024/25`: the last day of a quarter of a fiscal year.
pub(super) fn quarter(source: &Source<'_>, at: usize) -> Option<(Time, usize)> {
    let (quarter, end) = sign(source, at)?;
    let next = source.skip_space(end);
    let next = source.has(next, "of ").unwrap_or(next);
    let (Time::FiscalYear(year), end) = english(source, next).or_else(|| western(source, next))? else { return None };
    quarter_end(year, quarter).map(|day| (Time::Day(day), end))
}

/// `[ "the" ] [ "end of the" ] ( first | second | third | fourth | final ) quarter [ "of" ]`: which one, and where its year begins.
pub(super) fn named(source: &Source<'_>, at: usize) -> Option<(u32, usize)> {
    let start = source.has(at, "the ").unwrap_or(at);
    let start = source.has(start, "end of ").unwrap_or(start);
    let start = source.has(start, "the ").unwrap_or(start);
    const NAMES: [(&str, u32); 9] = [
        ("first quarter", 1),
        ("second quarter", 2),
        ("third quarter", 3),
        ("fourth quarter", 4),
        ("final quarter", 4),
        ("last quarter", 4),
        ("1st quarter", 1),
        ("2nd quarter", 2),
        ("3rd quarter", 3),
    ];
    NAMES.iter().find_map(|(name, quarter)| {
        let end = source.has(start, name).filter(|end| ends_a_number(source, *end))?;
        Some((*quarter, source.has(end, " of ").unwrap_or(end)))
    })
}

/// `Q3`, `Q3 2026`, `Q3 of 2026`: a quarter of the target's own fiscal year, or of a year that is not said to be a fiscal one.
pub(super) fn bare_quarter(source: &Source<'_>, at: usize) -> Option<(Time, usize)> {
    let (quarter, end) = sign(source, at)?;
    let next = source.skip_space(end);
    let next = source.has(next, "of ").unwrap_or(next);
    let year = whole(source, next, 4).filter(|(year, after)| *after == next + 4 && (1950..=2150).contains(year));
    match year {
        Some((year, after)) if next > end && ends_a_number(source, after) => {
            Some((Time::Quarter(i32::try_from(year).ok()?, quarter), after))
        }
        _ if !ends_a_number(source, end) => None,
        _ if quarter == 4 => Some((Time::YearEnd, end)),
        _ => Some((Time::DayOfYear(3 + 3 * quarter, None), end)),
    }
}

/// `autumn 2025`, `early 2026`, `mid-2026`: the year, of which only about when is said.
pub(super) fn season(source: &Source<'_>, at: usize) -> Option<(Time, usize)> {
    let words =
        ["spring ", "summer ", "autumn ", "winter ", "early ", "mid ", "mid-", "late ", "spring of ", "summer of "];
    let start = words.iter().filter_map(|word| source.has(at, word)).max()?;
    if let (year, end) = whole(source, start, 4)?
        && end == start + 4
        && (1950..=2150).contains(&year)
        && ends_a_number(source, end)
        && source.at(end) != '/'
    {
        return Some((Time::Year(i32::try_from(year).ok()?), end));
    }
    None
}

/// The last day of a quarter of a fiscal year.
pub(super) fn quarter_end(year: i32, quarter: u32) -> Option<NaiveDate> {
    if quarter == 4 { month_end(year + 1, 3) } else { month_end(year, 3 + 3 * quarter) }
}
