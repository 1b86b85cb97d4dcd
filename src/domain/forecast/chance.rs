//! From a forecast and its error to the probability that a condition holds.

use super::constants::{PROBABILITY, UPPER_TENTH};
use super::student;

/// How the results that are possible spread around the expected one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// The expected result.
    pub center: f64,
    /// The error: of the logarithm, or in units.
    pub error: f64,
    /// Whether it is the logarithm that spreads evenly to both sides.
    pub logarithmic: bool,
    /// The degrees of freedom of Student's t distribution.
    pub freedom: u32,
    /// The size of one counted thing: nothing lies between one and the next.
    pub one: Option<f64>,
    /// What is reached already and cannot be undone.
    pub reached: Option<f64>,
    /// Which way it goes from what is reached.
    pub turn: Turn,
}

/// Which way a figure that has been reached can still go, where it cannot go back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Up: a sum, the most of a year.
    Rises,
    /// Down: the least of a year.
    Falls,
}

impl Turn {
    /// The one of two figures that lies further in this direction.
    pub(super) fn further(self, one: f64, other: f64) -> f64 {
        match self {
            Self::Rises => one.max(other),
            Self::Falls => one.min(other),
        }
    }
}

/// One end of what is accepted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct End {
    /// Where it lies.
    pub value: f64,
    /// Whether the end itself is accepted.
    pub inclusive: bool,
}

/// What a target accepts: at least one end.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Wanted {
    /// From where on.
    pub lower: Option<End>,
    /// Up to where.
    pub upper: Option<End>,
}

impl Wanted {
    /// This value or more.
    pub fn at_least(value: f64) -> Self {
        Self { lower: Some(End { value, inclusive: true }), upper: None }
    }

    /// This value or less.
    pub fn at_most(value: f64) -> Self {
        Self { lower: None, upper: Some(End { value, inclusive: true }) }
    }
}

impl End {
    fn mirrored(self) -> Self {
        Self { value: -self.value, ..self }
    }
}

impl Spread {
    /// The same about the figure with the other sign: what falls then rises.
    fn mirrored(self) -> Self {
        Self { center: -self.center, reached: self.reached.map(|reached| -reached), turn: Turn::Rises, ..self }
    }

    /// The probability that the year's result is accepted. Never surer than one in fifty. Nothing wanted is always met.
    pub fn probability(&self, wanted: Wanted) -> f64 {
        if self.turn == Turn::Falls {
            let Wanted { lower, upper } = wanted;
            return self
                .mirrored()
                .probability(Wanted { lower: upper.map(End::mirrored), upper: lower.map(End::mirrored) });
        }
        let Wanted { lower, upper } = wanted;
        let reached =
            |end: End| self.reached.is_some_and(|so_far| so_far > end.value || so_far == end.value && end.inclusive);
        let passed =
            |end: End| self.reached.is_some_and(|so_far| so_far > end.value || so_far == end.value && !end.inclusive);
        let above = match lower {
            Some(end) if !reached(end) => 1.0 - self.below(self.boundary(end, true)),
            _ => 1.0,
        };
        let beyond = match upper {
            Some(end) if passed(end) => 1.0,
            Some(end) => 1.0 - self.below(self.boundary(end, false)),
            None => 0.0,
        };
        (above - beyond).clamp(*PROBABILITY.start(), *PROBABILITY.end())
    }

    /// Where the line runs: of what is counted, half-way between the last one that is accepted and the next.
    fn boundary(&self, end: End, is_lower: bool) -> f64 {
        let Some(one) = self.one else { return end.value };
        let number = end.value / one;
        let nearest = number.round();
        // What floating point makes of a whole number is that whole number.
        let number = if (number - nearest).abs() <= 1e-9 * number.abs().max(1.0) { nearest } else { number };
        let number = if is_lower == end.inclusive { number.ceil() - 0.5 } else { number.floor() + 0.5 };
        number * one
    }

    /// The probability that the result lies below.
    fn below(&self, value: f64) -> f64 {
        let distance = match self.logarithmic {
            true if value <= 0.0 => return 0.0,
            true => (value / self.center).ln(),
            false => value - self.center,
        };
        student::below(distance / self.error, self.freedom)
    }

