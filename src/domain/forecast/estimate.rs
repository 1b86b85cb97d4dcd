//! The department's own estimate of the year's result (見込額), beside what is computed or instead of it.

use super::amount;
use super::answer::{Forecast, Method, Working};
use super::chance::{Spread, Turn};
use super::constants::{
    ANNUAL_ONLY, ANNUAL_ONLY_POINTS, ESTIMATE_WEIGHT, LEAST_REMAINING, LEAST_REMAINING_POINTS, REMAINING_ERROR,
};
use super::points::usual_error;
use super::question::{Estimate, Kind, Question};

/// Which way what has been reached can still go; `None` for what goes up and down.
fn turn(question: &Question) -> Option<Turn> {
    match question.kind {
        Kind::Sum => question.only_grows.then_some(Turn::Rises),
        Kind::Maximum => Some(Turn::Rises),
        Kind::Minimum => Some(Turn::Falls),
        Kind::Mean | Kind::Ratio | Kind::Level => None,
    }
}

/// An estimate that the figures have passed means as much as they are.
fn within_reach(question: &Question, estimate: &Estimate) -> f64 {
    match (turn(question), question.reported()) {
        (Some(turn), Some(so_far)) => turn.further(so_far, estimate.value),
        _ => estimate.value,
    }
}

/// The mean `½F + ½E` of what is computed and what the department estimates; and the probability is the mean of the two probabilities, that of what is computed
/// and that of the estimate [alone].
///
/// `F` and `E` (which is never below what is there already) do not fall with the figure so far, and neither does either probability of an at-least target: so
/// neither do their means.
pub(super) fn with(question: &Question, computed: Forecast, estimate: &Estimate) -> Forecast {
    let own = alone(question, estimate);
    let year_end = (1.0 - ESTIMATE_WEIGHT) * computed.year_end + ESTIMATE_WEIGHT * own.year_end;
    let working = Working {
        estimate: Some(estimate.value),
        computed: Some(computed.year_end),
        estimate_error: Some((own.working.error, own.working.logarithmic)),
        ..computed.working
    };
    Forecast::of(computed.method, year_end, computed.chances.beside(own.chances, ESTIMATE_WEIGHT), working)
}

/// The estimate where nothing can be computed, with the error of an unknown series in what was still to come on its day.
pub(super) fn alone(question: &Question, estimate: &Estimate) -> Forecast {
    let center = within_reach(question, estimate);
    let elapsed = if estimate.elapsed.is_finite() { estimate.elapsed.clamp(0.0, 1.0) } else { 0.0 };
    // Of this year's figures only the estimate itself can tell, and it alone decides of what kind its error is.
    let amounts = question.past.iter().all(|year| year.result >= 0.0 && year.so_far.is_none_or(|it| it >= 0.0));
    let mut working = Working {
        elapsed,
        so_far: question.reported(),
        by_usual: center,
        by_last_year: center,
        estimate: Some(estimate.value),
        ..Working::default()
    };
    let rounded = Question { rounding: estimate.rounding, ..question.clone() };
    let adds_up = question.kind == Kind::Sum || question.kind == Kind::Mean && !question.percentage;
    let spread = if adds_up && amounts {
        let still = (1.0 - elapsed).max(LEAST_REMAINING);
        working.general_error = REMAINING_ERROR * ANNUAL_ONLY * still;
        amount::spread(&rounded, &mut working, center, still)
    } else {
        let larger = if question.percentage { ANNUAL_ONLY_POINTS } else { ANNUAL_ONLY };
        let remaining = (1.0 - elapsed).max(LEAST_REMAINING_POINTS);
        working.general_error = larger * usual_error(question, center, remaining);
        working.chance_error = estimate.rounding / 3.0_f64.sqrt();
        working.blend();
        Spread { one: question.one(), ..working.around(center) }
    };
    let turn = turn(question);
    let reached = question.reported().filter(|_| turn.is_some() && question.rounding == 0.0);
    let spread = Spread { reached: reached.or(spread.reached), turn: turn.unwrap_or(Turn::Rises), ..spread };
    Forecast::new(Method::Estimate, spread, working)
}
