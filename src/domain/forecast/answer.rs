//! What a forecast answers, with everything by which it can be computed again by hand.

use chrono::NaiveDate;

use super::chance::{Chances, Spread, Turn};
use super::filled::Filled;
use super::question::PastYear;
use crate::domain::words::words;

words! {
    /// How a forecast was made.
    Method {
        /// The sum so far over its usual share, and with what last year still brought.
        UsualShare = "usual_share",
        /// The percentage or level so far with the usual difference.
        UsualDifference = "usual_difference",
        /// The pace of a stock.
        Pace = "pace",
        /// The most or the least so far, with what earlier years still rose or fell and what they came to.
        Extreme = "extreme",
        /// The department's own estimate of the year's result, because nothing can be computed from this year's figures.
        Estimate = "estimate",
        /// The yearly trend from the running year on, for a deadline in a later fiscal year.
        Trend = "trend",
        /// Nothing is known of this year: past years only.
        PastYears = "past_years",
    }
}

words! {
    /// What was assumed.
    Assumption {
        /// No share of an earlier year is known: an even pace.
        EvenPace = "even_pace",
        /// No earlier year is known.
        NoEarlierYear = "no_earlier_year",
        /// Of earlier years only the results are known; the error is larger.
        OnlyAnnualResults = "only_annual_results",
        /// The usual share is stated and not computed.
        ShareStated = "share_stated",
        /// The growth was limited to what is extrapolated.
        GrowthLimited = "growth_limited",
        /// Few were counted, and the percentage so far is trusted as much as the projection.
        FewCounted = "few_counted",
        /// An earlier year is not known at the same point: its figure is taken evenly between the points that are.
        BetweenPoints = "between_points",
    }
}

/// A year's result that is expected.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// How it was made.
    pub method: Method,
    /// The expected result.
    pub year_end: f64,
    /// Below which it lies in one of ten cases.
    pub low: f64,
    /// Above which it lies in one of ten cases.
    pub high: f64,
    /// From which probabilities follow.
    pub chances: Chances,
    /// The numbers on the way.
    pub working: Working,
}

/// The numbers on the way to a forecast.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Working {
    /// How much of the year's time was over.
    pub elapsed: f64,
    /// The figure so far; of a sum with gaps, with what is assumed for them.
    pub so_far: Option<f64>,
    /// The gaps of a sum, and what is reported of it.
    pub filled: Option<Filled>,
    /// Whether it is an average, foretold as the sum of what each period adds to it.
    pub average: bool,
    /// The share of a year that is usually reached by then; of a percentage, the usual weight of what has been.
    pub usual_share: Option<f64>,
    /// How far the usual share (or difference) was moved toward an even pace (or zero): 0 to 1.
    pub shrunk_by: Option<f64>,
    /// The years that it is made from, with the share (or the difference) of each.
    pub years: Vec<YearSeen>,
    /// The projection by what is usual.
    pub by_usual: f64,
    /// The earlier year that the other projection is made from.
    pub last_year: Option<i32>,
    /// What that year still brought after this point, or its level then.
    pub last_rest: Option<f64>,
    /// How this year so far stands to last year at the same point.
    pub growth: Option<f64>,
    /// The projection by last year; of a stock, by its pace since then; of the most or the least, by the earlier results.
    pub by_last_year: f64,
    /// Of a stock, how far below and above the forecast the two expectations lie that it is the mean of.
    pub apart: Option<f64>,
    /// Up to when the figure is that is foretold.
    pub until: Until,
    /// The way to a later year.
    pub later: Option<LaterYear>,
    /// The department's own estimate of the year's result.
    pub estimate: Option<f64>,
    /// What is computed without that estimate, where the forecast is the mean of both.
    pub computed: Option<f64>,
    /// The error of that estimate, where the forecast is the mean of both, and whether it is logarithmic.
    pub estimate_error: Option<(f64, bool)>,
    /// What this method would have said of earlier years.
    pub errors: Vec<PastError>,
    /// The error that is expected of any such series: a part of the result, or points.
    pub general_error: f64,
    /// What chance adds to a count, and rounding, likewise.
    pub chance_error: f64,
    /// What the gaps add, likewise.
    pub gap_error: f64,
    /// The error of the forecast from all of them together.
    pub error: f64,
    /// Whether the errors are logarithmic: parts of the result rather than units of it.
    pub logarithmic: bool,
    /// The degrees of freedom of Student's t distribution.
    pub freedom: u32,
    /// What was assumed.
    pub assumed: Vec<Assumption>,
}

