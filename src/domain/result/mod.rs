//! The year's result of an indicator: the figure so far, made from what was reported.

mod gaps;
mod pieces;
mod source;
mod yearly;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use self::gaps::{Gap, Part, gaps_of_sum};
use self::pieces::{Chain, Piece, best_chain, pieces};
pub use self::source::{ActualId, Source, SourceActual};
pub use self::yearly::{Measurements, Standing};
use super::fiscal::{self, Period};
use super::{Basis, Decimal, Measure, MissingReason};

/// A reported value of an indicator (実績), in its current revision.
#[derive(Debug, Clone)]
pub struct Reported {
    /// The fiscal year that it speaks of, named by the calendar year in which it starts.
    pub fiscal_year: i32,
    /// What stretch of time it speaks of.
    pub basis: Basis,
    /// The part of the fiscal year, when it is one.
    pub period: Option<fiscal::Period>,
    /// The day up to which, or at which, it holds; the value is not known before.
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
    /// Where it is stored; `None` for a value that is stored nowhere.
    pub source: Option<Source>,
}

/// The figure of a year so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
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
    /// Whether something before `as_of` is not known to be reported: then a sum is what is known and no more.
    pub gaps: bool,
    /// Whether anything in it may still change (速報値).
    pub provisional: bool,
    /// The actuals that it is made from, in the order of the days that they speak of.
    pub actual_ids: Vec<ActualId>,
}

/// The figure of `fiscal_year` as it was known at `as_of`, made as `measure` says (`DESIGN.md`, section 3). `None` when there is
/// none, which is not zero. The order of `reported` does not matter.
///
/// - A value dated after `as_of` is not known. A department's own estimate (`year_end_forecast`) is never a result.
/// - *Sum:* the figure to date and the increments after it; of increments, a coarser period wins over the finer ones it contains.
///   What is not reported leaves a gap and is not counted as zero. A snapshot is a level and is not added.
/// - *Latest:* the last value. *Maximum, minimum:* over all values.
/// - *Average:* the figure to date and the periods after it, weighted by their months; of snapshots alone, their mean.
/// - *Ratio:* numerators over denominators, added up like a sum. Percentages are never added: without the parts, the last figure
///   to date, snapshot or period from the year's start stands. The quotient is a percentage, unless the values that are given
///   beside the parts are at another scale (the quotient itself, or per 1,000 to 100,000).
/// - *Milestone:* the last figure to date or snapshot, or 1 once any increment was 1.
/// - *Complete:* the sum's or ratio's parts cover the year to its last day; a level is dated at its last day or speaks of the year.
pub fn year_result(
    measure: Measure,
    calendar: fiscal::Calendar,
    fiscal_year: i32,
    reported: &[Reported],
    as_of: NaiveDate,
) -> Option<YearResult> {
    let pieces = pieces(calendar, fiscal_year, reported, as_of);
    let year = Year { calendar, fiscal_year };
    match measure {
        Measure::Sum => year.sum(&pieces),
        Measure::Latest => year.level(pieces.iter().max_by_key(|it| rank(it))?),
        Measure::Average => year.average(&pieces),
        Measure::Maximum => year.extreme(&pieces, pieces.iter().max_by_key(|it| (it.value, rank(it)))?),
        Measure::Minimum => {
            let with_value = pieces.iter().filter(|it| it.value.is_some());
            year.extreme(&pieces, with_value.min_by_key(|it| (it.value, std::cmp::Reverse(rank(it))))?)
        }
        Measure::Ratio => year.ratio(&pieces),
        Measure::Milestone => year.milestone(&pieces),
    }
}

/// Which of several levels stands: the one with a value, the latest, a level before a period's figure.
fn rank(piece: &Piece<'_>) -> impl Ord + use<> {
    let level = match piece.basis {
        Basis::Snapshot => 2,
        Basis::ToDate => 1,
        _ => 0,
    };
    (piece.value.is_some(), piece.last, level, piece.period, piece.value)
}

