//! Every number of the forecast that is a choice, each with where it comes from.
//!
//! "The backtest" is the measurement that the README describes: real monthly series of four sources with what came of them. A number was
//! chosen only if it did at least as well when the source (and, apart from that, the years) that it was tried on had no part in the choice.

/// How many earlier years the usual share and the usual difference are made of, at most. Five years are what a ward keeps beside its plan;
/// the backtest: 0.1023 with three, 0.1012 with four, 0.1009 with five (Brier).
pub(super) const YEARS: usize = 5;

/// How many of the method's own past errors count, at most: the latest ones say how well the series can be foretold now.
/// The backtest: better than all of them in each of the four sources.
pub(super) const ERRORS: usize = 3;

/// How far the share of a year that is reached differs from the share of the year's time in an unknown series: at half of the year
/// 0.10 × ½ × ½ = 2.5 points. The backtest, chosen alike whichever source is left out.
pub(super) const SHARE_SPREAD: f64 = 0.10;

/// The smallest usual share: a hundred-fold extrapolation says nothing.
pub(super) const SMALLEST_SHARE: f64 = 0.005;

/// With which weight last year's result counts as if it were a part of this year, so that a year that begins with zero can be projected.
/// Small enough not to matter otherwise (the backtest: no difference between 0.1 % and 3 %).
pub(super) const ANCHOR: f64 = 0.005;

/// The power of the growth that last year's remainder is expected to share: between none of it (0) and all of it (1). The backtest is
/// flat from 0.5 to 1, and sources disagree about the end; three quarters is between.
pub(super) const GROWTH_POWER: f64 = 0.75;

/// The least and the most growth that is extrapolated.
pub(super) const GROWTH: std::ops::RangeInclusive<f64> = 0.2..=5.0;

/// The relative error of what is still to come in an unknown series. The backtest: flat from 0.06 to 0.12; ten percent.
pub(super) const REMAINING_ERROR: f64 = 0.10;

/// The error of what is put in the place of a month that is not reported, as a part of that month, by its usual share. Measured on the backtest's sums, of which
/// each month before the last was left out in turn: two of three are within 0.10 to 0.19, depending on the source; the root mean square, with the upheavals of
/// 2020 and 2021, is 0.24.
pub(super) const GAP_USUAL_ERROR: f64 = 0.20;

/// The same, evenly with the months beside it: two of three within 0.12 to 0.21, the root mean square 0.31.
pub(super) const GAP_EVEN_ERROR: f64 = 0.30;

/// The most of the sum up to now that may usually have come in what is missing now: a tenfold extrapolation says nothing.
pub(super) const MOST_MISSING: f64 = 0.9;

/// The error of what is still to come of a balance, as a part of its largest amount. Measured on nothing, since the backtest has no balances: twice that of
/// a sum, because what comes and what goes each err.
pub(super) const BALANCE_ERROR: f64 = 0.20;

/// Below this many counted things the result spreads in units and not by factors: at ten, chance alone is off by a third or more, and toward zero the
/// logarithm of a count means nothing.
pub(super) const FEW: f64 = 10.0;

/// Below this many times its rounding an amount spreads in units, too. It keeps that part of a logarithmic error below a third, above which a smaller amount would
/// reach a high target more easily than a larger one.
pub(super) const MOST_ROUNDING: f64 = 2.0;

/// How much larger the error of what is still to come is where no share of an earlier year is known: 0.2, what the reference method (`DESIGN.md`, section 5)
/// comes to. The backtest without the earlier years' months: 0.1547 with 1.7, 0.1537 with 2.0 and with 2.5.
pub(super) const ANNUAL_ONLY: f64 = 2.0;

/// The same for percentages. From the reference method.
pub(super) const ANNUAL_ONLY_POINTS: f64 = 1.3;

/// How many own errors the general expectation weighs as much as. From the reference method; the backtest is flat from 1 to 6.
pub(super) const PRIOR_WEIGHT: f64 = 3.0;