/// Up to when the figure is that is foretold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Until {
    /// The end of the fiscal year.
    #[default]
    YearEnd,
    /// A day within the year: the time that counts began with the fiscal year.
    Day(NaiveDate),
    /// A day within the year, of a level that goes on from year to year: the time that counts is the year up to that day.
    YearUpTo(NaiveDate),
}

/// The way from the running year to a later one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LaterYear {
    /// The later fiscal year.
    pub fiscal_year: i32,
    /// How many years it is ahead.
    pub years: u32,
    /// How the forecast of the running year was made.
    pub method: Method,
    /// What the running year is expected to come to.
    pub running_year: f64,
    /// What each year adds: half of the mean yearly change.
    pub change: f64,
    /// The error that each year adds, in units.
    pub error: f64,
}

/// What an earlier year says about the course of a year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct YearSeen {
    /// The fiscal year.
    pub fiscal_year: i32,
    /// Its figure at the same point.
    pub so_far: f64,
    /// Its result.
    pub result: f64,
    /// The share that was reached, or the result minus the figure at that point.
    pub usual: f64,
    /// Whether that point is known; else only the result is.
    pub known: bool,
}

impl YearSeen {
    /// A year by the difference between its result and its figure at the same point; `None` where that point is not known.
    pub(super) fn by_difference(year: &PastYear) -> Option<Self> {
        let so_far = year.so_far?;
        let usual = year.result - so_far;
        Some(Self { fiscal_year: year.fiscal_year, so_far, result: year.result, usual, known: true })
    }

    /// A year of which only the result is known.
    pub(super) fn result_only(year: &PastYear) -> Self {
        Self { fiscal_year: year.fiscal_year, so_far: 0.0, result: year.result, usual: 0.0, known: false }
    }
}

/// What the method would have said of an earlier year, from the years before it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PastError {
    /// The fiscal year.
    pub fiscal_year: i32,
    /// What it would have said.
    pub forecast: f64,
    /// What came.
    pub result: f64,
    /// The difference, or the logarithm of the quotient.
    pub error: f64,
}

impl PastError {
    /// By how many units a forecast of an earlier year would have been off.
    pub(super) fn in_units(year: &PastYear, forecast: f64) -> Self {
        Self { fiscal_year: year.fiscal_year, forecast, result: year.result, error: year.result - forecast }
    }
}

impl Forecast {
    /// What is expected at the center of a spread, with the band of that.
    pub(super) fn new(method: Method, spread: Spread, working: Working) -> Self {
        Self::of(method, spread.center, spread.into(), working)
    }

    /// What is expected, of what may come.
    pub(super) fn of(method: Method, year_end: f64, chances: Chances, working: Working) -> Self {
        let (low, high) = chances.band();
        Self { method, year_end, low, high, chances, working }
    }
}

impl Working {
    /// How the results spread around `center` with these errors: of what is not counted and can still go both ways.
    pub(super) fn around(&self, center: f64) -> Spread {
        let Self { error, logarithmic, freedom, .. } = *self;
        Spread { center, error, logarithmic, freedom, one: None, reached: None, turn: Turn::Rises }
    }

    /// Blends the general error with the own ones: (3 × general² + Σ own²) ÷ (3 + their number), and adds what chance and gaps bring. Nothing
    /// is foretold without an error.
    pub(super) fn blend(&mut self) {
        let own: f64 = self.errors.iter().map(|it| it.error * it.error).sum();
        let number = self.errors.len();
        let weight = super::constants::PRIOR_WEIGHT;
        let general = self.general_error * self.general_error;
        let blended = (weight * general + own) / (weight + number as f64);
        self.error = (blended + self.chance_error * self.chance_error + self.gap_error * self.gap_error)
            .sqrt()
            .max(f64::MIN_POSITIVE);
        self.freedom =
            super::constants::FREEDOM + u32::try_from(number).unwrap_or(u32::MAX - super::constants::FREEDOM);
    }
}
