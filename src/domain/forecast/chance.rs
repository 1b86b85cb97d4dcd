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

    /// Between which values the result lies in four of five cases.
    pub(super) fn band(&self) -> (f64, f64) {
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
}
