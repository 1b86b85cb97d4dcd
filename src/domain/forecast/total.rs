//! The forecast of a sum.

use super::amount;
use super::answer::{Assumption, Forecast, Method, PastError, Working};
use super::constants::{
    ANCHOR, ANNUAL_ONLY, ERRORS, GROWTH, GROWTH_POWER, LARGEST_ERROR, LEAST_REMAINING, REMAINING_ERROR,
};
use super::question::{PastYear, Question};
use super::share::{UsualShare, usual_share};

/// Two projections of a sum and what lies between them.
struct Projection {
    usual: UsualShare,
    by_usual: f64,
    last_rest: Option<f64>,
    growth: Option<f64>,
    by_last_year: f64,
    limited: bool,
    year_end: f64,
}

/// The forecast of a sum of which `so_far` is known. `None` where nothing follows: zero so far, no earlier year and no
/// estimate that it could be averaged with.
pub(super) fn forecast(question: &Question, so_far: f64) -> Option<Forecast> {
    let project = |so_far: f64, earlier: &[PastYear]| {
        project(so_far, question.elapsed(), earlier, question.one(), question.usual_share)
    };
    let projection = project(so_far, &question.past);
    if so_far == 0.0 && projection.year_end == 0.0 && question.estimate.is_none() {
        return None;
    }
    let mut working = Working {
        elapsed: question.elapsed(),
        so_far: Some(so_far),
        last_year: question.past.last().map(|year| year.fiscal_year).filter(|_| projection.growth.is_some()),
        assumed: assumed(question, projection.limited),
        ..Working::default()
    };
    let general = if question.knows_the_course() { REMAINING_ERROR } else { REMAINING_ERROR * ANNUAL_ONLY };
    let still = (1.0 - projection.usual.share).max(LEAST_REMAINING);
    working.errors = errors(question, project);
    working.general_error = general * still;
    let share = projection.usual.share;
    working.gap_error = question.filled.as_ref().map_or(0.0, |filled| filled.error() * share);
    let unknown = still + question.filled.as_ref().map_or(0.0, |filled| filled.part() * share);
    let spread = amount::spread(question, &mut working, projection.year_end, unknown);
    let Projection { usual, by_usual, last_rest, growth, by_last_year, limited: _, year_end: _ } = projection;
    let UsualShare { share, shrunk_by, years } = usual;
    let working =
        Working { usual_share: Some(share), shrunk_by, years, by_usual, last_rest, growth, by_last_year, ..working };
    Some(Forecast::new(Method::UsualShare, spread, working))
}

/// What a year whose first part brought `so_far` comes to.
///
/// - By the usual share `u`: `A = (S + a·T) ÷ (u + a)` with last year's result `T` and the small weight `a` (without a last year `S ÷ u`).
/// - By last year: `B = S + T·(1−u)·g^¾`, `g` the growth so far, `(S + a·T) ÷ (last year's S + a·T)`.
/// - Together: `√(A·B)`, and never less than what is there already.
///
/// Each of them grows with `S`, so the forecast does.
fn project(so_far: f64, elapsed: f64, earlier: &[PastYear], one: Option<f64>, stated: Option<f64>) -> Projection {
    let usual = usual_share(elapsed, earlier, one, stated);
    let share = usual.share;
    let positive = so_far.max(0.0);
    // A year in which nothing was counted counts as half a thing: that it stays so is likely and not certain.
    let level = |year: &PastYear| year.result.max(one.map_or(0.0, |one| one / 2.0));
    let last = earlier.last().map(|year| (year.so_far, level(year)));
    let Some((last_so_far, last_result)) = last.filter(|(_, result)| *result > 0.0) else {
        let by_usual = positive / share;
        let year_end = if so_far < 0.0 { so_far } else { by_usual.max(so_far) };
        return Projection {
            usual,
            by_usual,
            last_rest: None,
            growth: None,
            by_last_year: by_usual,
            limited: false,
            year_end,
        };
    };
    let anchor = ANCHOR * last_result;
    let by_usual = (positive + anchor) / (share + ANCHOR);
    let before = last_so_far.unwrap_or(last_result * share).max(0.0);
    let raw = (positive + anchor) / (before + anchor);
    let growth = raw.clamp(*GROWTH.start(), *GROWTH.end());
    let rest = last_result * (1.0 - share);
    let by_last_year = so_far + rest * growth.powf(GROWTH_POWER);
    let between = if by_last_year > 0.0 { (by_usual * by_last_year).sqrt() } else { by_last_year };
    Projection {
        usual,
        by_usual,
        last_rest: Some(rest),
        growth: Some(growth),
        by_last_year,
        limited: raw != growth,
        year_end: between.max(so_far),
    }
}

/// What the method would have said of the latest earlier years, each from the years before it, as logarithms.
fn errors(question: &Question, project: impl Fn(f64, &[PastYear]) -> Projection) -> Vec<PastError> {
    let past = &question.past;
    let from = past.len().saturating_sub(ERRORS).max(1);
    let error = |index: usize| {
        let year = past.get(index)?;
        let forecast = project(year.so_far?, past.get(..index)?).year_end;
        // Nothing where something was expected, or something where nothing was, is as far off as anything counts.
        let error = if year.result == forecast { 0.0 } else { (year.result / forecast).ln() };
        let possible = year.result >= 0.0 && forecast >= 0.0 && !error.is_nan();
        let error = error.clamp(-LARGEST_ERROR, LARGEST_ERROR);
        possible.then_some(PastError { fiscal_year: year.fiscal_year, forecast, result: year.result, error })
    };
    (from..past.len()).filter_map(error).collect()
}

fn assumed(question: &Question, limited: bool) -> Vec<Assumption> {
    let stated = question.usual_share.is_some();
    let unknown = !question.knows_the_course();
    [
        (stated, Assumption::ShareStated),
        (unknown, Assumption::EvenPace),
        (unknown && !question.past.is_empty(), Assumption::OnlyAnnualResults),
        (unknown && question.past.is_empty(), Assumption::NoEarlierYear),
        (limited, Assumption::GrowthLimited),
    ]
    .into_iter()
    .filter_map(|(holds, assumption)| holds.then_some(assumption))
    .collect()
}
