//! Periods of a sum that nothing is reported of, and what is put in their place: an assumption, which is kept apart from what is reported.
//!
//! With the usual shares `u` of the missing periods (of the sum up to now, by earlier years) and, where no earlier year tells, amounts `f` evenly between what is
//! reported beside them, the sum is `S = (R + Σf) ÷ (1 − Σu)` of what is reported, `R`. It grows with every part of `R`, so the forecast does.

use chrono::NaiveDate;

use super::constants::{GAP_EVEN_ERROR, GAP_USUAL_ERROR, MOST_MISSING, YEARS};
use crate::domain::Bilingual;
use crate::domain::words::words;

words! {
    /// How the place of a missing period is filled.
    FilledBy {
        /// With its usual share of the sum up to now, by earlier years.
        UsualShare = "usual_share",
        /// Evenly with what is reported beside it.
        Beside = "beside",
    }
}

/// A missing period, and what tells how much it may have brought.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Hole {
    /// Its name.
    pub(super) name: Bilingual,
    /// Its first and its last day, where they are known.
    pub(super) days: Option<(NaiveDate, NaiveDate)>,
    /// How long it is, as a part of the time up to now.
    pub(super) time: f64,
    /// What earlier years brought in it, the latest first.
    pub(super) years: Vec<YearInGap>,
    /// What is reported beside it: how long that is, likewise, and what it brought.
    pub(super) beside: Vec<(f64, f64)>,
}

/// What an earlier year brought in a period that is missing now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct YearInGap {
    /// The fiscal year.
    pub fiscal_year: i32,
    /// What it brought in that period.
    pub brought: f64,
    /// What it brought up to now, that period included.
    pub so_far: f64,
}

/// The missing periods of a sum.
#[derive(Debug, Clone, PartialEq)]
pub struct Filled {
    /// What is reported.
    pub reported: f64,
    /// What is put in the place of what is not, in the order of the year.
    pub gaps: Vec<FilledGap>,
}

/// What is put in the place of a missing period.
#[derive(Debug, Clone, PartialEq)]
pub struct FilledGap {
    /// Its name.
    pub name: Bilingual,
    /// Its first and its last day, where they are known.
    pub days: Option<(NaiveDate, NaiveDate)>,
    /// The amount that is assumed.
    pub amount: f64,
    /// Where it comes from.
    pub by: FilledBy,
    /// How much of the sum up to now it is taken to be: its usual share; evenly, its part of the time.
    pub part: f64,
    /// The years that the usual share is the mean of, the latest first.
    pub years: Vec<YearInGap>,
}

impl YearInGap {
    /// The share of that period, where it is one.
    pub(super) fn share(&self) -> Option<f64> {
        let Self { fiscal_year: _, brought, so_far } = *self;
        (so_far > 0.0 && (0.0..=so_far).contains(&brought)).then(|| brought / so_far)
    }
}

impl Filled {
    /// What is put in the place of the `holes` in what is `reported`. Whether a year tells of a hole depends on that year
    /// alone, so that no correction of this year's figures changes the method. `None` where floating point has no answer.
    pub(super) fn of(reported: f64, holes: Vec<Hole>) -> Option<Self> {
        let missing: f64 = holes.iter().filter_map(Hole::usual_share).sum();
        // What usually is nearly all of it cannot be told from the rest.
        let tells = missing <= MOST_MISSING;
        let share = |hole: &Hole| hole.usual_share().filter(|_| tells);
        let evenly: f64 = holes.iter().filter(|hole| share(hole).is_none()).map(Hole::evenly).sum();
        let whole = (reported + evenly) / if tells { 1.0 - missing } else { 1.0 };
        let gaps = holes.into_iter().map(|hole| {
            let (amount, by, part, years) = match share(&hole) {
                Some(share) => (share * whole, FilledBy::UsualShare, share, hole.telling().copied().collect()),
                None => (hole.evenly(), FilledBy::Beside, hole.time, Vec::new()),
            };
            FilledGap { name: hole.name, days: hole.days, amount, by, part, years }
        });
        Some(Self { reported, gaps: gaps.collect() }).filter(|filled| filled.whole().is_finite())
    }

    /// What is reported, with what is assumed.
    pub fn whole(&self) -> f64 {
        self.reported + self.gaps.iter().map(|it| it.amount).sum::<f64>()
    }

    /// How much of the sum up to now is assumed.
    pub(super) fn part(&self) -> f64 {
        self.gaps.iter().map(|it| it.part).sum::<f64>().clamp(0.0, 1.0)
    }

    /// By how much the sum up to now may be off because of that, as a part of it.
    pub(super) fn error(&self) -> f64 {
        let error = |gap: &FilledGap| {
            let own = if gap.by == FilledBy::UsualShare { GAP_USUAL_ERROR } else { GAP_EVEN_ERROR };
            (own * gap.part).powi(2)
        };
        self.gaps.iter().map(error).sum::<f64>().sqrt()
    }
}

impl Hole {
    /// The earlier years whose share of it is one, the latest first.
    fn telling(&self) -> impl Iterator<Item = &YearInGap> {
        self.years.iter().filter(|year| year.share().is_some()).take(YEARS)
    }

    /// The mean of their shares; `None` without any.
    fn usual_share(&self) -> Option<f64> {
        let number = self.telling().count();
        let sum: f64 = self.telling().filter_map(YearInGap::share).sum();
        (number > 0).then(|| sum / number as f64)
    }

    /// The mean of what is reported beside it, each for as long as the hole is.
    fn evenly(&self) -> f64 {
        let paces = self.beside.iter().filter(|(time, _)| *time > 0.0).map(|(time, brought)| brought / time);
        let number = paces.clone().count();
        if number == 0 { 0.0 } else { self.time * paces.sum::<f64>() / number as f64 }
    }
}
