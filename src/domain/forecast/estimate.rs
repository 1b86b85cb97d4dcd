//! The department's own estimate of the year's result (見込額), beside what is computed or instead of it.

use super::answer::{Forecast, Method, Working};
use super::chance::{Spread, Turn};
use super::constants::{
    ANNUAL_ONLY, ANNUAL_ONLY_POINTS, CLUSTERING, ESTIMATE_WEIGHT, LEAST_REMAINING, LEAST_REMAINING_POINTS,
    REMAINING_ERROR,
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
    match (turn(question), question.so_far) {
        (Some(turn), Some(so_far)) => turn.further(so_far, estimate.value),
        _ => estimate.value,
    }
}

/// The mean `½F + ½E` of what is computed and what the department estimates. Its error is not smaller than that of what is computed: half of what lies between
/// the two is added, since the mean is off by so much if either of them comes true.
///
/// `F` and `E` (which is never below what is there already) grow with the figure so far, so their mean does.
pub(super) fn with(question: &Question, computed: Forecast, estimate: &Estimate) -> Forecast {
    let expected = within_reach(question, estimate);
    let center = (1.0 - ESTIMATE_WEIGHT) * computed.year_end + ESTIMATE_WEIGHT * expected;
    let between = (1.0 - ESTIMATE_WEIGHT) * (computed.year_end - expected);
    let rounded = ESTIMATE_WEIGHT * estimate.rounding / 3.0_f64.sqrt();
    let logarithmic = computed.spread.logarithmic && center > 0.0;
    // An error that was a part of the result is one in units where the mean is not above zero.
    let (own, size) = match (computed.spread.logarithmic, logarithmic) {
        (true, false) => (computed.spread.error * computed.year_end.abs(), 1.0),
        (_, logarithmic) => (computed.spread.error, if logarithmic { center } else { 1.0 }),
    };
    let error = own.hypot((between / size).hypot(rounded / size)).max(f64::MIN_POSITIVE);
    let spread = Spread { center, error, logarithmic, ..computed.spread };
    let working = Working {
        estimate: Some(estimate.value),
        computed: Some(computed.year_end),
        error,
        logarithmic,
        ..computed.working
    };
    Forecast::new(computed.method, spread, working)
}

/// The estimate where nothing can be computed, with the error of an unknown series in what was still to come on its day.
pub(super) fn alone(question: &Question, estimate: &Estimate) -> Forecast {
    let center = within_reach(question, estimate);
    let elapsed = if estimate.elapsed.is_finite() { estimate.elapsed.clamp(0.0, 1.0) } else { 0.0 };
    let positive = question.past.iter().all(|year| year.result > 0.0);
    let logarithmic = match question.kind {
        Kind::Sum => center > 0.0,
        Kind::Mean => center > 0.0 && positive && !question.percentage,
        _ => false,
    };
    let one = question.one();
    let mut working = Working {
        elapsed,
        so_far: question.so_far,
        by_usual: center,
        by_last_year: center,
        estimate: Some(estimate.value),
        logarithmic,
        ..Working::default()
    };
    let mut chance = estimate.rounding.powi(2) / 3.0;
    if logarithmic {
        let remaining = (1.0 - elapsed).max(LEAST_REMAINING);
        working.general_error = REMAINING_ERROR * ANNUAL_ONLY * remaining;
        chance += one.filter(|_| question.kind == Kind::Sum).map_or(0.0, |one| CLUSTERING * center * remaining * one);
        working.chance_error = chance.sqrt() / center;
    } else {
        let larger = if question.percentage { ANNUAL_ONLY_POINTS } else { ANNUAL_ONLY };
        let remaining = (1.0 - elapsed).max(LEAST_REMAINING_POINTS);
        working.general_error = larger * usual_error(question, center, remaining);
        working.chance_error = chance.sqrt();
    }
    working.blend();
    let turn = turn(question);
    let spread = Spread {
        one,
        reached: question.so_far.filter(|_| turn.is_some() && question.rounding == 0.0),
        turn: turn.unwrap_or(Turn::Rises),
        ..working.around(center)
    };
    Forecast::new(Method::Estimate, spread, working)
}
