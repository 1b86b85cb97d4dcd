//! The forecast of a percentage, an average or a level that is measured again and again.

use super::answer::{Assumption, Forecast, Method, PastError, Working, YearSeen};
use super::constants::{
    ANNUAL_ONLY, ANNUAL_ONLY_POINTS, CHANGE_KEPT, ERRORS, LEAST_LEVEL_ERROR, LEAST_REMAINING_POINTS, LEVEL_ERROR,
    POINTS, SMALL_SURVEY, YEARS,
};
use super::question::{Kind, PastYear, Question};

struct Projection {
    /// The usual weight of what is still to come.
    weight: f64,
    years: Vec<YearSeen>,
    shrunk_by: Option<f64>,
    by_usual: f64,
    last_rest: Option<f64>,
    by_last_year: f64,
    few: bool,
    year_end: f64,
}

/// The forecast of a figure that is no sum.
pub(super) fn forecast(question: &Question, so_far: f64) -> Forecast {
    let projection = project(question, so_far, question.counted, &question.past);
    let unknown = !question.knows_the_course();
    let mut working = Working {
        elapsed: question.elapsed(),
        so_far: Some(so_far),
        last_year: question.past.last().map(|year| year.fiscal_year),
        errors: errors(question),
        assumed: assumed(question, projection.few),
        ..Working::default()
    };
    let larger = match (unknown, question.percentage) {
        (false, _) => 1.0,
        (true, true) => ANNUAL_ONLY_POINTS,
        (true, false) => ANNUAL_ONLY,
    };
    let remaining = projection.weight.max(LEAST_REMAINING_POINTS);
    // By the forecast and not by the figure: what depends on nothing else of this year grows with it wherever a target can lie.
    working.general_error = larger * usual_error(question, projection.year_end, remaining);
    let sampling = sampling(question, projection.year_end, projection.weight);
    working.chance_error = (sampling + question.rounding.powi(2) / 3.0).sqrt();
    working.blend();
    let least = LEAST_LEVEL_ERROR * remaining * projection.year_end.abs();
    working.error = working.error.max(if question.percentage { 0.0 } else { least });
    let spread = working.around(projection.year_end);
    let Projection { weight, years, shrunk_by, by_usual, last_rest, by_last_year, few: _, year_end: _ } = projection;
    let working =
        Working { usual_share: Some(1.0 - weight), years, shrunk_by, by_usual, last_rest, by_last_year, ..working };
    Forecast::new(Method::UsualDifference, spread, working)
}

/// What a year comes to whose figure so far is `so_far`.
///
/// - By what is usual: `A = Y +` the mean of the earlier years' (result − figure at this point), moved toward zero where they are few or disagree.
/// - By last year: `B = (1−w)·Y + w·(last year's remaining level + ½·(Y − last year's Y))`, `w` the usual weight of what is still to come.
/// - Together: their mean; where few were counted, the mean of that and `Y`.
fn project(question: &Question, so_far: f64, counted: Option<f64>, earlier: &[PastYear]) -> Projection {
    let even = 1.0 - question.elapsed();
    let known: Vec<(YearSeen, f64)> = earlier
        .iter()
        .rev()
        .filter_map(|year| Some((YearSeen::by_difference(year)?, weight(year).unwrap_or(even))))
        .take(YEARS)
        .collect();
    let number = known.len() as f64;
    let weight = if known.is_empty() { even } else { known.iter().map(|(_, weight)| weight).sum::<f64>() / number };
    let years: Vec<YearSeen> = known.iter().map(|(year, _)| *year).collect();
    let level = earlier.last().map_or(so_far, |year| year.result);
    let (difference, shrunk_by) = usual_difference(&years, usual_error(question, level, weight));
    let by_usual = so_far + difference;
    let last_rest = earlier.last().map(|year| match (year.so_far, known.first()) {
        // The level of what was still to come: of a level that is measured again, simply the last one.
        (Some(before), Some((_, weight))) if question.kind != Kind::Level && *weight > 0.0 => {
            (year.result - (1.0 - weight) * before) / weight
        }
        _ => year.result,
    });
    let by_last_year = match (last_rest, earlier.last()) {
        (Some(rest), Some(last)) => {
            let change = so_far - last.so_far.unwrap_or(last.result);
            (1.0 - weight) * so_far + weight * (rest + CHANGE_KEPT * change)
        }
        _ => by_usual,
    };
    let few = counted.is_some_and(|counted| counted < SMALL_SURVEY);
    let both = by_usual / 2.0 + by_last_year / 2.0;
    let year_end = if few { both / 2.0 + so_far / 2.0 } else { both };
    Projection {
        weight,
        years,
        shrunk_by,
        by_usual,
        last_rest,
        by_last_year,
        few,
        year_end: bounded_with(question, so_far, year_end),
    }
}