/// The degrees of freedom before any own error. From the reference method; the backtest is flat from 3 to 30, and the heavier tails are the
/// more modest claim.
pub(super) const FREEDOM: u32 = 4;

/// The largest logarithmic error that one past year may count with (about a factor of 1.8): 2020 happens once. From the reference method.
pub(super) const LARGEST_ERROR: f64 = 0.6;

/// What counts things varies by chance with this multiple of the square root's square (1 is Poisson's law); incidents come in clusters.
/// From the reference method; the backtest is flat from 1.5 to 3.
pub(super) const CLUSTERING: f64 = 2.0;

/// No forecast is surer than as if this share of the year were still to come. From the reference method.
pub(super) const LEAST_REMAINING: f64 = 0.02;

/// By how many points a percentage around 50 % differs in what is still to come. From the reference method. Nearer to 0 or 100 % it
/// differs less, with √(p(1−p)): tried on shares of foreign guests and of kinds of offences, the Brier score falls by 3 to 24 %.
pub(super) const POINTS: f64 = 3.0;

/// No percentage is foretold surer than as if this share of the year were still to come: a tenth, so 0.3 points around 50 %.
pub(super) const LEAST_REMAINING_POINTS: f64 = 0.10;

/// Relative error of what is still to come of an average or a level that is no percentage and cannot be a sum's.
pub(super) const LEVEL_ERROR: f64 = 0.12;

/// A percentage of fewer counted than this is trusted as it stands as much as any projection. From the reference method.
pub(super) const SMALL_SURVEY: f64 = 2_000.0;

/// How much of this year's difference from last year is expected of the rest of the year. From the reference method.
pub(super) const CHANGE_KEPT: f64 = 0.5;

/// How far to either side of a stock's remaining gain its result is expected, in remaining gains: all of it, so that nothing more or twice as much
/// comes, each as likely. From the reference method. Brier score on stocks: 0.197 (0.182 and 0.210 in the two years), against 0.208 where the same gain is the error around
/// one expectation. With the pace of the latest quarter beside that since the year before it was 0.196, but then the forecast falls when an earlier figure of this
/// year rises: that is the price of the law that more is never worse.
pub(super) const GAIN_ERROR: f64 = 1.0;

/// No level is foretold surer than to this part of itself, for each year that is still to come.
pub(super) const LEAST_LEVEL_ERROR: f64 = 0.005;

/// No probability of what is not certain is given outside of this: one such case in fifty comes otherwise. `DESIGN.md`, section 5.
pub const PROBABILITY: std::ops::RangeInclusive<f64> = 0.02..=0.98;

/// How far, as a part of itself and beside what chance does, an amount may be off that is expected below zero (as none ever was: what can be negative is no
/// amount, but a balance): a third, so that nothing above zero is likelier than [`PROBABILITY`] allows at all (Student's t reaches 0.98 at 3.0 with 4 degrees of
/// freedom). With a larger error the figure would be likelier to end above zero the further below it is.
pub(super) const BELOW_NOTHING: f64 = 1.0 / 3.0;

/// How many fiscal years ahead a trend is carried: as far as the plans of wards and cities look. No data of the backtest goes beyond the running year; the
/// error grows with the square root of the years, as that of changes that do not depend on one another does.
pub(super) const MOST_YEARS_AHEAD: u32 = 5;

/// The weight of the department's own estimate of the year's result beside what is computed. The backtest has no such estimates, so this is measured on
/// nothing: equal weights are what to take where nothing tells which of two forecasts is the better one, and hard to beat otherwise (Clemen,
/// *Combining forecasts: a review and annotated bibliography*, 1989).
pub(super) const ESTIMATE_WEIGHT: f64 = 0.5;

/// The upper tenth of Student's t distribution for 4, 5, 6 and 7 degrees of freedom (any table of it): the band from `low` to `high` holds the
/// result in four of five cases.
pub(super) const UPPER_TENTH: [f64; 4] = [1.533, 1.476, 1.440, 1.415];
