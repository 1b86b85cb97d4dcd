//! The forecast of a year of which nothing is known yet.

use super::answer::{Forecast, Method, PastError, Working, YearSeen};
use super::chance::Spread;
use super::constants::{
    ANNUAL_ONLY, ANNUAL_ONLY_POINTS, CHANGE_KEPT, CLUSTERING, ERRORS, FEW, LARGEST_ERROR, REMAINING_ERROR, YEARS,
};
use super::points::usual_error;
use super::question::{Kind, PastYear, Question};

/// The last result plus half of the mean yearly change. `None` where there is no earlier year.
pub(super) fn forecast(question: &Question) -> Option<Forecast> {
    let year_end = project(&question.past)?;
    let last = question.past.last()?.result;
    let positive = year_end > 0.0 && question.past.iter().all(|year| year.result > 0.0);
    let adds_up = matches!(question.kind, Kind::Sum | Kind::Mean | Kind::Ratio);
    let one = question.one().filter(|_| question.kind == Kind::Sum);
    let few = one.is_some_and(|one| year_end < FEW * one);
    let logarithmic = !question.percentage && adds_up && positive && !few;
    let mut working = Working {
        errors: errors(&question.past, logarithmic),
        by_usual: year_end,
        by_last_year: last,
        last_year: question.past.last().map(|year| year.fiscal_year),
        last_rest: Some(last),
        years: question.past.iter().rev().take(YEARS).map(YearSeen::result_only).collect(),
        logarithmic,
        ..Working::default()
    };
    if logarithmic {
        working.general_error = REMAINING_ERROR * ANNUAL_ONLY;
        working.chance_error = one.map_or(0.0, |one| CLUSTERING * one / year_end).sqrt();
    } else {
        let larger = if question.percentage { ANNUAL_ONLY_POINTS } else { ANNUAL_ONLY };
        working.general_error = larger * usual_error(question, year_end, 1.0);
        working.chance_error = one.map_or(0.0, |one| CLUSTERING * one * year_end.abs().max(one)).sqrt();
    }
    working.blend();
    // Of what is counted there is no less than none.
    let reached = (few && question.past.iter().all(|year| year.result >= 0.0)).then_some(0.0);
    let spread = Spread { one, reached, ..working.around(year_end) };
    Some(Forecast::new(Method::PastYears, spread, working))
}

fn project(past: &[PastYear]) -> Option<f64> {
    let (change, never_negative) = change(past)?;
    let next = past.last()?.result + CHANGE_KEPT * change;
    // What never was negative does not become so by half a change.
    Some(if never_negative { next.max(0.0) } else { next })
}

/// The mean yearly change of the latest years, and whether none of them was negative. `None` without any year.
pub(super) fn change(past: &[PastYear]) -> Option<(f64, bool)> {
    let recent = past.get(past.len().saturating_sub(YEARS)..)?;
    let (first, last) = (recent.first()?, recent.last()?);
    let between = f64::from(last.fiscal_year.saturating_sub(first.fiscal_year).max(1));
    Some(((last.result - first.result) / between, recent.iter().all(|year| year.result >= 0.0)))
}

fn errors(past: &[PastYear], logarithmic: bool) -> Vec<PastError> {
    let from = past.len().saturating_sub(ERRORS).max(1);
    let error = |index: usize| {
        let year = past.get(index)?;
        let forecast = project(past.get(..index)?)?;
        let error = match logarithmic {
            true if forecast > 0.0 => (year.result / forecast).ln().clamp(-LARGEST_ERROR, LARGEST_ERROR),
            true => return None,
            false => year.result - forecast,
        };
        Some(PastError { fiscal_year: year.fiscal_year, forecast, result: year.result, error })
    };
    (from..past.len()).filter_map(error).collect()
}