struct Year {
    calendar: fiscal::Calendar,
    fiscal_year: i32,
}

impl Year {
    fn is_over(&self, day: NaiveDate) -> bool {
        day >= self.calendar.last_day(self.fiscal_year)
    }

    fn chain<'a>(&self, pieces: &[Piece<'a>], wanted: impl Fn(&Piece) -> bool) -> Option<Chain<'a>> {
        let pieces: Vec<Piece> = pieces.iter().filter(|it| wanted(it)).copied().collect();
        best_chain(self.calendar.first_day(self.fiscal_year), &pieces)
    }

    fn of_chain(&self, chain: &Chain, value: Decimal, rounding: Decimal) -> YearResult {
        YearResult {
            value,
            as_of: chain.end,
            complete: self.is_over(chain.end) && !chain.gaps,
            approximate: chain.pieces.iter().any(|it| it.approximate),
            rounding,
            gaps: chain.gaps,
            provisional: chain.pieces.iter().any(|it| it.provisional),
            actual_ids: chain.pieces.iter().filter_map(|it| it.actual_id.cloned()).collect(),
        }
    }

    fn sum(&self, pieces: &[Piece]) -> Option<YearResult> {
        let chain = self.chain(pieces, |it| it.value.is_some() && it.basis != Basis::Snapshot)?;
        let value = total(chain.pieces.iter().filter_map(|it| it.value))?;
        let rounding = total(chain.pieces.iter().map(Piece::rounding))?;
        Some(self.of_chain(&chain, value, rounding))
    }

    fn level(&self, piece: &Piece) -> Option<YearResult> {
        Some(YearResult {
            value: piece.value?,
            as_of: piece.last,
            complete: self.is_over(piece.last) || piece.period == Some(Period::Year) && piece.basis != Basis::Increment,
            approximate: piece.approximate,
            rounding: piece.rounding(),
            gaps: false,
            provisional: piece.provisional,
            actual_ids: piece.actual_id.cloned().into_iter().collect(),
        })
    }

    fn average(&self, pieces: &[Piece]) -> Option<YearResult> {
        let Some(chain) = self.chain(pieces, |it| it.value.is_some() && it.has_span()) else {
            let levels: Vec<Piece> = pieces.iter().filter(|it| it.value.is_some()).copied().collect();
            let end = levels.iter().map(|it| it.last).max()?;
            let chain = Chain { pieces: levels, end, gaps: false };
            return self.mean(&chain, |_| 1);
        };
        self.mean(&chain, |it| it.months(self.calendar, self.fiscal_year))
    }

    fn mean(&self, chain: &Chain, weight: impl Fn(&Piece) -> i64) -> Option<YearResult> {
        let weighted = chain.pieces.iter().filter_map(|it| Some(it.value?.times(Decimal::from(weight(it)))));
        let sum = total(weighted.collect::<Option<Vec<_>>>()?)?;
        let weights: i64 = chain.pieces.iter().map(weight).sum();
        let rounding = chain.pieces.iter().map(Piece::rounding).max()?;
        Some(self.of_chain(chain, sum.over(Decimal::from(weights))?, rounding))
    }

    fn extreme(&self, pieces: &[Piece], extreme: &Piece) -> Option<YearResult> {
        let level = self.level(extreme)?;
        let known = || pieces.iter().filter(|it| it.value.is_some());
        let covered = self.chain(pieces, |it| it.value.is_some() && it.basis != Basis::Snapshot);
        let complete = covered.as_ref().is_some_and(|chain| self.is_over(chain.end) && !chain.gaps)
            || known().any(|it| it.basis == Basis::Snapshot && self.level(it).is_some_and(|level| level.complete));
        Some(YearResult {
            as_of: known().map(|it| it.last).max()?,
            complete,
            gaps: !complete && covered.is_some_and(|chain| chain.gaps),
            provisional: known().any(|it| it.provisional),
            ..level
        })
    }

    fn ratio(&self, pieces: &[Piece]) -> Option<YearResult> {
        let start = self.calendar.first_day(self.fiscal_year);
        let whole = pieces.iter().filter(|it| it.basis != Basis::Increment || it.period.is_some() && it.first == start);
        let level = whole.max_by_key(|it| rank(it)).and_then(|it| self.level(it));
        let quotient = self.quotient(pieces);
        match (quotient, level) {
            (Some(quotient), Some(level)) if (quotient.as_of, !quotient.gaps) < (level.as_of, true) => Some(level),
            (quotient, level) => quotient.or(level),
        }
    }

    fn quotient(&self, pieces: &[Piece]) -> Option<YearResult> {
        let chain = self.chain(pieces, |it| it.parts.is_some() && it.basis != Basis::Snapshot).or_else(|| {
            let piece =
                *pieces.iter().filter(|it| it.parts.is_some()).max_by_key(|it| (it.last, it.period, it.parts))?;
            Some(Chain { pieces: vec![piece], end: piece.last, gaps: false })
        })?;
        let parts = || chain.pieces.iter().filter_map(|it| it.parts);
        let (above, below) = (total(parts().map(|it| it.0))?, total(parts().map(|it| it.1))?);
        let scale = scale(&chain.pieces);
        let quotient = |above: Decimal, below: Decimal| above.times(scale)?.over(below);
        let value = quotient(above, below)?;
        let rounded = || chain.pieces.iter().filter(|it| it.approximate).filter_map(|it| it.parts);
        let off_above = total(rounded().map(|it| it.0.rounding_error()))?;
        let off_below = total(rounded().map(|it| it.1.rounding_error()))?;
        let smallest = below.minus(off_below).filter(|it| *it > Decimal::ZERO)?;
        let high = quotient(above.plus(off_above)?, smallest)?;
        let low = quotient(above.minus(off_above)?, below.plus(off_below)?)?;
        let rounding = high.minus(value)?.max(value.minus(low)?);
        Some(self.of_chain(&chain, value, rounding))
    }

    fn milestone(&self, pieces: &[Piece]) -> Option<YearResult> {
        let levels = pieces.iter().filter(|it| it.basis != Basis::Increment);
        let level = levels.max_by_key(|it| rank(it)).and_then(|it| self.level(it));
        let increments = pieces.iter().filter(|it| it.basis == Basis::Increment);
        let increment = increments.max_by_key(|it| (it.value, rank(it))).and_then(|it| self.level(it));
        match (level, increment) {
            (Some(level), Some(increment)) if increment.value > level.value => Some(increment),
            (level, increment) => level.or(increment),
        }
    }
}

/// The exact sum; `None` when it outgrows what is kept exactly.
fn total(values: impl IntoIterator<Item = Decimal>) -> Option<Decimal> {
    values.into_iter().try_fold(Decimal::ZERO, Decimal::plus)
}

/// What a quotient is multiplied with: 100 for a percentage, unless a value that is given beside its parts is closer to another.
fn scale(pieces: &[Piece]) -> Decimal {
    let stated = pieces.iter().rev().find_map(|it| {
        let (above, below) = it.parts?;
        let value = it.value.filter(|value| *value != Decimal::ZERO && above != Decimal::ZERO)?;
        Some((value, above.over(below)?))
    });
    let percent = Decimal::from(100);
    let Some((value, quotient)) = stated else { return percent };
    let off = |scale: i64| Some(Decimal::from(scale).times(quotient)?.minus(value)?.abs());
    [100, 1, 1_000, 10_000, 100_000]
        .into_iter()
        .filter_map(|scale| Some((off(scale)?, scale)))
        .min_by_key(|(off, _)| *off)
        .map_or(percent, |(_, scale)| Decimal::from(scale))
}

#[cfg(test)]
mod tests;