/// A percentage stays one, as far as the earlier years' were and the figure so far is.
pub(super) fn bounded(question: &Question, figure: f64) -> f64 {
    bounded_with(question, question.so_far.unwrap_or(0.0), figure)
}

/// The same of a year with another figure so far: what would have been said of an earlier year does not hang on this one.
fn bounded_with(question: &Question, so_far: f64, figure: f64) -> f64 {
    let is_one = |figure: f64| (0.0..=100.0).contains(&figure);
    if !question.percentage || !question.past.iter().all(|year| is_one(year.result)) {
        return figure;
    }
    let least = if so_far >= 0.0 { figure.max(0.0) } else { figure };
    if so_far <= 100.0 { least.min(100.0) } else { least }
}

/// The weight of what was still to come, of a ratio that says what was counted.
fn weight(year: &PastYear) -> Option<f64> {
    let (so_far, all) = year.counted.filter(|(so_far, all)| *so_far > 0.0 && all >= so_far)?;
    Some(1.0 - so_far / all)
}

/// By how much an unknown series differs in what is still to come: 3 points at 50 %, less toward 0 and 100 %.
pub(super) fn usual_error(question: &Question, figure: f64, weight: f64) -> f64 {
    if question.percentage {
        let share = (figure / 100.0).clamp(0.005, 0.995);
        return POINTS * 2.0 * (share * (1.0 - share)).sqrt() * weight;
    }
    let size = question.past.iter().map(|year| year.result.abs()).fold(figure.abs(), f64::max);
    LEVEL_ERROR * size * weight
}

/// The mean of the differences, and by which part of it it was moved toward zero.
fn usual_difference(years: &[YearSeen], usual_error: f64) -> (f64, Option<f64>) {
    if years.is_empty() {
        return (0.0, None);
    }
    let number = years.len() as f64;
    let mean = years.iter().map(|year| year.usual).sum::<f64>() / number;
    let around = years.iter().map(|year| (year.usual - mean).powi(2)).sum::<f64>();
    let uncertain = (around + 2.0 * usual_error.powi(2)) / (number + 1.0) / number;
    let shrunk_by = if uncertain > 0.0 { uncertain / (uncertain + mean * mean) } else { 0.0 };
    (mean * (1.0 - shrunk_by), Some(shrunk_by))
}

/// What chance does to the share of those who are still to be counted, as a variance in points.
fn sampling(question: &Question, figure: f64, weight: f64) -> f64 {
    let Some(counted) = question.counted.filter(|counted| question.percentage && *counted > 0.0) else { return 0.0 };
    let share = (figure / 100.0).clamp(0.001, 0.999);
    let still = if weight < 1.0 { counted * weight / (1.0 - weight) } else { counted };
    if still <= 0.0 {
        return 0.0;
    }
    10_000.0 * share * (1.0 - share) * weight * weight / still.max(1.0)
}

fn errors(question: &Question) -> Vec<PastError> {
    let past = &question.past;
    let from = past.len().saturating_sub(ERRORS).max(1);
    let error = |index: usize| {
        let year = past.get(index)?;
        let counted = year.counted.map(|(so_far, _)| so_far);
        let forecast = project(question, year.so_far?, counted, past.get(..index)?).year_end;
        Some(PastError::in_units(year, forecast))
    };
    (from..past.len()).filter_map(error).collect()
}

fn assumed(question: &Question, few: bool) -> Vec<Assumption> {
    let unknown = !question.knows_the_course();
    [
        (unknown, Assumption::EvenPace),
        (unknown && !question.past.is_empty(), Assumption::OnlyAnnualResults),
        (question.past.is_empty(), Assumption::NoEarlierYear),
        (few, Assumption::FewCounted),
    ]
    .into_iter()
    .filter_map(|(holds, assumption)| holds.then_some(assumption))
    .collect()
}
