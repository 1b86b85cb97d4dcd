//! A forecast as it is told: decimals of six digits, so that the same figures give the same answer everywhere.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Assumption, Forecast, Method, PastError, Working, YearSeen};
use super::filled::{FilledBy, FilledGap, YearInGap};
use super::words::rounded;
use crate::domain::result::ActualId;
use crate::domain::words::words;
use crate::domain::{Bilingual, Decimal};

/// How many digits an estimate is told with.
const DIGITS: u32 = 6;

/// The expected result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Band {
    /// The day that it speaks of: the last of the fiscal year, or the target's deadline.
    pub on: NaiveDate,
    /// The expected result of the year, in the indicator's unit; where the target has a deadline of its own, the expected figure at that day, or the
    /// result of the later fiscal year that ends with it.
    pub year_end: Option<Decimal>,
    /// Below which it lies in one of ten cases.
    pub low: Option<Decimal>,
    /// Above which it lies in one of ten cases.
    pub high: Option<Decimal>,
}

/// A forecast with every number on its way, to be computed again by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Explained {
    /// The part of the breakdown that it is about.
    pub label: Option<String>,
    /// How it was made.
    pub method: Method,
    /// The probability that this condition is met.
    pub probability: Option<Decimal>,
    /// The expected result.
    pub forecast: Band,
    /// Every reported figure that it is made from, with the actuals that it comes from.
    pub inputs: Vec<Input>,
    /// How much of the year's time the figure so far covers.
    pub elapsed: Option<Decimal>,
    /// The figure so far, as it is reported.
    pub so_far: Option<Decimal>,
    /// Of a sum with gaps: the figure so far with what is assumed for them, which the projections are made from; `null` where nothing is assumed.
    pub so_far_with_gaps: Option<Decimal>,
    /// The periods of this year that nothing is reported of, and what is assumed for them.
    pub gaps: Vec<ExplainedGap>,
    /// The share of a year that is usually reached by then; of a percentage, the usual weight of what has been.
    pub usual_share: Option<Decimal>,
    /// How far that was moved toward an even pace (a difference: toward zero) because the years are few or disagree: 0 to 1.
    pub shrunk_by: Option<Decimal>,
    /// The years that it is made from.
    pub years: Vec<ExplainedYear>,
    /// The projection by what is usual.
    pub by_usual: Option<Decimal>,
    /// The earlier year that the other projection is made from.
    pub last_year: Option<i32>,
    /// What that year still brought after this point, or its level then.
    pub last_rest: Option<Decimal>,
    /// How this year so far stands to that year at the same point.
    pub growth: Option<Decimal>,
    /// The projection by that year; of a stock, by its pace since then; of the most or the least, by the mean of the earlier results.
    pub by_last_year: Option<Decimal>,
    /// The way from the running year to the later one that the deadline is in; `null` for a deadline in this year.
    pub later: Option<ExplainedLater>,
    /// The department's own estimate of the year's result (見込額), where it counts.
    pub estimate: Option<Decimal>,
    /// What is computed without that estimate, where the forecast is the mean of both. The probability then is the mean of the two probabilities: of what is
    /// computed, with `error`, and of the estimate, with `estimate_error` and 4 degrees of freedom.
    pub computed: Option<Decimal>,
    /// The error of the estimate, where the forecast is the mean of both.
    pub estimate_error: Option<Decimal>,
    /// Whether that is one of the natural logarithm; else it is in the indicator's unit.
    pub estimate_logarithmic: Option<bool>,
    /// Of a stock: how far below and above the forecast the two expectations lie, that nothing more comes and that twice as much does. The probability is the mean
    /// of theirs.
    pub apart: Option<Decimal>,
    /// What the same method would have said of earlier years.
    pub errors: Vec<ExplainedError>,
    /// The error that is expected of any such series.
    pub general_error: Option<Decimal>,
    /// What chance and rounding add.
    pub chance_error: Option<Decimal>,
    /// What the gaps of a sum add; `null` without any.
    pub gap_error: Option<Decimal>,
    /// The error of the forecast: √((3 × general² + Σ own²) ÷ (3 + their number) + chance² + gap²).
    pub error: Option<Decimal>,
    /// Whether errors are those of the natural logarithm; else they are in the indicator's unit.
    pub logarithmic: bool,
    /// The degrees of freedom of Student's t distribution, from which the probability follows.
    pub degrees_of_freedom: u32,
    /// What was assumed.
    pub assumed: Vec<Assumption>,
}