    /// Below which value the result lies in one of ten cases, and above which.
    fn tenths(&self) -> (f64, f64) {
        let place = usize::try_from(self.freedom.saturating_sub(super::constants::FREEDOM)).unwrap_or_default();
        let tenth = UPPER_TENTH.get(place).or(UPPER_TENTH.last()).copied().unwrap_or(1.5);
        let reach = tenth * self.error;
        let (low, high) = match self.logarithmic {
            true => (self.center * (-reach).exp(), self.center * reach.exp()),
            false => (self.center - reach, self.center + reach),
        };
        match self.reached {
            Some(reached) => (self.turn.further(low, reached), self.turn.further(high, reached)),
            None => (low, high),
        }
    }

    /// The probability that the result lies below, with what is reached already.
    fn up_to(&self, value: f64) -> f64 {
        match (self.turn, self.reached) {
            (Turn::Rises, Some(reached)) if value < reached => 0.0,
            (Turn::Falls, Some(reached)) if value > reached => 1.0,
            _ => self.below(value),
        }
    }
}

/// What may come: one way how results spread, or several, each with its weight.
///
/// The probability is the weighted mean of those of the ways. Where none of them falls when a figure rises, the mean does not: that is why several
/// expectations are put together so, and not by an error that grows with what lies between them.
#[derive(Debug, Clone, PartialEq)]
pub struct Chances(Vec<(f64, Spread)>);

impl From<Spread> for Chances {
    fn from(spread: Spread) -> Self {
        Self(vec![(1.0, spread)])
    }
}

impl Chances {
    /// Two expectations that are as likely, `apart` below and above the center of a spread.
    pub(super) fn around(spread: Spread, apart: f64) -> Self {
        let at = |center: f64| (0.5, Spread { center, ..spread });
        Self(vec![at(spread.center - apart), at(spread.center + apart)])
    }

    /// These with others, which weigh `weight` together.
    pub(super) fn beside(self, other: Self, weight: f64) -> Self {
        let own = self.0.into_iter().map(|(part, spread)| (part * (1.0 - weight), spread));
        Self(own.chain(other.0.into_iter().map(|(part, spread)| (part * weight, spread))).collect())
    }

    /// The same with every way changed.
    pub(super) fn each(mut self, change: impl Fn(Spread) -> Spread) -> Self {
        for (_, spread) in &mut self.0 {
            *spread = change(*spread);
        }
        self
    }

    /// The ways.
    pub fn ways(&self) -> impl Iterator<Item = &Spread> {
        self.0.iter().map(|(_, spread)| spread)
    }

    /// The probability that the year's result is accepted. Never surer than one in fifty.
    pub fn probability(&self, wanted: Wanted) -> f64 {
        let mean: f64 = self.0.iter().map(|(weight, spread)| weight * spread.probability(wanted)).sum();
        mean.clamp(*PROBABILITY.start(), *PROBABILITY.end())
    }

    /// Between which values the result lies in four of five cases.
    pub(super) fn band(&self) -> (f64, f64) {
        let tenths: Vec<(f64, f64)> = self.ways().map(Spread::tenths).collect();
        if let [only] = tenths.as_slice() {
            return *only;
        }
        let (lows, highs) = (|| tenths.iter().map(|it| it.0), || tenths.iter().map(|it| it.1));
        (self.reaches(0.1, lows()), self.reaches(0.9, highs()))
    }

    /// The value below which the result lies with a probability; it is between the values of the single ways.
    fn reaches(&self, wanted: f64, values: impl Iterator<Item = f64> + Clone) -> f64 {
        let (mut low, mut high) =
            (values.clone().fold(f64::INFINITY, f64::min), values.fold(f64::NEG_INFINITY, f64::max));
        let below = |value: f64| self.0.iter().map(|(weight, spread)| weight * spread.up_to(value)).sum::<f64>();
        if below(low) >= wanted {
            return low;
        }
        // Half of what is left, sixty times, is as near as floating point comes.
        for _ in 0..60 {
            let middle = low / 2.0 + high / 2.0;
            if below(middle) < wanted { low = middle } else { high = middle }
        }
        low / 2.0 + high / 2.0
    }
}
