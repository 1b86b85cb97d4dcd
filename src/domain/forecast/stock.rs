//! The forecast of a stock: a level that has only ever gone one way.

use super::answer::{Assumption, Forecast, Method, PastError, Working, YearSeen};
use super::chance::Chances;
use super::constants::{ANNUAL_ONLY, ANNUAL_ONLY_POINTS, ERRORS, GAIN_ERROR, LEAST_LEVEL_ERROR, PRIOR_WEIGHT, YEARS};
use super::points::{bounded, usual_error};
use super::question::{PastYear, Question};

/// Whether a level, by the earlier years' results, has gone one way only: then it is a stock that is being built up or worked off, and not a
/// survey that is taken again. A single result does not tell, and is taken for that of a stock.
///
/// This year's figures have no say in it: no correction of them changes the method, so that more never means a lower forecast.
pub(super) fn goes_one_way(past: &[PastYear]) -> bool {
    let steps = || past.windows(2).filter_map(|pair| Some(pair.get(1)?.result - pair.first()?.result));
    match past.len() {
        0 => false,
        1 => true,
        _ => {
            steps().all(|step| step >= 0.0) && steps().any(|step| step > 0.0)
                || steps().all(|step| step <= 0.0) && steps().any(|step| step < 0.0)
        }
    }
}

/// The forecast of a stock: the level and, still to come, what the pace since the year before would bring; where earlier years say what usually comes
/// after this point, the mean of that and of this. That either nothing more comes or twice as much is its error.
///
/// Each of the two expectations grows with the level, by at least as much, and their own error comes from earlier years alone: so neither the forecast nor the
/// probability of an at-least target falls when the level rises. Earlier figures of this year play no part: a pace from them to the level would fall when one of
/// them rises.
///
/// `None` without a pace: no result of the year before.
pub(super) fn forecast(question: &Question, level: f64) -> Option<Forecast> {
    let elapsed = question.elapsed();
    let before = question.past.last()?;
    let still = 1.0 - elapsed;
    let years: Vec<YearSeen> = question.past.iter().rev().filter_map(YearSeen::by_difference).take(YEARS).collect();
    let by_pace = (level - before.result) / elapsed * still;
    let rest = rest(by_pace, &years);
    let mut working = Working {
        elapsed,
        so_far: Some(level),
        last_year: Some(before.fiscal_year),
        errors: errors(question),
        by_usual: level + mean_usual(&years).unwrap_or(by_pace),
        by_last_year: level + by_pace,
        last_rest: last_gain(&question.past).map(|gain| gain * still),
        assumed: if years.is_empty() { vec![Assumption::EvenPace] } else { Vec::new() },
        years,
        ..Working::default()
    };
    // Own errors are what the whole of it was off by: where they are known, the general error counts for less.
    let general = (PRIOR_WEIGHT / (PRIOR_WEIGHT + working.errors.len() as f64)).sqrt();
    let apart = GAIN_ERROR * rest.abs() * general;
    let larger = if question.percentage { ANNUAL_ONLY_POINTS } else { ANNUAL_ONLY };
    let unknown = || larger * usual_error(question, before.result, still);
    let least = LEAST_LEVEL_ERROR * still * level.abs();
    working.general_error = working.last_rest.map_or_else(unknown, f64::abs).max(least);
    working.chance_error = question.rounding / 3.0_f64.sqrt();
    working.apart = Some(apart);
    working.blend();
    let chances = Chances::around(working.around(level + rest), apart);
    Some(Forecast::of(Method::Pace, bounded(question, level + rest), chances, working))
}

/// What still comes: by the pace, and by what is usual after this point.
fn rest(by_pace: f64, years: &[YearSeen]) -> f64 {
    mean_usual(years).map_or(by_pace, |usual| by_pace / 2.0 + usual / 2.0)
}

fn mean_usual(years: &[YearSeen]) -> Option<f64> {
    (!years.is_empty()).then(|| years.iter().map(|year| year.usual).sum::<f64>() / years.len() as f64)
}

fn last_gain(past: &[PastYear]) -> Option<f64> {
    let (last, earlier) = past.split_last()?;
    let before = earlier.last()?;
    Some((last.result - before.result) / f64::from((last.fiscal_year - before.fiscal_year).max(1)))
}

/// What the pace up to this point would have said of the latest earlier years.
fn errors(question: &Question) -> Vec<PastError> {
    let elapsed = question.elapsed();
    let past = &question.past;
    let from = past.len().saturating_sub(ERRORS).max(1);
    let error = |index: usize| {
        let (year, before) = (past.get(index)?, past.get(index.checked_sub(1)?)?);
        let so_far = year.so_far.filter(|_| elapsed > 0.0)?;
        let years: Vec<YearSeen> =
            past.get(..index)?.iter().rev().filter_map(YearSeen::by_difference).take(YEARS).collect();
        let forecast = so_far + rest((so_far - before.result) / elapsed * (1.0 - elapsed), &years);
        Some(PastError::in_units(year, forecast))
    };
    (from..past.len()).filter_map(error).collect()
}