words! {
    /// What a figure is used as.
    InputUse {
        /// The figure of this year so far.
        SoFar = "so_far",
        /// The result of an earlier year.
        Result = "result",
        /// The figure of an earlier year at the same point.
        SamePoint = "same_point",
        /// What an earlier year brought in a period that is not reported this year.
        Gap = "gap",
        /// The department's own estimate of the year's result.
        Estimate = "estimate",
        /// The same, and older than the figure so far: it is shown and does not count.
        OvertakenEstimate = "overtaken_estimate",
    }
}

/// A reported figure that a forecast is made from. The actuals themselves stand in `sources`, beside the outlook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Input {
    /// What it is used as.
    pub used_as: InputUse,
    /// Its fiscal year.
    pub fiscal_year: i32,
    /// The day up to which it speaks.
    pub as_of: NaiveDate,
    /// The figure, in the indicator's unit.
    pub value: Decimal,
    /// The actuals that it is made from.
    pub actual_ids: Vec<ActualId>,
}

/// A period of a sum that nothing is reported of, before one that is. What stands in its place is an assumption and no actual: the sum is
/// `(reported + Σ evenly) ÷ (1 − Σ usual shares)`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExplainedGap {
    /// Its first day.
    pub first: Option<NaiveDate>,
    /// Its last day.
    pub last: Option<NaiveDate>,
    /// In words.
    pub text: Bilingual,
    /// What is assumed for it.
    pub assumed: Option<Decimal>,
    /// How that is made.
    pub filled_by: FilledBy,
    /// How much of the sum up to now it is taken to be: its usual share, the mean of the years'; evenly, its part of the time.
    pub part: Option<Decimal>,
    /// The years that the usual share is made from, the latest first.
    pub years: Vec<ExplainedGapYear>,
}

/// What an earlier year brought in a period that is missing now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExplainedGapYear {
    /// The fiscal year.
    pub fiscal_year: i32,
    /// What it brought in that period.
    pub brought: Option<Decimal>,
    /// What it brought up to now, that period included.
    pub so_far: Option<Decimal>,
    /// The one over the other.
    pub share: Option<Decimal>,
}

/// How a running year is carried on to a later one: `running_year + years × change`, with the error
/// `√(error of the running year² + years × error²)`, in units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExplainedLater {
    /// The later fiscal year.
    pub fiscal_year: i32,
    /// How many years it is ahead.
    pub years: u32,
    /// How the forecast of the running year was made.
    pub method: Method,
    /// What the running year is expected to come to.
    pub running_year: Option<Decimal>,
    /// What each year adds: half of the mean yearly change.
    pub change: Option<Decimal>,
    /// The error that each year adds: that of a forecast from past years alone.
    pub error: Option<Decimal>,
}

/// An earlier year that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExplainedYear {
    /// The fiscal year.
    pub fiscal_year: i32,
    /// Its figure at the same point; `null` where that is not known.
    pub so_far: Option<Decimal>,
    /// Its result.
    pub result: Option<Decimal>,
    /// The share that was reached, or the result minus the figure at that point.
    pub usual: Option<Decimal>,
}

