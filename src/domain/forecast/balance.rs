//! The forecast of a balance: a sum of what comes and goes, such as a surplus or net migration, which can be negative.
//!
//! Shares of a year and logarithms are those of amounts. Of what rises and falls through zero only differences say anything.

use super::answer::{Assumption, Forecast, Method, PastError, Working, YearSeen};
use super::chance::Spread;
use super::constants::{BALANCE_ERROR, ERRORS, LEAST_REMAINING, YEARS};
use super::question::{PastYear, Question};

/// The largest error, as a part of the largest amount.
const MOST_ERROR: f64 = 1.0 / 3.0;

/// Whether an earlier year's result, its figure at this point or what came after it is negative; without an earlier year, the figure so far.
///
/// With earlier years it does not depend on this year's figure: no correction of that changes the method, so that more never means a lower forecast.
pub(super) fn is_one(question: &Question, so_far: f64) -> bool {
    let negative =
        |year: &PastYear| year.result < 0.0 || year.so_far.is_some_and(|so_far| so_far < 0.0 || year.result < so_far);
    question.past.iter().any(negative) || question.past.is_empty() && so_far < 0.0
}

/// What there is so far and the mean of what the earlier years brought after this point (where only their results are known, of the same share of
/// them as of the time); without earlier years, an even pace. Errors are in units: a part of the largest amount, earlier ones and the forecast, and the
/// method's own.
pub(super) fn forecast(question: &Question, so_far: f64) -> Option<Forecast> {
    let elapsed = question.elapsed();
    let remaining = 1.0 - elapsed;
    let years: Vec<YearSeen> = question.past.iter().rev().take(YEARS).map(|year| seen(year, remaining)).collect();
    let rest = rest(&question.past, remaining);
    let year_end = so_far + rest.unwrap_or(so_far / elapsed * remaining);
    let amounts = question.past.iter().flat_map(|year| [Some(year.result), year.so_far]).flatten();
    let size = amounts.chain([year_end]).map(f64::abs).fold(0.0, f64::max);
    let known = years.iter().any(|year| year.known);
    let assumed = [
        (!known, Assumption::EvenPace),
        (!known && !years.is_empty(), Assumption::OnlyAnnualResults),
        (years.is_empty(), Assumption::NoEarlierYear),
    ];
    let larger = if known { 1.0 } else { super::constants::ANNUAL_ONLY };
    // More than a third would reach beyond zero from an amount that is moving toward it.
    let general = (larger * BALANCE_ERROR * remaining.max(LEAST_REMAINING)).min(MOST_ERROR);
    let gaps = question.filled.as_ref().map_or(0.0, |filled| filled.error() * elapsed);
    let mut working = Working {
        elapsed,
        so_far: Some(so_far),
        last_year: question.past.last().map(|year| year.fiscal_year),
        last_rest: rest,
        years,
        by_usual: year_end,
        by_last_year: year_end,
        errors: errors(&question.past, remaining),
        general_error: general * size,
        gap_error: gaps.min((MOST_ERROR * MOST_ERROR - general * general).sqrt()) * size,
        chance_error: question.rounding / 3.0_f64.sqrt(),
        assumed: assumed.into_iter().filter_map(|(holds, assumption)| holds.then_some(assumption)).collect(),
        ..Working::default()
    };
    working.blend();
    let spread = Spread { one: question.one(), ..working.around(year_end) };
    Some(Forecast::new(Method::UsualDifference, spread, working))
}

fn seen(year: &PastYear, remaining: f64) -> YearSeen {
    let only_result = || YearSeen { usual: year.result * remaining, ..YearSeen::result_only(year) };
    YearSeen::by_difference(year).unwrap_or_else(only_result)
}

/// The mean of what the latest years still brought; `None` without any.
fn rest(past: &[PastYear], remaining: f64) -> Option<f64> {
    let latest = past.get(past.len().saturating_sub(YEARS)..).filter(|years| !years.is_empty())?;
    Some(latest.iter().map(|year| seen(year, remaining).usual).sum::<f64>() / latest.len() as f64)
}

/// What the method would have said of the latest earlier years, each from the years before it.
fn errors(past: &[PastYear], remaining: f64) -> Vec<PastError> {
    let from = past.len().saturating_sub(ERRORS).max(1);
    let error = |index: usize| {
        let year = past.get(index)?;
        let forecast = year.so_far? + rest(past.get(..index)?, remaining)?;
        Some(PastError::in_units(year, forecast))
    };
    (from..past.len()).filter_map(error).collect()
}
