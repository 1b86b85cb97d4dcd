//! What is missing between the reported parts of a sum.

use chrono::{Datelike, NaiveDate};

use super::pieces::{Piece, best_chain, pieces};
use super::{Basis, Reported};
use crate::domain::fiscal::Calendar;
use crate::domain::{Bilingual, Decimal};

/// A stretch of the year that nothing is reported of, before something that is.
#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    /// Its first day.
    pub first: NaiveDate,
    /// Its last day.
    pub last: NaiveDate,
    /// What is reported next to it: the part before it, where the year does not begin with the gap, and the part after it.
    pub beside: Vec<Part>,
}

/// A reported part of a sum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    /// Its first day.
    pub first: NaiveDate,
    /// Its last day.
    pub last: NaiveDate,
    /// What it adds.
    pub value: Decimal,
}

/// The gaps of a sum as it was known at `as_of`, in their order; none of them is zero, and none is counted. `None` where something is added at a mere date,
/// since then nobody can tell which days are missing.
pub fn gaps_of_sum(calendar: Calendar, fiscal_year: i32, reported: &[Reported], as_of: NaiveDate) -> Option<Vec<Gap>> {
    let mut pieces = pieces(calendar, fiscal_year, reported, as_of);
    pieces.retain(|it| it.value.is_some() && it.basis != Basis::Snapshot);
    let start = calendar.first_day(fiscal_year);
    let chain = best_chain(start, &pieces)?;
    if !chain.pieces.iter().all(Piece::has_span) {
        return None;
    }
    let part = |it: &Piece<'_>| Some(Part { first: it.first, last: it.last, value: it.value? });
    let mut gaps = Vec::new();
    let mut before: Option<Part> = None;
    for after in chain.pieces.iter().filter_map(part) {
        let expected = before.map_or(Some(start), |it| it.last.succ_opt())?;
        if after.first > expected {
            let beside = before.into_iter().chain([after]).collect();
            gaps.push(Gap { first: expected, last: after.first.pred_opt()?, beside });
        }
        before = Some(after);
    }
    Some(gaps)
}

impl Gap {
    /// Its months where it is made of whole ones, else its days.
    ///
    /// ```
    /// use mikomi::domain::result::Gap;
    /// let gap = |first: &str, last: &str| Ok::<_, chrono::ParseError>(Gap { first: first.parse()?, last: last.parse()?, beside: Vec::new() });
    /// assert_eq!(gap("2021-06-01", "2021-06-30")?.name().ja, "2021年6月");
    /// assert_eq!(gap("2021-06-01", "2021-07-31")?.name().en, "June 2021 to July 2021");
    /// assert_eq!(gap("2021-06-16", "2021-06-30")?.name().en, "2021-06-16 to 2021-06-30");
    /// # Ok::<(), chrono::ParseError>(())
    /// ```
    pub fn name(&self) -> Bilingual {
        let Self { first, last, beside: _ } = *self;
        let ends_a_month = last.succ_opt().is_none_or(|next| next.day() == 1);
        let month_ja = |day: NaiveDate| format!("{}年{}月", day.year(), day.month());
        let month_en = |day: NaiveDate| day.format("%B %Y").to_string();
        if first.day() != 1 || !ends_a_month {
            return match first == last {
                true => Bilingual::new(first.to_string(), first.to_string()),
                false => Bilingual::new(format!("{first}〜{last}"), format!("{first} to {last}")),
            };
        }
        match (first.year(), first.month()) == (last.year(), last.month()) {
            true => Bilingual::new(month_ja(first), month_en(first)),
            false => Bilingual::new(
                format!("{}〜{}", month_ja(first), month_ja(last)),
                format!("{} to {}", month_en(first), month_en(last)),
            ),
        }
    }
}