/// What the method would have said of an earlier year, from the years before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExplainedError {
    /// The fiscal year.
    pub fiscal_year: i32,
    /// What it would have said.
    pub forecast: Option<Decimal>,
    /// What came.
    pub result: Option<Decimal>,
    /// The difference, or the logarithm of the quotient (between −0.6 and 0.6); of a few counted things that logarithm times the forecast.
    pub error: Option<Decimal>,
}

fn told(number: f64) -> Option<Decimal> {
    rounded(number, DIGITS)
}

fn explained_gap(gap: &FilledGap) -> ExplainedGap {
    let year = |year: &YearInGap| ExplainedGapYear {
        fiscal_year: year.fiscal_year,
        brought: told(year.brought),
        so_far: told(year.so_far),
        share: year.share().and_then(told),
    };
    ExplainedGap {
        first: gap.days.map(|(first, _)| first),
        last: gap.days.map(|(_, last)| last),
        text: gap.name.clone(),
        assumed: told(gap.amount),
        filled_by: gap.by,
        part: told(gap.part),
        years: gap.years.iter().map(year).collect(),
    }
}

impl Forecast {
    /// The expected result, as it is told of a day.
    pub fn band(&self, on: NaiveDate) -> Band {
        Band { on, year_end: told(self.year_end), low: told(self.low), high: told(self.high) }
    }

    /// Every number of it, as it is told of a day.
    pub fn explained(&self, probability: f64, on: NaiveDate) -> Explained {
        let Working {
            elapsed,
            so_far,
            filled,
            average: _,
            usual_share,
            shrunk_by,
            years,
            by_usual,
            last_year,
            last_rest,
            growth,
            by_last_year,
            apart,
            until: _,
            later,
            estimate,
            computed,
            estimate_error,
            errors,
            general_error,
            chance_error,
            gap_error,
            error,
            logarithmic,
            freedom,
            assumed,
        } = &self.working;
        let year = |year: &YearSeen| ExplainedYear {
            fiscal_year: year.fiscal_year,
            so_far: told(year.so_far).filter(|_| year.known),
            result: told(year.result),
            usual: told(year.usual).filter(|_| year.known),
        };
        let past = |past: &PastError| ExplainedError {
            fiscal_year: past.fiscal_year,
            forecast: told(past.forecast),
            result: told(past.result),
            error: told(past.error),
        };
        Explained {
            label: None,
            inputs: Vec::new(),
            method: self.method,
            probability: rounded(probability, 4),
            forecast: self.band(on),
            elapsed: told(*elapsed),
            so_far: filled.as_ref().map_or(*so_far, |it| Some(it.reported)).and_then(|it| rounded(it, 15)),
            so_far_with_gaps: filled.as_ref().and_then(|it| told(it.whole())),
            gaps: filled.iter().flat_map(|it| &it.gaps).map(explained_gap).collect(),
            usual_share: usual_share.and_then(told),
            shrunk_by: shrunk_by.and_then(told),
            years: years.iter().map(year).collect(),
            by_usual: told(*by_usual),
            last_year: *last_year,
            last_rest: last_rest.and_then(told),
            growth: growth.and_then(told),
            by_last_year: told(*by_last_year),
            later: later.map(|it| ExplainedLater {
                fiscal_year: it.fiscal_year,
                years: it.years,
                method: it.method,
                running_year: told(it.running_year),
                change: told(it.change),
                error: told(it.error),
            }),
            estimate: estimate.and_then(|it| rounded(it, 15)),
            computed: computed.and_then(told),
            estimate_error: estimate_error.and_then(|(error, _)| told(error)),
            estimate_logarithmic: estimate_error.map(|(_, logarithmic)| logarithmic),
            apart: apart.and_then(told),
            errors: errors.iter().map(past).collect(),
            general_error: told(*general_error),
            chance_error: told(*chance_error),
            gap_error: filled.as_ref().and_then(|_| told(*gap_error)),
            error: told(*error),
            logarithmic: *logarithmic,
            degrees_of_freedom: *freedom,
            assumed: assumed.clone(),
        }
    }
}
