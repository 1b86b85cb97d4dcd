//! From a year's periods to the question.

use super::filled::{Filled, Hole, YearInGap};
use super::question::{Kind, PastYear, Question};
use crate::domain::Bilingual;

/// A year as its periods report it, each period on its own. What is not known is `None`, never zero.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Periods {
    /// The value of each period; of a level, the level at its end.
    pub values: Vec<Option<f64>>,
    /// Of a ratio, what is above the line.
    pub numerators: Vec<Option<f64>>,
    /// Of a ratio, what is below the line.
    pub denominators: Vec<Option<f64>>,
}

/// An earlier year: its result, and what is known of its periods.
#[derive(Debug, Clone, PartialEq)]
pub struct EarlierYear {
    /// The fiscal year.
    pub fiscal_year: i32,
    /// Its result.
    pub result: f64,
    /// Its periods, as far as they are known.
    pub periods: Periods,
}

/// A year of `in_a_year` periods of which the first `elapsed` are over. A period of which nothing is known is a gap of a sum, where a later one is known; of anything
/// else it is left out here and in the earlier years it is compared with. Earlier years may come in any order.
pub fn question(kind: Kind, year: &Periods, in_a_year: usize, elapsed: usize, earlier: &[EarlierYear]) -> Question {
    let over = elapsed.min(in_a_year);
    let known: Vec<usize> = (0..over).filter(|place| year.knows(kind, *place)).collect();
    let until_now = known.last().map_or(0, |last| last + 1);
    let places = if kind == Kind::Sum { (0..until_now).collect() } else { known.clone() };
    let part = |number: usize| if in_a_year == 0 { 0.0 } else { number as f64 / in_a_year as f64 };
    let mut past: Vec<PastYear> = earlier
        .iter()
        .map(|year| PastYear {
            fiscal_year: year.fiscal_year,
            result: year.result,
            so_far: year.periods.figure(kind, &places),
            counted: year.periods.counted(&places).zip(year.periods.counted(&(0..in_a_year).collect::<Vec<_>>())),
        })
        .filter(|year| year.result.is_finite())
        .collect();
    past.sort_by_key(|year| year.fiscal_year);
    let values = known.iter().filter_map(|place| year.value(*place));
    let filled =
        (known.len() < places.len()).then(|| Filled::of(values.clone().sum(), holes(year, until_now, earlier, &past)));
    let filled = filled.flatten();
    Question {
        elapsed: match kind {
            Kind::Level => places.last().map_or(0.0, |place| part(place + 1)),
            _ => part(places.len()),
        },
        so_far: filled.as_ref().map_or_else(|| year.figure(kind, &places), |filled| Some(filled.whole())),
        filled,
        counted: year.counted(&places),
        only_grows: kind == Kind::Sum && values.into_iter().all(|value| value >= 0.0),
        past,
        ..Question::new(kind)
    }
}

/// The periods up to now of which nothing is known, with what the `past` years brought in them, which are the `earlier` ones in their order.
fn holes(year: &Periods, until_now: usize, earlier: &[EarlierYear], past: &[PastYear]) -> Vec<Hole> {
    let time = 1.0 / until_now as f64;
    let in_gap = |place: usize, past: &PastYear| {
        let own = earlier.iter().find(|it| it.fiscal_year == past.fiscal_year)?;
        Some(YearInGap { fiscal_year: past.fiscal_year, brought: own.periods.value(place)?, so_far: past.so_far? })
    };
    let hole = |place: usize| {
        let before = (0..place).rev().find_map(|place| year.value(place));
        let after = (place + 1..until_now).find_map(|place| year.value(place));
        Hole {
            name: Bilingual::new(format!("第{}期", place + 1), format!("period {}", place + 1)),
            days: None,
            time,
            years: past.iter().rev().filter_map(|year| in_gap(place, year)).collect(),
            beside: before.into_iter().chain(after).map(|brought| (time, brought)).collect(),
        }
    };
    (0..until_now).filter(|place| year.value(*place).is_none()).map(hole).collect()
}

fn at(values: &[Option<f64>], place: usize) -> Option<f64> {
    values.get(place).copied().flatten().filter(|value| value.is_finite())
}

/// The sum over the places, if every one is known.
fn sum(values: &[Option<f64>], places: &[usize]) -> Option<f64> {
    places.iter().map(|place| at(values, *place)).sum()
}

impl Periods {
    fn value(&self, place: usize) -> Option<f64> {
        at(&self.values, place)
    }

    fn knows(&self, kind: Kind, place: usize) -> bool {
        let parts = || at(&self.numerators, place).is_some() && at(&self.denominators, place).is_some();
        match kind {
            // Where parts are given at all, a period without them cannot be added.
            Kind::Ratio if !self.denominators.is_empty() => parts(),
            _ => self.value(place).is_some(),
        }
    }

    /// The figure that these periods make; `None` when one of them is not known.
    fn figure(&self, kind: Kind, places: &[usize]) -> Option<f64> {
        let last = places.last()?;
        let known = || places.iter().filter_map(|place| self.value(*place));
        let mean = || Some(sum(&self.values, places)? / places.len() as f64);
        match kind {
            Kind::Sum => sum(&self.values, places),
            Kind::Level => self.value(*last),
            Kind::Maximum => known().reduce(f64::max),
            Kind::Minimum => known().reduce(f64::min),
            Kind::Mean => mean(),
            Kind::Ratio if self.denominators.is_empty() => mean(),
            Kind::Ratio => {
                let below = self.counted(places).filter(|below| *below > 0.0)?;
                Some(100.0 * sum(&self.numerators, places)? / below)
            }
        }
    }

    fn counted(&self, places: &[usize]) -> Option<f64> {
        sum(&self.denominators, places).filter(|_| !places.is_empty())
    }
}
