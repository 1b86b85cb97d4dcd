//! What a year's result will be, from what is known of it and of earlier years (`DESIGN.md`, section 5).
//!
//! The one place of the domain that computes in floating point: these are estimates. Figures so far, required values and what is decided stay exact and
//! stand in `result` and `evaluation`. Every method is simple enough to be done again with a pocket calculator, and says with which
//! numbers ([`Working`]); every number that is a choice stands in `constants`, with where it comes from.
//!
//! - `amount`: how amounts spread around what is expected of them.
//! - `total`: sums, and averages of amounts, which are sums over the number of periods.
//! - `balance`: sums that can be negative.
//! - `points`: percentages, and levels that are measured again and again.
//! - `stock`: levels that have gone one way only.
//! - `extreme`: the most and the least of a year.
//! - `estimate`: the department's own estimate of the year's result, beside one of these or instead of it.
//! - `filled`: what stands in the place of missing periods of a sum.
//! - `later`: a later fiscal year, from one of these.
//! - `past_years`: nothing is known of this year.
//! - `chance`: from the forecast and its error to the probability that a target is met.
//!
//! No input panics or gives a number that is none: where floating point has no answer, there is no forecast.

mod amount;
mod answer;
mod balance;
mod between;
mod chance;
mod constants;
mod estimate;
mod explained;
mod extreme;
mod filled;
mod gaps;
mod later;
mod past_years;
mod points;
mod question;
mod reported;
mod series;
mod share;
mod stock;
mod student;
mod total;
mod verdict;
mod words;

pub use self::answer::{Assumption, Forecast, LaterYear, Method, PastError, Until, Working, YearSeen};
pub use self::chance::{Chances, End, Spread, Turn, Wanted};
pub use self::constants::PROBABILITY;
pub use self::explained::{
    Band, Explained, ExplainedError, ExplainedGap, ExplainedGapYear, ExplainedLater, ExplainedYear, Input, InputUse,
};
pub use self::filled::{Filled, FilledBy, FilledGap, YearInGap};
pub use self::question::{Estimate, Kind, PastYear, Question, one_of};
pub use self::reported::{Asked, question_of};
pub(in crate::domain) use self::reported::{elapsed, float};
pub use self::series::{EarlierYear, Periods, question};
pub use self::verdict::{Confidence, verdict};
pub use self::words::{reason, rounded};

