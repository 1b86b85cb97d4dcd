//! The forecast of the most and of the least of a year.

use super::answer::{Assumption, Forecast, Method, PastError, Working, YearSeen};
use super::chance::{Spread, Turn};
use super::constants::{ANNUAL_ONLY, ANNUAL_ONLY_POINTS, ERRORS, LEAST_LEVEL_ERROR, LEAST_REMAINING_POINTS, YEARS};
use super::points::usual_error;
use super::question::{Kind, PastYear, Question};

struct Projection {
    years: Vec<YearSeen>,
    by_usual: f64,
    by_results: f64,
    year_end: f64,
}

/// The forecast of the most (or the least) of a year of which `so_far` is the most (the least) up to now. `None` where no earlier year is known: how far a single
/// high or low still goes, nothing of this year tells.
pub(super) fn forecast(question: &Question, so_far: f64) -> Option<Forecast> {
    let turn = if question.kind == Kind::Minimum { Turn::Falls } else { Turn::Rises };
    let Projection { years, by_usual, by_results, year_end } = project(turn, so_far, &question.past)?;
    let known = years.iter().any(|year| year.known);
    let remaining = (1.0 - question.elapsed()).max(LEAST_REMAINING_POINTS);
    let larger = match (known, question.percentage) {
        (true, _) => 1.0,
        (false, true) => ANNUAL_ONLY_POINTS,
        (false, false) => ANNUAL_ONLY,
    };
    let mut working = Working {
        elapsed: question.elapsed(),
        so_far: Some(so_far),
        last_year: question.past.last().map(|year| year.fiscal_year),
        last_rest: None,
        years,
        by_usual,
        by_last_year: by_results,
        errors: errors(turn, &question.past),
        general_error: larger * usual_error(question, year_end, remaining),
        chance_error: question.rounding / 3.0_f64.sqrt(),
        assumed: if known { Vec::new() } else { vec![Assumption::OnlyAnnualResults] },
        ..Working::default()
    };
    working.blend();
    let least = LEAST_LEVEL_ERROR * remaining * year_end.abs();
    working.error = working.error.max(least);
    let reached = (question.rounding == 0.0).then_some(so_far);
    let spread = Spread { one: question.one(), reached, turn, ..working.around(year_end) };
    Some(Forecast::new(Method::Extreme, spread, working))
}

/// What a year comes to whose most so far is `so_far`; of the least, the other way round.
///
/// - By what is usual: `A = Y +` the mean of what the earlier years' most still rose by after this point.
/// - By the results: `B =` the mean of the earlier years' results, and never less than `Y`.
/// - Together: their mean; where nothing is known of the earlier years' course, `B`.
///
/// Each of them grows with `Y`, so the forecast does; and neither is below it.
fn project(turn: Turn, so_far: f64, earlier: &[PastYear]) -> Option<Projection> {
    let recent = earlier.get(earlier.len().saturating_sub(YEARS)..).filter(|years| !years.is_empty())?;
    let by_results = turn.further(so_far, mean(recent.iter().map(|year| year.result))?);
    let known: Vec<YearSeen> = earlier.iter().rev().filter_map(|year| seen(turn, year)).take(YEARS).collect();
    let Some(moved) = mean(known.iter().map(|year| year.usual)) else {
        let years = recent.iter().rev().map(YearSeen::result_only).collect();
        return Some(Projection { years, by_usual: by_results, by_results, year_end: by_results });
    };
    let by_usual = so_far + moved;
    let year_end = turn.further(so_far, by_usual / 2.0 + by_results / 2.0);
    Some(Projection { years: known, by_usual, by_results, year_end })
}

fn mean(figures: impl Iterator<Item = f64> + Clone) -> Option<f64> {
    let number = figures.clone().count();
    (number > 0).then(|| figures.sum::<f64>() / number as f64)
}

/// By how much a year's most still rose after this point: never less than nothing.
fn seen(turn: Turn, year: &PastYear) -> Option<YearSeen> {
    let seen = YearSeen::by_difference(year)?;
    Some(YearSeen { usual: turn.further(seen.so_far, year.result) - seen.so_far, ..seen })
}

/// What the method would have said of the latest earlier years, each from the years before it.
fn errors(turn: Turn, past: &[PastYear]) -> Vec<PastError> {
    let from = past.len().saturating_sub(ERRORS).max(1);
    let error = |index: usize| {
        let (year, before) = (past.get(index)?, past.get(..index)?);
        let forecast = match year.so_far {
            Some(so_far) => project(turn, so_far, before)?.year_end,
            None => mean(before.get(before.len().saturating_sub(YEARS)..)?.iter().map(|year| year.result))?,
        };
        Some(PastError::in_units(year, forecast))
    };
    (from..past.len()).filter_map(error).collect()
}
