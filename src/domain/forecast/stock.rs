//! The forecast of a stock: a level that has only ever gone one way.

use super::answer::{Assumption, Forecast, Method, PastError, Working, YearSeen};
use super::constants::{ERRORS, GAIN_ERROR, LATEST, LEAST_LEVEL_ERROR, YEARS};
use super::points::bounded;
use super::question::{PastYear, Question};

/// Whether the level, from the earlier years' results on, has gone one way only: then it is a stock that is being built up or worked off, and not a
/// survey that is taken again.
pub(super) fn goes_one_way(question: &Question) -> bool {
    let results = question.past.iter().map(|year| year.result);
    let levels: Vec<f64> = results.chain(question.course.iter().map(|(_, level)| *level)).collect();
    let steps = || levels.windows(2).filter_map(|pair| Some(pair.get(1)? - pair.first()?));
    steps().all(|step| step >= 0.0) && steps().any(|step| step > 0.0)
        || steps().all(|step| step <= 0.0) && steps().any(|step| step < 0.0)
}

/// The forecast of a stock: the level plus what is still to come, the mean of what the pace since the year before and the pace of the latest quarter
/// would bring; where earlier years say what usually comes after this point, the mean of that and of this. The whole of what is
/// still to come is its error.
///
/// `None` without a pace: no result of the year before, and no second value.
pub(super) fn forecast(question: &Question, level: f64) -> Option<Forecast> {
    let elapsed = question.elapsed();
    let before = question.past.last().map(|year| year.result);
    let (since, latest) = paces(question, level, before)?;
    let still = 1.0 - elapsed;
    let years: Vec<YearSeen> = question.past.iter().rev().filter_map(YearSeen::by_difference).take(YEARS).collect();
    let by_usual = level + rest(since * still, &years);
    let by_latest = level + rest(latest * still, &years);
    let year_end = bounded(question, by_usual / 2.0 + by_latest / 2.0);
    let last_gain = last_gain(&question.past).unwrap_or(0.0);
    let mut working = Working {
        elapsed,
        so_far: Some(level),
        last_year: question.past.last().map(|year| year.fiscal_year),
        errors: errors(question),
        by_usual,
        by_last_year: by_latest,
        last_rest: Some(last_gain * still),
        assumed: if years.is_empty() { vec![Assumption::EvenPace] } else { Vec::new() },
        years,
        ..Working::default()
    };
    let least = LEAST_LEVEL_ERROR * still * level.abs();
    working.general_error = (GAIN_ERROR * (year_end - level).abs()).max((last_gain * still).abs()).max(least);
    working.chance_error = question.rounding / 3.0_f64.sqrt();
    working.blend();
    Some(Forecast::new(Method::Pace, working.around(year_end), working))
}

/// The pace, a year, since the year before ended and in the latest quarter.
fn paces(question: &Question, level: f64, before: Option<f64>) -> Option<(f64, f64)> {
    let elapsed = question.elapsed();
    let start = before.map(|before| (0.0, before));
    let points = || start.into_iter().chain(question.course.iter().copied()).filter(|(at, _)| *at < elapsed);
    let pace = |(at, from): (f64, f64)| (level - from) / (elapsed - at);
    let since = pace(points().next()?);
    let latest = points().rfind(|(at, _)| *at <= elapsed - LATEST + 1e-9).map_or(since, pace);
    Some((since, latest))
}

/// What still comes: by the pace, and by what is usual after this point.
fn rest(by_pace: f64, years: &[YearSeen]) -> f64 {
    if years.is_empty() {
        return by_pace;
    }
    let usual = years.iter().map(|year| year.usual).sum::<f64>() / years.len() as f64;
    by_pace / 2.0 + usual / 2.0
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