impl Question {
    /// The expected result of the year. `None` where nothing follows from what is known.
    ///
    /// ```
    /// use mikomi::domain::forecast::{Kind, PastYear, Question, Wanted};
    /// let year = |fiscal_year, so_far, result| PastYear { fiscal_year, result, so_far: Some(so_far), counted: None };
    /// let question = Question {
    ///     elapsed: 0.5,
    ///     so_far: Some(630.0),
    ///     one: Some(1.0),
    ///     past: vec![year(2019, 560.0, 1_400.0), year(2020, 580.0, 1_450.0)],
    ///     ..Question::new(Kind::Sum)
    /// };
    /// let forecast = question.forecast().ok_or("no forecast")?;
    /// // 40 % is usually reached by now: not 1,260 but more.
    /// assert!((1_500.0..1_600.0).contains(&forecast.year_end));
    /// assert!(forecast.chances.probability(Wanted::at_least(1_400.0)) > 0.8);
    /// # Ok::<(), &str>(())
    /// ```
    pub fn forecast(&self) -> Option<Forecast> {
        let computed = match self.so_far.filter(|_| self.elapsed() > 0.0) {
            // Nothing of this year but what the department expects of it, which says more than past years do.
            None if self.estimate.is_some() => None,
            None => past_years::forecast(self),
            Some(so_far) => match self.kind {
                Kind::Sum if balance::is_one(self, so_far) => balance::forecast(self, so_far),
                // Less than nothing, of what never was: a correction, or a figure that is not of this kind. Nothing tells.
                Kind::Sum if so_far < 0.0 && self.estimate.is_none() => None,
                Kind::Sum => total::forecast(self, so_far),
                Kind::Mean if self.is_an_amount(so_far) && so_far < 0.0 && self.estimate.is_none() => None,
                Kind::Mean if self.is_an_amount(so_far) => {
                    let total = self.as_total(so_far);
                    let found = total::forecast(&total, so_far * self.elapsed());
                    found.map(|found| found.of_average(self, so_far))
                }
                Kind::Level if stock::goes_one_way(&self.past) => stock::forecast(self, so_far),
                Kind::Mean | Kind::Ratio | Kind::Level => Some(points::forecast(self, so_far)),
                Kind::Maximum | Kind::Minimum => extreme::forecast(self, so_far),
            },
        };
        let computed = computed.filter(Forecast::is_finite);
        // An estimate that is no number is none.
        let forecast = match (computed, self.estimate.filter(|it| it.value.is_finite())) {
            (Some(computed), Some(estimate)) => Some(estimate::with(self, computed, &estimate)),
            (None, Some(estimate)) => Some(estimate::alone(self, &estimate)),
            (computed, None) => computed,
        };
        let mut forecast = forecast.filter(Forecast::is_a_number)?;
        forecast.working.until = self.until;
        forecast.working.filled.clone_from(&self.filled);
        // An estimate that is no percentage is left as it stands, and its band around it.
        if points::bounded(self, forecast.year_end) == forecast.year_end {
            forecast.low = points::bounded(self, forecast.low);
            forecast.high = points::bounded(self, forecast.high);
        }
        if self.between && !matches!(forecast.method, Method::PastYears | Method::Estimate) {
            forecast.working.assumed.push(Assumption::BetweenPoints);
        }
        Some(forecast)
    }

    /// Whether it is the mean of amounts that are never negative: then what is right for their sum is right for it. Earlier years tell; where there are
    /// none, a figure above zero.
    fn is_an_amount(&self, so_far: f64) -> bool {
        let positive = |figure: f64| figure >= 0.0;
        let past = self.past.iter().all(|year| year.result > 0.0 && year.so_far.is_none_or(positive));
        !self.percentage && past && (so_far > 0.0 || !self.past.is_empty())
    }

    /// A mean as the sum of what each period adds to it.
    fn as_total(&self, so_far: f64) -> Self {
        let elapsed = self.elapsed();
        let past = self.past.iter().map(|year| PastYear { so_far: year.so_far.map(|it| it * elapsed), ..*year });
        Self {
            so_far: Some(so_far * elapsed),
            rounding: self.rounding * elapsed,
            one: None,
            only_grows: false,
            past: past.collect(),
            ..self.clone()
        }
    }
}

impl Forecast {
    /// The forecast of the sum that an average was taken for, with the figures as they were reported: averages.
    fn of_average(mut self, question: &Question, so_far: f64) -> Self {
        self.working.average = true;
        self.working.so_far = Some(so_far);
        for year in &mut self.working.years {
            let reported = question.past.iter().find(|it| it.fiscal_year == year.fiscal_year);
            year.so_far = reported.and_then(|it| it.so_far).unwrap_or(year.so_far);
        }
        self
    }

    /// The same of what can be no less than `least` and no more than `most`.
    pub fn within(mut self, least: f64, most: f64) -> Self {
        for end in [&mut self.year_end, &mut self.low, &mut self.high] {
            *end = end.max(least).min(most);
        }
        self
    }

    /// Whether everything that is told of it is finite, and how far it may be off is known.
    fn is_a_number(&self) -> bool {
        self.is_finite() && self.chances.ways().all(|spread| spread.error > 0.0)
    }

    fn is_finite(&self) -> bool {
        let Self { year_end, low, high, chances, working, .. } = self;
        let told = [*year_end, *low, *high, working.by_usual, working.by_last_year, working.error];
        let ways = chances.ways().flat_map(|spread| [spread.center, spread.error]);
        told.into_iter().chain(ways).all(f64::is_finite)
    }
}

#[cfg(test)]
mod tests;
