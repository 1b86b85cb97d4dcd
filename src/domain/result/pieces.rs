//! What was reported, laid on the fiscal year: which days each value covers, and which of them fit together without counting
//! anything twice.

use std::cmp::Reverse;

use chrono::NaiveDate;

use super::{ActualId, Reported};
use crate::domain::fiscal::{Calendar, Period};
use crate::domain::{Basis, Decimal};

/// A value with the days that it covers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece<'a> {
    pub(super) basis: Basis,
    pub(super) period: Option<Period>,
    pub(super) first: NaiveDate,
    pub(super) last: NaiveDate,
    as_of: NaiveDate,
    pub(super) value: Option<Decimal>,
    /// Above and below the line, where both are given and the line can be drawn.
    pub(super) parts: Option<(Decimal, Decimal)>,
    pub(super) approximate: bool,
    pub(super) provisional: bool,
    pub(super) actual_id: Option<&'a ActualId>,
}

impl Piece<'_> {
    /// Whether it says how long it covers: an increment at a mere date does not.
    pub(super) fn has_span(&self) -> bool {
        self.period.is_some() || self.basis == Basis::ToDate
    }

    /// How many months it speaks of, at least one.
    pub(super) fn months(&self, calendar: Calendar, fiscal_year: i32) -> i64 {
        match self.period {
            Some(period) if self.basis != Basis::ToDate => i64::from(period.span().1),
            _ => i64::from(calendar.months_elapsed(fiscal_year, self.last).max(1)),
        }
    }

    /// How far the value may be off because it is rounded.
    pub(super) fn rounding(&self) -> Decimal {
        match self.value {
            Some(value) if self.approximate => value.rounding_error(),
            _ => Decimal::ZERO,
        }
    }

    /// An order that does not depend on the order of reporting: the piece to believe is the greatest.
    fn weight(&self) -> impl Ord + use<> {
        (self.last, self.as_of, !self.provisional, !self.approximate, self.parts.is_some(), self.value, self.parts)
    }
}

/// Everything of the year that was known at `as_of` and is a result. Where one slot was reported several times, the latest counts.
pub(super) fn pieces(calendar: Calendar, fiscal_year: i32, reported: &[Reported], as_of: NaiveDate) -> Vec<Piece<'_>> {
    let mut pieces: Vec<Piece> = reported
        .iter()
        .filter(|it| it.fiscal_year == fiscal_year && it.as_of <= as_of && it.basis != Basis::YearEndForecast)
        .filter_map(|it| piece(calendar, it))
        .collect();
    // An increment of a period is one slot whatever its date; everything else is one slot for each date.
    let slot = |it: &Piece| {
        let date = if it.basis == Basis::Increment && it.period.is_some() { None } else { Some(it.last) };
        (it.basis, it.period, date)
    };
    pieces.sort_by_key(|it| (slot(it), Reverse(it.weight())));
    pieces.dedup_by_key(|it| slot(it));
    pieces
}

fn piece(calendar: Calendar, reported: &Reported) -> Option<Piece<'_>> {
    let parts = reported.numerator.zip(reported.denominator).filter(|(_, below)| *below > Decimal::ZERO);
    if reported.value.is_none() && parts.is_none() {
        return None;
    }
    let whole_year = calendar.days(reported.fiscal_year, Period::Year);
    let (from, to) =
        reported.period.map_or((reported.as_of, whole_year.1), |it| calendar.days(reported.fiscal_year, it));
    let first = if reported.basis == Basis::ToDate { whole_year.0 } else { from };
    let last = reported.as_of.min(to);
    // A period that had not begun has brought nothing yet.
    (first <= last || reported.basis != Basis::Increment).then_some(Piece {
        basis: reported.basis,
        period: reported.period,
        first: first.min(last),
        last,
        as_of: reported.as_of,
        value: reported.value,
        parts,
        approximate: reported.approximate,
        provisional: reported.provisional,
        actual_id: reported.source.as_ref().map(|source| &source.actual_id),
    })
}

/// Pieces that follow one another from the start of the year.
#[derive(Debug)]
pub(super) struct Chain<'a> {
    pub(super) pieces: Vec<Piece<'a>>,
    pub(super) end: NaiveDate,
    pub(super) gaps: bool,
}

/// The chain that reaches furthest; of those, one without gaps; of those, the one that starts from the latest figure to date.
pub(super) fn best_chain<'a>(start: NaiveDate, pieces: &[Piece<'a>]) -> Option<Chain<'a>> {
    let mut increments: Vec<Piece> = pieces.iter().filter(|it| it.basis != Basis::ToDate).copied().collect();
    // The longest first, so that a coarser period wins over the finer ones that it contains.
    increments
        .sort_by_key(|it| (Reverse((it.has_span(), it.last.signed_duration_since(it.first))), it.first, it.basis));
    let bases = pieces.iter().filter(|it| it.basis == Basis::ToDate).map(Some).chain([None]);
    bases
        .filter_map(|base| Some((chain(start, base, &increments)?, base.map(|it| it.last))))
        .max_by_key(|(chain, base)| (chain.end, !chain.gaps, *base))
        .map(|(chain, _)| chain)
}

fn chain<'a>(start: NaiveDate, base: Option<&Piece<'a>>, increments: &[Piece<'a>]) -> Option<Chain<'a>> {
    let mut pieces: Vec<Piece> = base.into_iter().copied().collect();
    for next in increments {
        if pieces.iter().all(|it| next.first > it.last || next.last < it.first) {
            pieces.push(*next);
        }
    }
    pieces.sort_by_key(|it| it.first);
    let mut gaps = false;
    let mut expected = Some(start);
    for it in &pieces {
        gaps |= !it.has_span() || expected.is_some_and(|expected| it.first > expected);
        expected = it.last.succ_opt();
    }
    let end = pieces.last()?.last;
    Some(Chain { pieces, end, gaps })
}
